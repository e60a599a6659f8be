"""Erasing an author from the queue: without a text there is nothing left to decide."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.core.terms import CaseState, ReaderId
from belowline.storage.database import Tx
from belowline.storage.tables import cases, comments


def close_cases_of(tx: Tx, author_id: ReaderId) -> None:
    """Close the open cases about the author's comments."""
    written = sa.select(comments.c.id).where(comments.c.author_id == author_id)
    tx.conn.execute(
        sa.update(cases)
        .where(cases.c.comment_id.in_(written), cases.c.state == CaseState.OPEN)
        .values(state=CaseState.CLOSED, held=False, appealed=False, reported=0, handed_on_by=None)
    )
