"""Erasing an appellant: their words go; an author's appeal that is still open goes with them."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.core.terms import AppealState, ReaderId
from belowline.storage.database import Tx
from belowline.storage.tables import appeals, decisions, legal_holds


def erase_appeals(tx: Tx, reader_id: ReaderId) -> None:
    """Empty the texts of the reader's appeals and drop those that nobody has decided.

    There would be nobody to answer, and upholding one would bring back an empty comment. What they
    asked for as a reporter goes another way (``actions/lapsing``): it may answer others as well.
    """
    tx.conn.execute(
        sa.delete(appeals).where(
            appeals.c.reader_id == reader_id,
            appeals.c.state == AppealState.OPEN,
            appeals.c.report_id.is_(None),
        )
    )
    # Under a legal hold the words stay with the decision that they are about.
    kept = (
        sa.select(decisions.c.id)
        .join(legal_holds, legal_holds.c.comment_id == decisions.c.comment_id)
        .where(legal_holds.c.ended_at.is_(None))
    )
    tx.conn.execute(
        sa.update(appeals)
        .where(appeals.c.reader_id == reader_id, appeals.c.decision_id.not_in(kept))
        .values(text="")
    )
