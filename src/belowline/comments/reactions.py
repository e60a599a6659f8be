"""How respect is kept: one row a reader and comment, and the counts beside the comment.

In a comment's first hour nobody is told how much respect it has: whoever sees a number follows it
(Muchnik and others, Science 341, 2013). Then the count that is shown catches up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.comments.model import Comment
from belowline.core.terms import CommentId, ReaderId, StoryId
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.places import ask_ranking
from belowline.storage.tables import comments, reactions, stories

HIDDEN_FOR = timedelta(hours=1)
"""How long a comment's count of respect is kept back."""


def add_reaction(tx: Tx, comment: Comment, reader_id: ReaderId) -> bool:
    """Note the reader's respect; say whether that is new."""
    new = insert_ignore(
        tx.conn,
        reactions,
        {
            "comment_id": comment.id,
            "reader_id": reader_id,
            "created_at": tx.now,
            "story_id": comment.story_id,
        },
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


def is_count_shown(comment: Comment, *, now: datetime) -> bool:
    """Say whether readers are told by now how much respect the comment has."""
    return now >= comment.created_at + HIDDEN_FOR


def reveal(tx: Tx, story_id: StoryId, *, since: datetime) -> tuple[int, datetime | None]:
    """Show the counts whose hour is over; return how many, and when the next one will be.

    ``since`` is from when on respect is looked at; what was given earlier is shown already.
    """
    given = sa.select(reactions.c.comment_id).where(
        reactions.c.story_id == story_id, reactions.c.created_at >= since
    )
    behind = comments.c.respect_shown != comments.c.respect_count
    shown = tx.conn.execute(
        sa.update(comments)
        .where(comments.c.id.in_(given), behind, comments.c.created_at <= tx.now - HIDDEN_FOR)
        .values(respect_shown=comments.c.respect_count)
    ).rowcount
    first = tx.conn.execute(
        sa.select(sa.func.min(comments.c.created_at, type_=comments.c.created_at.type)).where(
            comments.c.id.in_(given), behind
        )
    ).scalar_one()
    return shown, first + HIDDEN_FOR if first is not None else None


def _count(tx: Tx, comment: Comment, change: int) -> None:
    ask_ranking(tx, comment.story_id)
    count = comments.c.respect_count + change
    if not is_count_shown(comment, now=tx.now):
        tx.conn.execute(
            sa.update(comments).where(comments.c.id == comment.id).values(respect_count=count)
        )
        return
    tx.conn.execute(
        sa.update(comments)
        .where(comments.c.id == comment.id)
        .values(respect_count=count, respect_shown=count)
    )
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id == comment.story_id)
        .values(thread_version=stories.c.thread_version + 1)
    )
