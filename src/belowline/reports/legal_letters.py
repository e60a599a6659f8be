"""The letters to whoever gave notice of illegal content: the receipt, and what came of it.

A letter is a row; the chore ``followers/legal_post.py`` claims it, sends it and marks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from belowline.core.terms import DecisionId, SiteId
from belowline.reports.model import LegalNoticeId
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import legal_letters

LEASE = timedelta(minutes=10)
"""So long a claimed letter is nobody else's; then it is tried again."""
MOST_TRIES = 8


class LetterKind(StrEnum):
    """Which letter."""

    RECEIPT = "receipt"
    OUTCOME = "outcome"
    LOOKED_AGAIN = "looked_again"
    """Somebody has answered the appeal of one who had reported the same."""


@dataclass(frozen=True, slots=True)
class LegalLetter:
    """A letter that has been claimed to be sent."""

    id: int
    site_id: SiteId
    legal_notice_id: LegalNoticeId
    kind: LetterKind
    tries: int


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter about to wait. The same event asks for the same letter once."""

    site_id: SiteId
    legal_notice_id: LegalNoticeId
    kind: LetterKind
    due_at: datetime
    event_seq: int = 0
    decision_id: DecisionId | None = None


def put_letter(tx: Tx, new: LetterDraft) -> None:
    """Let a letter wait until it is due; a repeat is success."""
    insert_ignore(
        tx.conn,
        legal_letters,
        {
            "site_id": new.site_id,
            "legal_notice_id": new.legal_notice_id,
            "kind": new.kind,
            "event_seq": new.event_seq,
            "decision_id": new.decision_id,
            "state": "waiting",
            "due_at": new.due_at,
        },
    )


def cancel_letters(tx: Tx, decision_id: DecisionId) -> None:
    """Take back the letters that would tell of a decision and were not sent yet."""
    tx.conn.execute(
        sa.delete(legal_letters).where(
            legal_letters.c.decision_id == decision_id, legal_letters.c.state == "waiting"
        )
    )


def claim_letters(tx: Tx, *, limit: int) -> list[LegalLetter]:
    """Take letters that are due, and put them off so that nobody else takes them meanwhile."""
    query = (
        sa.select(legal_letters)
        .where(legal_letters.c.state == "waiting", legal_letters.c.due_at <= tx.now)
        .order_by(legal_letters.c.due_at, legal_letters.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = [
        LegalLetter(
            row.id,
            SiteId(row.site_id),
            LegalNoticeId(row.legal_notice_id),
            LetterKind(row.kind),
            row.tries + 1,
        )
        for row in tx.conn.execute(query)
    ]
    if found:
        tx.conn.execute(
            sa.update(legal_letters)
            .where(legal_letters.c.id.in_([one.id for one in found]))
            .values(due_at=tx.now + LEASE, tries=legal_letters.c.tries + 1)
        )
    return found


def mark_letter(tx: Tx, letter: LegalLetter, *, sent: bool) -> None:
    """Note that a letter went out, or that it never will."""
    tx.conn.execute(
        sa.update(legal_letters)
        .where(legal_letters.c.id == letter.id)
        .values(state="sent" if sent else "failed")
    )
