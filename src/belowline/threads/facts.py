"""What one ranking of a thread rests on, read in one go.

Who respected what is read for one reckoning and let go; nothing here is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, ReaderId, SiteId, StoryId, ThreadOrder
from belowline.storage.places import time_key
from belowline.storage.tables import (
    comments,
    network_traces,
    places,
    reactions,
    readers,
    sites,
    stories,
)
from belowline.threads.ranking import Rank, Respect, Root
from belowline.threads.readings import read_shown, visits_of
from belowline.threads.seen import part_of_visits
from belowline.threads.sides import Given
from belowline.threads.voices import connect, is_new, voice_of

MOST_RESPECTS = 50_000
"""The latest respects of a thread that a ranking weighs."""
MOST_GIVEN = 10_000
"""The latest respects of its readers, in the whole site, by which sides are told."""
LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Due:
    """A thread that is to be ranked now."""

    site_id: SiteId
    story_id: StoryId
    due_at: datetime
    ranked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What one ranking rests on."""

    roots: tuple[Root, ...]
    replied: dict[CommentId, int]
    newsroom: dict[CommentId, int]
    """When the newsroom spoke last below a root, as a key."""
    kept: dict[CommentId, dict[ThreadOrder, tuple[int, int]]]
    """The keys now and before."""
    why: dict[CommentId, Rank]
    respects: tuple[Respect, ...]
    given: tuple[Given, ...]
    uncounted: frozenset[CommentId]
    """Roots for which nobody counts yet how often they are come upon."""

    def begun_at(self, now: datetime) -> datetime:
        """Return when the first respect was given, or now."""
        return min((one.at for one in self.respects), default=now)


def read_facts(conn: sa.Connection, due: Due, *, now: datetime) -> Facts:
    """Read what a ranking of the thread rests on, up to what it may weigh."""
    kept: dict[CommentId, dict[ThreadOrder, tuple[int, int]]] = defaultdict(dict)
    why: dict[CommentId, Rank] = {}
    for row in conn.execute(
        sa.select(places).where(places.c.site_id == due.site_id, places.c.story_id == due.story_id)
    ):
        kept[CommentId(row.comment_id)][ThreadOrder(row.in_order)] = (row.key, row.key_before)
        if row.why:
            why[CommentId(row.comment_id)] = Rank(**row.why)
    # Written out, so that both databases recognise the partial index of storage/tables.py.
    rows = conn.execute(
        sa.select(
            comments.c.id,
            comments.c.created_at,
            comments.c.author_id,
            comments.c.featured_at,
            comments.c.status,
            comments.c.reply_count,
        ).where(
            comments.c.site_id == due.site_id,
            comments.c.story_id == due.story_id,
            sa.text("comments.parent_id IS NULL AND comments.shown"),
        )
    ).all()
    shown, seen_by = read_shown(conn, due.story_id), visits_of(conn, due.story_id)
    roots = tuple(
        Root(
            CommentId(row.id),
            row.created_at,
            ReaderId(row.author_id),
            row.featured_at is not None,
            row.status == CommentStatus.PUBLISHED,
            counted=part_of_visits(shown.get(CommentId(row.id)), visits=seen_by, roots=len(rows)),
        )
        for row in rows
    )
    connected = _connected(conn, due.story_id)
    return Facts(
        roots,
        {CommentId(row.id): row.reply_count for row in rows},
        _newsroom(conn, due),
        dict(kept),
        why,
        _respects(conn, due, connected),
        _given(conn, due, connected, since=now - LOOK_BACK),
        frozenset(one.id for one in roots if one.id not in shown),
    )


def _newsroom(conn: sa.Connection, due: Due) -> dict[CommentId, int]:
    """Return when the newsroom spoke last on or below each root where it did, as a key."""
    root = sa.func.coalesce(comments.c.root_id, comments.c.id)
    last = sa.func.max(comments.c.created_at, type_=comments.c.created_at.type)
    rows = conn.execute(
        sa.select(root.label("root"), last.label("last"))
        .where(
            comments.c.site_id == due.site_id,
            comments.c.story_id == due.story_id,
            sa.text("comments.author_role IS NOT NULL"),
            comments.c.status == CommentStatus.PUBLISHED,
        )
        .group_by(root)
    )
    return {CommentId(row.root): time_key(row.last) for row in rows}


def _connected(conn: sa.Connection, story_id: StoryId) -> dict[ReaderId, ReaderId]:
    here = sa.select(reactions.c.reader_id).where(reactions.c.story_id == story_id)
    networks: dict[ReaderId, set[bytes]] = defaultdict(set)
    query = sa.select(network_traces).where(network_traces.c.reader_id.in_(here))
    for row in conn.execute(query):
        networks[ReaderId(row.reader_id)].add(row.network_hash)
    return connect({reader_id: frozenset(hashes) for reader_id, hashes in networks.items()})


def _respects(
    conn: sa.Connection, due: Due, connected: Mapping[ReaderId, ReaderId]
) -> tuple[Respect, ...]:
    begun_at = conn.execute(
        sa.select(sites.c.created_at).where(sites.c.id == due.site_id)
    ).scalar_one()
    rows = conn.execute(
        sa.select(reactions, readers.c.created_at.label("joined_at"))
        .join(readers, readers.c.id == reactions.c.reader_id)
        .where(reactions.c.story_id == due.story_id)
        .order_by(reactions.c.created_at.desc())
        .limit(MOST_RESPECTS)
    )
    return tuple(
        Respect(
            CommentId(row.comment_id),
            ReaderId(row.reader_id),
            voice_of(
                ReaderId(row.reader_id),
                is_new=is_new(joined_at=row.joined_at, at=row.created_at, begun_at=begun_at),
                connected=connected,
            ),
            row.created_at,
        )
        for row in rows
    )


def _given(
    conn: sa.Connection,
    due: Due,
    connected: Mapping[ReaderId, ReaderId],
    *,
    since: datetime,
) -> tuple[Given, ...]:
    """Return what the thread's readers respected in the site of late."""
    here = sa.select(reactions.c.reader_id).where(reactions.c.story_id == due.story_id)
    rows = conn.execute(
        sa.select(reactions)
        .join(stories, stories.c.id == reactions.c.story_id)
        .where(
            reactions.c.reader_id.in_(here),
            reactions.c.created_at >= since,
            stories.c.site_id == due.site_id,
        )
        .order_by(reactions.c.created_at.desc())
        .limit(MOST_GIVEN)
    )
    return tuple(
        Given(
            StoryId(row.story_id),
            row.created_at,
            str(connected.get(ReaderId(row.reader_id), ReaderId(row.reader_id))),
            CommentId(row.comment_id),
        )
        for row in rows
    )
