"""What a ranking reads of a thread, and how its outcome is kept.

Who respected what is read for one reckoning and let go. What stays is a key for each root and the
figures behind it, which name nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, ReaderId, SiteId, StoryId, ThreadOrder
from belowline.storage.database import Tx
from belowline.storage.places import time_key
from belowline.storage.tables import (
    comments,
    network_traces,
    places,
    rankings,
    reactions,
    readers,
    stories,
)
from belowline.threads.ranking import Rank, Respect, Root
from belowline.threads.sides import Given
from belowline.threads.voices import connect, voice_of

MOST_RESPECTS = 50_000
"""The latest respects of a thread that a ranking weighs."""
MOST_GIVEN = 10_000
"""The latest respects of its readers, in the whole site, by which sides are told."""
LOOK_BACK = timedelta(days=90)
LEASE = timedelta(minutes=5)
"""So long a ranking has before another process takes it for dead."""

Keys = dict[ThreadOrder, int]


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

    def begun_at(self, now: datetime) -> datetime:
        """Return when the first respect was given, or now."""
        return min((one.at for one in self.respects), default=now)


def ranking_number(conn: sa.Connection, story_id: StoryId) -> int:
    """Return how often the thread's order has changed by being ranked."""
    query = sa.select(rankings.c.number).where(rankings.c.story_id == story_id)
    return conn.execute(query).scalar() or 0


def find_due(conn: sa.Connection, *, now: datetime) -> Due | None:
    """Return the thread that has been due the longest, or None."""
    row = conn.execute(
        sa.select(rankings, stories.c.site_id)
        .join(stories, stories.c.id == rankings.c.story_id)
        .where(rankings.c.due_at <= now, sa.text("rankings.due_at IS NOT NULL"))
        .order_by(rankings.c.due_at)
        .limit(1)
    ).first()
    if row is None:
        return None
    return Due(SiteId(row.site_id), StoryId(row.story_id), row.due_at, row.ranked_at)


def claim(tx: Tx, due: Due) -> datetime | None:
    """Take the ranking on; return until when, or None if another process has it."""
    until = tx.now + LEASE
    done = tx.conn.execute(
        sa.update(rankings)
        .where(rankings.c.story_id == due.story_id, rankings.c.due_at == due.due_at)
        .values(due_at=until)
    )
    return until if done.rowcount == 1 else None


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
    roots = tuple(
        Root(
            CommentId(row.id),
            row.created_at,
            ReaderId(row.author_id),
            row.featured_at is not None,
            row.status == CommentStatus.PUBLISHED,
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
        _respects(conn, due.story_id, connected),
        _given(conn, due, connected, since=now - LOOK_BACK),
    )


def write_keys(tx: Tx, due: Due, facts: Facts, *, keys: Mapping[CommentId, Keys]) -> bool:
    """Keep the new keys, and beside them those in force until now; say whether an order changed.

    An order that stays as it is keeps its keys, and if all do, nothing is written.
    """
    moved = {
        order
        for order in ThreadOrder
        if _sequence(facts, order, {}) != _sequence(facts, order, keys)
    }
    if not moved:
        return False
    changed = []
    for comment_id, by_order in facts.kept.items():
        for order, (key, before) in by_order.items():
            new = keys.get(comment_id, {}).get(order, key) if order in moved else key
            if (new, key) != (key, before):
                changed.append(_row(comment_id, order) | {"key": new, "key_before": key})
    _update(tx, changed)
    tx.conn.execute(
        sa.update(rankings)
        .where(rankings.c.story_id == due.story_id)
        .values(number=rankings.c.number + 1)
    )
    return True


def write_why(tx: Tx, facts: Facts, ranks: Mapping[CommentId, Rank]) -> None:
    """Keep the figures behind the places that have changed."""
    _update(
        tx,
        [
            _row(comment_id, ThreadOrder.BEST) | {"why": asdict(rank)}
            for comment_id, rank in ranks.items()
            if comment_id in facts.kept and facts.why.get(comment_id) != rank
        ],
    )


def find_why(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> Rank | None:
    """Return the figures behind a root's place at the last ranking, or None before the first."""
    query = sa.select(places.c.why).where(
        places.c.site_id == site_id,
        places.c.comment_id == comment_id,
        places.c.in_order == ThreadOrder.BEST,
    )
    why = conn.execute(query).scalar()
    return Rank(**why) if why else None


def touch(tx: Tx, story_id: StoryId) -> None:
    """Let kept pages of the thread be made anew."""
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id == story_id)
        .values(thread_version=stories.c.thread_version + 1)
    )


def finish(
    tx: Tx, due: Due, *, until: datetime, next_at: datetime | None, rests_for: timedelta
) -> None:
    """Note that the thread is ranked. What was asked for meanwhile stays asked for."""
    mine = rankings.c.due_at == until
    tx.conn.execute(
        sa.update(rankings)
        .where(rankings.c.story_id == due.story_id)
        .values(
            ranked_at=tx.now,
            rests_until=tx.now + rests_for,
            due_at=sa.case((mine, next_at), else_=rankings.c.due_at),
        )
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
    conn: sa.Connection, story_id: StoryId, connected: Mapping[ReaderId, ReaderId]
) -> tuple[Respect, ...]:
    rows = conn.execute(
        sa.select(reactions, readers.c.created_at.label("joined_at"))
        .join(readers, readers.c.id == reactions.c.reader_id)
        .where(reactions.c.story_id == story_id)
        .order_by(reactions.c.created_at.desc())
        .limit(MOST_RESPECTS)
    )
    return tuple(
        Respect(
            CommentId(row.comment_id),
            ReaderId(row.reader_id),
            voice_of(
                ReaderId(row.reader_id),
                joined_at=row.joined_at,
                at=row.created_at,
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


def _sequence(facts: Facts, order: ThreadOrder, keys: Mapping[CommentId, Keys]) -> list[CommentId]:
    """Return the roots in an order, by their new keys or by the kept ones."""
    found = [
        (keys.get(comment_id, {}).get(order, by_order[order][0]), comment_id)
        for comment_id, by_order in facts.kept.items()
        if order in by_order
    ]
    return [comment_id for _, comment_id in sorted(found, reverse=True)]


def _row(comment_id: CommentId, order: ThreadOrder) -> dict[str, object]:
    return {"of_comment": comment_id, "of_order": order}


def _update(tx: Tx, rows: Sequence[dict[str, object]]) -> None:
    if not rows:
        return
    columns = [name for name in rows[0] if not name.startswith("of_")]
    tx.conn.execute(
        sa.update(places)
        .where(
            places.c.comment_id == sa.bindparam("of_comment"),
            places.c.in_order == sa.bindparam("of_order"),
        )
        .values({name: sa.bindparam(name, type_=places.c[name].type) for name in columns}),
        rows,
    )
