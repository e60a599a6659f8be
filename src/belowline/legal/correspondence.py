"""How the letters of notices are kept: ordered once each, claimed, sent or given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import DefamationId, ReaderId, SiteId
from belowline.legal.model import Letter, LetterKind, LetterState
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import defamation_letters

LEASE = timedelta(minutes=10)
"""So long nobody else tries a letter that was claimed."""
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)
"""Between tries: all of them fit well into two days, so that there is time to do otherwise."""

_L = defamation_letters.c


def order_letter(
    tx: Tx,
    site_id: SiteId,
    notice_id: DefamationId,
    kind: LetterKind,
    *,
    not_before: datetime | None = None,
) -> bool:
    """Order a letter, once; one that failed is ordered again. Say whether it was not there."""
    values = {
        "site_id": site_id,
        "notice_id": notice_id,
        "kind": kind,
        "state": LetterState.WAITING,
        "tries": 0,
        "due_at": not_before or tx.now,
        "made_by": tx.actor.reader_id,
        "made_at": tx.now,
    }
    if insert_ignore(tx.conn, defamation_letters, values):
        return True
    done = tx.conn.execute(
        sa.update(defamation_letters)
        .where(_L.notice_id == notice_id, _L.kind == kind, _L.state == LetterState.FAILED)
        .values(**values)
    )
    return done.rowcount == 1


def list_letters(conn: sa.Connection, notice_id: DefamationId) -> list[Letter]:
    """Return the letters of a notice, in the order in which they were ordered."""
    rows = conn.execute(
        sa.select(defamation_letters).where(_L.notice_id == notice_id).order_by(_L.id)
    )
    return [_letter(row) for row in rows]


def has_due(conn: sa.Connection, *, now: datetime) -> bool:
    """Say whether a letter is due."""
    query = sa.select(_L.id).where(
        sa.text("defamation_letters.state = 'waiting'"), _L.due_at <= now
    )
    return conn.execute(query.limit(1)).first() is not None


def claim_letters(tx: Tx, *, limit: int) -> list[tuple[SiteId, Letter]]:
    """Take letters that are due, oldest first, so that nobody else takes them for a while."""
    rows = tx.conn.execute(
        sa.select(defamation_letters)
        .where(sa.text("defamation_letters.state = 'waiting'"), _L.due_at <= tx.now)
        .order_by(_L.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    tx.conn.execute(
        sa.update(defamation_letters)
        .where(_L.id.in_([row.id for row in rows]))
        .values(tries=_L.tries + 1, due_at=tx.now + LEASE)
    )
    return [(SiteId(row.site_id), _letter(row, tries=row.tries + 1)) for row in rows]


def mark_sent(tx: Tx, letter: Letter, *, at: datetime, sealed: bytes) -> bool:
    """Note that a letter went out at this time, with these sealed words; say if it was waiting."""
    return _end_try(tx, letter, state=LetterState.SENT, due_at=at, sent_at=at, sealed=sealed)


def mark_failed(tx: Tx, letter: Letter) -> bool:
    """Note that a letter is not tried again; say whether it was still waiting."""
    return _end_try(tx, letter, state=LetterState.FAILED, due_at=tx.now)


def put_off(tx: Tx, letter: Letter) -> bool:
    """Try a letter again later, or give it up; say whether it was given up."""
    if letter.tries > len(WAITS):
        return mark_failed(tx, letter)
    _end_try(tx, letter, state=LetterState.WAITING, due_at=tx.now + WAITS[letter.tries - 1])
    return False


def drop_letter(tx: Tx, letter: Letter) -> None:
    """Forget a letter that is not owed any more, so that it can be ordered when it is."""
    tx.conn.execute(
        sa.delete(defamation_letters).where(_L.id == letter.id, _L.state == LetterState.WAITING)
    )


def drop_waiting(tx: Tx, notice_id: DefamationId) -> None:
    """Forget all letters of a notice that have not gone out."""
    tx.conn.execute(
        sa.delete(defamation_letters).where(
            _L.notice_id == notice_id, _L.state == LetterState.WAITING
        )
    )


def _end_try(tx: Tx, letter: Letter, **values: object) -> bool:
    # Only the try that was claimed is ended: if its lease ran out, another one goes on by now.
    done = tx.conn.execute(
        sa.update(defamation_letters)
        .where(_L.id == letter.id, _L.state == LetterState.WAITING, _L.tries == letter.tries)
        .values(**values)
    )
    return done.rowcount == 1


def _letter(row: sa.Row[Any], *, tries: int | None = None) -> Letter:
    return Letter(
        row.id,
        DefamationId(row.notice_id),
        LetterKind(row.kind),
        LetterState(row.state),
        row.tries if tries is None else tries,
        row.due_at,
        ReaderId(row.made_by) if row.made_by is not None else None,
        row.made_at,
        row.sent_at,
        row.sealed,
    )
