"""What a database says about how it would run the statements of an act.

A test that asks is marked ``unused_database``: what earlier tests have deleted still takes room,
and PostgreSQL's plans change with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from belowline.storage.database import Database
from tests.factories import SYSTEM

Statement = tuple[str, Any]


def statements_of(db: Database, act: Callable[[], object]) -> list[Statement]:
    """Return what the act asks of the database, with its values."""
    asked: list[Statement] = []

    def hear(_conn: object, _cursor: object, sql: str, values: Any, *_: object) -> None:  # noqa: ANN401
        if sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((sql, values))

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    try:
        act()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", hear)
    return asked


def plan_of(db: Database, statement: Statement, *, off: tuple[str, ...] = ()) -> str:
    """Return how the statement would run, in the database's own words.

    ``off`` names what PostgreSQL shall do without if it can.
    """
    sql, values = statement
    with db.write(SYSTEM) as tx:
        if db.is_sqlite:
            rows = tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            return "\n".join(row.detail for row in rows)
        # Test tables are small, and a small table is quickest read as a whole.
        for name in ("enable_seqscan", *off):
            tx.conn.exec_driver_sql(f"SET LOCAL {name} = off")
        rows = tx.conn.exec_driver_sql(f"EXPLAIN {sql}", values)
        return "\n".join(row[0] for row in rows)
