"""Who looks at which case: for a while it is theirs, so that two people do not do one work.

A lease is a courtesy and no lock: whoever decides all the same is not refused, because what keeps
a case from being decided twice is the version that was seen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from belowline.core.terms import CommentId, ReaderId, SiteId
from belowline.storage.database import Tx
from belowline.storage.tables import leases, readers

LEASE = timedelta(minutes=10)
"""How long a case is somebody's after they last opened it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Somebody looks at a case."""

    comment_id: CommentId
    reader_id: ReaderId
    name: str
    until: datetime


def take(tx: Tx, site_id: SiteId, comment_id: CommentId, *, by: ReaderId) -> bool:
    """Take a case that nobody else has, or keep one's own for longer; say whether it is ours."""
    make: Any = insert_sqlite if tx.conn.dialect.name == "sqlite" else insert_postgres
    put = make(leases).values(
        comment_id=comment_id, site_id=site_id, reader_id=by, until=tx.now + LEASE
    )
    done = put.on_conflict_do_update(
        index_elements=[leases.c.comment_id],
        set_={"reader_id": put.excluded.reader_id, "until": put.excluded.until},
        where=sa.or_(leases.c.reader_id == by, leases.c.until <= tx.now),
    ).returning(leases.c.comment_id)
    return tx.conn.execute(done).first() is not None


def give_back(tx: Tx, comment_id: CommentId, *, by: ReaderId | None = None) -> None:
    """Let go of a case: one's own lease, or with nobody named whoever has it."""
    query = sa.delete(leases).where(leases.c.comment_id == comment_id)
    tx.conn.execute(query if by is None else query.where(leases.c.reader_id == by))


def find_leases(
    conn: sa.Connection, comment_ids: Collection[CommentId], *, now: datetime
) -> dict[CommentId, Lease]:
    """Return who looks at these cases now."""
    query = (
        sa.select(leases, readers.c.name)
        .join(readers, readers.c.id == leases.c.reader_id)
        .where(leases.c.comment_id.in_(comment_ids), leases.c.until > now)
    )
    return {
        CommentId(row.comment_id): Lease(
            CommentId(row.comment_id), ReaderId(row.reader_id), row.name, row.until
        )
        for row in conn.execute(query)
    }
