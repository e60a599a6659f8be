"""Signing in and out from where the reader is: by code, by the publisher's token, by the window.

Every answer sets the cookie that the browser will take there: the first-party one, or on another
site a partitioned one. For browsers that take neither there is a token of minutes, bound to the
asking origin and the site, for the memory of the page.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from belowline.actions import sign_in as actions
from belowline.actions.claims import is_asked_at_sign_in
from belowline.actions.window import WindowToken, make_window_ticket, redeem_window_ticket
from belowline.core.errors import NotAllowed
from belowline.readers.sessions import load_session, make_token
from belowline.web.answers import CodeSent, SignedInOut
from belowline.web.auth import Visitor
from belowline.web.cookies import drop_session, find_tokens, set_session
from belowline.web.payloads import CodeIn, RedeemIn, TokenIn, WindowTicketIn


def send_code(visitor: Visitor, data: CodeIn) -> CodeSent:
    """Send a one-time code to an address, whoever it belongs to.

    The answer's ticket stays in the page that asked: the code works only together with it.
    """
    house = visitor.house
    ticket = data.ticket or make_token()
    actions.request_code(
        house.db,
        settings=house.settings,
        mail=house.mail,
        request=actions.CodeRequest(visitor.at.id, data.email, ticket, visitor.network),
    )
    return CodeSent(ticket)


def redeem_code(visitor: Visitor, data: RedeemIn) -> Response[SignedInOut]:
    """Sign in with the code from the letter and the ticket of the page that asked for it."""
    house = visitor.house
    signed_in = actions.redeem_code(
        house.db,
        settings=house.settings,
        code=data.code,
        browser_secret=data.ticket,
        name=data.name,
    )
    return _signed_in(visitor, signed_in)


def redeem_token(visitor: Visitor, data: TokenIn) -> Response[SignedInOut]:
    """Sign in with the publisher's signed token, which works once."""
    house = visitor.house
    signed_in = actions.sign_in_with_token(
        house.db, settings=house.settings, site=visitor.at, token=data.token, keys=house.keys
    )
    return _signed_in(visitor, signed_in)


def redeem_ticket(visitor: Visitor, data: WindowTicketIn) -> Response[SignedInOut]:
    """Sign in with the ticket that the first-party window handed over, which works once."""
    house = visitor.house
    if visitor.origin is None:
        raise NotAllowed("Open the sign-in window again.", code="bad_ticket")
    found = redeem_window_ticket(
        house.db,
        settings=house.settings,
        site=visitor.at,
        ticket=data.ticket,
        origin=visitor.origin,
    )
    response = Response(SignedInOut(is_new=False, token=found.token, expires_at=found.expires_at))
    # It is bound to origin and site like the token itself; with it a reload stays signed in.
    set_session(response, house, found.token, cross_site=True)
    return response


def sign_out(visitor: Visitor, request: Request[Any, Any, Any]) -> Response[None]:
    """End this session, by cookie and by token; a repeat is success."""
    house = visitor.house
    _, _, bearer = request.headers.get("authorization", "").partition(" ")
    for token in {*find_tokens(request, house), bearer.strip()} - {""}:
        actions.sign_out(house.db, settings=house.settings, token=token)
    response = Response(None, status_code=204)
    drop_session(response, house)
    return response


def _signed_in(visitor: Visitor, signed_in: actions.SignedIn) -> Response[SignedInOut]:
    bearer = _bearer(visitor, signed_in.token)
    response = Response(
        SignedInOut(
            is_new=signed_in.is_new,
            token=bearer.token if bearer else None,
            expires_at=bearer.expires_at if bearer else None,
            before=is_asked_at_sign_in(
                visitor.house.db,
                signed_in.reader_id,
                site_id=visitor.at.id,
                secret=visitor.house.settings.secret,
            ),
        )
    )
    set_session(response, visitor.house, signed_in.token, cross_site=visitor.cross_site)
    return response


def _bearer(visitor: Visitor, token: str) -> WindowToken | None:
    """Make the short-lived token for a site's own page; Belowline's pages need none."""
    house, origin = visitor.house, visitor.origin
    if origin is None or origin not in visitor.at.origins:
        return None
    with house.db.read() as conn:
        now = house.db.clock()
        session = load_session(conn, secret=house.settings.secret, token=token, now=now)
    if session is None:
        return None
    ticket = make_window_ticket(
        house.settings, session=session, origin=origin, site=visitor.at, now=now
    )
    return redeem_window_ticket(
        house.db, settings=house.settings, site=visitor.at, ticket=ticket, origin=origin
    )
