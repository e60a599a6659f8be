"""Which screens have not answered, since when, and how many comments are held because of it.

Told from the verdicts themselves, so that every process and every desk sees the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.core.terms import CommentStatus, Finding, ScreenName, SiteId
from belowline.screens.later import LATER
from belowline.storage.tables import comments, screenings

LOOK_BACK = timedelta(days=7)
MOST = 1000
LATEST = 20


@dataclass(frozen=True, slots=True)
class Silent:
    """A screen that could not run, and what that keeps waiting."""

    screen: ScreenName
    since: datetime
    until: datetime | None
    """When it last failed to answer, if it has answered since; None while it is silent."""
    held: int
    """Comments that still wait because of it, counted up to a thousand."""


def find_silent(conn: sa.Connection, site_id: SiteId, *, now: datetime) -> list[Silent]:
    """Return the screens that comments of the site still wait for, or that are silent now."""
    rows = conn.execute(
        sa.select(screenings.c.verdicts, screenings.c.created_at)
        .join(comments, comments.c.id == screenings.c.comment_id)
        .where(
            screenings.c.unanswered,
            screenings.c.created_at >= now - LOOK_BACK,
            comments.c.site_id == site_id,
            comments.c.status == CommentStatus.HELD,
        )
        .order_by(screenings.c.created_at.desc())
        .limit(MOST)
    ).all()
    found: dict[str, list[datetime]] = {}
    for row in rows:
        for verdict in row.verdicts:
            if verdict["finding"] == Finding.UNAVAILABLE:
                found.setdefault(verdict["screen"], []).append(row.created_at)
    return [
        Silent(
            ScreenName(screen),
            since=min(times),
            until=max(times) if _has_answered(conn, site_id, screen) else None,
            held=len(times),
        )
        for screen, times in sorted(found.items())
    ]


def _has_answered(conn: sa.Connection, site_id: SiteId, screen: str) -> bool:
    """Say whether the screen's latest verdict at the site is an answer."""
    latest = (
        sa.select(comments.c.id)
        .where(comments.c.site_id == site_id)
        .order_by(comments.c.created_at.desc())
        .limit(LATEST)
        .subquery()
    )
    rows = conn.execute(
        sa.select(screenings.c.verdicts)
        .where(screenings.c.comment_id.in_(sa.select(latest.c.id)))
        .order_by(screenings.c.comment_id.desc(), screenings.c.revision.desc())
    ).scalars()
    findings = (
        verdict["finding"]
        for said in rows
        for verdict in said
        if verdict["screen"] == screen and verdict.get("code") != LATER
    )
    return next(findings, Finding.UNAVAILABLE) != Finding.UNAVAILABLE
