"""The newest published comments of a story or of a site, for those who follow from elsewhere.

Bounded however much was ever said; of a suspended story there are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, SiteId, StoryId, StoryMode
from belowline.storage.tables import comments, readers, stories

LATEST = 50
"""Comments in one answer."""
LOOK_BACK = 400
"""Comments of a site that are looked at for it, so that a thread full of removed ones costs no
more."""

# Written out, so that both databases recognise the partial index of storage/tables.py.
_PUBLISHED = sa.text("comments.published_at IS NOT NULL AND comments.status = 'published'")


@dataclass(frozen=True, slots=True)
class LatestComment:
    """A published comment with its story. ``parent_id`` is what it replies to."""

    id: CommentId
    parent_id: CommentId | None
    story_key: str
    story_title: str
    author_name: str
    html: str
    created_at: datetime
    edited_at: datetime | None

    @property
    def changed_at(self) -> datetime:
        """Return when it was last written to."""
        return self.edited_at or self.created_at


def list_latest(
    conn: sa.Connection, site_id: SiteId, *, story_id: StoryId | None = None
) -> list[LatestComment]:
    """Return the newest published comments of a story, or of all of a site's, newest first."""
    newest = sa.select(comments.c.id).where(comments.c.site_id == site_id)
    if story_id is not None:
        newest = newest.where(comments.c.story_id == story_id, _PUBLISHED).limit(LATEST)
    else:
        newest = newest.limit(LOOK_BACK)
    place = (comments.c.created_at.desc(), comments.c.id.desc())
    rows = conn.execute(
        sa.select(
            comments.c.id,
            comments.c.parent_id,
            stories.c.key,
            stories.c.title,
            readers.c.name,
            comments.c.html,
            comments.c.created_at,
            comments.c.edited_at,
        )
        .join(stories, stories.c.id == comments.c.story_id)
        .join(readers, readers.c.id == comments.c.author_id)
        .where(
            comments.c.id.in_(newest.order_by(*place).scalar_subquery()),
            comments.c.status == CommentStatus.PUBLISHED,
            stories.c.mode != StoryMode.SUSPENDED,
        )
        .order_by(*place)
        .limit(LATEST)
    )
    return [LatestComment(*row) for row in rows]
