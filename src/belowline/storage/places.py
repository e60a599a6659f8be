"""The places of roots in the orders that are worked out, and which threads wait to be ranked.

What changes a comment keeps these in step inside its own transaction, whichever noun it belongs to:
a root has its places exactly while it is shown, and a thread in which something counts is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from belowline.core.terms import CommentId, SiteId, StoryId, ThreadOrder
from belowline.storage.bulk import Bulk
from belowline.storage.database import Tx
from belowline.storage.many import Rows
from belowline.storage.prepared import Prepared
from belowline.storage.tables import comments, places, rankings

WORKED_OUT = (ThreadOrder.BEST, ThreadOrder.REPLIED, ThreadOrder.NEWSROOM)
"""The orders that need a key; the others follow a comment's time."""
FRESH = 1181
"""What threads/ranking.py gives a comment that nobody has come upon yet."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _ask(make: Any) -> sa.Executable:  # noqa: ANN401 - one of the databases' insert()
    new = make(rankings)
    due_at = sa.case(
        (rankings.c.rests_until > new.excluded.due_at, rankings.c.rests_until),
        else_=new.excluded.due_at,
    )
    asked: sa.Executable = new.on_conflict_do_update(
        index_elements=[rankings.c.story_id],
        set_={"due_at": due_at},
        where=rankings.c.due_at.is_(None) | (rankings.c.due_at > due_at),
    )
    return asked


_ASK = Prepared(_ask(insert_sqlite), postgres=_ask(insert_postgres), columns=("story_id", "due_at"))
_PLACED = Prepared(
    sa.select(
        comments.c.parent_id,
        comments.c.shown,
        comments.c.reply_count,
        comments.c.created_at,
        comments.c.author_role,
        comments.c.site_id,
        comments.c.story_id,
    ).where(comments.c.id == sa.bindparam("comment_id"))
)
_PLACES = Bulk(places, ("site_id", "story_id", "comment_id", "in_order", "key", "key_before"))
_KEEP = Rows(places, _PLACES.columns, unless_there=True)


@dataclass(frozen=True, slots=True)
class Root:
    """A comment on a story, as far as its places depend on it."""

    site_id: SiteId
    story_id: StoryId
    id: CommentId
    reply_count: int
    spoken_at: datetime | None
    """When the newsroom said it, if it did."""


def time_key(at: datetime) -> int:
    """Return a time as a key, in microseconds."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def keep_places(tx: Tx, comment_id: CommentId) -> None:
    """Give a root that is shown its places, and take them from one that is not."""
    row = _PLACED.first(tx.conn, comment_id=comment_id)
    if row.parent_id is not None or not row.shown:
        tx.conn.execute(sa.delete(places).where(places.c.comment_id == comment_id))
        return
    spoken_at = row.created_at if row.author_role else None
    root = Root(row.site_id, row.story_id, comment_id, row.reply_count, spoken_at)
    give_places(tx, [root])


def give_places(tx: Tx, roots: Sequence[Root]) -> None:
    """Give roots that are shown their places, unless they have them."""
    names = _PLACES.columns
    _KEEP.put(tx.conn, [dict(zip(names, row, strict=True)) for row in _first_rows(roots)])


def give_first_places(tx: Tx, roots: Sequence[Root]) -> None:
    """Give very many roots that are new and shown their places."""
    _PLACES.put(tx.conn, _first_rows(roots))


def _first_rows(roots: Sequence[Root]) -> list[tuple[Any, ...]]:
    return [
        (root.site_id, root.story_id, root.id, order.value, key, key)
        for root in roots
        for order, key in _first_keys(root).items()
    ]


def _first_keys(root: Root) -> dict[ThreadOrder, int]:
    return {
        ThreadOrder.BEST: FRESH,
        ThreadOrder.REPLIED: root.reply_count,
        ThreadOrder.NEWSROOM: time_key(root.spoken_at) if root.spoken_at else 0,
    }


def ask_ranking(tx: Tx, story_id: StoryId, *, at: datetime | None = None) -> None:
    """Have the thread ranked at this time, now by default, or as soon as it has rested."""
    _ASK.send(tx.conn, story_id=story_id, due_at=at or tx.now)
