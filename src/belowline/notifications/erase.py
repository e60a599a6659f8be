"""Erasing a reader's notices, read or not, sent or still waiting."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.core.terms import ReaderId
from belowline.storage.database import Tx
from belowline.storage.tables import notices


def erase_notices(tx: Tx, reader_id: ReaderId) -> None:
    """Delete everything that the reader was or would be told."""
    tx.conn.execute(sa.delete(notices).where(notices.c.reader_id == reader_id))
