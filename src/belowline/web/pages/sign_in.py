"""Signing in with a code by mail, and signing out.

Whether an address is known here is never said. After signing in the reader goes back to where they
came from, which can only be a page of ours.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.params import QueryParameter

from belowline.actions.claims import is_asked_at_sign_in
from belowline.actions.sign_in import CodeRequest, redeem_code, request_code, sign_out
from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed, TooMany, Unavailable
from belowline.core.terms import ReaderId
from belowline.readers.letters import CODE_MINUTES
from belowline.web import cookies
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.forms import FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.redirects import local_path, see_other

Next = Annotated[str | None, QueryParameter(name="next")]

# The embed's window comes through here. A page with the usual opener policy would cut the window
# off from the page that opened it, for good.
IN_A_WINDOW = {"Cross-Origin-Opener-Policy": "unsafe-none"}


def sign_in_form(visitor: Visitor, after: Next = None) -> Response[Any]:
    """Ask for the reader's address."""
    onward = local_path(after, otherwise=_home(visitor))
    if visitor.facts.reader_id is not None:
        return _go(onward)
    return _ask_address(visitor, onward)


def send_code(request: Request[Any, Any, Any], visitor: Visitor, data: FormBody) -> Response[Any]:
    """Send a code and go on to the form that asks for it."""
    form = read_form(data, fields=("email", "next"))
    onward = local_path(form.text("next"), otherwise=_home(visitor))
    house = visitor.house
    # The browser keeps its secret over several tries, so that the latest code is what works.
    secret = cookies.find_browser_secret(request, house) or cookies.make_browser_secret()
    asked = CodeRequest(visitor.at.id, form.text("email"), secret, visitor.network)
    try:
        request_code(house.db, settings=house.settings, mail=house.mail, request=asked)
    except (InvalidInput, TooMany, Unavailable) as error:
        return _ask_address(visitor, onward, email=form.text("email"), error=error)
    answer = _go(f"/sign-in/{visitor.at.key}/code?next={quote(onward, safe='')}")
    cookies.set_browser_secret(answer, house, secret)
    return answer


def code_form(visitor: Visitor, after: Next = None) -> Response[bytes]:
    """Ask for the code that went to the reader's address."""
    return _ask_code(visitor, local_path(after, otherwise=_home(visitor)))


def redeem(request: Request[Any, Any, Any], visitor: Visitor, data: FormBody) -> Response[Any]:
    """Sign in with the code; somebody new goes on to choose a name."""
    form = read_form(data, fields=("code", "next"))
    onward = local_path(form.text("next"), otherwise=_home(visitor))
    house = visitor.house
    try:
        signed_in = redeem_code(
            house.db,
            settings=house.settings,
            code=form.text("code"),
            browser_secret=cookies.find_browser_secret(request, house),
        )
    except NotAllowed as error:
        return _ask_code(visitor, onward, error=error)
    onward = _by_way_of_the_past(visitor, signed_in.reader_id, onward)
    if signed_in.is_new:
        onward = f"/me/{visitor.at.key}/name?next={quote(onward, safe='')}"
    answer = _go(onward)
    cookies.set_session(answer, house, signed_in.token)
    cookies.drop_browser_secret(answer, house)
    return answer


def leave(request: Request[Any, Any, Any], visitor: Visitor, data: FormBody) -> Response[Any]:
    """Sign out here; a repeat is success."""
    form = read_form(data, fields=("next",))
    for token in cookies.find_tokens(request, visitor.house):
        sign_out(visitor.house.db, settings=visitor.house.settings, token=token)
    answer = _go(local_path(form.text("next"), otherwise="/"))
    cookies.drop_session(answer, visitor.house)
    return answer


def _ask_address(
    visitor: Visitor, onward: str, *, email: str = "", error: BelowlineError | None = None
) -> Response[bytes]:
    return reader_page(
        visitor,
        "pages/sign_in.html",
        http_status=status_of(error) if error else 200,
        headers=IN_A_WINDOW,
        onward=onward,
        email=email,
        error=error,
        works=visitor.house.mail.works,
    )


def _ask_code(
    visitor: Visitor, onward: str, *, error: BelowlineError | None = None
) -> Response[bytes]:
    return reader_page(
        visitor,
        "pages/code.html",
        http_status=status_of(error) if error else 200,
        headers=IN_A_WINDOW,
        onward=onward,
        error=error,
        minutes=CODE_MINUTES,
    )


def _by_way_of_the_past(visitor: Visitor, reader_id: ReaderId, onward: str) -> str:
    """Return where to go first if the address has comments here from before the move."""
    house, site = visitor.house, visitor.at
    asked = is_asked_at_sign_in(house.db, reader_id, site_id=site.id, secret=house.settings.secret)
    return f"/me/{site.key}/before?next={quote(onward, safe='')}" if asked else onward


def _go(path: str) -> Response[Any]:
    answer = see_other(path)
    # Every answer on the way counts, redirects too.
    answer.headers.update(IN_A_WINDOW)
    return answer


def _home(visitor: Visitor) -> str:
    return f"/s/{visitor.at.key}"
