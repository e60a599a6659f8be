"""The facts about somebody's misuse of reporting, from the stores; what follows is in ``reports``.

A warning and a pause are sanctions: imposed by a person, with a rule, a reason, an end and a way to
appeal. They take nothing but the privilege to report.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.core.errors import require
from belowline.core.terms import ReaderId, Refusal, SanctionKind, SiteId
from belowline.core.text import later
from belowline.reports import store as reports
from belowline.reports.misuse import (
    WINDOW,
    MisuseRecord,
    MisuseStep,
    ReportWarning,
    may_pause,
    propose,
)
from belowline.sanctions import store as sanctions
from belowline.sanctions.model import Sanction
from belowline.storage.database import Tx

WARN_FIRST = later(
    "Warn the reader about their reports first. A pause follows only after a warning that was read."
)


@dataclass(frozen=True, slots=True)
class Misuse:
    """What somebody's reports came to lately, and what answers it."""

    record: MisuseRecord
    step: MisuseStep


def misuse_of(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId, *, now: datetime
) -> Misuse:
    """Return how the reader's reports were answered within the window, and what answers that."""
    imposed = sanctions.list_sanctions(conn, site_id, reader_id)
    warning = _warning(imposed)
    answered, unfounded = reports.count_answered(conn, site_id, reader_id, since=now - WINDOW)
    since = 0
    if warning is not None and warning.read_at is not None:
        # Nobody is held to what they had not been told when they reported.
        since = reports.count_unfounded_after(conn, site_id, reader_id, made_after=warning.read_at)
    pauses = [
        one for one in imposed if one.kind is SanctionKind.REPORT_PAUSE and one.lifted_at is None
    ]
    record = MisuseRecord(
        answered,
        unfounded,
        since,
        warning,
        tuple(one.starts_at for one in pauses),
        any(one.is_in_force(now) for one in pauses),
    )
    return Misuse(record, propose(record, now=now))


def require_warned(tx: Tx, site_id: SiteId, reader_id: ReaderId, *, kind: SanctionKind) -> None:
    """Refuse a pause of reporting before a warning that was read. Raises NotAllowed."""
    if kind is not SanctionKind.REPORT_PAUSE:
        return
    warning = _warning(sanctions.list_sanctions(tx.conn, site_id, reader_id))
    if not may_pause(warning, now=tx.now):
        require(Refusal("warn_first", WARN_FIRST))


def _warning(imposed: list[Sanction]) -> ReportWarning | None:
    """Return the latest warning about reports that nobody has lifted."""
    for one in imposed:
        if one.kind is SanctionKind.REPORT_WARNING and one.lifted_at is None:
            return ReportWarning(one.starts_at, one.acknowledged_at)
    return None
