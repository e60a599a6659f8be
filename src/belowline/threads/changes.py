"""What changed in a thread since a version of it: ids and what happened, never a word.

The answer comes from the rows themselves, each of which knows the version of its latest visible
change. So it is exact for any version, however old, a change can be told twice without harm, and
what was never published is not in it. Too much at once is not listed: then the page is read anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, SiteId, StoryId, ThreadChange
from belowline.storage.tables import comments, readers
from belowline.threads.model import ThreadComment
from belowline.threads.statements import select_lines
from belowline.threads.store import INDENTS, make_line

MOST = 100
"""Changes in one answer. Who missed more reads the page anew."""

_COLUMNS: tuple[sa.Column[Any], ...] = (
    comments.c.id,
    comments.c.parent_id,
    comments.c.status,
    comments.c.shown,
    comments.c.appeared_in,
    comments.c.change,
)
# Written out, so that both databases recognise the partial index of storage/tables.py.
_SEEN = sa.text("comments.changed_in > 0")
_SHOWN = sa.text("comments.shown")


@dataclass(frozen=True, slots=True)
class Change:
    """One comment that readers see differently now."""

    id: CommentId
    kind: ThreadChange
    parent_id: CommentId | None
    line: bool
    """Whether it has a place in the thread now: itself, or a neutral line."""


def list_changes(
    conn: sa.Connection, site_id: SiteId, story_id: StoryId, *, since: int, limit: int = MOST
) -> Sequence[Change] | None:
    """Return what changed after the version ``since``, oldest first; None if that is too much."""
    rows = conn.execute(
        sa.select(*_COLUMNS)
        .where(
            comments.c.site_id == site_id,
            comments.c.story_id == story_id,
            comments.c.changed_in > since,
            _SEEN,
        )
        .order_by(comments.c.changed_in, comments.c.id)
        .limit(limit + 1)
    ).all()
    if len(rows) > limit:
        return None
    return [
        Change(CommentId(row.id), _kind(row, since), row.parent_id, row.shown)
        for row in rows
        # Came and went in between, and left no line: there is nothing to tell.
        if row.shown or row.appeared_in <= since
    ]


def list_lines(
    conn: sa.Connection, site_id: SiteId, story_id: StoryId, ids: Collection[CommentId]
) -> list[ThreadComment]:
    """Return those of these comments that have a place in the story's thread, by id."""
    query = select_lines().where(
        comments.c.id.in_(ids),
        comments.c.site_id == site_id,
        comments.c.story_id == story_id,
        _SHOWN,
    )
    lines = [make_line(row) for row in conn.execute(query.order_by(comments.c.id))]
    names = _names_of_flattened(conn, lines)
    return [
        replace(line, answers=names.get(line.parent_id))
        if line.indent == INDENTS and line.parent_id is not None
        else line
        for line in lines
    ]


def _kind(row: sa.Row[Any], since: int) -> ThreadChange:
    if row.status != CommentStatus.PUBLISHED:
        return ThreadChange.GONE
    return ThreadChange.NEW if row.appeared_in > since else ThreadChange(row.change)


def _names_of_flattened(
    conn: sa.Connection, lines: Sequence[ThreadComment]
) -> dict[CommentId, str]:
    """Return the names of parents whose replies' indentation does not show them."""
    parents = {line.parent_id for line in lines if line.indent == INDENTS and line.parent_id}
    if not parents:
        return {}
    rows = conn.execute(
        sa.select(comments.c.id, readers.c.name)
        .join(readers, readers.c.id == comments.c.author_id)
        .where(
            comments.c.id.in_(parents),
            comments.c.depth >= INDENTS,
            comments.c.status == CommentStatus.PUBLISHED,
        )
    )
    return {CommentId(row.id): row.name for row in rows}
