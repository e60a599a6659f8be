"""How the reviews of withdrawals are kept: one for each time that one falls due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import ReaderId, SanctionId, SanctionKind, SiteId
from belowline.sanctions.model import ReviewId, ReviewOutcome, WithdrawalReview
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import decisions, readers, sanctions, withdrawal_reviews

_table = withdrawal_reviews


def list_unreviewed(
    conn: sa.Connection, site_id: SiteId, *, before: datetime
) -> list[tuple[SanctionId, ReaderId, datetime]]:
    """Return the withdrawals in force that nobody has looked at since then, oldest first.

    With each goes the moment from which its six months count: its beginning, or its last review.
    None that waits for a review now is among them.
    """
    reviewed = (
        sa.select(_table.c.sanction_id, sa.func.max(_table.c.decided_at).label("decided_at"))
        .where(_table.c.site_id == site_id)
        .group_by(_table.c.sanction_id)
        .subquery()
    )
    waits = sa.select(_table.c.id).where(
        _table.c.sanction_id == sanctions.c.id, _table.c.decided_at.is_(None)
    )
    counted_from = sa.func.coalesce(reviewed.c.decided_at, sanctions.c.starts_at)
    query = (
        sa.select(sanctions.c.id, sanctions.c.reader_id, sanctions.c.starts_at, reviewed.c[1])
        .outerjoin(reviewed, reviewed.c.sanction_id == sanctions.c.id)
        .join(decisions, decisions.c.id == sanctions.c.decision_id)
        .join(readers, readers.c.id == sanctions.c.reader_id)
        .where(
            sanctions.c.site_id == site_id,
            sanctions.c.kind == SanctionKind.WITHDRAWAL,
            readers.c.erased_at.is_(None),
            sanctions.c.lifted_at.is_(None),
            decisions.c.undone_at.is_(None),
            counted_from <= before,
            sa.not_(waits.exists()),
        )
        .order_by(sanctions.c.id)
    )
    return [(SanctionId(row[0]), ReaderId(row[1]), row[3] or row[2]) for row in conn.execute(query)]


def add_review(
    tx: Tx, site_id: SiteId, sanction_id: SanctionId, *, due_at: datetime
) -> ReviewId | None:
    """Put a review on the desk, once for each time that it falls due; None if it is there."""
    values = {"site_id": site_id, "sanction_id": sanction_id, "due_at": due_at}
    if not insert_ignore(tx.conn, _table, values):
        return None
    query = sa.select(_table.c.id).where(
        _table.c.sanction_id == sanction_id, _table.c.due_at == due_at
    )
    return ReviewId(tx.conn.execute(query).scalar_one())


def get_review(conn: sa.Connection, site_id: SiteId, review_id: ReviewId) -> WithdrawalReview:
    """Return one review of the site. Raises NotFound."""
    row = conn.execute(
        sa.select(_table).where(_table.c.id == review_id, _table.c.site_id == site_id)
    ).first()
    if row is None:
        raise NotFound("There is no such review.", code="no_review")
    return _review(row)


def list_waiting(conn: sa.Connection, site_id: SiteId) -> list[WithdrawalReview]:
    """Return the site's reviews that wait, the longest due first, with ended withdrawals left out.

    A withdrawal that has ended otherwise needs no review; upkeep lets it fall away.
    """
    query = (
        sa.select(_table)
        .join(sanctions, sanctions.c.id == _table.c.sanction_id)
        .where(
            _table.c.site_id == site_id,
            _table.c.decided_at.is_(None),
            sanctions.c.lifted_at.is_(None),
        )
        .order_by(_table.c.due_at, _table.c.id)
    )
    return [_review(row) for row in conn.execute(query)]


def count_waiting(conn: sa.Connection, site_id: SiteId) -> int:
    """Count the site's reviews that wait."""
    query = (
        sa.select(sa.func.count())
        .select_from(_table)
        .join(sanctions, sanctions.c.id == _table.c.sanction_id)
        .where(
            _table.c.site_id == site_id,
            _table.c.decided_at.is_(None),
            sanctions.c.lifted_at.is_(None),
        )
    )
    return conn.execute(query).scalar_one()


def list_of_sanction(
    conn: sa.Connection, site_id: SiteId, sanction_id: SanctionId
) -> list[WithdrawalReview]:
    """Return the reviews of a withdrawal, newest first."""
    query = sa.select(_table).where(
        _table.c.sanction_id == sanction_id, _table.c.site_id == site_id
    )
    return [_review(row) for row in conn.execute(query.order_by(_table.c.due_at.desc()))]


def settle_review(
    tx: Tx,
    review_id: ReviewId,
    outcome: ReviewOutcome,
    *,
    by: ReaderId | None,
    reason: str = "",
) -> bool:
    """Decide a review; say whether it still waited."""
    done = tx.conn.execute(
        sa.update(_table)
        .where(_table.c.id == review_id, _table.c.decided_at.is_(None))
        .values(outcome=outcome, decided_by=by, decided_at=tx.now, reason=reason)
    )
    return done.rowcount == 1


def list_fallen(conn: sa.Connection, site_id: SiteId) -> list[WithdrawalReview]:
    """Return the reviews that wait although their withdrawal has ended."""
    query = (
        sa.select(_table)
        .join(sanctions, sanctions.c.id == _table.c.sanction_id)
        .where(
            _table.c.site_id == site_id,
            _table.c.decided_at.is_(None),
            sanctions.c.lifted_at.is_not(None),
        )
    )
    return [_review(row) for row in conn.execute(query)]


def _review(row: sa.Row[Any]) -> WithdrawalReview:
    return WithdrawalReview(
        ReviewId(row.id),
        SiteId(row.site_id),
        SanctionId(row.sanction_id),
        row.due_at,
        row.decided_at,
        ReaderId(row.decided_by) if row.decided_by is not None else None,
        ReviewOutcome(row.outcome) if row.outcome is not None else None,
        row.reason,
    )
