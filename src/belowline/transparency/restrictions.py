"""Reading the decisions that took something from a reader, for their statements of reasons.

Only what stands: a decision that was taken back or reversed on appeal is not there, and one that
can still be taken back is not there yet. Where a restriction has ended, its last day is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import (
    DecisionId,
    Outcome,
    RuleKey,
    SanctionKind,
    SiteId,
    Source,
)
from belowline.storage.tables import (
    comments,
    decisions,
    revisions,
    rulebooks,
    rules,
    sanctions,
)
from belowline.transparency.eu_values import OTHER_VIOLATION
from belowline.transparency.statements import NOT_STATED, SANCTIONS, TAKES, Restriction

_later = decisions.alias("later")
_basis = decisions.alias("basis")
_basis_comment = comments.alias("basis_comment")

PUTS_BACK = (Outcome.PUBLISH, Outcome.KEEP, Outcome.RESTORE)


@dataclass(frozen=True, slots=True)
class At:
    """The site whose decisions are read, as far as a statement names it."""

    site_id: SiteId
    key: str
    language: str
    base_url: str


@dataclass(frozen=True, slots=True)
class Between:
    """From which moment on, and until before which, a decision was made."""

    since: datetime
    until: datetime


def list_restrictions(
    conn: sa.Connection, at: At, between: Between, *, limit: int
) -> list[Restriction]:
    """Return up to ``limit`` restrictions that were decided in between, oldest first."""
    query = _select(at.site_id).where(
        decisions.c.decided_at >= between.since, decisions.c.decided_at < between.until
    )
    query = query.order_by(decisions.c.decided_at, decisions.c.id).limit(limit)
    return [_restriction(row, at) for row in conn.execute(query)]


def find_restrictions(
    conn: sa.Connection, at: At, decision_ids: Collection[DecisionId]
) -> dict[DecisionId, Restriction]:
    """Return those of these decisions that restrict somebody, by id."""
    if not decision_ids:
        return {}
    rows = conn.execute(_select(at.site_id).where(decisions.c.id.in_(decision_ids)))
    return {DecisionId(row.id): _restriction(row, at) for row in rows}


_ENDED = (
    sa.select(sa.func.min(_later.c.decided_at))
    .where(
        _later.c.comment_id == decisions.c.comment_id,
        _later.c.id > decisions.c.id,
        _later.c.undone_at.is_(None),
        sa.or_(
            _later.c.outcome.in_(PUTS_BACK),
            # A hold ends with any decision; what a removal then takes away it says itself.
            sa.and_(
                decisions.c.outcome == Outcome.HOLD,
                _later.c.outcome.in_((Outcome.REMOVE, Outcome.REFUSE)),
            ),
        ),
    )
    .correlate(decisions)
    .scalar_subquery()
)


_RECORDS = (
    decisions.join(rulebooks, rulebooks.c.id == decisions.c.rulebook_id)
    .outerjoin(
        rules,
        sa.and_(rules.c.rulebook_id == rulebooks.c.id, rules.c.key == decisions.c.rule_key),
    )
    .outerjoin(comments, comments.c.id == decisions.c.comment_id)
    .outerjoin(
        revisions,
        sa.and_(
            revisions.c.comment_id == decisions.c.comment_id,
            revisions.c.number == decisions.c.revision,
        ),
    )
    .outerjoin(
        sanctions,
        # The reader leads to it; there is no index by decision.
        sa.and_(
            sanctions.c.reader_id == decisions.c.reader_id,
            sanctions.c.site_id == decisions.c.site_id,
            sanctions.c.decision_id == decisions.c.id,
        ),
    )
    .outerjoin(_basis, _basis.c.id == decisions.c.based_on)
    .outerjoin(_basis_comment, _basis_comment.c.id == _basis.c.comment_id)
)
"""A decision with everything that a statement tells of it."""


def _select(site_id: SiteId) -> sa.Select[Any]:
    restricts = sa.or_(
        decisions.c.outcome.in_(TAKES),
        sa.and_(decisions.c.outcome == Outcome.SANCTION, sanctions.c.kind.in_(SANCTIONS)),
    )
    return (
        sa.select(
            decisions.c.id,
            decisions.c.outcome,
            decisions.c.source,
            decisions.c.decided_by,
            decisions.c.decided_at,
            decisions.c.rule_key,
            rules.c.title,
            rules.c.text,
            rules.c.eu_category,
            rulebooks.c.version,
            sanctions.c.kind,
            sanctions.c.ends_at,
            sanctions.c.lifted_at,
            sa.func.coalesce(
                revisions.c.created_at,
                comments.c.created_at,
                _basis_comment.c.created_at,
                type_=decisions.c.decided_at.type,
            ).label("written_at"),
            _ENDED.label("ended_at"),
        )
        .select_from(_RECORDS)
        .where(
            decisions.c.site_id == site_id,
            decisions.c.undone_at.is_(None),
            decisions.c.overturned_at.is_(None),
            # What an authority orders is told under article 9, and what was decided before is not
            # ours: neither owes a statement of reasons.
            decisions.c.source.not_in(NOT_STATED),
            restricts,
        )
    )


def _restriction(row: sa.Row[Any], at: At) -> Restriction:
    ends = [one for one in (row.ended_at, row.ends_at, row.lifted_at) if one is not None]
    applied_on = row.decided_at.astimezone(UTC).date()
    return Restriction(
        decision_id=DecisionId(row.id),
        site_key=at.key,
        outcome=Outcome(row.outcome),
        sanction=SanctionKind(row.kind) if row.kind is not None else None,
        source=Source(row.source),
        automated=row.decided_by is None,
        rule=RuleKey(row.rule_key),
        rule_title=row.title or "",
        rule_text=row.text or "",
        rulebook_version=row.version,
        eu_category=row.eu_category or OTHER_VIOLATION,
        written_on=min((row.written_at or row.decided_at).astimezone(UTC).date(), applied_on),
        applied_on=applied_on,
        ends_on=min(ends).astimezone(UTC).date() if ends else None,
        language=at.language,
        rule_url=f"{at.base_url}/rules/{at.key}/{row.version}#{row.rule_key}",
    )
