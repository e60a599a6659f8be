"""Appealing against a decision, and the page that tells everything about one."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions.appeal_facts import LONGEST_APPEAL
from belowline.actions.appeals import file_appeal
from belowline.comments import store as comments
from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed, NotFound
from belowline.core.terms import DecisionId
from belowline.moderation import decisions
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.forms import FormBody, read_form
from belowline.web.pages.decided import states_at, tell
from belowline.web.pages.frame import reader_page
from belowline.web.pages.words import APPEALS
from belowline.web.redirects import see_other


def appeal_form(visitor: Visitor, decision: int) -> Response[bytes]:
    """Show a decision about me, and the form for an appeal or what came of it."""
    return _appeal_page(visitor, decision)


def appeal(visitor: Visitor, decision: int, data: FormBody) -> Response[Any]:
    """File an appeal and go on to the receipt."""
    text = read_form(data, fields=("text",)).text("text")
    try:
        file_appeal(
            visitor.house.db,
            DecisionId(decision),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            text=text,
        )
    except (InvalidInput, NotAllowed) as error:
        return _appeal_page(visitor, decision, text=text, error=error)
    return see_other(f"/me/{visitor.at.key}/appeal/{decision}")


def _appeal_page(
    visitor: Visitor, decision_id: int, *, text: str = "", error: BelowlineError | None = None
) -> Response[bytes]:
    site, now = visitor.at, visitor.house.db.clock()
    with visitor.house.db.read() as conn:
        found = decisions.get_decision(conn, site.id, DecisionId(decision_id))
        told = tell(conn, site.id, [found], now=now, states=states_at(visitor))
        # Whether somebody else was decided about is nobody's business.
        if found.reader_id != visitor.reader_id or not told:
            raise NotFound("There is no such decision about you.", code="no_decision")
        seen = None
        if found.comment_id is not None and found.revision is not None:
            seen = comments.get_revision(conn, found.comment_id, found.revision)
    return reader_page(
        visitor,
        "pages/appeal.html",
        http_status=status_of(error) if error else 200,
        one=told[0],
        seen=seen,
        text=text,
        error=error,
        words=APPEALS,
        longest=LONGEST_APPEAL,
    )
