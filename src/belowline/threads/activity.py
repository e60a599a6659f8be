"""Which stories are being talked about: read from the newest comments of a site, a bounded few."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import CommentStatus, SiteId, StoryId, StoryMode
from belowline.storage.tables import comments, stories

LOOK_BACK = 400
"""Comments looked at, so that the answer costs the same however much was ever said."""


@dataclass(frozen=True, slots=True)
class LivelyStory:
    """A story with the time of its newest comment among those looked at."""

    id: StoryId
    key: str
    title: str
    mode: StoryMode
    comment_count: int
    last_at: datetime


def list_lively(conn: sa.Connection, site_id: SiteId, *, limit: int = 20) -> list[LivelyStory]:
    """Return the stories with the newest published comments, newest first; none suspended."""
    newest = (
        sa.select(comments.c.story_id, comments.c.status, comments.c.created_at)
        .where(comments.c.site_id == site_id)
        .order_by(comments.c.created_at.desc())
        .limit(LOOK_BACK)
        .subquery()
    )
    last_at = sa.func.max(newest.c.created_at, type_=comments.c.created_at.type)
    latest = (
        sa.select(newest.c.story_id, last_at.label("last_at"))
        .where(newest.c.status == CommentStatus.PUBLISHED)
        .group_by(newest.c.story_id)
        .subquery()
    )
    rows = conn.execute(
        sa.select(stories, latest.c.last_at)
        .join(latest, latest.c.story_id == stories.c.id)
        .where(stories.c.site_id == site_id, stories.c.mode != StoryMode.SUSPENDED)
        .order_by(latest.c.last_at.desc(), stories.c.id.desc())
        .limit(limit)
    )
    return [
        LivelyStory(
            StoryId(row.id),
            row.key,
            row.title,
            StoryMode(row.mode),
            row.comment_count,
            row.last_at,
        )
        for row in rows
    ]
