"""Erasing from the reports: a reporter's words go, and nothing waits about an author who has left.

That somebody reported, and what came of it, stays.
"""

from __future__ import annotations

import sqlalchemy as sa

from belowline.core.terms import ReaderId, ReportState
from belowline.storage.database import Tx
from belowline.storage.tables import comments, reports


def erase_notes(tx: Tx, reporter_id: ReaderId) -> None:
    """Empty the notes of the reader's reports."""
    tx.conn.execute(sa.update(reports).where(reports.c.reporter_id == reporter_id).values(note=""))


def lapse_reports_of(tx: Tx, author_id: ReaderId) -> None:
    """Close the open reports of the author's comments: without a text nothing can be judged."""
    written = sa.select(comments.c.id).where(comments.c.author_id == author_id)
    tx.conn.execute(
        sa.update(reports)
        .where(reports.c.comment_id.in_(written), reports.c.state == ReportState.OPEN)
        .values(state=ReportState.LAPSED)
    )
