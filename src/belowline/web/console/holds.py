"""The console's legal holds: placing one on a comment, looking at what is kept, ending it."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions import holds as actions
from belowline.comments import store as comments
from belowline.core.errors import BelowlineError, Conflict, InvalidInput
from belowline.core.terms import CommentId, ReaderId
from belowline.moderation import decisions, holds, legal_log
from belowline.moderation.holds import HoldId
from belowline.readers.search import names_of
from belowline.sites import store as sites
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.console.court import required_day
from belowline.web.console.court_words import ACT_WORDS
from belowline.web.console.desk import back_to, desk_page
from belowline.web.console.shown import Titles, show_decisions
from belowline.web.fields import required, whole
from belowline.web.forms import Form, FormBody, read_form


def place_form(visitor: Visitor, comment: int) -> Response[Any]:
    """Ask why a comment is kept as evidence; straight to the hold if it is already."""
    with visitor.house.db.read() as conn:
        found = holds.find_hold(conn, visitor.at.id, CommentId(comment))
    if found is not None:
        return back_to(visitor, f"/holds/{found.id}")
    return _form(visitor, CommentId(comment))


def place(visitor: Visitor, comment: int, data: FormBody) -> Response[Any]:
    """Keep a comment as evidence."""
    form = read_form(data, fields={"reason", "owner", "review"})
    try:
        review_at = required_day(form, "review")
        owner = ReaderId(whole(form, "owner"))
        hold_id = actions.place_hold(
            visitor.house.db,
            visitor.at.id,
            CommentId(comment),
            by=visitor.reader_id,
            draft=actions.HoldDraft(required(form, "reason"), owner, review_at),
        )
    except (InvalidInput, Conflict) as error:
        return _form(visitor, CommentId(comment), error=error, typed=form)
    return back_to(visitor, f"/holds/{hold_id}", said="hold_placed")


def hold(visitor: Visitor, hold: int, said: str | None = None) -> Response[bytes]:
    """Show what is kept and who has looked at it; this look is noted."""
    actions.look_at_hold(visitor.house.db, visitor.at.id, HoldId(hold), by=visitor.reader_id)
    return _hold(visitor, HoldId(hold), said=said)


def change(visitor: Visitor, hold: int, data: FormBody) -> Response[Any]:
    """Keep it longer, hand it on, or end it."""
    form = read_form(data, fields={"owner", "review", "do", "confirm"})
    db, site_id, by = visitor.house.db, visitor.at.id, visitor.reader_id
    try:
        if form.text("do") == "end":
            required(form, "confirm")
            actions.end_hold(db, site_id, HoldId(hold), by=by)
            return back_to(visitor, f"/holds/{hold}", said="hold_ended")
        review_at = required_day(form, "review")
        owner = ReaderId(whole(form, "owner"))
        actions.prolong_hold(db, site_id, HoldId(hold), by=by, owner_id=owner, review_at=review_at)
    except (InvalidInput, Conflict) as error:
        return _hold(visitor, HoldId(hold), error=error, typed=form)
    return back_to(visitor, f"/holds/{hold}", said="hold_changed")


def _form(
    visitor: Visitor,
    comment_id: CommentId,
    *,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        comment = comments.get_comment(conn, visitor.at.id, comment_id)
        staff = sites.list_staff(conn, visitor.at.id)
    return desk_page(
        visitor,
        "hold_form.html",
        here="court",
        error=error,
        typed=typed,
        comment=comment,
        staff=staff,
    )


def _hold(
    visitor: Visitor,
    hold_id: HoldId,
    *,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    site_id = visitor.at.id
    with visitor.house.db.read() as conn:
        found = holds.get_hold(conn, site_id, hold_id)
        comment = comments.get_comment(conn, site_id, found.comment_id)
        lines = legal_log.list_lines(conn, site_id, hold_id=hold_id)
        made = decisions.list_for_comment(conn, site_id, comment.id)
        who = names_of(
            conn,
            [found.owner_id, found.placed_by, found.ended_by, *(one.reader_id for one in lines)],
        )
        shown = show_decisions(conn, Titles(conn, site_id), made)
        revisions = comments.list_revisions(conn, comment.id)
        story = stories.get_story_by_id(conn, site_id, comment.story_id)
        staff = sites.list_staff(conn, site_id)
    return desk_page(
        visitor,
        "hold.html",
        here="court",
        said=said,
        error=error,
        typed=typed,
        hold=found,
        comment=comment,
        story=story,
        revisions=revisions,
        decisions=shown,
        lines=lines,
        who=who,
        staff=staff,
        act_words=ACT_WORDS,
    )
