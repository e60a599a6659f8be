"""How stories are kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from belowline.core.errors import Conflict, NotFound
from belowline.core.terms import (
    CommentStatus,
    ReaderId,
    SiteId,
    StoryId,
    StoryMode,
    ThreadChange,
)
from belowline.core.text import Text
from belowline.storage.database import Tx, insert_id
from belowline.storage.prepared import Prepared, Soon
from belowline.storage.tables import comments, stories
from belowline.stories.model import Slowing, Story, StoryCount, StoryDraft, StoryScreens

_SITES = stories.c.site_id == sa.bindparam("site_id")
_BY_KEY = sa.select(stories).where(_SITES, stories.c.key == sa.bindparam("key"))
_BY_ID = sa.select(stories).where(_SITES, stories.c.id == sa.bindparam("story_id"))
# Comments may be added to a story that is locked like this; nobody changes it or its thread.
_FIND = Prepared(_BY_KEY)
_LOCK = Prepared(_BY_KEY.with_for_update(key_share=True))
_FIND_BY_ID = Prepared(_BY_ID)
_LOCK_BY_ID = Prepared(_BY_ID.with_for_update(key_share=True))


def find_story(conn: sa.Connection, site_id: SiteId, key: str) -> Story | None:
    """Return the site's story with this key, or None."""
    return story_soon(conn, site_id, key)()


def story_soon(conn: sa.Connection, site_id: SiteId, key: str) -> Soon[Story | None]:
    """Ask what ``find_story`` does."""
    found = _FIND.soon(conn, site_id=site_id, key=key)
    return lambda: _first(found())


def lock_story(tx: Tx, site_id: SiteId, key: str) -> Story | None:
    """Return the story with this key and keep others from changing it or its thread, or None."""
    return lock_soon(tx, site_id, key)()


def lock_soon(tx: Tx, site_id: SiteId, key: str) -> Soon[Story | None]:
    """Ask what ``lock_story`` does."""
    found = _LOCK.soon(tx.conn, site_id=site_id, key=key)
    return lambda: _first(found())


def get_story(conn: sa.Connection, site_id: SiteId, key: str) -> Story:
    """Return the site's story with this key. Raises NotFound."""
    story = find_story(conn, site_id, key)
    if story is None:
        raise NotFound("There is no such story.", code="no_story")
    return story


def get_story_by_id(conn: sa.Connection, site_id: SiteId, story_id: StoryId) -> Story:
    """Return the site's story with this id. Raises NotFound."""
    row = _FIND_BY_ID.first(conn, site_id=site_id, story_id=story_id)
    if row is None:
        raise NotFound("There is no such story.", code="no_story")
    return _story(row)


def lock_story_by_id(tx: Tx, site_id: SiteId, story_id: StoryId) -> Story:
    """Return the site's story with this id and keep others from changing it. Raises NotFound."""
    row = _LOCK_BY_ID.first(tx.conn, site_id=site_id, story_id=story_id)
    if row is None:
        raise NotFound("There is no such story.", code="no_story")
    return _story(row)


def list_stories(
    conn: sa.Connection,
    site_id: SiteId,
    *,
    before: StoryId | None = None,
    matching: str = "",
    limit: int = 50,
) -> list[Story]:
    """Return the site's stories, newest first, before a given one.

    With ``matching``, only those that have it in their headline, their address or their key.
    """
    query = sa.select(stories).where(stories.c.site_id == site_id)
    if matching:
        query = query.where(
            sa.or_(
                *(
                    column.icontains(matching, autoescape=True)
                    for column in (stories.c.title, stories.c.url, stories.c.key)
                )
            )
        )
    if before is not None:
        query = query.where(stories.c.id < before)
    return [_story(row) for row in conn.execute(query.order_by(stories.c.id.desc()).limit(limit))]


def add_story(tx: Tx, site_id: SiteId, draft: StoryDraft) -> StoryId:
    """Add a story. Raises Conflict if the site has one with this key."""
    if find_story(tx.conn, site_id, draft.key) is not None:
        raise Conflict(
            Text("There is already a story %(key)s.", key=draft.key), code="story_exists"
        )
    values = {
        "site_id": site_id,
        "key": draft.key,
        "title": draft.title,
        "url": draft.url,
        "mode": draft.mode,
        "created_at": tx.now,
    }
    return StoryId(insert_id(tx.conn, stories, values))


def set_mode(tx: Tx, story_id: StoryId, *, mode: StoryMode, reason: str) -> None:
    """Change how the story takes comments."""
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id == story_id)
        .values(mode=mode, mode_reason=reason, thread_version=stories.c.thread_version + 1)
    )


def set_screens(tx: Tx, story_id: StoryId, screens: StoryScreens | None) -> None:
    """Let the story's screens do this otherwise than the site's, or nothing."""
    kept = msgspec.to_builtins(screens) if screens is not None else None
    tx.conn.execute(sa.update(stories).where(stories.c.id == story_id).values(screens=kept))


def set_pace(tx: Tx, story_id: StoryId, *, pace: timedelta | None, until: datetime | None) -> None:
    """Slow the conversation down until then, or let it go again."""
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id == story_id)
        .values(
            pace_seconds=int(pace.total_seconds()) if pace else 0,
            paced_until=until,
            thread_version=stories.c.thread_version + 1,
        )
    )


def set_slowing(tx: Tx, story_id: StoryId, slowing: Slowing | None) -> None:
    """Slow the conversation down by hand, or let it go again."""
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id == story_id)
        .values(
            slow_seconds=int(slowing.between.total_seconds()) if slowing else None,
            slow_until=slowing.until if slowing else None,
            slow_reason=slowing.reason if slowing else "",
            thread_version=stories.c.thread_version + 1,
        )
    )


def list_paced(conn: sa.Connection, site_id: SiteId) -> list[Story]:
    """Return the site's stories that are slowed down, by heat or by hand, the latest first."""
    found: dict[StoryId, Story] = {}
    # Two looks, because each of the two small indexes answers one of them.
    for slowed in (stories.c.paced_until.is_not(None), stories.c.slow_seconds.is_not(None)):
        rows = conn.execute(sa.select(stories).where(stories.c.site_id == site_id, slowed))
        found |= {StoryId(row.id): _story(row) for row in rows}
    return sorted(found.values(), key=lambda one: -one.id)


def list_cooled(conn: sa.Connection, *, now: datetime) -> list[Story]:
    """Return the stories of every site whose speed limit by heat is over."""
    query = sa.select(stories).where(stories.c.paced_until <= now).order_by(stories.c.id)
    return [_story(row) for row in conn.execute(query)]


def list_slowing_over(conn: sa.Connection, *, now: datetime) -> list[Story]:
    """Return the stories of every site that were slowed by hand until a time that has passed."""
    over = stories.c.slow_seconds.is_not(None), stories.c.slow_until <= now
    query = sa.select(stories).where(*over).order_by(stories.c.id)
    return [_story(row) for row in conn.execute(query)]


def touch(tx: Tx, story_id: StoryId, *, comments: int = 0) -> None:
    """Note a visible change of the thread, and by how many its published comments changed."""
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id == story_id)
        .values(
            thread_version=stories.c.thread_version + 1,
            comment_count=stories.c.comment_count + comments,
        )
    )


def touch_all(tx: Tx, site_id: SiteId) -> None:
    """Note a change that shows in every thread of the site, such as new rules."""
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.site_id == site_id)
        .values(thread_version=stories.c.thread_version + 1)
    )


def touch_of_author(tx: Tx, author_id: ReaderId) -> None:
    """Note a change of every published comment of the reader, such as a new name."""
    where = sa.select(comments.c.story_id).where(comments.c.author_id == author_id).distinct()
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id.in_(where))
        .values(thread_version=stories.c.thread_version + 1)
    )
    version = sa.select(stories.c.thread_version).where(stories.c.id == comments.c.story_id)
    tx.conn.execute(
        sa.update(comments)
        .where(comments.c.author_id == author_id, comments.c.status == CommentStatus.PUBLISHED)
        .values(changed_in=version.scalar_subquery(), change=ThreadChange.EDITED)
    )


def thread_versions(conn: sa.Connection, story_ids: list[StoryId]) -> dict[StoryId, int]:
    """Return the present version of each thread."""
    rows = conn.execute(
        sa.select(stories.c.id, stories.c.thread_version).where(stories.c.id.in_(story_ids))
    )
    return {StoryId(row.id): row.thread_version for row in rows}


def list_counts(conn: sa.Connection, site_id: SiteId, keys: Collection[str]) -> list[StoryCount]:
    """Return how many published comments these stories have; a suspended one tells of none."""
    rows = conn.execute(
        sa.select(
            stories.c.id,
            stories.c.key,
            stories.c.comment_count,
            stories.c.mode,
            stories.c.thread_version,
        ).where(stories.c.site_id == site_id, stories.c.key.in_(keys))
    )
    return [
        StoryCount(
            StoryId(row.id),
            row.key,
            0 if row.mode == StoryMode.SUSPENDED else row.comment_count,
            row.thread_version,
        )
        for row in rows
    ]


def _first(rows: Sequence[Any]) -> Story | None:
    return _story(rows[0]) if rows else None


def _story(row: sa.Row[Any]) -> Story:
    return Story(
        StoryId(row.id),
        SiteId(row.site_id),
        row.key,
        row.title,
        row.url,
        StoryMode(row.mode),
        row.mode_reason,
        row.created_at,
        row.comment_count,
        row.thread_version,
        timedelta(seconds=row.pace_seconds),
        row.paced_until,
        msgspec.convert(row.screens, StoryScreens) if row.screens is not None else None,
        row.listed_names,
        Slowing(timedelta(seconds=row.slow_seconds), row.slow_until, row.slow_reason)
        if row.slow_seconds is not None
        else None,
    )
