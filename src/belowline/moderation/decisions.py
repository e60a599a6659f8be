"""How decisions are kept: never changed, only marked as undone or overturned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import (
    NO_MARK,
    CommentId,
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    ReportId,
    RulebookId,
    RuleKey,
    SiteId,
    Source,
)
from belowline.moderation.model import Decision, Ground, NewDecision, StandingRemoval
from belowline.storage.database import Tx, insert_id
from belowline.storage.tables import comments, decisions, revisions

LOOKED_AND_LEFT = (Outcome.KEEP, Outcome.PUBLISH, Outcome.RESTORE)
"""Outcomes after which a person has looked at a comment and left it to its readers."""

_STANDS = (decisions.c.undone_at.is_(None), decisions.c.overturned_at.is_(None))


def add_decision(tx: Tx, new: NewDecision) -> Decision:
    """Keep a decision made now, and return it."""
    ground = new.ground
    decision_id = insert_id(
        tx.conn,
        decisions,
        {
            "site_id": new.site_id,
            "comment_id": new.comment_id,
            "reader_id": new.reader_id,
            "outcome": new.outcome,
            "rulebook_id": ground.rulebook_id if ground else None,
            "rule_key": ground.rule if ground else None,
            "severity": ground.severity if ground else None,
            "reason": new.reason,
            "decided_by": new.decided_by,
            "source": new.source,
            "revision": new.revision,
            "status_before": new.status_before,
            "answered": list(new.answered),
            "based_on": new.based_on,
            "waiting_since": new.waiting_since,
            "in_question": new.in_question,
            "decided_at": tx.now,
        },
    )
    return get_decision(tx.conn, new.site_id, DecisionId(decision_id))


def get_decision(conn: sa.Connection, site_id: SiteId, decision_id: DecisionId) -> Decision:
    """Return one decision of the site. Raises NotFound."""
    return _one(conn, site_id, decision_id, lock=False)


def lock_decision(tx: Tx, site_id: SiteId, decision_id: DecisionId) -> Decision:
    """Return a decision and keep others from marking it until the end. Raises NotFound."""
    return _one(tx.conn, site_id, decision_id, lock=True)


def _one(conn: sa.Connection, site_id: SiteId, decision_id: DecisionId, *, lock: bool) -> Decision:
    query = sa.select(decisions).where(
        decisions.c.id == decision_id, decisions.c.site_id == site_id
    )
    row = conn.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("There is no such decision.", code="no_decision")
    return _decision(row)


def find_latest(
    conn: sa.Connection, comment_id: CommentId, *, outcomes: Sequence[Outcome] = tuple(Outcome)
) -> Decision | None:
    """Return the latest decision about the comment that nobody has undone, or None."""
    row = conn.execute(
        sa.select(decisions)
        .where(
            decisions.c.comment_id == comment_id,
            decisions.c.undone_at.is_(None),
            decisions.c.outcome.in_(outcomes),
        )
        .order_by(decisions.c.id.desc())
        .limit(1)
    ).first()
    return _decision(row) if row is not None else None


def rules_cited_before(conn: sa.Connection, decision: Decision) -> frozenset[RuleKey]:
    """Return the rules that earlier decisions about the same revision had cited."""
    query = sa.select(decisions.c.rule_key).where(
        decisions.c.comment_id == decision.comment_id,
        decisions.c.revision == decision.revision,
        decisions.c.id < decision.id,
        decisions.c.rule_key.is_not(None),
        decisions.c.undone_at.is_(None),
    )
    return frozenset(RuleKey(key) for key in conn.execute(query.distinct()).scalars())


def mark_undone(tx: Tx, decision_id: DecisionId) -> bool:
    """Note that a decision was taken back; say whether it still stood."""
    done = tx.conn.execute(
        sa.update(decisions).where(decisions.c.id == decision_id, *_STANDS).values(undone_at=tx.now)
    )
    return done.rowcount == 1


def mark_overturned(tx: Tx, decision_id: DecisionId) -> bool:
    """Note that a decision was reversed on appeal; say whether it still stood."""
    done = tx.conn.execute(
        sa.update(decisions)
        .where(decisions.c.id == decision_id, *_STANDS)
        .values(overturned_at=tx.now)
    )
    return done.rowcount == 1


def list_for_comment(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> list[Decision]:
    """Return all decisions about a comment, oldest first."""
    query = sa.select(decisions).where(
        decisions.c.comment_id == comment_id, decisions.c.site_id == site_id
    )
    return [_decision(row) for row in conn.execute(query.order_by(decisions.c.id))]


def list_for_reader(
    conn: sa.Connection,
    site_id: SiteId,
    reader_id: ReaderId,
    *,
    before: DecisionId | None = None,
    limit: int = 50,
) -> list[Decision]:
    """Return the decisions that concern a reader at the site, newest first, without undone ones."""
    query = sa.select(decisions).where(
        decisions.c.reader_id == reader_id,
        decisions.c.site_id == site_id,
        decisions.c.undone_at.is_(None),
    )
    if before is not None:
        query = query.where(decisions.c.id < before)
    query = query.order_by(decisions.c.decided_at.desc(), decisions.c.id.desc()).limit(limit)
    return [_decision(row) for row in conn.execute(query)]


def list_standing_removals(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId
) -> list[StandingRemoval]:
    """Return the removals of the reader's comments at the site that stand, oldest first."""
    query = (
        sa.select(
            decisions.c.id,
            decisions.c.rule_key,
            decisions.c.severity,
            decisions.c.decided_at,
            sa.func.coalesce(revisions.c.created_at, comments.c.created_at).label("written_at"),
        )
        .join(comments, comments.c.id == decisions.c.comment_id)
        .outerjoin(
            revisions,
            sa.and_(
                revisions.c.comment_id == decisions.c.comment_id,
                revisions.c.number == decisions.c.revision,
            ),
        )
        .where(
            decisions.c.reader_id == reader_id,
            decisions.c.site_id == site_id,
            decisions.c.outcome == Outcome.REMOVE,
            *_STANDS,
        )
        .order_by(decisions.c.id)
    )
    return [
        StandingRemoval(
            DecisionId(row.id), RuleKey(row.rule_key), row.severity, row.decided_at, row.written_at
        )
        for row in conn.execute(query)
    ]


def list_removed_since(
    conn: sa.Connection, site_id: SiteId, *, since: datetime, limit: int
) -> list[ReaderId]:
    """Return the readers of whom something was removed since then that still is, latest first."""
    query = (
        sa.select(decisions.c.reader_id)
        .where(
            decisions.c.site_id == site_id,
            decisions.c.decided_at >= since,
            decisions.c.outcome == Outcome.REMOVE,
            *_STANDS,
        )
        .group_by(decisions.c.reader_id)
        .order_by(sa.func.max(decisions.c.id).desc())
        .limit(limit)
    )
    return [ReaderId(found) for found in conn.execute(query).scalars()]


def count_breaches(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> int:
    """Count the breaches of the reader at the site: the removals that stand and are a mark."""
    query = sa.select(sa.func.count()).where(
        decisions.c.reader_id == reader_id,
        decisions.c.site_id == site_id,
        decisions.c.outcome == Outcome.REMOVE,
        decisions.c.rule_key.not_in(NO_MARK),
        *_STANDS,
    )
    return conn.execute(query).scalar_one()


def count_decided(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId, *, since: datetime, until: datetime
) -> dict[Outcome, int]:
    """Count what moderators decided until then about comments that were written since, by outcome.

    Only decisions that stand, and each comment once for each outcome.
    """
    query = (
        sa.select(
            decisions.c.outcome, sa.func.count(decisions.c.comment_id.distinct()).label("number")
        )
        .join(comments, comments.c.id == decisions.c.comment_id)
        .where(
            decisions.c.reader_id == reader_id,
            decisions.c.site_id == site_id,
            decisions.c.decided_by.is_not(None),
            decisions.c.decided_at <= until,
            comments.c.created_at >= since,
            *_STANDS,
        )
        .group_by(decisions.c.outcome)
    )
    return {Outcome(row.outcome): row.number for row in conn.execute(query)}


def list_made_lately(
    conn: sa.Connection, site_ids: Collection[SiteId], by: ReaderId, *, since: datetime
) -> list[tuple[datetime, int]]:
    """Return when a moderator decided since then at these sites, and the severity of the rule.

    0 where none was cited. What was taken back was work, too.
    """
    query = sa.select(decisions.c.decided_at, decisions.c.severity).where(
        decisions.c.site_id.in_(site_ids),
        decisions.c.decided_at >= since,
        decisions.c.decided_by == by,
    )
    return [(row.decided_at, row.severity or 0) for row in conn.execute(query)]


def undone_of(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> frozenset[DecisionId]:
    """Return the decisions about the reader that were taken back, as if they never were."""
    query = sa.select(decisions.c.id).where(
        decisions.c.reader_id == reader_id,
        decisions.c.site_id == site_id,
        decisions.c.undone_at.is_not(None),
    )
    return frozenset(DecisionId(found) for found in conn.execute(query).scalars())


def _decision(row: sa.Row[Any]) -> Decision:
    cited = row.rule_key is not None and row.rulebook_id is not None
    return Decision(
        DecisionId(row.id),
        SiteId(row.site_id),
        CommentId(row.comment_id) if row.comment_id is not None else None,
        ReaderId(row.reader_id),
        Outcome(row.outcome),
        Ground(RulebookId(row.rulebook_id), RuleKey(row.rule_key), row.severity or 0)
        if cited
        else None,
        row.reason,
        ReaderId(row.decided_by) if row.decided_by is not None else None,
        Source(row.source),
        row.revision,
        CommentStatus(row.status_before) if row.status_before is not None else None,
        tuple(ReportId(one) for one in row.answered),
        DecisionId(row.based_on) if row.based_on is not None else None,
        row.decided_at,
        row.undone_at,
        row.overturned_at,
    )
