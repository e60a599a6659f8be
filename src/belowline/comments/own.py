"""Comments of certain authors for one reader's eyes: their own, and those they do not wish to read.

An author's own are of every status, and for nobody but the author.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from belowline.comments.model import Comment
from belowline.comments.places import make_comment
from belowline.core.terms import CommentId, CommentStatus, ReaderId, SiteId, StoryId
from belowline.storage.tables import comments

MOST = 200
MOST_BY_OTHERS = 1000


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


def list_by(
    conn: sa.Connection, site_id: SiteId, story_id: StoryId, *, author_ids: Collection[ReaderId]
) -> list[CommentId]:
    """Return the latest published comments of these authors under the story, the latest first."""
    query = (
        sa.select(comments.c.id)
        .where(
            comments.c.author_id.in_(author_ids),
            comments.c.site_id == site_id,
            comments.c.story_id == story_id,
            comments.c.status == CommentStatus.PUBLISHED,
        )
        .order_by(comments.c.id.desc())
        .limit(MOST_BY_OTHERS)
    )
    return [CommentId(row.id) for row in conn.execute(query)]
