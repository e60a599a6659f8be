"""Read an SQLite file that a stranger may have made, without running anything that is in it.

Such a file holds a program as much as data: views, triggers, computed columns, tables made by
extensions. So a private copy is opened for reading alone and as unchanging, only the named tables
are read, whole and in the order they lie in, and memory and steps are bounded.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from belowline.core.errors import InvalidInput

MAX_BYTES = 4 * 1024**3
LONGEST_VALUE = 4 * 1024**2
"""Bytes of a row or a value; the longest comments are some ten thousand."""
STEPS_BETWEEN_ROWS = 2_000
"""Thousands of steps of SQLite's machine. A row takes some dozens of single ones."""

_CHUNK = 1024**2
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 20,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 2,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 10_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 4,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_PRAGMAS = ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "query_only=ON")
_SCHEMA_TABLES = frozenset({"sqlite_master", "sqlite_schema"})
_ALLOWED_PRAGMAS = frozenset({"table_xinfo", "user_version"})


@contextmanager
def open_sqlite(stream: BinaryIO, *, tables: frozenset[str]) -> Iterator[StrangersDatabase]:
    """Open a database, of which nothing but these tables can be read.

    Raises:
        InvalidInput: it is larger than is read, or damaged; also while it is read.
    """
    with tempfile.NamedTemporaryFile(prefix="belowline-import-", suffix=".db") as copy:
        size = 0
        while data := stream.read(_CHUNK):
            size += len(data)
            if size > MAX_BYTES:
                raise InvalidInput(
                    "The database is larger than an import may read.",
                    field="file",
                    code="file_too_large",
                    limit=MAX_BYTES,
                )
            copy.write(data)
        copy.flush()
        uri = f"{Path(copy.name).as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            yield StrangersDatabase(connection, size=size, tables=tables)


class StrangersDatabase:
    """A database that is asked for its tables and for whole columns of them, nothing else."""

    def __init__(
        self, connection: sqlite3.Connection, *, size: int, tables: frozenset[str]
    ) -> None:
        self._connection = connection
        self._most_rows = size // 4
        self._readable = tables | _SCHEMA_TABLES
        self._steps = 0
        for limit, value in _LIMITS.items():
            connection.setlimit(limit, value)
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}").close()
        except sqlite3.Error as error:
            raise _damaged() from error
        # As bytes: whether they are text is found out by whoever reads them.
        connection.text_factory = bytes
        connection.set_authorizer(self._may)
        connection.set_progress_handler(self._goes_on, 1_000)

    def tables(self) -> dict[str, str]:
        """Return the kind (``table``, ``view``, ``virtual``) of everything by that name."""
        found: dict[str, str] = {}
        for kind, name, root in self.ask("SELECT type, name, rootpage FROM sqlite_master"):
            if kind in {b"table", b"view"} and isinstance(name, bytes):
                made_by_extension = kind == b"table" and not root
                text = "virtual" if made_by_extension else kind.decode()
                found[name.decode("utf-8", "replace").lower()] = text
        return found

    def version(self) -> int:
        """Return the number that the program that made it counts its forms by."""
        ((version,),) = self.ask("PRAGMA user_version")
        return version if isinstance(version, int) else 0

    def columns(self, table: str) -> frozenset[str]:
        """Return the names of a table's columns, without those that it would compute."""
        return frozenset(
            row[1].decode("utf-8", "replace").lower()
            for row in self.ask(f"PRAGMA table_xinfo({table})")
            if isinstance(row[1], bytes) and row[6] == 0
        )

    def rows(self, table: str, columns: list[str]) -> Iterator[dict[str, object]]:
        """Yield the rows of a table as they lie in the file."""
        names = ", ".join(f'"{name}"' for name in columns)
        for row in self.ask(f'SELECT {names} FROM main."{table}"'):
            yield dict(zip(columns, row, strict=True))

    def ask(self, sql: str) -> Iterator[tuple[object, ...]]:
        """Yield the rows that answer; whatever may not be asked is refused as damage."""
        count = 0
        self._steps = 0
        try:
            for row in self._connection.execute(sql):
                self._steps = 0
                count += 1
                if count > self._most_rows:
                    # Pages that point at each other in a circle have rows without end.
                    raise _damaged()
                yield row
        except (sqlite3.Error, ValueError) as error:
            # The library also stumbles over names and its own messages that are no UTF-8.
            if self._steps > STEPS_BETWEEN_ROWS:
                raise InvalidInput(
                    "The database takes too long to read: it is damaged, or made to be.",
                    field="file",
                    code="database_too_slow",
                ) from error
            raise _damaged() from error

    def _goes_on(self) -> bool:
        self._steps += 1
        return self._steps > STEPS_BETWEEN_ROWS

    def _may(
        self, action: int, what: str | None, value: str | None, _db: str | None, by: str | None
    ) -> int:
        """Allow reading these tables, and nothing that a view or a trigger asks for."""
        if by is not None:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and (what or "").lower() in self._readable:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and (what or "").lower() in _ALLOWED_PRAGMAS:
            # The one that is set with a value in brackets is the one that is asked with one.
            reads = what == "table_xinfo" or value is None
            return sqlite3.SQLITE_OK if reads else sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_DENY


def _damaged() -> InvalidInput:
    return InvalidInput(
        "The database is damaged, or is not what its tables say.",
        field="file",
        code="damaged_database",
    )
