"""How protected names are kept: by the hashes of their parts, and shown by their initials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from belowline.core.terms import ReaderId, SiteId, StoryId
from belowline.screens.model import HashedName, HashedWord
from belowline.storage.database import Tx, insert_id
from belowline.storage.prepared import Prepared
from belowline.storage.tables import listed_names, sites, stories

MOST_NAMES = 200

_HASHED = sa.select(listed_names.c.id, listed_names.c.hashes, listed_names.c.key_check)
_AT_SITE = listed_names.c.site_id == sa.bindparam("site_id")
_OF_SITE = Prepared(_HASHED.where(_AT_SITE, listed_names.c.story_id.is_(None)))
_OF_BOTH = Prepared(
    _HASHED.where(
        _AT_SITE,
        sa.or_(
            listed_names.c.story_id.is_(None),
            listed_names.c.story_id == sa.bindparam("story_id"),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class _Hashes:
    words: tuple[HashedWord, ...]
    joined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedName:
    """An entry of the list, as the desk sees it."""

    id: int
    story_id: StoryId | None
    initials: str
    added_by: ReaderId
    added_at: datetime


def hashed_names(
    conn: sa.Connection, site_id: SiteId, story_id: StoryId | None
) -> list[HashedName]:
    """Return what comments are compared with: the site's names, and a story's beside them."""
    rows = (
        _OF_SITE.all(conn, site_id=site_id)
        if story_id is None
        else _OF_BOTH.all(conn, site_id=site_id, story_id=story_id)
    )
    found = []
    for row in rows:
        hashes = msgspec.convert(row.hashes, _Hashes)
        found.append(HashedName(row.id, hashes.words, hashes.joined, row.key_check))
    return found


def find_name(
    conn: sa.Connection,
    site_id: SiteId,
    story_id: StoryId | None,
    *,
    words: tuple[HashedWord, ...],
) -> int | None:
    """Return the entry with these words on this very list, or None."""
    rows = conn.execute(
        sa.select(listed_names.c.id, listed_names.c.hashes).where(
            _AT_SITE, listed_names.c.story_id.is_not_distinct_from(story_id)
        ),
        {"site_id": site_id},
    )
    for row in rows:
        kept = msgspec.convert(row.hashes, _Hashes).words
        if [set(one.exact) for one in kept] == [set(one.exact) for one in words]:
            return int(row.id)
    return None


def list_names(conn: sa.Connection, site_id: SiteId, story_id: StoryId | None) -> list[ListedName]:
    """Return the entries for a story, or those for the whole site, newest first."""
    rows = conn.execute(
        sa.select(listed_names)
        .where(
            listed_names.c.site_id == site_id,
            listed_names.c.story_id.is_not_distinct_from(story_id),
        )
        .order_by(listed_names.c.id.desc())
    )
    return [
        ListedName(
            row.id,
            StoryId(row.story_id) if row.story_id is not None else None,
            row.initials,
            ReaderId(row.added_by),
            row.added_at,
        )
        for row in rows
    ]


def add_name(  # noqa: PLR0913 - a row
    tx: Tx,
    site_id: SiteId,
    story_id: StoryId | None,
    *,
    initials: str,
    words: tuple[HashedWord, ...],
    joined: tuple[str, ...],
    key_check: str,
) -> int:
    """Keep an entry and return its number."""
    entry = insert_id(
        tx.conn,
        listed_names,
        {
            "site_id": site_id,
            "story_id": story_id,
            "initials": initials,
            "hashes": msgspec.to_builtins(_Hashes(words, joined)),
            "key_check": key_check,
            "added_by": tx.actor.reader_id,
            "added_at": tx.now,
        },
    )
    _count(tx, site_id, story_id)
    return entry


def drop_name(tx: Tx, site_id: SiteId, story_id: StoryId | None, entry: int) -> bool:
    """Take an entry off the list; say whether it was on it."""
    done = tx.conn.execute(
        sa.delete(listed_names).where(
            listed_names.c.id == entry,
            listed_names.c.site_id == site_id,
            listed_names.c.story_id.is_not_distinct_from(story_id),
        )
    )
    _count(tx, site_id, story_id)
    return done.rowcount > 0


def _count(tx: Tx, site_id: SiteId, story_id: StoryId | None) -> None:
    """Keep beside the site or the story how many there are, for every comment asks."""
    there = (
        sa.select(sa.func.count())
        .where(
            listed_names.c.site_id == site_id,
            listed_names.c.story_id.is_not_distinct_from(story_id),
        )
        .scalar_subquery()
    )
    place = (
        sa.update(sites).where(sites.c.id == site_id)
        if story_id is None
        else sa.update(stories).where(stories.c.id == story_id, stories.c.site_id == site_id)
    )
    tx.conn.execute(place.values(listed_names=there))
