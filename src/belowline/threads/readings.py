"""How often roots were come upon, kept as sums of comments and threads: nothing of who read.

Added to from the pages that were served (``followers/readings.py``), and read when a thread is
ranked. What the sums mean stands in ``threads/seen.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from belowline.core.terms import CommentId, StoryId
from belowline.storage.database import Tx
from belowline.storage.tables import readings, visits
from belowline.threads.seen import Shown

MOST_BEGUN = 500
"""Roots for which one ranking begins to count, so that a long thread does not hold others up."""


def add_visits(tx: Tx, numbers: Mapping[StoryId, int]) -> None:
    """Add visits of threads: pages served that begin one."""
    insert = _insert(tx, visits)
    more = insert.on_conflict_do_update(
        index_elements=[visits.c.story_id],
        set_={"number": visits.c.number + insert.excluded.number},
    )
    rows = [{"story_id": story, "number": number} for story, number in sorted(numbers.items())]
    if rows:
        tx.conn.execute(more, rows)


def add_met(tx: Tx, met: Mapping[StoryId, Mapping[CommentId, float]]) -> None:
    """Add how often roots were met. For one that is new here, the thread's visits are noted."""
    before = _visits_of(tx.conn, met)
    insert = _insert(tx, readings)
    more = insert.on_conflict_do_update(
        index_elements=[readings.c.comment_id],
        set_={"met": readings.c.met + insert.excluded.met},
    )
    rows = [
        _row(story, comment, met=number, before=before.get(story, 0.0))
        for story, by_comment in sorted(met.items())
        for comment, number in sorted(by_comment.items())
    ]
    if rows:
        tx.conn.execute(more, rows)


def begin(tx: Tx, story_id: StoryId, roots: Collection[CommentId]) -> None:
    """Begin to count for roots that are new: the visits until now were not theirs."""
    if not roots:
        return
    before = visits_of(tx.conn, story_id)
    rows = [_row(story_id, one, met=0.0, before=before) for one in sorted(roots)[-MOST_BEGUN:]]
    tx.conn.execute(_insert(tx, readings).on_conflict_do_nothing(), rows)


def visits_of(conn: sa.Connection, story_id: StoryId) -> float:
    """Return how many visits of the thread were counted."""
    return _visits_of(conn, [story_id]).get(story_id, 0.0)


def read_shown(conn: sa.Connection, story_id: StoryId) -> dict[CommentId, Shown]:
    """Return for the thread's roots what is counted."""
    query = sa.select(readings.c.comment_id, readings.c.met, readings.c.visits_before)
    rows = conn.execute(query.where(readings.c.story_id == story_id))
    return {CommentId(row.comment_id): Shown(row.met, row.visits_before) for row in rows}


def _visits_of(conn: sa.Connection, stories: Collection[StoryId]) -> dict[StoryId, float]:
    query = sa.select(visits).where(visits.c.story_id.in_(list(stories)))
    return {StoryId(row.story_id): float(row.number) for row in conn.execute(query)}


def _row(story: StoryId, comment: CommentId, *, met: float, before: float) -> dict[str, object]:
    return {"story_id": story, "comment_id": comment, "met": met, "visits_before": before}


def _insert(tx: Tx, table: sa.Table) -> SqliteInsert | PostgresInsert:
    make = insert_sqlite if tx.conn.dialect.name == "sqlite" else insert_postgres
    return make(table)
