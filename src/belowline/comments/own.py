"""An author's own comments under one story, of every status, for nobody but the author."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.comments.model import Comment
from belowline.comments.store import make_comment
from belowline.core.terms import ReaderId, SiteId, StoryId
from belowline.storage.tables import comments

MOST = 200


def list_own(
    conn: sa.Connection, site_id: SiteId, story_id: StoryId, *, author_id: ReaderId
) -> list[Comment]:
    """Return the author's latest comments under the story, oldest first."""
    query = (
        sa.select(comments)
        .where(
            comments.c.author_id == author_id,
            comments.c.site_id == site_id,
            comments.c.story_id == story_id,
        )
        .order_by(comments.c.created_at.desc(), comments.c.id.desc())
        .limit(MOST)
    )
    return [make_comment(row) for row in reversed(conn.execute(query).all())]


def has_written(conn: sa.Connection, site_id: SiteId, author_id: ReaderId) -> bool:
    """Say whether the reader has ever sent a comment to the site, whatever became of it."""
    query = sa.select(comments.c.id).where(
        comments.c.author_id == author_id, comments.c.site_id == site_id
    )
    return conn.execute(query.limit(1)).first() is not None
