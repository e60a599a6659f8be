"""Writing to the event log inside a transaction, and reading it past a cursor.

Order: SQLite has one writer, so ``seq`` is the order of commits. PostgreSQL hands out ``seq``
before the commit, so a reader that remembers ``seq`` alone would step over an event that commits
late. There the order is ``(xid, seq)``, and only transactions below the oldest one still running
(``pg_snapshot_xmin``) are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.happened import Happened
from belowline.core.terms import Actor, SiteId
from belowline.events.kind import Kind
from belowline.storage.database import Tx
from belowline.storage.many import Rows
from belowline.storage.prepared import Prepared
from belowline.storage.tables import events

CHANNEL = "belowline_events"

_ADD = Rows(
    events,
    ("at", "kind", "site_id", "actor", "data"),
    returning=("seq", "xid"),
    postgres={"xid": sa.text("pg_current_xact_id()::text::bigint")},
)
_READ_AFTER = Prepared(
    sa.select(events)
    .where(events.c.seq > sa.bindparam("seq"))
    .order_by(events.c.seq)
    .limit(sa.bindparam("most")),
    postgres=sa.select(events)
    .where(
        sa.tuple_(events.c.xid, events.c.seq)
        > sa.tuple_(
            sa.bindparam("xid", type_=sa.BigInteger), sa.bindparam("seq", type_=sa.BigInteger)
        ),
        events.c.xid < sa.text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint"),
    )
    .order_by(events.c.xid, events.c.seq)
    .limit(sa.bindparam("most")),
)
_NOTIFY = Prepared(sa.text(f"NOTIFY {CHANNEL}"))


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the log. ``xid`` is always 0 on SQLite."""

    xid: int = 0
    seq: int = 0


def append(tx: Tx, site_id: SiteId, kind: Kind) -> int:
    """Write one event in the transaction of its change and return its ``seq``."""
    return append_each(tx, [(site_id, tx.actor, kind)])[0]


def append_each(tx: Tx, happened: Sequence[tuple[SiteId, Actor, Kind]]) -> list[int]:
    """Write events in this order, each with who acted, and return their ``seq``."""
    if tx.notifies and not tx.happened:
        # Delivered at commit; wakes the followers of every process.
        _NOTIFY.send(tx.conn)
    rows: list[dict[str, Any]] = [
        {
            "at": tx.now,
            "kind": type(kind).__name__,
            "site_id": site_id,
            "actor": str(actor),
            # Every field is a plain value, so nothing deeper has to be copied, as asdict() would.
            "data": {field.name: getattr(kind, field.name) for field in fields(kind)},
        }
        for site_id, actor, kind in happened
    ]
    added = _ADD.put(tx.conn, rows)
    tx.happened += [
        Happened(one.seq, one.xid, tx.now, row["kind"], row["site_id"], row["actor"], row["data"])
        for row, one in zip(rows, added, strict=True)
    ]
    return [one.seq for one in added]


def read_after(conn: sa.Connection, cursor: Cursor, *, limit: int = 500) -> Sequence[Happened]:
    """Return up to ``limit`` events after the cursor that no later commit can come before."""
    if conn.dialect.name == "postgresql":
        found = _READ_AFTER.all(conn, xid=cursor.xid, seq=cursor.seq, most=limit)
    else:
        found = _READ_AFTER.all(conn, seq=cursor.seq, most=limit)
    return [_happened(row) for row in found]


def read_page(
    conn: sa.Connection, site_id: SiteId, *, kinds: Sequence[str], before: int | None, limit: int
) -> Sequence[Happened]:
    """Return a site's latest events of these kinds, newest first, older than ``before``."""
    query = (
        sa.select(events)
        .where(events.c.site_id == site_id, events.c.kind.in_(kinds))
        .order_by(events.c.seq.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(events.c.seq < before)
    return [_happened(row) for row in conn.execute(query)]


def count_after(conn: sa.Connection, cursor: Cursor) -> int:
    """Count the events that a follower at this cursor has not read: its lag."""
    query = sa.select(sa.func.count()).select_from(events)
    if conn.dialect.name == "postgresql":
        query = query.where(
            sa.tuple_(events.c.xid, events.c.seq) > sa.tuple_(cursor.xid, cursor.seq)
        )
    else:
        query = query.where(events.c.seq > cursor.seq)
    return conn.execute(query).scalar_one()


def oldest_after(conn: sa.Connection, cursor: Cursor) -> datetime | None:
    """Return when the first event happened that a follower at this cursor has not read."""
    query = sa.select(events.c.at).limit(1)
    if conn.dialect.name == "postgresql":
        query = query.where(
            sa.tuple_(events.c.xid, events.c.seq) > sa.tuple_(cursor.xid, cursor.seq)
        ).order_by(events.c.xid, events.c.seq)
    else:
        query = query.where(events.c.seq > cursor.seq).order_by(events.c.seq)
    return conn.execute(query).scalar()


def place_of(event: Happened) -> Cursor:
    """Return the cursor that stands on this event."""
    return Cursor(event.xid, event.seq)


def _happened(row: sa.Row[tuple[object, ...]]) -> Happened:
    return Happened(row.seq, row.xid, row.at, row.kind, SiteId(row.site_id), row.actor, row.data)
