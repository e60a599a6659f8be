"""The window that the embed opens on Belowline's own address, where the reader's cookie works.

It hands the page that opened it a ticket of a minute, only after the reader has said so and only to
an origin that the site lists. The ticket is bound to that origin, too.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Response

from belowline.actions.window import make_window_ticket
from belowline.core.errors import NotAllowed, NotSignedIn
from belowline.web.auth import Visitor
from belowline.web.forms import FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.pages.sign_in import IN_A_WINDOW
from belowline.web.redirects import see_other


def window(visitor: Visitor, origin: str = "") -> Response[Any]:
    """Ask whether the page that opened this window may comment as the reader."""
    _require_listed(visitor, origin)
    if visitor.facts.reader_id is None:
        back = f"/window/{visitor.at.key}?origin={quote(origin, safe='')}"
        answer = see_other(f"/sign-in/{visitor.at.key}?next={quote(back, safe='')}")
        answer.headers.update(IN_A_WINDOW)
        return answer
    return reader_page(
        visitor,
        "pages/window.html",
        headers=IN_A_WINDOW,
        origin=origin,
        host=urlsplit(origin).netloc,
        ticket=None,
    )


def hand_over(visitor: Visitor, data: FormBody) -> Response[bytes]:
    """Make the ticket, and the page whose script hands it to the opener."""
    origin = read_form(data, fields=("origin",)).text("origin")
    _require_listed(visitor, origin)
    if visitor.session is None:
        raise NotSignedIn("Sign in first.")
    ticket = make_window_ticket(
        visitor.house.settings,
        session=visitor.session,
        origin=origin,
        site=visitor.at,
        now=visitor.house.db.clock(),
    )
    return reader_page(
        visitor,
        "pages/window.html",
        headers=IN_A_WINDOW,
        origin=origin,
        host=urlsplit(origin).netloc,
        ticket=ticket,
    )


def _require_listed(visitor: Visitor, origin: str) -> None:
    if origin not in visitor.at.origins:
        raise NotAllowed(
            "The page that opened this window does not belong to the site.", code="wrong_origin"
        )
