"""How far the index has been filled with what was there before it, or came in by an import."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.storage.database import Tx
from belowline.storage.tables import search_fills

COMMENTS = "comments"
DECISIONS = "decisions"
ERASED = "erased"


def lock_place(tx: Tx, what: str) -> int:
    """Return up to which id everything has been looked at, and keep others from it until the end.

    Only one process fills at a time; another that comes meanwhile waits and goes on behind it.
    """
    query = sa.select(search_fills.c.done_to).where(search_fills.c.what == what)
    return int(tx.conn.execute(query.with_for_update()).scalar_one())


def move_place(tx: Tx, what: str, to: int) -> None:
    """Note up to which id everything has been looked at."""
    tx.conn.execute(sa.update(search_fills).where(search_fills.c.what == what).values(done_to=to))


def begin_again(tx: Tx, what: str, *, after: int) -> None:
    """Let everything behind this id be looked at once more, if it has been looked at."""
    tx.conn.execute(
        sa.update(search_fills)
        .where(search_fills.c.what == what, search_fills.c.done_to > after)
        .values(done_to=after)
    )


def find_place(conn: sa.Connection, what: str) -> int:
    """Return up to which id everything has been looked at."""
    query = sa.select(search_fills.c.done_to).where(search_fills.c.what == what)
    return int(conn.execute(query).scalar_one())
