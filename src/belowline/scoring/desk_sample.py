"""What stands for the comments that nobody ever brought up: a sample of them, or spot checks.

A desk's decisions are about what was held or reported. Of the rest it is only known that nobody
minded, unless moderators have checked comments of it that were drawn by lot.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, Outcome, RuleKey, SiteId
from belowline.scoring.desk_store import Decided
from belowline.storage.tables import cases, comments, decisions, revisions, spot_checks


def list_checked(
    conn: sa.Connection, site_id: SiteId, *, since: datetime, most: int
) -> list[Decided]:
    """Return what people said of comments that were drawn by lot and are still there, newest first.

    It is read like a decision, whatever has been decided since.
    """
    rows = conn.execute(
        sa.select(
            spot_checks.c.comment_id,
            spot_checks.c.outcome,
            spot_checks.c.rule_key,
            spot_checks.c.looked_at,
            comments.c.author_id,
            revisions.c.text,
        )
        .join(comments, comments.c.id == spot_checks.c.comment_id)
        .join(
            revisions,
            sa.and_(
                revisions.c.comment_id == spot_checks.c.comment_id,
                revisions.c.number == spot_checks.c.revision,
            ),
        )
        .where(
            spot_checks.c.site_id == site_id,
            spot_checks.c.looked_at >= since,
            revisions.c.text != "",
        )
        .order_by(spot_checks.c.looked_at.desc(), spot_checks.c.comment_id.desc())
        .limit(most)
    )
    return [
        Decided(
            CommentId(row.comment_id),
            f"r{row.author_id}",
            row.text,
            RuleKey(row.rule_key) if row.outcome == Outcome.REMOVE else None,
            None,
            row.looked_at,
        )
        for row in rows
    ]


def count_quiet(conn: sa.Connection, site_id: SiteId, *, span: tuple[datetime, datetime]) -> int:
    """Return how many published comments of the span nobody ever brought up."""
    quiet = sa.select(sa.func.count()).where(*_quiet(site_id, span))
    return int(conn.execute(quiet).scalar_one())


def sample_quiet(
    conn: sa.Connection,
    site_id: SiteId,
    *,
    span: tuple[datetime, datetime],
    every: int,
    most: int,
) -> list[tuple[str, str]]:
    """Return authors and texts of every so-manieth of these comments, whoever wrote them.

    Those that were checked are left out: what was said of them is known.
    """
    rows = conn.execute(
        sa.select(comments.c.author_id, revisions.c.text)
        .join(
            revisions,
            sa.and_(
                revisions.c.comment_id == comments.c.id,
                revisions.c.number == comments.c.revision,
            ),
        )
        .where(
            *_quiet(site_id, span),
            comments.c.id % every == 0,
            revisions.c.text != "",
            sa.not_(sa.exists().where(spot_checks.c.comment_id == comments.c.id)),
        )
        .order_by(comments.c.id)
        .limit(most)
    )
    return [(f"r{row.author_id}", row.text) for row in rows]


def _quiet(site_id: SiteId, span: tuple[datetime, datetime]) -> tuple[sa.ColumnElement[bool], ...]:
    since, until = span
    return (
        comments.c.site_id == site_id,
        comments.c.created_at >= since,
        comments.c.created_at <= until,
        comments.c.status == CommentStatus.PUBLISHED,
        # Whoever decides on their own initiative leaves no case.
        sa.not_(sa.exists().where(cases.c.comment_id == comments.c.id)),
        sa.not_(sa.exists().where(decisions.c.comment_id == comments.c.id)),
    )
