"""The history of a site's and of its stories' screen settings: who changed what, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import ReaderId, SiteId, StoryId
from belowline.storage.database import Tx, insert_id
from belowline.storage.tables import screen_versions as table


@dataclass(frozen=True, slots=True)
class ScreenVersion:
    """The settings as somebody set them."""

    id: int
    options: Mapping[str, Any]
    changed: tuple[str, ...]
    """The names of what is otherwise than before."""
    changed_by: ReaderId | None
    changed_at: datetime


def add_version(
    tx: Tx,
    site_id: SiteId,
    story_id: StoryId | None,
    *,
    options: Mapping[str, Any],
    changed: Sequence[str],
) -> int:
    """Keep a version and return its number."""
    return insert_id(
        tx.conn,
        table,
        {
            "site_id": site_id,
            "story_id": story_id,
            "options": dict(options),
            "changed": list(changed),
            "changed_by": tx.actor.reader_id,
            "changed_at": tx.now,
        },
    )


def list_versions(
    conn: sa.Connection, site_id: SiteId, story_id: StoryId | None, *, limit: int
) -> list[ScreenVersion]:
    """Return the latest versions, newest first; of the whole site without a story."""
    query = (
        sa.select(table)
        .where(table.c.site_id == site_id, table.c.story_id.is_not_distinct_from(story_id))
        .order_by(table.c.id.desc())
        .limit(limit)
    )
    return [
        ScreenVersion(
            row.id,
            row.options,
            tuple(row.changed),
            ReaderId(row.changed_by) if row.changed_by is not None else None,
            row.changed_at,
        )
        for row in conn.execute(query)
    ]
