"""The places of roots in the orders that are worked out, and which threads wait to be ranked.

What changes a comment keeps these in step inside its own transaction, whichever noun it belongs to:
a root has its places exactly while it is shown, and a thread in which something counts is due.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from belowline.core.terms import CommentId, StoryId, ThreadOrder
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import comments, places, rankings

WORKED_OUT = (ThreadOrder.BEST, ThreadOrder.REPLIED, ThreadOrder.NEWSROOM)
"""The orders that need a key; the others follow a comment's time."""
FRESH = 2495
"""What threads/ranking.py gives a comment that nobody has come upon yet."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def time_key(at: datetime) -> int:
    """Return a time as a key, in microseconds."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def keep_places(tx: Tx, comment_id: CommentId) -> None:
    """Give a root that is shown its places, and take them from one that is not."""
    row = tx.conn.execute(sa.select(comments).where(comments.c.id == comment_id)).one()
    if row.parent_id is not None or not row.shown:
        tx.conn.execute(sa.delete(places).where(places.c.comment_id == comment_id))
        return
    keys = {
        ThreadOrder.BEST: FRESH,
        ThreadOrder.REPLIED: row.reply_count,
        ThreadOrder.NEWSROOM: time_key(row.created_at) if row.author_role else 0,
    }
    for order, key in keys.items():
        values = {"site_id": row.site_id, "story_id": row.story_id, "comment_id": comment_id}
        insert_ignore(tx.conn, places, values | {"in_order": order, "key": key, "key_before": key})


def ask_ranking(tx: Tx, story_id: StoryId, *, at: datetime | None = None) -> None:
    """Have the thread ranked at this time, now by default, or as soon as it has rested."""
    at = at or tx.now
    make = insert_sqlite if tx.conn.dialect.name == "sqlite" else insert_postgres
    new = make(rankings).values(story_id=story_id, due_at=at)
    due_at = sa.case(
        (rankings.c.rests_until > new.excluded.due_at, rankings.c.rests_until),
        else_=new.excluded.due_at,
    )
    tx.conn.execute(
        new.on_conflict_do_update(
            index_elements=[rankings.c.story_id],
            set_={"due_at": due_at},
            where=rankings.c.due_at.is_(None) | (rankings.c.due_at > due_at),
        )
    )
