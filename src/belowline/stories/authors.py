"""Who wrote a story, as editors name them: what they say below it is marked as the author's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from belowline.core.terms import ReaderId, SiteId, StoryId
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import readers, stories, story_authors

MOST_AUTHORS = 10
"""Readers who can be named for one story."""


@dataclass(frozen=True, slots=True)
class Author:
    """A reader who wrote the story."""

    id: ReaderId
    name: str


def list_authors(
    conn: sa.Connection, story_ids: Collection[StoryId]
) -> dict[StoryId, list[Author]]:
    """Return the authors of these stories, by story, in the order in which they were named."""
    rows = conn.execute(
        sa.select(story_authors.c.story_id, readers.c.id, readers.c.name)
        .join(readers, readers.c.id == story_authors.c.reader_id)
        .where(story_authors.c.story_id.in_(story_ids))
        .order_by(story_authors.c.named_at, readers.c.id)
    )
    found: dict[StoryId, list[Author]] = defaultdict(list)
    for row in rows:
        found[StoryId(row.story_id)].append(Author(ReaderId(row.id), row.name))
    return dict(found)


def add_author(tx: Tx, site_id: SiteId, story_id: StoryId, reader_id: ReaderId) -> bool:
    """Name an author; say whether that is new."""
    values = {"site_id": site_id, "story_id": story_id, "reader_id": reader_id}
    return insert_ignore(tx.conn, story_authors, values | {"named_at": tx.now})


def drop_author(tx: Tx, story_id: StoryId, reader_id: ReaderId) -> bool:
    """Name an author no longer; say whether they were one."""
    done = tx.conn.execute(
        sa.delete(story_authors).where(
            story_authors.c.story_id == story_id, story_authors.c.reader_id == reader_id
        )
    )
    return done.rowcount > 0


def forget_authorships(tx: Tx, reader_id: ReaderId) -> None:
    """Forget which stories the reader wrote."""
    where = sa.select(story_authors.c.story_id).where(story_authors.c.reader_id == reader_id)
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id.in_(where))
        .values(thread_version=stories.c.thread_version + 1)
    )
    tx.conn.execute(sa.delete(story_authors).where(story_authors.c.reader_id == reader_id))
