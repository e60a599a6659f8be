"""Which page of a thread an address asks for: the next one, the one with a comment, or a part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import InvalidInput
from belowline.core.terms import CommentId, ThreadOrder
from belowline.stories.model import Story
from belowline.stories.questions import find_question
from belowline.threads import store as threads
from belowline.threads.around import read_page_at
from belowline.threads.filters import list_filters, read_filtered
from belowline.threads.model import ThreadFilter


@dataclass(frozen=True, slots=True)
class Part:
    """The page that is asked for, as the address says it."""

    order: ThreadOrder
    after: str | None
    at: int | None
    only: ThreadFilter | None


def read_filter(text: str | None) -> ThreadFilter | None:
    """Read from an address which part of a thread is asked for. Raises InvalidInput."""
    try:
        return ThreadFilter(text) if text else None
    except ValueError as error:
        raise InvalidInput("There is no such filter.", field="filter", code="bad_filter") from error


def view_page(conn: sa.Connection, story: Story, part: Part) -> dict[str, Any]:
    """Return what the templates show of a page.

    Raises:
        InvalidInput: a bad cursor.
        NotFound: there is no such comment in the thread.
    """
    where = (conn, story.site_id, story.id)
    filters = list_filters(*where)
    begun = False
    if part.only is not None:
        page = read_filtered(*where, only=part.only, after=part.after)
    elif part.at is not None:
        page, begun = read_page_at(*where, order=part.order, comment_id=CommentId(part.at))
    else:
        page = threads.read_page(*where, order=part.order, after=part.after)
    question = find_question(conn, story.id)
    return {"page": page, "filters": filters, "begun": begun, "question": question}
