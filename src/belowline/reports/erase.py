"""Erasing a reporter: what they wrote goes; that somebody reported, and what came of it, stays."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.core.terms import ReaderId
from belowline.storage.database import Tx
from belowline.storage.tables import reports


def erase_notes(tx: Tx, reporter_id: ReaderId) -> None:
    """Empty the notes of the reader's reports."""
    tx.conn.execute(sa.update(reports).where(reports.c.reporter_id == reporter_id).values(note=""))
