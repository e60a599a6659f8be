"""Reading comments that were judged lately, with what every screen said then, to try settings on.

A few hundred at a time, each look for itself, so that nobody's database is kept busy. Comments that
no screen ever saw (imports) come without verdicts, or with a score alone that was given later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import (
    CommentId,
    CommentStatus,
    ReaderId,
    SiteId,
    StoryId,
    Verdict,
)
from belowline.screens.later import is_later
from belowline.screens.store import read_verdict
from belowline.screens.trial import PastComment
from belowline.storage.tables import comments, revisions, screenings


def list_judged(  # noqa: PLR0913 - which part of the past
    conn: sa.Connection,
    site_id: SiteId,
    *,
    since: datetime,
    before: tuple[datetime, CommentId] | None = None,
    story_id: StoryId | None = None,
    limit: int,
) -> list[PastComment]:
    """Return comments sent since then, newest first, with the verdicts on their first text.

    A later score is on the last. Those without verdicts are there too, to go on behind them.
    """
    query = (
        sa.select(
            comments.c.id,
            comments.c.story_id,
            comments.c.author_id,
            revisions.c.text,
            comments.c.created_at,
            comments.c.status,
            comments.c.author_role,
        )
        .join(revisions, sa.and_(revisions.c.comment_id == comments.c.id, revisions.c.number == 1))
        .where(comments.c.site_id == site_id, comments.c.created_at >= since)
        .order_by(comments.c.created_at.desc(), comments.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        at, last = before
        query = query.where(
            comments.c.created_at <= at,
            sa.or_(comments.c.created_at < at, comments.c.id < last),
        )
    if story_id is not None:
        query = query.where(comments.c.story_id == story_id)
    found = [
        PastComment(
            CommentId(row.id),
            StoryId(row.story_id),
            ReaderId(row.author_id),
            row.text,
            row.created_at,
            CommentStatus(row.status),
            row.author_role is not None,
        )
        for row in conn.execute(query)
    ]
    said = _verdicts(conn, [one.id for one in found])
    return [replace(one, verdicts=tuple(said.get(one.id, ()))) for one in found]


def first_published(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, limit: int
) -> list[datetime]:
    """Return when the author's first published comments at the site were sent, oldest first."""
    query = (
        sa.select(comments.c.created_at)
        .where(
            comments.c.author_id == author_id,
            comments.c.site_id == site_id,
            comments.c.status == CommentStatus.PUBLISHED,
        )
        .order_by(comments.c.created_at)
        .limit(limit)
    )
    return list(conn.execute(query).scalars())


def _verdicts(
    conn: sa.Connection, comment_ids: Sequence[CommentId]
) -> dict[CommentId, list[Verdict]]:
    rows = conn.execute(
        sa.select(screenings.c.comment_id, screenings.c.revision, screenings.c.verdicts)
        .where(screenings.c.comment_id.in_(comment_ids))
        .order_by(screenings.c.comment_id, screenings.c.revision)
    )
    found: dict[CommentId, list[Verdict]] = {}
    for row in rows:
        said = list(map(read_verdict, row.verdicts))
        own = found.setdefault(CommentId(row.comment_id), [])
        later = [one for one in said if is_later(one)]
        if later:
            own[:] = [one for one in own if not is_later(one)]
        own += later if row.revision > 1 else said
    return found
