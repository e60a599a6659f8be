"""What was lately written at a site, for the screens that look for haste and repetition."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, ReaderId, SiteId, StoryId
from belowline.storage.database import Tx
from belowline.storage.many import Each
from belowline.storage.prepared import Prepared, Soon
from belowline.storage.tables import comments, revisions
from belowline.storage.types import UtcTime

OWN = 50
OTHERS = 30
MOST_COUNTED = 300
"""Of an author's latest comments; more than anybody may send in a day."""

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
_RECENT_OF_ALL = Prepared(
    _RECENT.with_only_columns(comments.c.author_id, revisions.c.text).limit(2 * OTHERS)
)
_WAIT = Prepared(
    sa.text(
        "SELECT pg_advisory_xact_lock(hashtextextended('belowline author ' || author, 0)) "
        "FROM jsonb_array_elements_text(CAST(:authors AS jsonb)) AS author"
    )
)


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """How much an author has written at a site."""

    published: int
    """Published comments, at most as many as were asked for."""
    lately: int
    """Comments sent since a given time, whatever became of them, at most ``MOST_COUNTED``."""
    latest: int
    """The id of the last one of those, or 0."""


def _record(
    site_id: sa.ColumnElement[int],
    author_id: sa.ColumnElement[int],
    since: sa.ColumnElement[Any],
    enough: sa.ColumnElement[int],
) -> sa.Select[Any]:
    mine = sa.and_(comments.c.author_id == author_id, comments.c.site_id == site_id)
    published = (
        sa.select(comments.c.id)
        .where(mine, comments.c.status == CommentStatus.PUBLISHED)
        .limit(enough)
        .correlate_except(comments)
        .subquery()
    )
    # The time is asked about outside, so that no plan, made when the table was small, looks by time
    # for what everybody has lately written at the site.
    latest = (
        sa.select(comments.c.id, comments.c.created_at)
        .where(mine)
        .order_by(comments.c.created_at.desc())
        .limit(sa.literal_column(str(MOST_COUNTED)))
        .correlate_except(comments)
        .subquery()
    )
    lately = latest.c.created_at >= since
    return sa.select(
        sa.select(sa.func.count()).select_from(published).scalar_subquery().label("published"),
        sa.func.count(sa.case((lately, 1))).label("lately"),
        sa.func.max(sa.case((lately, latest.c.id))).label("latest"),
    ).select_from(latest)


_RECORD = Each(
    _record,
    site_id=sa.BigInteger(),
    author_id=sa.BigInteger(),
    since=UtcTime(),
    enough=sa.Integer(),
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


def texts_beside_soon(
    conn: sa.Connection, site_id: SiteId, author_ids: Collection[ReaderId], *, since: datetime
) -> Soon[Mapping[ReaderId, Sequence[str]]]:
    """Ask what ``recent_texts_of_others`` does for each author, mostly in one look for all."""
    if len(author_ids) == 1:
        alone = {one: recent_texts_of_others(conn, site_id, one, since=since) for one in author_ids}
        return lambda: alone
    found = _RECENT_OF_ALL.soon(conn, site_id=site_id, since=since)

    def read() -> Mapping[ReaderId, Sequence[str]]:
        rows, beside = found(), {}
        for author_id in author_ids:
            texts = [row.text for row in rows if row.author_id != author_id][:OTHERS]
            if len(texts) < OTHERS and len(rows) == 2 * OTHERS:
                # Hardly anybody else has written: their texts are further back.
                texts = recent_texts_of_others(conn, site_id, author_id, since=since)
            beside[author_id] = texts
        return beside

    return read


def count_published(conn: sa.Connection, site_id: SiteId, author_id: ReaderId) -> int:
    """Count the author's published comments at the site, at most a hundred."""
    return int(_COUNT_PUBLISHED.first(conn, site_id=site_id, author_id=author_id).found)


def times_since(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, since: datetime
) -> list[datetime]:
    """Return when the author sent each comment since then, oldest first, whatever became of it."""
    query = (
        sa.select(comments.c.created_at)
        .where(
            comments.c.author_id == author_id,
            comments.c.site_id == site_id,
            comments.c.created_at >= since,
        )
        .order_by(comments.c.created_at)
    )
    return list(conn.execute(query).scalars())


def count_since(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, since: datetime
) -> int:
    """Count what the author sent to the site since then, whatever became of it."""
    return int(_COUNT_SINCE.first(conn, site_id=site_id, author_id=author_id, since=since).found)


def records_soon(
    conn: sa.Connection, asked: Sequence[tuple[SiteId, ReaderId, int]], *, since: datetime
) -> Soon[list[AuthorRecord]]:
    """Ask how much each author has written at each site.

    With each comes how many published comments are enough to count: each is looked up by itself.
    """
    pairs = [
        {"site_id": site_id, "author_id": author_id, "since": since, "enough": enough}
        for site_id, author_id, enough in asked
    ]
    found = _RECORD.soon(conn, pairs)
    return lambda: [AuthorRecord(row.published, row.lately, row.latest or 0) for row in found()]


def wait_for_turn(tx: Tx, author_ids: Collection[ReaderId]) -> None:
    """Let one comment of an author be stored after the other, from here to the end.

    Call it before anything else is locked. SQLite stores everything one after the other.
    """
    if tx.conn.dialect.name == "postgresql":
        # In one order everywhere, so that no two wait for each other.
        _WAIT.send(tx.conn, authors=json.dumps(sorted(map(str, author_ids))))


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


def last_at_site(
    conn: sa.Connection, site_id: SiteId, author_id: ReaderId, *, since: datetime
) -> datetime | None:
    """Return when the author last wrote at the site since then; what was refused aside."""
    query = sa.select(sa.func.max(comments.c.created_at, type_=comments.c.created_at.type)).where(
        comments.c.author_id == author_id,
        comments.c.site_id == site_id,
        comments.c.created_at > since,
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
