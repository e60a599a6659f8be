"""Which threads wait to be ranked, and how the outcome is kept.

What stays is a key for each root in each order, and the figures behind it, which name nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.core.terms import CommentId, SiteId, StoryId, ThreadOrder
from belowline.storage.database import Tx
from belowline.storage.many import Changes
from belowline.storage.prepared import Prepared
from belowline.storage.tables import places, rankings, stories
from belowline.threads.facts import Due, Facts
from belowline.threads.ranking import Rank

LEASE = timedelta(minutes=5)
"""So long a ranking has before another process takes it for dead."""

_NUMBER = Prepared(
    sa.select(rankings.c.number).where(rankings.c.story_id == sa.bindparam("story_id"))
)
# A long thread has thousands of them, and whoever writes in it waits meanwhile.
_KEYS = Changes(places, ("comment_id", "in_order"), ("key", "key_before"))
_WHY = Changes(places, ("comment_id", "in_order"), ("why",))

Keys = dict[ThreadOrder, int]


def ranking_number(conn: sa.Connection, story_id: StoryId) -> int:
    """Return how often the thread's order has changed by being ranked."""
    row = _NUMBER.first(conn, story_id=story_id)
    return row.number if row is not None else 0


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
    _KEYS.make(tx.conn, changed)
    tx.conn.execute(
        sa.update(rankings)
        .where(rankings.c.story_id == due.story_id)
        .values(number=rankings.c.number + 1)
    )
    return True


def changed_why(facts: Facts, ranks: Mapping[CommentId, Rank]) -> list[tuple[CommentId, Rank]]:
    """Return the figures behind the places that have changed."""
    return [
        (comment_id, rank)
        for comment_id, rank in ranks.items()
        if comment_id in facts.kept and facts.why.get(comment_id) != rank
    ]


def write_why(tx: Tx, changed: Iterable[tuple[CommentId, Rank]]) -> None:
    """Keep these figures."""
    _WHY.make(
        tx.conn,
        [
            _row(comment_id, ThreadOrder.BEST) | {"why": asdict(rank)}
            for comment_id, rank in changed
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


def _sequence(facts: Facts, order: ThreadOrder, keys: Mapping[CommentId, Keys]) -> list[CommentId]:
    """Return the roots in an order, by their new keys or by the kept ones."""
    found = [
        (keys.get(comment_id, {}).get(order, by_order[order][0]), comment_id)
        for comment_id, by_order in facts.kept.items()
        if order in by_order
    ]
    return [comment_id for _, comment_id in sorted(found, reverse=True)]


def _row(comment_id: CommentId, order: ThreadOrder) -> dict[str, object]:
    return {"comment_id": comment_id, "in_order": order}
