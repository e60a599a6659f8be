"""What was lately written at a site, for the screens that look for haste and repetition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentStatus, ReaderId, SiteId, StoryId
from belowline.storage.database import Tx
from belowline.storage.tables import comments, revisions

OWN = 50
OTHERS = 30


def own_recent_texts(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, since: datetime
) -> Sequence[sa.Row[Any]]:
    """Return (id, text, created_at, story_id, status) of the author's, newest first, a few."""
    query = _texts(site_id, since).where(comments.c.author_id == author_id)
    return conn.execute(query.limit(OWN)).all()


def recent_texts_of_others(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, since: datetime
) -> list[str]:
    """Return what everybody but the author wrote since then, newest first, a few."""
    query = _texts(site_id, since).where(comments.c.author_id != author_id)
    return [row.text for row in conn.execute(query.limit(OTHERS))]


def count_published(conn: sa.Connection, site_id: SiteId, author_id: ReaderId) -> int:
    """Count the author's published comments at the site, at most a hundred."""
    some = (
        sa.select(comments.c.id)
        .where(
            comments.c.author_id == author_id,
            comments.c.site_id == site_id,
            comments.c.status == CommentStatus.PUBLISHED,
        )
        .limit(100)
        .subquery()
    )
    return conn.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()


def count_since(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, since: datetime
) -> int:
    """Count what the author sent to the site since then, whatever became of it."""
    query = sa.select(sa.func.count()).where(
        comments.c.author_id == author_id,
        comments.c.site_id == site_id,
        comments.c.created_at >= since,
    )
    return conn.execute(query).scalar_one()


def wait_for_turn(tx: Tx, author_id: ReaderId) -> None:
    """Let one comment of an author be stored after the other, from here to the end.

    Call it before anything else is locked. SQLite stores everything one after the other.
    """
    if tx.conn.dialect.name == "postgresql":
        key = sa.func.hashtextextended(f"belowline author {author_id}", 0)
        tx.conn.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def latest_own(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, since: datetime
) -> int:
    """Return the id of the last comment that the author sent to the site since then, or 0."""
    query = sa.select(sa.func.max(comments.c.id)).where(
        comments.c.author_id == author_id,
        comments.c.site_id == site_id,
        comments.c.created_at >= since,
    )
    return conn.execute(query).scalar() or 0


def last_in_story(
    conn: sa.Connection,
    site_id: SiteId,
    author_id: ReaderId,
    *,
    story_id: StoryId,
    since: datetime,
) -> datetime | None:
    """Return when the author last wrote under the story since then; what was refused aside."""
    query = sa.select(sa.func.max(comments.c.created_at, type_=comments.c.created_at.type)).where(
        comments.c.author_id == author_id,
        comments.c.site_id == site_id,
        comments.c.created_at > since,
        comments.c.story_id == story_id,
        comments.c.status != CommentStatus.REFUSED,
    )
    return conn.execute(query).scalar()


def count_in_story(
    conn: sa.Connection, site_id: SiteId, story_id: StoryId, *, since: datetime
) -> int:
    """Count what was sent under the story since then, whatever became of it."""
    query = sa.select(sa.func.count()).where(
        comments.c.site_id == site_id,
        comments.c.created_at > since,
        comments.c.story_id == story_id,
    )
    return conn.execute(query).scalar_one()


def _texts(site_id: SiteId, since: datetime) -> sa.Select[Any]:
    current = sa.and_(
        revisions.c.comment_id == comments.c.id, revisions.c.number == comments.c.revision
    )
    return (
        sa.select(
            comments.c.id,
            revisions.c.text,
            comments.c.created_at,
            comments.c.story_id,
            comments.c.status,
        )
        .join(revisions, current)
        .where(comments.c.site_id == site_id, comments.c.created_at >= since)
        .order_by(comments.c.created_at.desc())
    )
