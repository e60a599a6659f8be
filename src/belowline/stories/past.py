"""Stories of another time: what an import brings, and which of them are here already."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from belowline.core.terms import SiteId, StoryId
from belowline.storage.bulk import Bulk, reserve_ids
from belowline.storage.database import Tx
from belowline.storage.tables import stories
from belowline.stories.model import StoryDraft

_PAST = Bulk(stories, ("id", "site_id", "key", "title", "url", "mode", "created_at"))


def add_past_stories(tx: Tx, site_id: SiteId, drafts: Sequence[StoryDraft]) -> list[StoryId]:
    """Add very many stories whose keys are free; return their ids."""
    ids = [StoryId(one) for one in reserve_ids(tx.conn, stories, len(drafts))]
    _PAST.put(
        tx.conn,
        (
            (story_id, site_id, draft.key, draft.title, draft.url, draft.mode.value, tx.now)
            for story_id, draft in zip(ids, drafts, strict=True)
        ),
    )
    return ids


def find_addresses(
    conn: sa.Connection, site_id: SiteId, keys: Collection[str]
) -> dict[str, tuple[StoryId, str]]:
    """Return the ids and addresses of those of these stories that are here, by their keys."""
    rows = conn.execute(
        sa.select(stories.c.key, stories.c.id, stories.c.url).where(
            stories.c.site_id == site_id, stories.c.key.in_(keys)
        )
    )
    return {row.key: (StoryId(row.id), row.url) for row in rows}
