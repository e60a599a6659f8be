"""How appeals are kept: one for each decision, by the author or a reporter, answered once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.appeals.model import Appeal, NewAppeal
from belowline.core.errors import NotFound
from belowline.core.terms import (
    AppealId,
    AppealState,
    CommentId,
    DecisionId,
    ReaderId,
    ReportId,
    SiteId,
    StoryId,
)
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import appeals, comments, decisions


def get_appeal(conn: sa.Connection, site_id: SiteId, appeal_id: AppealId) -> Appeal:
    """Return one appeal of the site. Raises NotFound."""
    row = conn.execute(
        sa.select(appeals).where(appeals.c.id == appeal_id, appeals.c.site_id == site_id)
    ).first()
    if row is None:
        raise NotFound("There is no such appeal.", code="no_appeal")
    return _appeal(row)


def find_for_decision(conn: sa.Connection, decision_id: DecisionId) -> Appeal | None:
    """Return the appeal against this decision, or None."""
    row = conn.execute(sa.select(appeals).where(appeals.c.decision_id == decision_id)).first()
    return _appeal(row) if row is not None else None


def find_by_report(conn: sa.Connection, report_id: ReportId) -> Appeal | None:
    """Return the latest appeal that was filed about this report, or None."""
    query = sa.select(appeals).where(appeals.c.report_id == report_id)
    row = conn.execute(query.order_by(appeals.c.id.desc()).limit(1)).first()
    return _appeal(row) if row is not None else None


def list_reporters_open(
    conn: sa.Connection,
    *,
    comment_id: CommentId | None = None,
    author_id: ReaderId | None = None,
) -> list[tuple[Appeal, CommentId, StoryId]]:
    """Return the reporters' appeals that wait about a comment, or about all that somebody wrote."""
    query = (
        sa.select(appeals, comments.c.id.label("about"), comments.c.story_id)
        .join(decisions, decisions.c.id == appeals.c.decision_id)
        .join(comments, comments.c.id == decisions.c.comment_id)
        .where(appeals.c.state == AppealState.OPEN, appeals.c.report_id.is_not(None))
        .order_by(appeals.c.id)
    )
    if comment_id is not None:
        query = query.where(decisions.c.comment_id == comment_id)
    if author_id is not None:
        query = query.where(decisions.c.reader_id == author_id)
    return [
        (_appeal(row), CommentId(row.about), StoryId(row.story_id)) for row in conn.execute(query)
    ]


def list_asked_by(
    conn: sa.Connection, reader_id: ReaderId
) -> list[tuple[Appeal, CommentId, StoryId]]:
    """Return what a reader who reported has asked for that still waits, with its comment."""
    query = (
        sa.select(appeals, comments.c.id.label("about"), comments.c.story_id)
        .join(decisions, decisions.c.id == appeals.c.decision_id)
        .join(comments, comments.c.id == decisions.c.comment_id)
        .where(
            appeals.c.reader_id == reader_id,
            appeals.c.state == AppealState.OPEN,
            appeals.c.report_id.is_not(None),
        )
        # Comments are locked in this order wherever several are.
        .order_by(comments.c.id)
    )
    return [
        (_appeal(row), CommentId(row.about), StoryId(row.story_id)) for row in conn.execute(query)
    ]


def waiting_since(
    conn: sa.Connection, comment_id: CommentId, *, of_authors: bool = False
) -> datetime | None:
    """Return when the oldest appeal about this comment that still waits was filed, or None.

    With ``of_authors``, only what its author has filed counts.
    """
    query = (
        sa.select(appeals.c.filed_at)
        .join(decisions, decisions.c.id == appeals.c.decision_id)
        .where(decisions.c.comment_id == comment_id, appeals.c.state == AppealState.OPEN)
        .order_by(appeals.c.filed_at)
        .limit(1)
    )
    if of_authors:
        query = query.where(appeals.c.report_id.is_(None))
    return conn.execute(query).scalar()


def list_for_decisions(
    conn: sa.Connection, decision_ids: Collection[DecisionId], *, of_authors: bool = False
) -> dict[DecisionId, Appeal]:
    """Return the appeals against these decisions, for those that have one.

    With ``of_authors``, only those by whom the decision is against: whatever is shown to them must
    hold nothing of those who reported.
    """
    query = sa.select(appeals).where(appeals.c.decision_id.in_(decision_ids))
    if of_authors:
        query = query.where(appeals.c.report_id.is_(None))
    return {DecisionId(row.decision_id): _appeal(row) for row in conn.execute(query)}


def list_waiting(
    conn: sa.Connection, site_id: SiteId, *, after: AppealId | None = None, limit: int = 50
) -> list[Appeal]:
    """Return the appeals that nobody has decided, about comments and sanctions, oldest first."""
    query = sa.select(appeals).where(
        appeals.c.site_id == site_id, appeals.c.state == AppealState.OPEN
    )
    if after is not None:
        query = query.where(appeals.c.id > after)
    return [_appeal(row) for row in conn.execute(query.order_by(appeals.c.id).limit(limit))]


def list_by_reader(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> list[Appeal]:
    """Return the reader's own appeals at the site, newest first."""
    query = sa.select(appeals).where(appeals.c.reader_id == reader_id, appeals.c.site_id == site_id)
    return [_appeal(row) for row in conn.execute(query.order_by(appeals.c.id.desc()))]


def add_appeal(tx: Tx, site_id: SiteId, filed: NewAppeal) -> Appeal | None:
    """Keep an appeal and return it, or return None if there is one against this decision."""
    new = insert_ignore(
        tx.conn,
        appeals,
        {
            "site_id": site_id,
            "decision_id": filed.decision_id,
            "reader_id": filed.reader_id,
            "report_id": filed.report_id,
            "text": filed.text,
            "state": AppealState.OPEN,
            "filed_at": tx.now,
        },
    )
    return find_for_decision(tx.conn, filed.decision_id) if new else None


def settle_appeal(
    tx: Tx, appeal_id: AppealId, *, upheld: bool, by: ReaderId | None, reason: str
) -> bool:
    """Give an open appeal its answer; say whether it was still open."""
    done = tx.conn.execute(
        sa.update(appeals)
        .where(appeals.c.id == appeal_id, appeals.c.state == AppealState.OPEN)
        .values(
            state=AppealState.UPHELD if upheld else AppealState.REJECTED,
            decided_at=tx.now,
            decided_by=by,
            reason=reason,
        )
    )
    return done.rowcount == 1


def lapse_appeal(tx: Tx, appeal_id: AppealId) -> bool:
    """Close an open appeal without an answer; say whether it was still open."""
    done = tx.conn.execute(
        sa.update(appeals)
        .where(appeals.c.id == appeal_id, appeals.c.state == AppealState.OPEN)
        .values(state=AppealState.LAPSED, decided_at=tx.now)
    )
    return done.rowcount == 1


def drop_appeal(tx: Tx, appeal_id: AppealId) -> bool:
    """Delete an open appeal, so that somebody else can appeal; say whether it was still open."""
    done = tx.conn.execute(
        sa.delete(appeals).where(appeals.c.id == appeal_id, appeals.c.state == AppealState.OPEN)
    )
    return done.rowcount == 1


def _appeal(row: sa.Row[Any]) -> Appeal:
    return Appeal(
        AppealId(row.id),
        SiteId(row.site_id),
        DecisionId(row.decision_id),
        ReaderId(row.reader_id) if row.reader_id is not None else None,
        row.text,
        AppealState(row.state),
        row.filed_at,
        row.decided_at,
        ReaderId(row.decided_by) if row.decided_by is not None else None,
        row.reason,
        ReportId(row.report_id) if row.report_id is not None else None,
    )
