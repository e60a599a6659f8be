"""Whom a reader does not wish to read, at one site. Nobody else learns of it, and it judges nobody.

A mute folds the other's comments for its owner alone. It is kept until it is undone, or until one
of the two has left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import ReaderId, SiteId
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import mutes, readers

MOST = 200
"""Readers that one reader can mute at a site."""


@dataclass(frozen=True, slots=True)
class Mute:
    """Somebody whom the reader has muted. ``id`` is the mute's, and says nothing of the reader."""

    id: int
    muted_id: ReaderId
    name: str
    since: datetime


def list_mutes(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> list[Mute]:
    """Return whom the reader has muted at the site, the latest first."""
    rows = conn.execute(
        sa.select(mutes, readers.c.name)
        .join(readers, readers.c.id == mutes.c.muted_id)
        .where(mutes.c.reader_id == reader_id, mutes.c.site_id == site_id)
        .order_by(mutes.c.id.desc())
    )
    return [Mute(row.id, ReaderId(row.muted_id), row.name, row.created_at) for row in rows]


def put_mute(tx: Tx, site_id: SiteId, reader_id: ReaderId, *, muted_id: ReaderId) -> None:
    """Keep that the reader has muted somebody; a repeat is success."""
    values = {"site_id": site_id, "reader_id": reader_id, "muted_id": muted_id}
    insert_ignore(tx.conn, mutes, values | {"created_at": tx.now})


def drop_mute(
    tx: Tx,
    site_id: SiteId,
    reader_id: ReaderId,
    *,
    mute_id: int | None = None,
    muted_id: ReaderId | None = None,
) -> None:
    """Undo a mute of the reader's, named by its id or by whom it mutes; a repeat is success."""
    which = mutes.c.id == mute_id if mute_id is not None else mutes.c.muted_id == muted_id
    tx.conn.execute(
        sa.delete(mutes).where(mutes.c.reader_id == reader_id, mutes.c.site_id == site_id, which)
    )


def drop_mute_everywhere(tx: Tx, reader_id: ReaderId, *, muted_id: ReaderId) -> None:
    """Undo the reader's mutes of somebody who turns out to be themselves."""
    tx.conn.execute(
        sa.delete(mutes).where(mutes.c.reader_id == reader_id, mutes.c.muted_id == muted_id)
    )


def forget_mutes(tx: Tx, reader_id: ReaderId) -> None:
    """Forget whom the reader has muted, and who has muted them."""
    tx.conn.execute(
        sa.delete(mutes).where(
            sa.or_(mutes.c.reader_id == reader_id, mutes.c.muted_id == reader_id)
        )
    )
