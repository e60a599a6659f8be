"""Putting very many rows in at once, given as plain tuples: for what comes in from elsewhere.

PostgreSQL takes them as one stream (COPY), SQLite as one statement that runs for each. What is put
in like this brings its ids along, taken from the table's own counter, so that rows can refer to
each other before any of them is there. For a few rows ``many.Rows`` is the better tool.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from belowline.storage.prepared import binder, told_by_sqlalchemy

CACHE_KIB = 98_304
CHECKPOINT_PAGES = 32_768
"""128 MiB: what was changed in it several times is written back once."""


class Bulk:
    """Rows for one table, each a tuple with a value for each of ``columns``, in their order."""

    def __init__(self, table: sa.Table, columns: Sequence[str]) -> None:
        names = ", ".join(columns)
        marks = ", ".join("?" for _ in columns)
        self.columns = tuple(columns)
        self._types = [table.c[name].type for name in columns]
        self._insert = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - ours
        self._copy = f"COPY {table.name} ({names}) FROM STDIN"
        self._binders: dict[str, list[tuple[int, Any]]] = {}

    def put(self, conn: sa.Connection, rows: Iterable[Sequence[Any]]) -> None:
        """Put the rows in, all of them or none.

        Raises:
            sqlalchemy.exc.DBAPIError: the database refuses one, or does not answer.
        """
        raw: Any = conn.connection.dbapi_connection
        binders = self._find_binders(conn)
        bound = map(_bound_by(binders), rows) if binders else rows
        with told_by_sqlalchemy(conn, raw):
            if conn.dialect.name != "postgresql":
                raw.executemany(self._insert, bound)
                return
            with raw.cursor() as cursor, cursor.copy(self._copy) as copy:
                for row in bound:
                    copy.write_row(row)

    def _find_binders(self, conn: sa.Connection) -> list[tuple[int, Any]]:
        binders = self._binders.get(conn.dialect.name)
        if binders is None:
            found = [binder(kind, conn.dialect) for kind in self._types]
            binders = [(at, process) for at, process in enumerate(found) if process is not None]
            self._binders[conn.dialect.name] = binders
        return binders


def _bound_by(binders: list[tuple[int, Any]]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what turns a row into what the driver takes; most values are that already."""

    def bind(row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for at, process in binders:
            values[at] = process(values[at])
        return values

    return bind


def take_much(conn: sa.Connection) -> None:
    """Prepare a connection for a stream of rows, as far as the database needs that.

    SQLite then keeps more of its indexes in memory, and writes its log back in larger parts.
    """
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
        conn.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")


def reserve_ids(conn: sa.Connection, table: sa.Table, count: int) -> Sequence[int]:
    """Return so many ids of the table that nobody else will get, in ascending order.

    On SQLite they are free until the end of the write transaction in which this is called.
    """
    if count == 0:
        return []
    if conn.dialect.name != "postgresql":
        last = conn.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0
        return range(last + 1, last + 1 + count)
    counter = sa.func.nextval(sa.func.pg_get_serial_sequence(table.name, "id"))
    each = sa.func.generate_series(1, count).table_valued("number")
    return sorted(conn.execute(sa.select(counter).select_from(each)).scalars())
