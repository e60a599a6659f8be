"""From the first-party sign-in window to the embed: a ticket of a minute for a token of minutes.

Browsers keep third-party cookies from the embed, so it asks a window on Belowline's own address.
What crosses is a ticket that works once, for one origin and one site; what it buys is bound to the
same two and ends after a quarter of an hour.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from belowline.core.errors import NotAllowed, NotSignedIn
from belowline.core.keyed import Payload, read_signed, sign
from belowline.core.settings import Settings
from belowline.core.terms import Actor, ReaderId, SiteId
from belowline.readers import sessions
from belowline.readers.sessions import Session, hash_token, make_token
from belowline.sites.model import Site
from belowline.storage.database import Database

TICKET_FOR = timedelta(seconds=60)
WINDOW_SESSION_FOR = timedelta(minutes=15)

_PURPOSE = "window_ticket"


@dataclass(frozen=True, slots=True)
class WindowToken:
    """A short-lived token for the embed on one origin."""

    token: str = field(repr=False)
    expires_at: datetime


def make_window_ticket(
    settings: Settings, *, session: Session, origin: str, site: Site, now: datetime
) -> str:
    """Make a ticket with which the embed on this origin gets a token for the site.

    Raises:
        NotAllowed: the origin is not the site's, or the session is itself a short-lived one.
    """
    if origin not in site.origins:
        raise NotAllowed("This address does not belong to the site.", code="wrong_origin")
    if session.origin is not None:
        raise NotAllowed("Open the sign-in window again.", code="bad_ticket")
    payload: Payload = {
        "session": session.token_hash.hex(),
        "reader": session.reader_id,
        "site": site.id,
        "origin": origin,
        "jti": f"window:{secrets.token_hex(16)}",
    }
    return sign(settings.secret, _PURPOSE, payload, expires_at=now + TICKET_FOR)


def redeem_window_ticket(
    db: Database, *, settings: Settings, site: Site, ticket: str, origin: str
) -> WindowToken:
    """Change a ticket for a token that works on this origin, at this site, for 15 minutes.

    Raises:
        NotAllowed: the ticket is forged, over, used, or for another origin or site.
        NotSignedIn: the reader has signed out since.
    """
    try:
        payload = read_signed(settings.secret, _PURPOSE, ticket, now=db.clock())
    except NotAllowed as error:
        raise _bad_ticket() from error
    if payload["origin"] != origin or payload["site"] != site.id or origin not in site.origins:
        raise _bad_ticket()
    reader_id = ReaderId(int(payload["reader"] or 0))
    with db.write(Actor(reader_id)) as tx:
        ends = tx.now + WINDOW_SESSION_FOR
        if not sessions.use_once(tx, site.id, jti=str(payload["jti"]), expires_at=ends):
            raise _bad_ticket()
        parent = sessions.find_session(tx.conn, bytes.fromhex(str(payload["session"])), now=tx.now)
        if parent is None:
            raise NotSignedIn("Sign in first.")
        token = make_token()
        ends = min(ends, parent.expires_at)
        token_hash = hash_token(settings.secret, token)
        sessions.add_session(
            tx, Session(token_hash, reader_id, SiteId(site.id), origin, tx.now, ends)
        )
    return WindowToken(token, ends)


def _bad_ticket() -> NotAllowed:
    return NotAllowed("Open the sign-in window again.", code="bad_ticket")
