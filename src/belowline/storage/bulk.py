"""Putting very many rows in at once, given as plain tuples: for what comes in from elsewhere.

PostgreSQL takes them as one stream (COPY), SQLite as one statement that runs for each. What is put
in like this brings its ids along, taken from the table's own counter, so that rows can refer to
each other before any of them is there. For a few rows ``many.Rows`` is the better tool.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from belowline.storage.prepared import binder, told_by_sqlalchemy


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
        bound = map(self._bind(conn), rows)
        with told_by_sqlalchemy(conn, raw):
            if conn.dialect.name != "postgresql":
                raw.executemany(self._insert, bound)
                return
            with raw.cursor() as cursor, cursor.copy(self._copy) as copy:
                for row in bound:
                    copy.write_row(row)

    def _bind(self, conn: sa.Connection) -> Any:  # noqa: ANN401 - what prepares a row
        binders = self._binders.get(conn.dialect.name)
        if binders is None:
            found = [binder(kind, conn.dialect) for kind in self._types]
            binders = [(at, process) for at, process in enumerate(found) if process is not None]
            self._binders[conn.dialect.name] = binders

        def bind(row: Sequence[Any]) -> Sequence[Any]:
            values = list(row)
            for at, process in binders:
                values[at] = process(values[at])
            return values

        return bind


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
