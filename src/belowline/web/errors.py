"""How refusals look: the only place that knows status codes. One JSON shape for all of the API.

``{"error": {"code": …, "message": …, "context": {…}}}``; pages get the same in plain words.
"""

from __future__ import annotations

import logging
import traceback
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from belowline.core import errors
from belowline.core.language import Language, language_of
from belowline.core.text import later
from belowline.rules import store as rules
from belowline.sites import store as sites
from belowline.web.house import House
from belowline.web.redirects import path_of
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
CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "bad_media_type",
}
UNREADABLE = later("This request cannot be read.")
OURS = later("Something went wrong on our side.")


def status_of(error: errors.BelowlineError) -> int:
    """Return the status code for an error of the tree."""
    return next((code for kind, code in STATUS if isinstance(error, kind)), 500)


def error_body(
    code: str, message: str, context: dict[str, Any], *, language: Language | None = None
) -> dict[str, Any]:
    """Return the one JSON shape of a refusal. The code stays; the message is in the language."""
    told = {key: value for key, value in context.items() if value is not None}
    said = (language or language_of("en")).say(message)
    return {"error": {"code": code, "message": said, "context": told}}


def answer_belowline(
    request: Request[Any, Any, Any], error: errors.BelowlineError
) -> Response[Any]:
    """Turn an error of the tree into an answer."""
    status = status_of(error)
    path = request.scope["path"]
    if isinstance(error, errors.NotSignedIn) and not path.startswith("/api/"):
        return _to_sign_in(request)
    answer = _answer(request, status, error.code, error.message, error.context)
    if isinstance(error, errors.TooMany) and error.context.get("retry_after"):
        answer.headers["Retry-After"] = str(error.context["retry_after"])
    return answer


def _to_sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    """Send a page's visitor to sign in, and back afterwards to where they were."""
    site = request.path_params.get("site")
    if request.method == "GET":
        query = request.scope["query_string"].decode("latin-1")
        back = request.scope["path"] + (f"?{query}" if query else "")
    else:
        # The page with the form, not the address to which it is sent.
        house: House = request.app.state.house
        back = path_of(request.headers.get("referer"), base_url=house.settings.base_url)
    if not site:
        return Redirect("/", status_code=303, headers={"Cache-Control": "no-store"})
    return Redirect(
        f"/sign-in/{quote(str(site))}?next={quote(back, safe='')}",
        status_code=303,
        headers={"Cache-Control": "no-store"},
    )


def answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Turn the framework's own refusals into the same shape."""
    code = CODES.get(error.status_code, "bad_request" if error.status_code < 500 else "error")
    context: dict[str, Any] = {}
    if isinstance(error.extra, list) and error.extra and isinstance(error.extra[0], dict):
        context["field"] = error.extra[0].get("key")
    message = {
        404: later("There is nothing at this address."),
        405: later("This cannot be done here."),
    }.get(error.status_code, UNREADABLE if error.status_code < 500 else OURS)
    if error.status_code >= 500:
        _note(request, error)
    answer = _answer(request, error.status_code, code, message, context)
    if error.headers:
        answer.headers.update({key: value for key, value in error.headers.items() if value})
    return answer


def answer_too_deep(request: Request[Any, Any, Any], error: RecursionError) -> Response[Any]:
    """Refuse JSON whose brackets go deeper than the parser does; nobody writes that by hand."""
    # One line, not a traceback: anybody can send this, as often as they like.
    _log.warning("%s at %s", type(error).__name__, request.scope.get("path_template", ""))
    return _answer(request, 400, CODES[400], UNREADABLE, {})


def answer_unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a mistake of ours without showing its inside."""
    _note(request, error)
    return _answer(request, 500, "error", OURS, {})


def _note(request: Request[Any, Any, Any], error: Exception) -> None:
    """Log what failed and where in the code.

    Not what the error says, which can quote a reader's words, and not the address, which can hold
    an unsubscribe token.
    """
    where = "".join(traceback.format_tb(error.__traceback__))
    address = request.scope.get("path_template", "")
    _log.error("unforeseen %s at %s\n%s", type(error).__name__, address, where)


def _answer(
    request: Request[Any, Any, Any], status: int, code: str, message: str, context: dict[str, Any]
) -> Response[Any]:
    if request.scope["path"].startswith(("/api/", "/healthz", "/oembed")):
        return Response(
            content=msgspec.json.encode(
                error_body(code, message, context, language=language_here(request))
            ),
            status_code=status,
            media_type="application/json",
            headers={"Cache-Control": "no-store"},
        )
    return page(
        "error.html",
        http_status=status,
        language=language_here(request),
        code=code,
        message=message,
        **_told(request, context),
    )


def language_here(request: Request[Any, Any, Any]) -> Language:
    """Return the language of the site that an address names, or that all sites share."""
    house: House = request.app.state.house
    key = str(request.path_params.get("site", ""))
    try:
        with house.db.read() as conn:
            # An address may hold what a database cannot even look for, such as NUL.
            site = sites.find_site(conn, key) if key and key.isprintable() else None
            return language_of(site.language if site else sites.find_shared_language(conn))
    except errors.Unavailable:
        return language_of("en")


def _told(request: Request[Any, Any, Any], context: dict[str, Any]) -> dict[str, Any]:
    """Look up what an error page says beside the message: the site, the rule, and until when."""
    site = rule = None
    house: House = request.app.state.house
    key = str(request.path_params.get("site", ""))
    try:
        with house.db.read() as conn:
            # An address may hold what a database cannot even look for, such as NUL.
            site = sites.get_site(conn, key) if key.isprintable() else None
            if site is not None and context.get("rule"):
                rule = rules.get_current_rulebook(conn, site.id).rule(str(context["rule"]))
    except (errors.NotFound, errors.Unavailable):
        # An error page that cannot say more says less.
        rule = None
    until = context.get("until")
    seconds = context.get("retry_after")
    return {
        "site": site,
        "rule": rule,
        "until": datetime.fromisoformat(str(until)) if until else None,
        "retry_after": timedelta(seconds=int(seconds)) if seconds else None,
    }
