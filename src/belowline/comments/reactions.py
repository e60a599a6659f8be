"""How respect is kept: one row a reader and comment, and the count beside the comment."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from belowline.comments.model import Comment
from belowline.core.terms import CommentId, ReaderId, StoryId
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import comments, reactions, stories


def add_reaction(tx: Tx, comment: Comment, reader_id: ReaderId) -> bool:
    """Note the reader's respect; say whether that is new."""
    new = insert_ignore(
        tx.conn,
        reactions,
        {"comment_id": comment.id, "reader_id": reader_id, "created_at": tx.now},
    )
    if new:
        _count(tx, comment, 1)
    return new


def drop_reaction(tx: Tx, comment: Comment, reader_id: ReaderId) -> bool:
    """Take the reader's respect back; say whether there was any."""
    gone = tx.conn.execute(
        sa.delete(reactions).where(
            reactions.c.comment_id == comment.id, reactions.c.reader_id == reader_id
        )
    )
    if gone.rowcount:
        _count(tx, comment, -1)
    return gone.rowcount > 0


def respected_by(
    conn: sa.Connection, story_id: StoryId, reader_id: ReaderId
) -> Sequence[CommentId]:
    """Return the comments of a story that the reader respects."""
    query = (
        sa.select(reactions.c.comment_id)
        .join(comments, comments.c.id == reactions.c.comment_id)
        .where(reactions.c.reader_id == reader_id, comments.c.story_id == story_id)
    )
    return [CommentId(row.comment_id) for row in conn.execute(query)]


def _count(tx: Tx, comment: Comment, change: int) -> None:
    tx.conn.execute(
        sa.update(comments)
        .where(comments.c.id == comment.id)
        .values(respect_count=comments.c.respect_count + change)
    )
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id == comment.story_id)
        .values(thread_version=stories.c.thread_version + 1)
    )
