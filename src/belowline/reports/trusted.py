"""Readers whom an editor has named as trusted in a field: the law's trusted notifiers.

Their reports come before others. How often they were right is counted like everybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import ReaderId, SiteId
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import readers, trusted_reporters


@dataclass(frozen=True, slots=True)
class TrustedReporter:
    """Somebody whose reports come first, in which field, since when and by whose word."""

    reader_id: ReaderId
    name: str
    field: str
    named_by: ReaderId
    named_at: datetime


def is_trusted(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> bool:
    """Say whether an editor of the site has named this reader."""
    query = sa.select(trusted_reporters.c.reader_id).where(
        trusted_reporters.c.site_id == site_id, trusted_reporters.c.reader_id == reader_id
    )
    return conn.execute(query).first() is not None


def name_trusted(tx: Tx, site_id: SiteId, reader_id: ReaderId, *, field: str, by: ReaderId) -> bool:
    """Name a reader in a field, or put another field in its place; say whether they are new."""
    values = {"field": field, "named_by": by, "named_at": tx.now}
    key = {"site_id": site_id, "reader_id": reader_id}
    if insert_ignore(tx.conn, trusted_reporters, {**key, **values}):
        return True
    tx.conn.execute(
        sa.update(trusted_reporters)
        .where(trusted_reporters.c.site_id == site_id, trusted_reporters.c.reader_id == reader_id)
        .values(field=field)
    )
    return False


def drop_trusted(tx: Tx, site_id: SiteId, reader_id: ReaderId) -> bool:
    """Name a reader no longer; say whether they were named."""
    done = tx.conn.execute(
        sa.delete(trusted_reporters).where(
            trusted_reporters.c.site_id == site_id, trusted_reporters.c.reader_id == reader_id
        )
    )
    return done.rowcount == 1


def forget_trusted(tx: Tx, reader_id: ReaderId) -> None:
    """Forget that a reader who leaves was named anywhere."""
    tx.conn.execute(sa.delete(trusted_reporters).where(trusted_reporters.c.reader_id == reader_id))


def list_trusted(conn: sa.Connection, site_id: SiteId) -> list[TrustedReporter]:
    """Return everybody who is named at the site, the longest first."""
    rows = conn.execute(
        sa.select(trusted_reporters, readers.c.name)
        .join(readers, readers.c.id == trusted_reporters.c.reader_id)
        .where(trusted_reporters.c.site_id == site_id)
        .order_by(trusted_reporters.c.named_at, trusted_reporters.c.reader_id)
    )
    return [
        TrustedReporter(
            ReaderId(row.reader_id), row.name, row.field, ReaderId(row.named_by), row.named_at
        )
        for row in rows
    ]
