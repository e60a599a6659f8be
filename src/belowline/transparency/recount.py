"""The ledger read from the log, and the same made from the rows, to hold one against the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.happened import Happened
from belowline.core.terms import AppealState, ReportState, SiteId, Source
from belowline.storage.tables import (
    ACTS,
    appeals,
    decisions,
    events,
    reports,
    sanctions,
    second_looks,
    spot_checks,
)
from belowline.transparency.ledger import (
    Appealed,
    Decided,
    Ledger,
    LookedAgain,
    Reported,
    SpotChecked,
)
from belowline.transparency.replay import TOLD_BY, replay

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any log."""
UPHELD = {ReportState.UPHELD: True, ReportState.DISMISSED: False}


def read_ledger(
    conn: sa.Connection,
    site_id: SiteId,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Ledger:
    """Put a site's ledger together from its log: all of it, or what happened in between.

    With ``since``, nothing is known of what was decided, reported or appealed before.
    """
    query = (
        sa.select(events)
        # As the index says it, or it would not be used.
        .where(sa.text(ACTS))
        .where(events.c.site_id == site_id, events.c.kind.in_([one.__name__ for one in TOLD_BY]))
        .where(events.c.at >= (since or BEGINNING))
    )
    if until is not None:
        query = query.where(events.c.at <= until)
    # Put in order here: to be asked for it, a database would go through every event of the site.
    found = sorted(conn.execute(query), key=lambda row: row.seq)
    return replay(_happened(row) for row in found)


def recount_ledger(conn: sa.Connection, site_id: SiteId) -> Ledger:
    """Put the same ledger together from the rows, without a look at the log."""
    return Ledger(
        _decisions(conn, site_id),
        _reports(conn, site_id),
        _appeals(conn, site_id),
        _second_looks(conn, site_id),
        spot_checks=_spot_checks(conn, site_id),
    )


def find_differences(conn: sa.Connection, site_id: SiteId) -> list[tuple[str, int]]:
    """Return what the log and the rows say differently: of what, and its id. It should be nothing.

    A report's event that is older than its field for the version of the rules tells less than the
    row, and is compared as far as it goes. An appeal that ended without an answer is not counted
    among the rows; the log still knows it.
    """
    said, kept = read_ledger(conn, site_id), recount_ledger(conn, site_id)
    old = {one.id: one for one in said.reports if one.rulebook_id is None}
    kept = replace(kept, reports=tuple(_as_told(one, old.get(one.id)) for one in kept.reports))
    filed = tuple(one for one in said.appeals if not one.withdrawn)
    pairs: tuple[tuple[str, Sequence[Any], Sequence[Any]], ...] = (
        ("decision", said.decisions, kept.decisions),
        ("report", said.reports, kept.reports),
        ("appeal", filed, kept.appeals),
    )
    found = [
        (name, number)
        for name, one, other in pairs
        for number in sorted({each.id for each in {*one} ^ {*other}})
    ]
    looks = {*said.second_looks} ^ {*kept.second_looks}
    found += sorted(("second look", one.decision_id) for one in looks)
    checks = {*said.spot_checks} ^ {*kept.spot_checks}
    return found + sorted(("spot check", one.comment_id) for one in checks)


def _as_told(row: Reported, said: Reported | None) -> Reported:
    if said is None:
        return row
    return replace(row, rulebook_id=None, upheld=row.upheld if said.upheld is not None else None)


def _decisions(conn: sa.Connection, site_id: SiteId) -> tuple[Decided, ...]:
    imposed = sa.and_(
        sanctions.c.reader_id == decisions.c.reader_id,
        sanctions.c.site_id == decisions.c.site_id,
        sanctions.c.decision_id == decisions.c.id,
    )
    rows = conn.execute(
        sa.select(decisions, sanctions.c.kind)
        .outerjoin(sanctions, imposed)
        .where(decisions.c.site_id == site_id, decisions.c.source != Source.EARLIER_SYSTEM)
        .order_by(decisions.c.id)
    )
    return tuple(
        Decided(
            row.id,
            row.decided_at,
            row.decided_by,
            row.outcome,
            row.source,
            row.reader_id,
            row.comment_id,
            row.rule_key,
            row.rulebook_id,
            tuple(row.answered),
            row.waiting_since,
            row.in_question,
            row.kind,
            undone=row.undone_at is not None,
            overturned=row.overturned_at is not None,
        )
        for row in rows
    )


def _reports(conn: sa.Connection, site_id: SiteId) -> tuple[Reported, ...]:
    rows = conn.execute(
        sa.select(reports).where(reports.c.site_id == site_id).order_by(reports.c.id)
    )
    return tuple(
        Reported(
            row.id,
            row.created_at,
            row.rule_key,
            row.rulebook_id,
            UPHELD.get(ReportState(row.state)),
        )
        for row in rows
    )


def _appeals(conn: sa.Connection, site_id: SiteId) -> tuple[Appealed, ...]:
    rows = conn.execute(
        sa.select(appeals)
        .where(appeals.c.site_id == site_id, appeals.c.state != AppealState.LAPSED)
        .order_by(appeals.c.id)
    )
    return tuple(
        Appealed(
            row.id,
            row.decision_id,
            row.filed_at,
            None if row.state == AppealState.OPEN else row.state == AppealState.UPHELD,
            row.decided_at,
            row.decided_by,
            by_reporter=row.report_id is not None,
        )
        for row in rows
    )


def _second_looks(conn: sa.Connection, site_id: SiteId) -> tuple[LookedAgain, ...]:
    rows = conn.execute(
        sa.select(second_looks)
        .where(second_looks.c.site_id == site_id)
        .order_by(second_looks.c.decision_id)
    )
    return tuple(
        LookedAgain(row.decision_id, row.looked_at, row.reader_id, row.outcome, row.rule_key)
        for row in rows
    )


def _spot_checks(conn: sa.Connection, site_id: SiteId) -> tuple[SpotChecked, ...]:
    rows = conn.execute(
        sa.select(spot_checks)
        .where(spot_checks.c.site_id == site_id)
        .order_by(spot_checks.c.comment_id)
    )
    return tuple(
        SpotChecked(row.comment_id, row.looked_at, row.reader_id, row.outcome, row.rule_key)
        for row in rows
    )


def _happened(row: sa.Row[Any]) -> Happened:
    return Happened(row.seq, row.xid, row.at, row.kind, SiteId(row.site_id), row.actor, row.data)
