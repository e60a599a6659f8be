"""The console's threats to life: a short list of what to do, with who did it and when."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions import dangers as actions
from belowline.comments import store as comments
from belowline.core.errors import BelowlineError, Conflict, InvalidInput
from belowline.core.terms import CommentId
from belowline.moderation import dangers
from belowline.moderation.dangers import DangerId, Evidence, Told
from belowline.readers.search import names_of
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.forms import Form, FormBody, read_form


def open_one(visitor: Visitor, comment: int, data: FormBody) -> Response[Any]:
    """Begin to see to a threat in a comment, and go on to the list of what to do."""
    read_form(data, fields=())
    opened = actions.open_danger(
        visitor.house.db, CommentId(comment), site_id=visitor.at.id, by=visitor.reader_id
    )
    return back_to(visitor, f"/dangers/{opened.id}")


def danger(visitor: Visitor, danger: int, said: str | None = None) -> Response[bytes]:
    """Show what is to be done, and what was done by whom."""
    return _danger(visitor, danger, said=said)


def told(visitor: Visitor, danger: int, data: FormBody) -> Response[Any]:
    """Note which authority was told, and how."""
    form = read_form(data, fields={"authority", "channel", "reference"})
    try:
        actions.tell_authority(
            visitor.house.db,
            DangerId(danger),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            told=Told(form.text("authority"), form.text("channel"), form.text("reference")),
        )
    except (InvalidInput, Conflict) as error:
        return _danger(visitor, danger, error=error, typed=form)
    return back_to(visitor, f"/dangers/{danger}", said="authority_told")


def close(visitor: Visitor, danger: int, data: FormBody) -> Response[Any]:
    """Note how it ended."""
    form = read_form(data, fields={"outcome"})
    try:
        actions.close_danger(
            visitor.house.db,
            DangerId(danger),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            outcome=form.text("outcome"),
        )
    except (InvalidInput, Conflict) as error:
        return _danger(visitor, danger, error=error, typed=form)
    return back_to(visitor, f"/dangers/{danger}", said="danger_closed")


def evidence(visitor: Visitor, danger: int, data: FormBody) -> Response[bytes]:
    """Show the evidence, and write down who looks at it."""
    read_form(data, fields=())
    found = actions.look_at_evidence(
        visitor.house.db, DangerId(danger), site_id=visitor.at.id, by=visitor.reader_id
    )
    return _danger(visitor, danger, evidence=found or {})


def _danger(  # noqa: PLR0913 - what one page shows
    visitor: Visitor,
    danger_id: int,
    *,
    said: str | None = None,
    evidence: Evidence | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    site_id = visitor.at.id
    with visitor.house.db.read() as conn:
        found = dangers.get_danger(conn, site_id, DangerId(danger_id))
        comment = comments.get_comment(conn, site_id, found.comment_id)
        people = names_of(conn, [found.opened_by, found.told_by, found.closed_by])
        return desk_page(
            visitor,
            "danger.html",
            here="queue",
            said=said,
            error=error,
            typed=typed,
            danger=found,
            status_now=comment.status,
            story=stories.get_story_by_id(conn, site_id, comment.story_id),
            people=people,
            looks=dangers.list_looks(conn, found.id),
            evidence=evidence,
        )
