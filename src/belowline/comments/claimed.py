"""Comments of an imported author that become those of the reader who they are."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from belowline.core.terms import ReaderId, StoryId
from belowline.storage.database import Tx
from belowline.storage.places import ask_ranking
from belowline.storage.tables import comments, reactions, stories


def give_comments(tx: Tx, past_id: ReaderId, *, to: ReaderId) -> int:
    """Make every comment of the one the other's, of whatever status; return how many there were.

    Each counts as changed, so that a decision about it that somebody is just making is stale.
    """
    done = tx.conn.execute(
        sa.update(comments)
        .where(comments.c.author_id == past_id)
        .values(author_id=to, version=comments.c.version + 1)
    )
    return done.rowcount


def settle_reactions(tx: Tx, past_id: ReaderId, *, to: ReaderId) -> None:
    """Take back the respect that would count wrongly once the two are one, and correct the counts.

    Nobody respects their own comment, and nobody respects one twice. Called before their comments
    become one person's.
    """
    both = (past_id, to)
    twin = reactions.alias()
    own = sa.exists().where(comments.c.id == reactions.c.comment_id, comments.c.author_id.in_(both))
    twice = sa.and_(
        reactions.c.reader_id == past_id,
        sa.exists().where(twin.c.comment_id == reactions.c.comment_id, twin.c.reader_id == to),
    )
    rows = tx.conn.execute(
        sa.select(reactions.c.comment_id, reactions.c.reader_id, reactions.c.story_id).where(
            reactions.c.reader_id.in_(both), sa.or_(own, twice)
        )
    ).all()
    for row in rows:
        tx.conn.execute(
            sa.delete(reactions).where(
                reactions.c.comment_id == row.comment_id, reactions.c.reader_id == row.reader_id
            )
        )
    for comment_id, fewer in Counter(row.comment_id for row in rows).items():
        shown = comments.c.respect_shown
        tx.conn.execute(
            sa.update(comments)
            .where(comments.c.id == comment_id)
            .values(
                respect_count=comments.c.respect_count - fewer,
                # It is 0 in a comment's first hour, and the count there is none of.
                respect_shown=sa.case((shown > fewer, shown - fewer), else_=0),
            )
        )
    for story_id in sorted({StoryId(row.story_id) for row in rows}):
        ask_ranking(tx, story_id)
        tx.conn.execute(
            sa.update(stories)
            .where(stories.c.id == story_id)
            .values(thread_version=stories.c.thread_version + 1)
        )
