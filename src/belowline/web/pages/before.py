"""Comments from before the move: offered to whoever has proven that they are theirs.

Only somebody who is signed in sees it, and of an address that proves nothing it says the same as of
one that nobody ever had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from litestar import Response

from belowline.actions.claims import decline_author, join_author, list_offers
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed, NotFound, TooMany
from belowline.core.terms import CommentStatus, Privilege, ReaderId, SanctionInForce, SiteId
from belowline.core.text import later
from belowline.readers.claiming import ClaimAnswer
from belowline.readers.claims import JoinedAuthor, PastAuthor, list_joined
from belowline.readers.standing import may
from belowline.sanctions import store as sanctions
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.pages.sign_in import IN_A_WINDOW, Next
from belowline.web.pages.words import SANCTION_TITLES
from belowline.web.redirects import local_path, see_other

LOOKED_AT = 30
QUOTED = 3

SAID = {
    "yes": later("Done. They are yours from now on, under your present name."),
    "no": later("Noted. You are not asked about them again."),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An author of old as the page shows one: some of what they wrote, and what comes along."""

    author: PastAuthor
    quoted: tuple[Comment, ...]
    sanctions: tuple[SanctionInForce, ...]

    @property
    def declined(self) -> bool:
        """Say whether the reader has said that this is not them."""
        return self.author.answer is ClaimAnswer.DECLINED


def before_form(visitor: Visitor, after: Next = None, said: str = "") -> Response[bytes]:
    """Show what was written here before the move by whoever had my address."""
    return _page(visitor, local_path(after, otherwise=""), said=said)


def answer(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Say that an author of old is me, or that they are not."""
    form = read_form(data, fields=("author", "answer", "mine", "next"))
    onward = local_path(form.text("next"), otherwise="")
    given = form.text("answer")
    try:
        _take(visitor, form, given)
    except (InvalidInput, NotAllowed, NotFound, TooMany) as error:
        return _page(visitor, onward, error=error)
    return _onward(visitor, onward, said=given)


def _take(visitor: Visitor, form: Form, given: str) -> None:
    past_id = ReaderId(form.number("author") or 0)
    if given == "yes":
        _join(visitor, past_id, is_sure=form.ticked("mine"))
    elif given == "no":
        decline_author(
            visitor.house.db,
            past_id,
            site_id=visitor.at.id,
            by=visitor.reader_id,
            secret=visitor.house.settings.secret,
        )
    else:
        raise InvalidInput("Say yes or no.", field="answer", code="bad_answer")


def _join(visitor: Visitor, past_id: ReaderId, *, is_sure: bool) -> None:
    if not is_sure:
        raise InvalidInput(
            "Tick the box first: this cannot be undone.", field="mine", code="not_confirmed"
        )
    join_author(
        visitor.house.db,
        past_id,
        site_id=visitor.at.id,
        by=visitor.reader_id,
        secret=visitor.house.settings.secret,
    )


def _onward(visitor: Visitor, onward: str, *, said: str) -> Response[Any]:
    """Go on to where the reader was going, once there is nobody left to ask about."""
    offers, _ = _look(visitor)
    here = f"/me/{visitor.at.key}/before?said={said}"
    if onward and all(one.declined for one in offers):
        here = onward
    elif onward:
        here = f"{here}&next={quote(onward, safe='')}"
    going: Response[Any] = see_other(here)
    # The embed's window comes through here; see sign_in.
    going.headers.update(IN_A_WINDOW)
    return going


def _page(
    visitor: Visitor, onward: str, *, said: str = "", error: BelowlineError | None = None
) -> Response[bytes]:
    offers, joined = _look(visitor)
    return reader_page(
        visitor,
        "pages/before.html",
        http_status=status_of(error) if error else 200,
        headers=IN_A_WINDOW,
        onward=onward,
        said=SAID.get(said),
        error=error,
        offers=[one for one in offers if not one.declined],
        declined=[one for one in offers if one.declined],
        joined=joined,
        titles=SANCTION_TITLES,
        refusal=may(Privilege.CHANGE_NAME, visitor.facts, now=visitor.house.db.clock()),
    )


def _look(visitor: Visitor) -> tuple[list[Offer], list[JoinedAuthor]]:
    site_id = visitor.at.id
    with visitor.house.db.read() as conn:
        found = list_offers(
            conn, visitor.reader_id, site_id=site_id, secret=visitor.house.settings.secret
        )
        offers = [_offer(visitor, conn, site_id, one) for one in found]
        joined = list_joined(conn, site_id, visitor.reader_id)
    return offers, joined


def _offer(visitor: Visitor, conn: sa.Connection, site_id: SiteId, one: PastAuthor) -> Offer:
    latest = comments.list_by_author(conn, site_id, one.id, limit=LOOKED_AT)
    # What the public cannot read is told to nobody before they have said that it is theirs.
    public = [each for each in latest if each.status is CommentStatus.PUBLISHED]
    now = visitor.house.db.clock()
    running = tuple(
        each
        for each in sanctions.list_unlifted(conn, site_id, one.id)
        if each.ends_at is None or each.ends_at > now
    )
    return Offer(one, tuple(public[:QUOTED]), running)
