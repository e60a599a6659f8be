"""What one reader has published at a site, as everybody may see it.

It is asked for by one of their comments, because nothing public names a reader. A comment that is
not published says nothing of who wrote it; neither does one of somebody who has left, whom an
import made up, or who does not wish to have such a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, ReaderId, SiteId, StoryMode
from belowline.storage.tables import comments, readers, stories

PAGE = 20
"""Comments on one page."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who has such a page. ``id`` is for this side of the wall only."""

    id: ReaderId
    name: str
    since: datetime
    """Of the oldest comment that is there."""
    count: int


@dataclass(frozen=True, slots=True)
class Written:
    """A published comment with its story."""

    id: CommentId
    story_key: str
    story_title: str
    html: str
    created_at: datetime
    is_reply: bool


def find_writer(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> Writer | None:
    """Return who wrote a published comment, or None if they have no page."""
    row = conn.execute(
        sa.select(readers.c.id, readers.c.name)
        .join(comments, comments.c.author_id == readers.c.id)
        .where(comments.c.id == comment_id, comments.c.site_id == site_id)
        .where(comments.c.status == CommentStatus.PUBLISHED)
        .where(readers.c.public_page, readers.c.erased_at.is_(None))
    ).first()
    if row is None:
        return None
    oldest = sa.func.min(comments.c.created_at, type_=comments.c.created_at.type)
    written = conn.execute(
        sa.select(sa.func.count().label("number"), oldest.label("oldest"))
        .select_from(comments.join(stories, stories.c.id == comments.c.story_id))
        .where(_public(site_id, ReaderId(row.id)))
    ).one()
    if not written.number:
        return None
    return Writer(ReaderId(row.id), row.name, written.oldest, written.number)


def has_page(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> bool:
    """Say whether the author of a published comment has such a page."""
    return (
        conn.execute(
            sa.select(comments.c.id)
            .join(readers, readers.c.id == comments.c.author_id)
            .where(comments.c.id == comment_id, comments.c.site_id == site_id)
            .where(comments.c.status == CommentStatus.PUBLISHED)
            .where(readers.c.public_page, readers.c.erased_at.is_(None))
        ).first()
        is not None
    )


def list_written(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId, *, before: CommentId | None = None
) -> list[Written]:
    """Return a page of what they have published here, newest first, and one more if there is."""
    query: sa.Select[Any] = (
        sa.select(
            comments.c.id,
            stories.c.key,
            stories.c.title,
            comments.c.html,
            comments.c.created_at,
            comments.c.parent_id.is_not(None),
        )
        .join(stories, stories.c.id == comments.c.story_id)
        .where(_public(site_id, reader_id))
        .order_by(comments.c.created_at.desc(), comments.c.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        one = comments.alias("one")
        # Of their own only: a place in time that somebody else's comment has tells nobody anything.
        place = sa.select(one.c.created_at).where(one.c.id == before, one.c.author_id == reader_id)
        here = sa.tuple_(comments.c.created_at, comments.c.id)
        query = query.where(here < sa.tuple_(place.scalar_subquery(), before))
    return [Written(*row) for row in conn.execute(query)]


def _public(site_id: SiteId, reader_id: ReaderId) -> sa.ColumnElement[bool]:
    return sa.and_(
        comments.c.author_id == reader_id,
        comments.c.site_id == site_id,
        comments.c.status == CommentStatus.PUBLISHED,
        stories.c.mode != StoryMode.SUSPENDED,
    )
