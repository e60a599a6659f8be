"""What was lately written at a site, for the screens that look for haste and repetition."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, ReaderId, SiteId, StoryId
from belowline.storage.database import Tx
from belowline.storage.prepared import Prepared
from belowline.storage.tables import comments, revisions

OWN = 50
OTHERS = 30

_AUTHOR = comments.c.author_id == sa.bindparam("author_id")
_AT_SITE = comments.c.site_id == sa.bindparam("site_id")
_SINCE = comments.c.created_at >= sa.bindparam("since")
_RECENT = (
    sa.select(
        comments.c.id,
        revisions.c.text,
        comments.c.created_at,
        comments.c.story_id,
        comments.c.status,
    )
    .join(
        revisions,
        sa.and_(revisions.c.comment_id == comments.c.id, revisions.c.number == comments.c.revision),
    )
    .where(_AT_SITE, _SINCE)
    .order_by(comments.c.created_at.desc())
)
_OWN_RECENT = Prepared(_RECENT.where(_AUTHOR).limit(OWN))
_RECENT_OF_OTHERS = Prepared(
    _RECENT.with_only_columns(revisions.c.text)
    .where(comments.c.author_id != sa.bindparam("author_id"))
    .limit(OTHERS)
)
_COUNT_PUBLISHED = Prepared(
    sa.select(sa.func.count().label("found")).select_from(
        sa.select(comments.c.id)
        .where(_AUTHOR, _AT_SITE, comments.c.status == CommentStatus.PUBLISHED)
        .limit(100)
        .subquery()
    )
)
_COUNT_SINCE = Prepared(sa.select(sa.func.count().label("found")).where(_AUTHOR, _AT_SITE, _SINCE))
_WAIT = Prepared(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"))
_LATEST_OWN = Prepared(
    sa.select(sa.func.max(comments.c.id).label("id")).where(_AUTHOR, _AT_SITE, _SINCE)
)


def own_recent_texts(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, since: datetime
) -> Sequence[sa.Row[Any]]:
    """Return (id, text, created_at, story_id, status) of the author's, newest first, a few."""
    return _OWN_RECENT.all(conn, site_id=site_id, author_id=author_id, since=since)


def recent_texts_of_others(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, since: datetime
) -> list[str]:
    """Return what everybody but the author wrote since then, newest first, a few."""
    found = _RECENT_OF_OTHERS.all(conn, site_id=site_id, author_id=author_id, since=since)
    return [row.text for row in found]


def count_published(conn: sa.Connection, site_id: SiteId, author_id: ReaderId) -> int:
    """Count the author's published comments at the site, at most a hundred."""
    return int(_COUNT_PUBLISHED.first(conn, site_id=site_id, author_id=author_id).found)


def count_since(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, since: datetime
) -> int:
    """Count what the author sent to the site since then, whatever became of it."""
    return int(_COUNT_SINCE.first(conn, site_id=site_id, author_id=author_id, since=since).found)


def wait_for_turn(tx: Tx, author_id: ReaderId) -> None:
    """Let one comment of an author be stored after the other, from here to the end.

    Call it before anything else is locked. SQLite stores everything one after the other.
    """
    if tx.conn.dialect.name == "postgresql":
        _WAIT.run(tx.conn, key=f"belowline author {author_id}")


def latest_own(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, since: datetime
) -> int:
    """Return the id of the last comment that the author sent to the site since then, or 0."""
    return _LATEST_OWN.first(conn, site_id=site_id, author_id=author_id, since=since).id or 0


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


def list_authors(
    conn: sa.Connection, site_id: SiteId, comment_ids: Collection[CommentId]
) -> set[ReaderId]:
    """Return who wrote these comments."""
    query = sa.select(comments.c.author_id).where(
        comments.c.site_id == site_id, comments.c.id.in_(comment_ids)
    )
    return {ReaderId(author_id) for author_id in conn.execute(query).scalars()}


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
