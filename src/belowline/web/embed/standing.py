"""My standing for machines: what I may do and everything that was decided about me."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from belowline.actions import sanctions as sanction_actions
from belowline.actions.appeals import APPEALABLE
from belowline.actions.hearings import hearing_of
from belowline.appeals import store as appeals
from belowline.appeals.model import Appeal
from belowline.appeals.policy import may_appeal
from belowline.core.terms import ReportState, RulebookId, SanctionId
from belowline.moderation import decisions
from belowline.moderation.model import Decision
from belowline.moderation.orders import find_barred
from belowline.reports import store as reports
from belowline.reports.model import Report
from belowline.rules import store as rules
from belowline.sanctions import store as sanctions
from belowline.web.answers import AppealOut, DecisionOut, ReportOut, SanctionOut, Standing
from belowline.web.auth import Visitor
from belowline.web.embed.overlay import standing_of


def my_standing(visitor: Visitor) -> Standing:
    """Return what I may do now, and the sanctions, decisions and reports behind it."""
    site_id, by = visitor.at.id, visitor.reader_id
    now = visitor.house.db.clock()
    with visitor.house.db.read() as conn:
        found = decisions.list_for_reader(conn, site_id, by)
        filed = appeals.list_for_decisions(conn, [one.id for one in found], of_authors=True)
        versions = _versions(conn, visitor, found)
        barred = find_barred(conn, [one.id for one in found])
        return Standing(
            standing=standing_of(visitor),
            sanctions=[
                SanctionOut(
                    one.id,
                    one.kind,
                    one.decision_id,
                    one.rule,
                    one.reason,
                    one.starts_at,
                    one.ends_at,
                    one.is_in_force(now),
                    one.acknowledged_at is not None,
                )
                for one in sanctions.list_sanctions(conn, site_id, by)
            ],
            decisions=[_decision(one, filed.get(one.id), versions, barred, now) for one in found],
            reports=[
                ReportOut(
                    one.report.id,
                    one.report.comment_id,
                    one.report.rule,
                    one.report.state,
                    one.report.created_at,
                    one.report.lane,
                    _appealable(conn, one.report, now),
                )
                for one in reports.list_by_reporter(conn, site_id, by)
            ],
        )


def _appealable(conn: sa.Connection, report: Report, now: datetime) -> bool:
    told_no = report.state is ReportState.DISMISSED
    return told_no and hearing_of(conn, report, now=now).refusal is None


def acknowledge(visitor: Visitor, sanction: int) -> None:
    """Say that I have read a warning; a repeat is success."""
    sanction_actions.acknowledge(
        visitor.house.db, SanctionId(sanction), site_id=visitor.at.id, by=visitor.reader_id
    )


def _versions(
    conn: sa.Connection, visitor: Visitor, found: list[Decision]
) -> dict[RulebookId, int]:
    ids = {one.ground.rulebook_id for one in found if one.ground is not None}
    return {
        one.id: one.version for one in rules.list_versions(conn, visitor.at.id) if one.id in ids
    }


def _decision(
    one: Decision,
    filed: Appeal | None,
    versions: dict[RulebookId, int],
    barred: frozenset[int],
    now: datetime,
) -> DecisionOut:
    refusal = may_appeal(
        decided_at=one.decided_at,
        now=now,
        already_appealed=filed is not None,
        by_subject=True,
        appealable=one.outcome in APPEALABLE and one.stands,
    )
    return DecisionOut(
        id=one.id,
        outcome=one.outcome,
        comment=one.comment_id,
        rule=one.ground.rule if one.ground else None,
        rulebook_version=versions.get(one.ground.rulebook_id) if one.ground else None,
        reason=one.reason,
        automated=one.decided_by is None,
        source="" if one.id in barred else one.source,
        decided_at=one.decided_at,
        overturned=one.overturned_at is not None,
        appealable=refusal is None,
        appeal=answer_appeal(filed) if filed is not None else None,
    )


def answer_appeal(filed: Appeal) -> AppealOut:
    """Answer an appellant about their appeal."""
    return AppealOut(
        filed.id,
        filed.decision_id,
        filed.state,
        filed.filed_at,
        filed.decided_at,
        filed.reason or None,
    )
