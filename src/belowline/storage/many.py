"""Statements about many things at once, prepared like those of ``prepared.py``.

On SQLite a statement costs next to nothing, so there they run one after the other. On PostgreSQL
each is a journey to the server, so there all of them go as one, as rows of a JSON document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from belowline.storage.prepared import Prepared, Soon

Values = Mapping[str, Any]
_PLACE = "place"


class Each:
    """A look-up of at most one row for each of many; ``select`` makes it from what is asked for."""

    def __init__(
        self, select: Callable[..., sa.Select[Any]], **asked: sa.types.TypeEngine[Any]
    ) -> None:
        one = select(**{name: sa.bindparam(name, type_=kind) for name, kind in asked.items()})
        given = _given(asked)
        found = select(**{name: given.c[name] for name in asked}).lateral("found")
        self._one = Prepared(one)
        self._all = Prepared(
            one, postgres=sa.select(given.c[_PLACE], found).join_from(given, found, sa.true())
        )

    def find(self, conn: sa.Connection, asked: Sequence[Values]) -> list[Any]:
        """Return the row of each, in their order, or None where there is none."""
        return self.soon(conn, asked)()

    def soon(self, conn: sa.Connection, asked: Sequence[Values]) -> Soon[list[Any]]:
        """Ask for them and return what reads them; see ``prepared.ahead``."""
        if conn.dialect.name != "postgresql" or len(asked) <= 1:
            found = [self._one.first(conn, **values) for values in asked]
            return lambda: found
        read = self._all.soon(conn, given=_encode(asked))

        def rows() -> list[Any]:
            at_place = {row.place: row for row in read()}
            return [at_place.get(place) for place in range(len(asked))]

        return rows

    def explain(self, conn: sa.Connection) -> list[str]:
        """Return how SQLite would find a row; nothing is run. For tests."""
        return self._one.explain(conn)


class Rows:
    """Putting any number of rows into a table, each with values for ``columns``.

    ``returning`` names what is given back of each row, first the number that the database counts
    up. ``postgres`` is what PostgreSQL fills in by itself. With ``unless_there``, a row whose key
    is taken is left out.
    """

    def __init__(
        self,
        table: sa.Table,
        columns: Sequence[str],
        *,
        returning: Sequence[str] = (),
        postgres: Mapping[str, sa.TextClause] | None = None,
        unless_there: bool = False,
    ) -> None:
        self._returns = bool(returning)
        given = _given({name: table.c[name].type for name in columns})
        own = postgres or {}
        # In their order, so that the numbers that are counted up are in it too.
        source = sa.select(*(given.c[name] for name in columns), *own.values())
        put: Any = insert_postgres(table).from_select(
            [*columns, *own], source.select_from(given).order_by(given.c[_PLACE])
        )
        one: Any = insert_sqlite(table)
        if unless_there:
            put, one = put.on_conflict_do_nothing(), one.on_conflict_do_nothing()
        if returning:
            back = [table.c[name] for name in returning]
            put, one = put.returning(*back), one.returning(*back)
        self._one = Prepared(one, columns=columns)
        self._all = Prepared(one, postgres=put)

    def put(self, conn: sa.Connection, rows: Sequence[Values]) -> list[Any]:
        """Put the rows in, and return what is given back of each, in their order."""
        if not rows:
            return []
        if conn.dialect.name == "postgresql":
            given = _encode(rows)
            if not self._returns:
                self._all.send(conn, given=given)
                return []
            return sorted(self._all.all(conn, given=given), key=_first)
        if self._returns:
            return [self._one.first(conn, **row) for row in rows]
        self._one.run_each(conn, rows)
        return []


class Changes:
    """Changing any number of rows, each found by ``keys`` and given values for ``columns``."""

    def __init__(self, table: sa.Table, keys: Sequence[str], columns: Sequence[str]) -> None:
        given = _given({name: table.c[name].type for name in (*keys, *columns)})
        change = sa.update(table)
        # SQLAlchemy keeps a column's own name for what it is set to.
        one = change.where(*(table.c[name] == sa.bindparam(f"of_{name}") for name in keys))
        each = change.where(*(table.c[name] == given.c[name] for name in keys))
        self._keys = keys
        self._one = Prepared(
            one.values(
                {name: sa.bindparam(f"to_{name}", type_=table.c[name].type) for name in columns}
            )
        )
        self._all = Prepared(one, postgres=each.values({name: given.c[name] for name in columns}))

    def make(self, conn: sa.Connection, rows: Sequence[Values]) -> None:
        """Make the changes; what is not there is passed over."""
        if not rows:
            return
        if conn.dialect.name == "postgresql":
            self._all.send(conn, given=_encode(rows))
            return
        self._one.run_each(
            conn,
            [
                {
                    f"of_{name}" if name in self._keys else f"to_{name}": value
                    for name, value in row.items()
                }
                for row in rows
            ],
        )


def _first(row: Sequence[int]) -> int:
    return row[0]


def _given(columns: Mapping[str, sa.types.TypeEngine[Any]]) -> Any:  # noqa: ANN401 - an alias
    document = sa.cast(sa.bindparam("given", type_=sa.Text()), JSONB)
    named = [sa.column(name, kind) for name, kind in columns.items()]
    table = sa.func.jsonb_to_recordset(document).table_valued(
        sa.column(_PLACE, sa.Integer()), *named, name="given"
    )
    return table.render_derived(with_types=True)


def _encode(rows: Sequence[Values]) -> str:
    numbered = [
        {_PLACE: place}
        | {
            name: f"\\x{value.hex()}" if isinstance(value, bytes) else value
            for name, value in row.items()
        }
        for place, row in enumerate(rows)
    ]
    return msgspec.json.encode(numbered).decode()
