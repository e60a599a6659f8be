"""How refusals look: the only place that knows status codes. One JSON shape for all of the API.

``{"error": {"code": …, "message": …, "context": {…}}}``; pages get the same in plain words.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from belowline.core import errors
from belowline.web.templating import page

_log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[errors.BelowlineError], int], ...] = (
    (errors.InvalidInput, 422),
    (errors.NotSignedIn, 401),
    (errors.NotAllowed, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
)
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large",
         415: "bad_media_type"}


def status_of(error: errors.BelowlineError) -> int:
    """Return the status code for an error of the tree."""
    return next((code for kind, code in STATUS if isinstance(error, kind)), 500)


def error_body(code: str, message: str, context: dict[str, Any]) -> dict[str, Any]:
    """Return the one JSON shape of a refusal."""
    told = {key: value for key, value in context.items() if value is not None}
    return {"error": {"code": code, "message": message, "context": told}}


def answer_belowline(request: Request[Any, Any, Any], error: errors.BelowlineError) -> Response[Any]:
    """Turn an error of the tree into an answer."""
    status = status_of(error)
    path = request.scope["path"]
    if isinstance(error, errors.NotSignedIn) and not path.startswith("/api/"):
        site = request.path_params.get("site")
        back = path if request.method == "GET" else ""
        if site:
            return Redirect(f"/sign-in/{quote(str(site))}?next={quote(back)}", status_code=303)
        return Redirect("/", status_code=303)
    answer = _answer(request, status, error.code, error.message, error.context)
    if isinstance(error, errors.TooMany) and error.context.get("retry_after"):
        answer.headers["Retry-After"] = str(error.context["retry_after"])
    return answer


def answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Turn the framework's own refusals into the same shape."""
    code = CODES.get(error.status_code, "bad_request" if error.status_code < 500 else "error")
    context: dict[str, Any] = {}
    if isinstance(error.extra, list) and error.extra and isinstance(error.extra[0], dict):
        context["field"] = error.extra[0].get("key")
    message = {404: "There is nothing at this address.", 405: "This cannot be done here."}.get(
        error.status_code, "This request cannot be read." if error.status_code < 500
        else "Something went wrong on our side.",
    )
    if error.status_code >= 500:
        _log.error("server error", exc_info=error)
    answer = _answer(request, error.status_code, code, message, context)
    if error.headers:
        answer.headers.update({key: value for key, value in error.headers.items() if value})
    return answer


def answer_unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a mistake of ours without showing its inside. The log gets the traceback, no text."""
    _log.error("unforeseen %s at %s", type(error).__name__, request.scope["path"], exc_info=error)
    return _answer(request, 500, "error", "Something went wrong on our side.", {})


def _answer(
    request: Request[Any, Any, Any], status: int, code: str, message: str, context: dict[str, Any]
) -> Response[Any]:
    if request.scope["path"].startswith("/api/"):
        return Response(
            content=msgspec.json.encode(error_body(code, message, context)), status_code=status,
            media_type="application/json", headers={"Cache-Control": "no-store"},
        )
    return page(
        "error.html", status=status, code=code, message=message, context=context,
        http_status=status,
    )
