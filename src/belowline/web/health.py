"""``GET /healthz``: the truth about this process, for a load balancer and for a tired engineer.

It writes to the database (a temporary change that is rolled back), compares the migrations and
measures how far the followers are behind. Anything wrong answers 503 with what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response

from belowline.core.errors import BelowlineError
from belowline.core.terms import Actor
from belowline.followers.cursors import lag
from belowline.storage import migrate
from belowline.storage.database import Database
from belowline.storage.tables import cursors
from belowline.web.auth import Visitor

MOST_BEHIND = timedelta(minutes=5)
"""A follower that has let an event wait for this long is stuck."""


class _RollBack(Exception):
    """Not an error: the way out of a transaction that is to leave nothing behind."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found; empty ``problems`` is healthy."""

    problems: tuple[str, ...]
    behind: dict[str, int]


def examine(db: Database) -> Health:
    """Look at the database, the migrations and the followers."""
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
    """Write a row and take it back. Raises BelowlineError or SQLAlchemyError if it is refused."""
    try:
        with db.write(Actor.of_system("health")) as tx:
            tx.conn.execute(sa.insert(cursors).values(follower="health", moved_at=tx.now))
            raise _RollBack  # noqa: TRY301 - it ends the transaction around it
    except _RollBack:
        return


def healthz(visitor: Visitor) -> Response[bytes]:
    """Answer 200 if everything works, 503 with the problems otherwise."""
    found = examine(visitor.house.db)
    body: dict[str, Any] = {
        "status": "ok" if not found.problems else "unhealthy",
        "problems": list(found.problems),
        "followers_behind": found.behind,
    }
    return Response(
        content=msgspec.json.encode(body),
        status_code=503 if found.problems else 200,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
