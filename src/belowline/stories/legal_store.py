"""How the legal status of stories is kept, and which of them somebody should look at again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import ReaderId, SiteId, StoryId
from belowline.storage.database import Tx
from belowline.storage.tables import legal_statuses as table
from belowline.storage.tables import stories
from belowline.stories.legal import LegalState, LegalStatus

MOST = 300


def find_state(conn: sa.Connection, site_id: SiteId, story_id: StoryId) -> LegalState | None:
    """Return what was last set for the story, or None if nothing ever was."""
    row = conn.execute(
        sa.select(table).where(table.c.story_id == story_id, table.c.site_id == site_id)
    ).first()
    return _state(row) if row is not None else None


def list_states(conn: sa.Connection, site_id: SiteId) -> list[LegalState]:
    """Return the stories of the site that have a status, the first to be reviewed first."""
    rows = conn.execute(
        sa.select(table)
        .where(table.c.site_id == site_id, table.c.status != LegalStatus.NONE)
        .order_by(table.c.review_at, table.c.story_id)
        .limit(MOST)
    )
    return [_state(row) for row in rows]


def count_due(conn: sa.Connection, site_id: SiteId, *, now: datetime) -> int:
    """Count the stories whose status should be looked at again."""
    query = sa.select(sa.func.count()).where(
        table.c.site_id == site_id,
        table.c.review_at <= now,
        table.c.status != LegalStatus.NONE,
    )
    return conn.execute(query).scalar_one()


def list_with_names(conn: sa.Connection, site_id: SiteId) -> list[tuple[StoryId, str, int]]:
    """Return the stories with a list of protected names of their own, and how many are on it."""
    rows = conn.execute(
        sa.select(stories.c.id, stories.c.title, stories.c.listed_names)
        .where(stories.c.site_id == site_id, stories.c.listed_names > 0)
        .order_by(stories.c.id.desc())
        .limit(MOST)
    )
    return [(StoryId(row.id), row.title, row.listed_names) for row in rows]


def put_state(
    tx: Tx,
    site_id: SiteId,
    story_id: StoryId,
    *,
    status: LegalStatus,
    review_at: datetime | None,
) -> None:
    """Set the story's status in place of any other."""
    tx.conn.execute(sa.delete(table).where(table.c.story_id == story_id))
    tx.conn.execute(
        sa.insert(table).values(
            story_id=story_id,
            site_id=site_id,
            status=status,
            review_at=review_at,
            set_by=tx.actor.reader_id,
            set_at=tx.now,
        )
    )


def _state(row: sa.Row[Any]) -> LegalState:
    return LegalState(
        StoryId(row.story_id),
        LegalStatus(row.status),
        row.review_at,
        ReaderId(row.set_by),
        row.set_at,
    )
