"""The console's page for one conversation's pace: slowing it down by hand, and letting it go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Response

from belowline.actions import slowing as actions
from belowline.core.errors import InvalidInput
from belowline.core.terms import StoryId
from belowline.stories import store as stories
from belowline.stories.pace import LASTS, PACES, find_limit
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.fields import whole
from belowline.web.forms import Form, FormBody, read_form

USUAL = timedelta(minutes=3), timedelta(hours=2)
"""What the form begins with."""


def pace(visitor: Visitor, story: int, said: str | None = None) -> Response[bytes]:
    """Show how fast the conversation goes, and the form that slows it down."""
    return _page(visitor, StoryId(story), said=said)


def set_pace(visitor: Visitor, story: int, data: FormBody) -> Response[Any]:
    """Slow the conversation down by hand, or let it go again."""
    form = read_form(data, fields={"between", "lasts", "reason", "lift"})
    db, site_id, by = visitor.house.db, visitor.at.id, visitor.reader_id
    if form.ticked("lift"):
        actions.let_go(db, StoryId(story), site_id=site_id, by=by)
        return back_to(visitor, f"/stories/{story}/pace", said="let_go")
    try:
        lasts = form.number("lasts")
        draft = actions.SlowDraft(
            timedelta(seconds=whole(form, "between")),
            timedelta(hours=lasts) if lasts is not None else None,
            form.text("reason"),
        )
        actions.slow_story(db, StoryId(story), site_id=site_id, by=by, slowing=draft)
    except (InvalidInput, OverflowError) as error:
        return _page(visitor, StoryId(story), error=_plain(error), typed=form)
    return back_to(visitor, f"/stories/{story}/pace", said="slowed")


def _plain(error: InvalidInput | OverflowError) -> InvalidInput:
    """Say of a number beyond every clock what is said of any other that is not to choose."""
    if isinstance(error, InvalidInput):
        return error
    return InvalidInput("Choose one of these.", field="between", code="bad_choice")


def _page(
    visitor: Visitor,
    story_id: StoryId,
    *,
    said: str | None = None,
    error: InvalidInput | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        story = stories.get_story_by_id(conn, visitor.at.id, story_id)
    between, lasts_for = USUAL
    return desk_page(
        visitor,
        "pace.html",
        here="stories",
        said=said,
        error=error,
        typed=typed,
        story=story,
        limit=find_limit(story),
        paces=[(int(one.total_seconds()), one) for one in PACES],
        lasts=[(int(one.total_seconds()) // 3600, one) for one in LASTS],
        between=int(between.total_seconds()),
        lasts_for=int(lasts_for.total_seconds()) // 3600,
        everybodys=timedelta(seconds=visitor.at.settings.slow_seconds),
        longest=actions.LONGEST_SLOW_REASON,
    )
