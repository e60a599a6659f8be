"""The API's description: who may call what with which values, and the one shape of refusals.

Litestar derives most of it from the views; what it cannot know stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litestar import Router
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    OpenAPIType,
    Operation,
    Parameter,
    Schema,
    SecurityScheme,
)
from msgspec import Struct

from belowline import __version__
from belowline.core.terms import Privilege
from belowline.readers.standing import PUBLIC
from belowline.web.payloads import LARGEST_ID

if TYPE_CHECKING:
    from belowline.web.route import Route


class ErrorDetail(Struct, frozen=True):
    """Why something was refused."""

    code: str
    """A stable word."""
    message: str
    """A sentence for people."""
    context: dict[str, Any]
    """Public values such as ``field``, ``until``, ``rule`` or ``retry_after``."""


class ErrorBody(Struct, frozen=True):
    """The one shape of every refusal."""

    error: ErrorDetail


REFUSALS = {
    400: "The request cannot be read; `field` names where.",
    401: "Nobody is signed in.",
    403: "Standing, role, policy or the origin refuses; `until` and `rule` say more.",
    404: "There is no such thing here, or not for this reader.",
    409: "The world has moved on.",
    413: "The request is too large.",
    422: "A value cannot be used; `field` names it.",
    429: "Too often; `retry_after` is in seconds.",
    503: "A part that is needed does not answer.",
}
READING = (400, 404, 422, 503)
SIGNING_IN = (400, 401, 403, 404, 409, 413, 422, 429, 503)

NO_CONTENT = 204

PATTERNS = {
    "site": "^[a-z0-9-]{1,40}$",
    "story": "^[A-Za-z0-9][A-Za-z0-9._~-]{0,119}$",
}
SIGNED_IN: list[dict[str, list[str]]] = [{"cookie": []}, {"bearer": []}]


def responses_of(route: Route) -> dict[int, ResponseSpec]:
    """Return how an address may refuse, in the one shape."""
    codes: tuple[int, ...]
    match route.privilege:
        case Privilege.READ:
            codes = READING
        case Privilege.SIGN_IN:
            codes = SIGNING_IN
        case _:
            codes = tuple(REFUSALS)
    found = {
        code: ResponseSpec(ErrorBody, generate_examples=False, description=REFUSALS[code])
        for code in codes
    }
    if route.answer is not None:
        found[route.status or 200] = ResponseSpec(
            route.answer, generate_examples=False, description="Success.", media_type=route.media
        )
    if route.status == NO_CONTENT:
        found[NO_CONTENT] = ResponseSpec(None, generate_examples=False, description="Success.")
    return found


def security_of(route: Route) -> list[dict[str, list[str]]]:
    """Return how somebody proves who they are at an address; the overlay takes everybody."""
    return [{}, *SIGNED_IN] if route.privilege in PUBLIC else SIGNED_IN


@dataclass
class ApiOperation(Operation):
    """An operation whose path parameters say what they look like."""

    def __post_init__(self) -> None:
        """Describe the parameters that the guard reads and the views do not."""
        for parameter in self.parameters or []:
            if isinstance(parameter, Parameter) and parameter.param_in == "path":
                parameter.schema = _schema(parameter.name)


def _schema(name: str) -> Schema:
    if name in PATTERNS:
        return Schema(type=OpenAPIType.STRING, pattern=PATTERNS[name])
    return Schema(type=OpenAPIType.INTEGER, minimum=1, maximum=LARGEST_ID)


def make_config(router: Router) -> OpenAPIConfig:
    """Make the framework's settings for the description, which ``router`` serves."""
    schemes: dict[str, Any] = {
        "cookie": SecurityScheme(
            type="apiKey",
            name="belowline",
            security_scheme_in="cookie",
            description="The session, with a `__Host-` name over TLS; unsafe methods also need "
            "an `Origin` that the site lists.",
        ),
        "bearer": SecurityScheme(
            type="http",
            scheme="bearer",
            description="A token of minutes, bound to one origin and one site.",
        ),
    }
    return OpenAPIConfig(
        title="Belowline",
        version=__version__,
        path="/api",
        description="Reader comments under published rules. Threads, counts, rules and the log "
        "are public and the same for everybody; the rest is the signed-in reader's own.",
        render_plugins=[JsonRenderPlugin()],
        use_handler_docstrings=True,
        components=Components(security_schemes=schemes),
        openapi_router=router,
    )
