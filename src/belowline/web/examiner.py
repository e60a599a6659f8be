"""Whether this process works, found out by working: what ``GET /healthz`` and ``check`` tell.

It commits a change to the database (a row that comes and goes), compares the migrations and
measures how far the followers are behind. What is wrong is named in codes that tell a stranger
nothing. Who asks meanwhile is given the same answer, so asking is cheap.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from belowline.core.errors import BelowlineError
from belowline.core.terms import Actor
from belowline.followers.cursors import lag
from belowline.storage import migrate
from belowline.storage.database import Database
from belowline.storage.tables import cursors

MOST_BEHIND = timedelta(minutes=5)
"""A follower that has let an event wait for this long is stuck."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found; empty ``problems`` is healthy."""

    problems: tuple[str, ...]
    behind: dict[str, int]


def examine(db: Database) -> Health:
    """Look at the database, the migrations and the followers."""
    if db.missing_file() is not None:
        # What is still open goes on answering, from a file that nobody will find again.
        return Health(("database_unavailable",), {})
    problems: list[str] = []
    behind: dict[str, int] = {}
    try:
        with db.read() as conn:
            if migrate.current(conn) != migrate.head():
                return Health(("migrations_pending",), {})
            for one in lag(conn):
                behind[one.name] = one.behind
                # Not since it last moved: after a quiet night the first event is no delay.
                if one.waiting_since and db.clock() - one.waiting_since > MOST_BEHIND:
                    problems.append(f"follower_behind:{one.name}")
        require_writable(db)
    except (BelowlineError, sa.exc.SQLAlchemyError):
        problems.append("database_unavailable")
    return Health(tuple(problems), behind)


def require_writable(db: Database) -> None:
    """Write a row and take it away again. Raises BelowlineError or SQLAlchemyError if refused.

    Both are one transaction, which is committed: only a commit reaches the disk, and so knows
    whether it is full.
    """
    with db.write(Actor.of_system("health")) as tx:
        tx.conn.execute(sa.insert(cursors).values(follower="health", moved_at=tx.now))
        tx.conn.execute(sa.delete(cursors).where(cursors.c.follower == "health"))


class Examiner:
    """Examines for everybody who asks at the same time once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._found: Health | None = None
        self._found_at = -math.inf

    def examine(self) -> Health:
        """Return what was found at a time after the call began."""
        asked_at = time.monotonic()
        with self._lock:
            if self._found is None or self._found_at < asked_at:
                self._found = examine(self._db)
                self._found_at = time.monotonic()
            return self._found
