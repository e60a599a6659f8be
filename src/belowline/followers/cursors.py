"""Where each follower stands in the event log, and how it moves on.

A follower's effects and its step forward are one transaction, and only one process at a time takes
that step: on SQLite because there is one writer, on PostgreSQL by an advisory lock that ends with
the transaction, so that a process that dies or loses its connection holds nothing back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from belowline.core.happened import Happened
from belowline.core.terms import Actor
from belowline.events import log
from belowline.events.log import Cursor
from belowline.storage.database import Database, Tx, insert_ignore
from belowline.storage.prepared import Prepared
from belowline.storage.tables import cursors, events

BATCH = 200

_PLACE = Prepared(
    sa.select(cursors.c.xid, cursors.c.seq).where(cursors.c.follower == sa.bindparam("name"))
)
_MOVE = Prepared(
    sa.update(cursors)
    .where(cursors.c.follower == sa.bindparam("name"))
    .values(
        xid=sa.bindparam("to_xid"),
        seq=sa.bindparam("to_seq"),
        moved_at=sa.bindparam("at"),
        failures=0,
    )
)


class Follower(Protocol):
    """Something that follows from events, kept in the database.

    ``handle`` may see the same events again after its cursor was lost, so what it writes is
    idempotent. It writes rows and nothing else: no network, no mail.
    """

    @property
    def name(self) -> str:
        """The cursor's name; it never changes."""
        ...

    def handle(self, tx: Tx, happened: Sequence[Happened]) -> None:
        """Write what follows from these events, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class FollowerLag:
    """How far a follower is behind, for the health page and metrics."""

    name: str
    behind: int
    failures: int
    """In a row; 0 is healthy."""
    moved_at: datetime
    waiting_since: datetime | None = None
    """When the first event happened that it has not read; None if it has read them all."""


def step(db: Database, follower: Follower, *, limit: int = BATCH) -> int:
    """Let a follower handle its next events; return how many there were.

    Returns 0 too when another process is taking the step. Whatever ``handle`` raises comes out,
    and then neither its effects nor the cursor's move remain.
    """
    with db.read() as conn:
        # A look first: an idle follower takes no write lock.
        if not log.read_after(conn, _place(conn, follower.name), limit=1):
            return 0
    with db.write(Actor.of_system(follower.name)) as tx:
        place = _claim(tx, follower.name)
        if place is None:
            return 0
        happened = log.read_after(tx.conn, place, limit=limit)
        if not happened:
            return 0
        follower.handle(tx, happened)
        place = log.place_of(happened[-1])
        _MOVE.run(tx.conn, name=follower.name, to_xid=place.xid, to_seq=place.seq, at=tx.now)
    return len(happened)


def is_behind(conn: sa.Connection, name: str) -> bool:
    """Say whether there are events after the follower's cursor, even some it may not read yet.

    On PostgreSQL an event waits until every older transaction has ended, and that end rings no
    bell.
    """
    place = _place(conn, name)
    key = sa.tuple_(events.c.xid, events.c.seq)
    newer = (
        events.c.seq > place.seq
        if conn.dialect.name == "sqlite"
        else key > sa.tuple_(place.xid, place.seq)
    )
    return conn.execute(sa.select(events.c.seq).where(newer).limit(1)).first() is not None


def note_failure(db: Database, name: str) -> None:
    """Count one more failure in a row of a follower."""
    with db.write(Actor.of_system(name)) as tx:
        _ensure(tx, name)
        tx.conn.execute(
            sa.update(cursors)
            .where(cursors.c.follower == name)
            .values(failures=cursors.c.failures + 1)
        )


def lag(conn: sa.Connection) -> list[FollowerLag]:
    """Return how far each follower is behind, by name."""
    rows = conn.execute(sa.select(cursors).order_by(cursors.c.follower)).all()
    return [
        FollowerLag(
            row.follower,
            log.count_after(conn, Cursor(row.xid, row.seq)),
            row.failures,
            row.moved_at,
            log.oldest_after(conn, Cursor(row.xid, row.seq)),
        )
        for row in rows
    ]


def _claim(tx: Tx, name: str) -> Cursor | None:
    """Let this transaction move the follower's cursor, and return it; None if another one does."""
    if tx.conn.dialect.name == "postgresql":
        # Two numbers, so that the lock cannot meet that of the migrations, which has one.
        locked = tx.conn.execute(
            sa.text("SELECT pg_try_advisory_xact_lock(7203, hashtext(:name))"), {"name": name}
        ).scalar_one()
        if not locked:
            return None
    row = _PLACE.first(tx.conn, name=name)
    if row is not None:
        return Cursor(row.xid, row.seq)
    _ensure(tx, name)
    return _place(tx.conn, name)


def _ensure(tx: Tx, name: str) -> None:
    insert_ignore(tx.conn, cursors, {"follower": name, "moved_at": tx.now})


def _place(conn: sa.Connection, name: str) -> Cursor:
    row = _PLACE.first(conn, name=name)
    return Cursor(row.xid, row.seq) if row is not None else Cursor()
