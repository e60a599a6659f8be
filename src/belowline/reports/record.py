"""How a reporter's earlier reports were answered, with the age of each answer.

Only what was reported before its decision counts: one that came later and brought nothing new is
not held against the reporter, who could not know of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.core.terms import ReaderId, ReportState, SiteId
from belowline.storage.tables import decisions, reports

LATEST = 500
"""So many answers are looked at; older ones have faded anyhow."""


@dataclass(frozen=True, slots=True)
class AnsweredAges:
    """How old the answers are that upheld a reader's reports, and those that dismissed them."""

    upheld: tuple[timedelta, ...] = ()
    dismissed: tuple[timedelta, ...] = ()


def answered_ages(
    conn: sa.Connection, site_id: SiteId, reporter_id: ReaderId, *, now: datetime
) -> AnsweredAges:
    """Return how old the answers are that the reader's reports at the site have had."""
    query = (
        sa.select(reports.c.state, decisions.c.decided_at)
        .join(decisions, decisions.c.id == reports.c.decision_id)
        .where(
            reports.c.reporter_id == reporter_id,
            reports.c.site_id == site_id,
            reports.c.created_at <= decisions.c.decided_at,
            reports.c.state.in_((ReportState.UPHELD, ReportState.DISMISSED)),
        )
        .order_by(reports.c.created_at.desc(), reports.c.id.desc())
        .limit(LATEST)
    )
    rows = conn.execute(query).all()
    return AnsweredAges(
        tuple(now - row.decided_at for row in rows if row.state == ReportState.UPHELD),
        tuple(now - row.decided_at for row in rows if row.state == ReportState.DISMISSED),
    )
