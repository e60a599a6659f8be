"""Recording a legal notice that reached the desk as a letter or by e-mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from litestar import Response

from belowline.actions.defamation import receive_notice
from belowline.comments import store as comments
from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed
from belowline.core.terms import CommentId
from belowline.legal.calendar import LONDON
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to
from belowline.web.fields import required
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.pages.about_me import TEXTS, TICKED, draft_of, form_values, office_of
from belowline.web.pages.frame import reader_page
from belowline.web.pages.place import get_public_place


def record_form(visitor: Visitor, comment: int) -> Response[bytes]:
    """Show the form that everybody has, with the time at which the notice came in."""
    return _form_page(visitor, comment)


def record(visitor: Visitor, comment: int, data: FormBody) -> Response[Any]:
    """Record a notice, and go on to it."""
    form = read_form(data, fields=(*TEXTS, *TICKED, "came_in"))
    try:
        draft = replace(
            draft_of(visitor, form, CommentId(comment)),
            recorded_by=visitor.reader_id,
            came_in_at=_arrival(required(form, "came_in")),
        )
        made = receive_notice(visitor.house.db, draft, office=office_of(visitor))
    except (InvalidInput, NotAllowed) as error:
        return _form_page(visitor, comment, refused=(form, error))
    return back_to(visitor, f"/legal/{made.id}")


def _arrival(typed: str) -> datetime:
    """Return a time by London's clocks. Raises InvalidInput."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=LONDON)
    except ValueError as error:
        raise InvalidInput("This is not a time.", field="came_in", code="bad_time") from error


def _form_page(
    visitor: Visitor, comment_id: int, *, refused: tuple[Form, BelowlineError] | None = None
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        comment = comments.get_comment(conn, visitor.at.id, CommentId(comment_id))
        story = stories.get_story_by_id(conn, visitor.at.id, comment.story_id)
        place = get_public_place(conn, visitor, story.key, comment_id)
    values = form_values(visitor, place, refused)
    return reader_page(visitor, "pages/about_me.html", for_desk=True, **values)
