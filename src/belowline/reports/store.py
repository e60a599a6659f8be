"""How reports are kept: one for each reader, comment and revision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import (
    CommentId,
    DecisionId,
    Outcome,
    ReaderId,
    ReportId,
    ReportState,
    RulebookId,
    RuleKey,
    SiteId,
)
from belowline.reports.model import Lane, LegalNoticeId, NewReport, OwnReport, Report
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import decisions, legal_notices, network_traces, reports


def find_report(
    conn: sa.Connection, comment_id: CommentId, *, reporter_id: ReaderId, revision: int
) -> Report | None:
    """Return this reader's report of this revision under a rule, or None."""
    row = conn.execute(
        sa.select(reports).where(
            reports.c.comment_id == comment_id,
            reports.c.reporter_id == reporter_id,
            reports.c.revision == revision,
            reports.c.legal_notice_id.is_(None),
        )
    ).first()
    return _report(row) if row is not None else None


def put_report(tx: Tx, new: NewReport) -> Report:
    """Keep a report and return it as it is kept.

    An own open report of the same revision is changed; one that was answered is left as it is. What
    belongs to a legal notice stands by itself.
    """
    answered = new.answered_by is not None
    values: dict[str, Any] = {
        "rulebook_id": new.rulebook_id,
        "rule_key": new.rule,
        "note": new.note,
        "weight": new.weight,
        "weight_why": new.weight_why,
        "state": ReportState.DISMISSED if answered else ReportState.OPEN,
        "decision_id": new.answered_by,
        "trusted": new.trusted,
    }
    key = {
        "comment_id": new.comment_id,
        "reporter_id": new.reporter_id,
        "revision": new.revision,
        "legal_notice_id": new.legal_notice_id,
    }
    kept = {**key, **values, "site_id": new.site_id, "lane": new.lane, "created_at": tx.now}
    if not insert_ignore(tx.conn, reports, kept):
        tx.conn.execute(
            sa.update(reports)
            .where(
                *(reports.c[name] == value for name, value in key.items()),
                reports.c.state == ReportState.OPEN,
            )
            .values(**values)
        )
    query = sa.select(reports).where(*(reports.c[name] == value for name, value in key.items()))
    return _report(tx.conn.execute(query).one())


def list_for_comment(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> list[Report]:
    """Return all reports of a comment, oldest first."""
    query = sa.select(reports).where(
        reports.c.comment_id == comment_id, reports.c.site_id == site_id
    )
    return [_report(row) for row in conn.execute(query.order_by(reports.c.id))]


def list_open(conn: sa.Connection, comment_id: CommentId) -> list[Report]:
    """Return the reports of a comment that wait for an answer, oldest first."""
    query = sa.select(reports).where(
        reports.c.comment_id == comment_id, reports.c.state == ReportState.OPEN
    )
    return [_report(row) for row in conn.execute(query.order_by(reports.c.id))]


def list_by_ids(conn: sa.Connection, ids: Collection[ReportId]) -> list[Report]:
    """Return these reports, oldest first."""
    query = sa.select(reports).where(reports.c.id.in_(ids)).order_by(reports.c.id)
    return [_report(row) for row in conn.execute(query)]


def list_answered_by(conn: sa.Connection, decision_id: DecisionId) -> list[Report]:
    """Return the reports that a decision answered, oldest first."""
    query = sa.select(reports).where(reports.c.decision_id == decision_id).order_by(reports.c.id)
    # The column has no index of its own; the decision's comment leads there.
    about = sa.select(decisions.c.comment_id).where(decisions.c.id == decision_id)
    return [_report(row) for row in conn.execute(query.where(reports.c.comment_id.in_(about)))]


def answer_reports(
    tx: Tx, ids: Sequence[ReportId], *, state: ReportState, decision_id: DecisionId
) -> None:
    """Give these reports their answer. One that is upheld was not without any ground."""
    if ids:
        values: dict[str, Any] = {"state": state, "decision_id": decision_id}
        if state is ReportState.UPHELD:
            values["unfounded"] = False
        tx.conn.execute(sa.update(reports).where(reports.c.id.in_(ids)).values(**values))


def reopen_reports(tx: Tx, ids: Sequence[ReportId], *, decision_id: DecisionId) -> None:
    """Let the reports that this decision answered wait again."""
    if ids:
        tx.conn.execute(
            sa.update(reports)
            .where(reports.c.id.in_(ids), reports.c.decision_id == decision_id)
            .values(state=ReportState.OPEN, decision_id=None, unfounded=False)
        )


def mark_unfounded(tx: Tx, ids: Collection[ReportId]) -> None:
    """Note that there was nothing in these reports at first sight."""
    if ids:
        tx.conn.execute(sa.update(reports).where(reports.c.id.in_(ids)).values(unfounded=True))


def list_of_notice(conn: sa.Connection, legal_notice_id: LegalNoticeId) -> list[Report]:
    """Return the reports that one legal notice consists of, one for each comment, by comment."""
    query = sa.select(reports).where(reports.c.legal_notice_id == legal_notice_id)
    return [_report(row) for row in conn.execute(query.order_by(reports.c.comment_id))]


def lapse_reports(tx: Tx, comment_id: CommentId) -> tuple[ReportId, ...]:
    """Close what waits about a comment that is there no longer, and return which reports it was."""
    waiting = tuple(one.id for one in list_open(tx.conn, comment_id))
    if waiting:
        tx.conn.execute(
            sa.update(reports).where(reports.c.id.in_(waiting)).values(state=ReportState.LAPSED)
        )
    return waiting


def dismissed_rules(
    conn: sa.Connection, comment_id: CommentId, *, revision: int
) -> frozenset[RuleKey]:
    """Return the rules under which this revision was looked at and kept."""
    query = sa.select(reports.c.rule_key).where(
        reports.c.comment_id == comment_id,
        reports.c.revision == revision,
        reports.c.state == ReportState.DISMISSED,
    )
    return frozenset(RuleKey(key) for key in conn.execute(query.distinct()).scalars())


def count_since(
    conn: sa.Connection, site_id: SiteId, reporter_id: ReaderId, *, since: datetime
) -> int:
    """Count what the reader reported at the site since then, whatever became of it."""
    query = sa.select(sa.func.count()).where(
        reports.c.reporter_id == reporter_id,
        reports.c.site_id == site_id,
        reports.c.created_at >= since,
    )
    return conn.execute(query).scalar_one()


def reporter_record(conn: sa.Connection, site_id: SiteId, reporter_id: ReaderId) -> tuple[int, int]:
    """Count how many of the reader's reports were upheld, and how many dismissed.

    One that came after its decision and brought nothing new is not held against the reporter, who
    could not know of it.
    """
    query = (
        sa.select(reports.c.state, sa.func.count().label("number"))
        .join(decisions, decisions.c.id == reports.c.decision_id)
        .where(
            reports.c.reporter_id == reporter_id,
            reports.c.site_id == site_id,
            reports.c.created_at <= decisions.c.decided_at,
        )
        .group_by(reports.c.state)
    )
    counts = {row.state: row.number for row in conn.execute(query)}
    return counts.get(ReportState.UPHELD, 0), counts.get(ReportState.DISMISSED, 0)


def count_answered(
    conn: sa.Connection, site_id: SiteId, reporter_id: ReaderId, *, since: datetime
) -> tuple[int, int]:
    """Count the reader's reports that were answered since then, and those without any ground."""
    query = (
        sa.select(sa.func.count(), sa.func.count().filter(reports.c.unfounded))
        .join(decisions, decisions.c.id == reports.c.decision_id)
        .where(
            reports.c.reporter_id == reporter_id,
            reports.c.site_id == site_id,
            reports.c.created_at <= decisions.c.decided_at,
            decisions.c.decided_at >= since,
        )
    )
    answered, unfounded = conn.execute(query).one()
    return answered, unfounded


def count_unfounded_after(
    conn: sa.Connection, site_id: SiteId, reporter_id: ReaderId, *, made_after: datetime
) -> int:
    """Count the reports without any ground that the reader made after this moment."""
    query = sa.select(sa.func.count()).where(
        reports.c.reporter_id == reporter_id,
        reports.c.site_id == site_id,
        reports.c.created_at > made_after,
        reports.c.unfounded,
    )
    return conn.execute(query).scalar_one()


def list_by_reporter(
    conn: sa.Connection,
    site_id: SiteId,
    reader_id: ReaderId,
    *,
    before: ReportId | None = None,
    limit: int = 50,
) -> list[OwnReport]:
    """Return the reader's own reports with what came of them, newest first."""
    query = (
        sa.select(reports, decisions.c.outcome)
        .outerjoin(decisions, decisions.c.id == reports.c.decision_id)
        .where(reports.c.reporter_id == reader_id, reports.c.site_id == site_id)
        .order_by(reports.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(reports.c.id < before)
    return [
        OwnReport(_report(row), Outcome(row.outcome) if row.outcome is not None else None)
        for row in conn.execute(query)
    ]


def list_networks(
    conn: sa.Connection, reader_ids: Collection[ReaderId]
) -> dict[ReaderId, frozenset[bytes]]:
    """Return the keyed hashes of the networks that each of these readers lately acted from."""
    query = sa.select(network_traces.c.reader_id, network_traces.c.network_hash).where(
        network_traces.c.reader_id.in_(reader_ids)
    )
    found: dict[ReaderId, set[bytes]] = {}
    for row in conn.execute(query):
        found.setdefault(ReaderId(row.reader_id), set()).add(bytes(row.network_hash))
    return {reader_id: frozenset(hashes) for reader_id, hashes in found.items()}


def networks_of(conn: sa.Connection, found: Iterable[Report]) -> dict[int, frozenset[bytes]]:
    """Return the networks behind each of these reports' voices, with or without an account."""
    kept = list(found)
    people = [one.reporter_id for one in kept if one.reporter_id is not None]
    networks: dict[int, frozenset[bytes]] = dict(list_networks(conn, people).items())
    guests = [one.legal_notice_id for one in kept if one.reporter_id is None]
    if guests:
        query = sa.select(legal_notices.c.id, legal_notices.c.network_hash).where(
            legal_notices.c.id.in_(guests), legal_notices.c.network_hash.is_not(None)
        )
        networks |= {-row.id: frozenset({bytes(row.network_hash)}) for row in conn.execute(query)}
    return networks


def _report(row: sa.Row[Any]) -> Report:
    return Report(
        ReportId(row.id),
        SiteId(row.site_id),
        CommentId(row.comment_id),
        ReaderId(row.reporter_id) if row.reporter_id is not None else None,
        row.revision,
        RulebookId(row.rulebook_id),
        RuleKey(row.rule_key),
        row.note,
        row.weight,
        row.weight_why,
        ReportState(row.state),
        DecisionId(row.decision_id) if row.decision_id is not None else None,
        row.created_at,
        Lane(row.lane),
        LegalNoticeId(row.legal_notice_id) if row.legal_notice_id is not None else None,
        row.trusted,
        row.unfounded,
    )
