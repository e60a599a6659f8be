"""Filling an empty database quickly: what the two databases do differently.

Indexes and foreign keys are taken off, and put back over all rows at once when these are in. Both
databases do this inside the transaction, so whoever looks meanwhile sees the schema as it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from belowline.transfer.whole.source import damaged

Row = tuple[Any, ...]


class Bulk(Protocol):
    """One database's way."""

    def take_off(self, conn: sa.Connection, tables: Collection[str]) -> None:
        """Take off what would be kept up row by row."""
        ...

    def put(self, conn: sa.Connection, into: str, rows: Iterable[Row]) -> None:
        """Put rows in; ``into`` is the table with its columns, such as ``"sites" ("id")``."""
        ...

    def put_back(self, conn: sa.Connection) -> None:
        """Put back what was taken off, and raise if a row refers to one that is not there."""
        ...

    def count_on(self, conn: sa.Connection, table: str, *, key: str, at_least: int) -> None:
        """Let the database count ids on from here."""
        ...


def make_bulk(engine: sa.Engine) -> Bulk:
    """Return the way of this engine's database; call it before anything connects."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        return _Sqlite()
    return _Postgres()


def quoted(name: str) -> str:
    """Return a name that was compared with the database's own, as a statement has it."""
    return f'"{name}"'


def _prepare_sqlite(dbapi: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # Inside a transaction SQLite would not hear of it; all references are checked at its end.
    dbapi.execute("PRAGMA foreign_keys=OFF")
    dbapi.execute("PRAGMA cache_size=-65536")


class _Sqlite:
    def __init__(self) -> None:
        self._statements: list[str] = []

    def take_off(self, conn: sa.Connection, tables: Collection[str]) -> None:
        found = conn.exec_driver_sql(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).all()
        for name, table, sql in found:
            if table in tables:
                conn.exec_driver_sql(f"DROP INDEX {quoted(name)}")
                self._statements.append(sql)

    def put(self, conn: sa.Connection, into: str, rows: Iterable[Row]) -> None:
        raw: Any = conn.connection.driver_connection
        gaps = ", ".join("?" * (into.count(",") + 1))
        raw.executemany(f"INSERT INTO {into} VALUES ({gaps})", rows)

    def put_back(self, conn: sa.Connection) -> None:
        for sql in self._statements:
            conn.exec_driver_sql(sql)
        lost = conn.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise damaged(f"a row of {lost[0]} refers to one of {lost[2]} that is not there")

    def count_on(self, conn: sa.Connection, table: str, *, key: str, at_least: int) -> None:
        """Do nothing: SQLite counts on from the greatest id that is there."""


class _Postgres:
    def __init__(self) -> None:
        self._statements: list[str] = []

    def take_off(self, conn: sa.Connection, tables: Collection[str]) -> None:
        wanted = {"tables": [*tables]}
        for table, name, definition in conn.execute(_REFERENCES, wanted).all():
            conn.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {quoted(name)}")
            self._statements.append(
                f"ALTER TABLE {table} ADD CONSTRAINT {quoted(name)} {definition}"
            )
        indexes = conn.execute(_INDEXES, wanted).all()
        for name, definition in indexes:
            conn.exec_driver_sql(f"DROP INDEX {name}")
            # Before the references, which need some of them to be quick.
            self._statements.insert(0, definition)

    def put(self, conn: sa.Connection, into: str, rows: Iterable[Row]) -> None:
        raw: Any = conn.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            write = copy.write_row
            for row in rows:
                write(row)

    def put_back(self, conn: sa.Connection) -> None:
        for statement in self._statements:
            conn.exec_driver_sql(statement.replace("%", "%%"))
        conn.exec_driver_sql("ANALYZE")

    def count_on(self, conn: sa.Connection, table: str, *, key: str, at_least: int) -> None:
        sequence = conn.execute(sa.select(sa.func.pg_get_serial_sequence(table, key))).scalar()
        if sequence is None:
            return
        most = conn.exec_driver_sql(
            f"SELECT COALESCE(max({quoted(key)}), 0) FROM {quoted(table)}"
        ).scalar_one()
        conn.execute(sa.select(sa.func.setval(sequence, max(most + 1, at_least), False)))  # noqa: FBT003


_REFERENCES = sa.text(
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND conrelid::regclass::text = ANY (:tables) ORDER BY 1, 2"
)
_INDEXES = sa.text(
    "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
    "WHERE indrelid::regclass::text = ANY (:tables) AND NOT EXISTS "
    "(SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x')) "
    "ORDER BY 1"
)
