"""Which stories a reader follows, and who is to be told when somebody writes there.

Whoever follows is told once, and then not again until they have read that: one notice a story,
however many comments come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import NoticeKind, ReaderId, SiteId, StoryId, StoryMode
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import follows, mutes, notices, readers, stories

MOST = 200
"""Stories that one reader can follow at a site."""
TOLD_AT_ONCE = 500
"""Readers who are told of one comment, so that nobody who writes meanwhile waits for it. Whoever is
left is told of the next one: where so many follow, it is not far."""


@dataclass(frozen=True, slots=True)
class Follow:
    """A story that the reader follows."""

    story_id: StoryId
    story_key: str
    title: str
    """Empty while the story is suspended, for then its headline is hidden as well."""
    since: datetime


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody who is to be told now."""

    reader_id: ReaderId
    by_mail: bool
    """Whether they have an address and want letters."""


def list_follows(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> list[Follow]:
    """Return what the reader follows at the site, the latest first."""
    rows = conn.execute(
        sa.select(follows, stories.c.key, stories.c.title, stories.c.mode)
        .join(stories, stories.c.id == follows.c.story_id)
        .where(follows.c.reader_id == reader_id, follows.c.site_id == site_id)
        .order_by(follows.c.id.desc())
    )
    return [
        Follow(
            StoryId(row.story_id),
            row.key,
            "" if row.mode == StoryMode.SUSPENDED else row.title,
            row.created_at,
        )
        for row in rows
    ]


def follows_story(conn: sa.Connection, story_id: StoryId, reader_id: ReaderId) -> bool:
    """Say whether the reader follows the story."""
    query = sa.select(follows.c.id).where(_one(story_id, reader_id))
    return conn.execute(query).first() is not None


def put_follow(tx: Tx, site_id: SiteId, story_id: StoryId, reader_id: ReaderId) -> None:
    """Keep that the reader follows the story; a repeat is success."""
    values = {"site_id": site_id, "story_id": story_id, "reader_id": reader_id}
    insert_ignore(tx.conn, follows, values | {"created_at": tx.now})


def note_visit(tx: Tx, story_id: StoryId, reader_id: ReaderId) -> None:
    """Take what was told of the story as read, because the reader is there."""
    latest = sa.select(follows.c.notice_id).where(_one(story_id, reader_id)).scalar_subquery()
    tx.conn.execute(
        sa.update(notices)
        .where(notices.c.id == latest, notices.c.read_at.is_(None))
        .values(read_at=tx.now)
    )


def drop_follow(tx: Tx, story_id: StoryId, reader_id: ReaderId) -> None:
    """Forget that the reader follows the story; a repeat is success."""
    tx.conn.execute(sa.delete(follows).where(_one(story_id, reader_id)))


def forget_follows(tx: Tx, reader_id: ReaderId) -> None:
    """Forget everything that the reader follows."""
    tx.conn.execute(sa.delete(follows).where(follows.c.reader_id == reader_id))


def list_to_tell(
    conn: sa.Connection,
    story_id: StoryId,
    *,
    at: datetime,
    author_id: ReaderId,
    answered_id: ReaderId | None,
) -> list[Follower]:
    """Return who is to be told that somebody wrote under the story at this time.

    Not the author, nor whom they answered, who is told of that; not who has muted the author, and
    not who has not read yet what they were told last.
    """
    unread = sa.exists().where(notices.c.id == follows.c.notice_id, notices.c.read_at.is_(None))
    muted = sa.exists().where(
        mutes.c.reader_id == follows.c.reader_id,
        mutes.c.site_id == follows.c.site_id,
        mutes.c.muted_id == author_id,
    )
    rows = conn.execute(
        sa.select(follows.c.reader_id, readers.c.email, readers.c.mail_notices)
        .join(readers, readers.c.id == follows.c.reader_id)
        .where(
            follows.c.story_id == story_id,
            follows.c.created_at <= at,
            follows.c.reader_id.not_in([author_id, answered_id or author_id]),
            ~unread,
            ~muted,
        )
        .order_by(follows.c.id)
        .limit(TOLD_AT_ONCE)
    )
    return [
        Follower(ReaderId(row.reader_id), row.email is not None and row.mail_notices)
        for row in rows
    ]


def note_told(tx: Tx, story_id: StoryId, *, event_seq: int) -> None:
    """Keep for all who were told of an event which notice that was."""
    told = sa.select(notices.c.id).where(
        notices.c.event_seq == event_seq,
        notices.c.reader_id == follows.c.reader_id,
        notices.c.kind == NoticeKind.NEW_COMMENTS,
    )
    tx.conn.execute(
        sa.update(follows)
        .where(follows.c.story_id == story_id, told.exists())
        .values(notice_id=told.scalar_subquery())
    )


def _one(story_id: StoryId, reader_id: ReaderId) -> sa.ColumnElement[bool]:
    return sa.and_(follows.c.story_id == story_id, follows.c.reader_id == reader_id)
