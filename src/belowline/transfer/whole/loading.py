"""Loading an export into an empty installation: all of it in one transaction, or nothing.

An export of an older schema is loaded into a database of that schema, which is then migrated as the
installation would have been.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from belowline.core.errors import Conflict, Unavailable
from belowline.storage import migrate
from belowline.storage.database import make_engine, normalise_url
from belowline.transfer.whole.bulk import Bulk, make_bulk, quoted
from belowline.transfer.whole.lines import is_a_name, make_reader, sort_of
from belowline.transfer.whole.manifest import PartManifest
from belowline.transfer.whole.parts import DERIVED, HERE, PASSING, file_of
from belowline.transfer.whole.reading import BLOCK, Seen
from belowline.transfer.whole.source import Source, damaged

MAY_BE_THERE = frozenset({"cursors"})
"""Rows that a server makes as soon as it starts; they give way."""


def load(url: str, source: Source, *, seen: Seen | None = None) -> None:
    """Load an export into the database at this address, and bring it to this version's schema.

    The database is empty: without any table, or migrated and not used yet.

    Raises:
        InvalidInput: the export is damaged or does not fit its schema.
        Conflict: the installation is not empty, or its schema is not the export's.
        Unavailable: the database does not answer, or has no room.
    """
    prepare(url, source.manifest.schema)
    parts = source.manifest.parts
    with loading(url, [part.name for part in parts]) as into:
        for part in parts:
            into.put(part.name, part.columns, source.lines(part), seen=seen)
            into.count_on(part)
        into.put_back()
    migrate.upgrade(url)


def prepare(url: str, schema: str) -> None:
    """Bring a database without any table to a schema; leave one that is there already.

    Raises:
        Conflict: it has another schema already.
        Unavailable: it does not answer.
    """
    if is_missing(url):
        # Merely connecting would make SQLite's file, and only migrating makes its folder.
        migrate.upgrade(url, to=schema)
        return
    engine = make_engine(url)
    try:
        with _telling(engine, "it"), engine.connect() as conn:
            there = migrate.current(conn)
            is_bare = there is None and not sa.inspect(conn).get_table_names()
    finally:
        engine.dispose()
    if is_bare:
        migrate.upgrade(url, to=schema)
    elif there != schema:
        raise Conflict(
            f"The export has schema {schema}, the database {there or 'none of Belowline'}. "
            "Name a database that is not there yet; it is made and migrated by this command.",
            code="other_schema",
        )


def is_missing(url: str) -> bool:
    """Say whether the address names a file of SQLite's that is not there."""
    address = normalise_url(url)
    is_file = address.get_backend_name() == "sqlite" and address.database is not None
    return is_file and not Path(address.database or "").exists()


class Loading:
    """An empty database that is being filled."""

    def __init__(self, conn: sa.Connection, bulk: Bulk) -> None:
        self.conn = conn
        self._bulk = bulk
        self._inspector = sa.inspect(conn)
        self._sqlite = conn.dialect.name == "sqlite"

    def require_empty(self, parts: list[str]) -> list[str]:
        """Return the tables that are filled; refuse if anything is in one, or one is forgotten.

        Raises:
            Conflict: the installation is not empty.
            InvalidInput: the export has a part that the schema has not, or lacks one.
        """
        ours = {name for name in self._inspector.get_table_names() if not _is_left_out(name)}
        unknown, lacking = set(parts) - ours, ours - set(parts) - {*PASSING}
        if unknown:
            raise damaged(f"its schema has no {min(unknown)}")
        if lacking:
            raise damaged(f"{file_of(min(lacking))} is not in it")
        for name in sorted(ours - MAY_BE_THERE):
            if self.conn.exec_driver_sql(f"SELECT 1 FROM {quoted(name)} LIMIT 1").first():
                raise Conflict(
                    f"The installation is not empty: there are {name}. "
                    "An export is loaded into one that nobody has used yet.",
                    code="not_empty",
                )
        for name in MAY_BE_THERE & ours:
            self.conn.exec_driver_sql(f"DELETE FROM {quoted(name)}")
        return sorted(ours)

    def put(
        self,
        table: str,
        names: list[str],
        lines: Iterable[bytes],
        *,
        seen: Seen | None = None,
    ) -> None:
        """Put a table's rows in, one from each line. Raises InvalidInput if one does not fit."""
        read = self._reader(table, names)
        into = f"{quoted(table)} ({', '.join(map(quoted, names))})"
        with _telling(self.conn.engine, file_of(table)):
            self._bulk.put(self.conn, into, _rows(table, read, lines, seen))

    def count_on(self, part: PartManifest) -> None:
        """Let the database count a table's ids on from where they were."""
        keys = self._inspector.get_pk_constraint(part.name)["constrained_columns"]
        if part.next_id is not None and len(keys) == 1:
            with _telling(self.conn.engine, part.file):
                self._bulk.count_on(self.conn, part.name, key=keys[0], at_least=part.next_id)

    def put_back(self) -> None:
        """Make the indexes and the foreign keys again. Raises InvalidInput if rows do not fit."""
        self._bulk.put_back(self.conn)

    def _reader(self, table: str, names: list[str]) -> Callable[[bytes], tuple[Any, ...]]:
        there = {column["name"]: column for column in self._inspector.get_columns(table)}
        wrong = [name for name in names if name not in there or not is_a_name(name)]
        if wrong or len(set(names)) < len(names):
            raise damaged(f"{file_of(table)} has columns that its schema has not")
        keys = self._inspector.get_pk_constraint(table)["constrained_columns"]
        columns = [
            (
                name,
                sort_of(there[name]["type"]),
                bool(there[name]["nullable"]) and name not in keys,
            )
            for name in names
        ]
        return make_reader(table, columns, sqlite=self._sqlite)


@contextmanager
def loading(url: str, parts: list[str]) -> Iterator[Loading]:
    """Fill an empty database in one transaction: it ends well, or nothing was loaded.

    Whoever fills it ends with ``put_back``.

    Raises:
        Conflict: the installation is not empty.
        InvalidInput: what was put in does not fit together.
        Unavailable: the database does not answer, or has no room.
    """
    engine = make_engine(url)
    bulk = make_bulk(engine)
    try:
        with (
            _telling(engine, "it"),
            engine.execution_options(belowline_write=True).begin() as conn,
        ):
            into = Loading(conn, bulk)
            tables = into.require_empty(parts)
            bulk.take_off(conn, tables)
            yield into
    finally:
        engine.dispose()


def _is_left_out(name: str) -> bool:
    # SQLite keeps an index of words in tables of its own, named after what it is over.
    return name == "alembic_version" or any(
        name == one or name.startswith(f"{one}_fts") for one in (*DERIVED, *HERE)
    )


def _rows(
    table: str,
    read: Callable[[bytes], tuple[Any, ...]],
    lines: Iterable[bytes],
    seen: Seen | None,
) -> Iterator[tuple[Any, ...]]:
    number = 0
    for number, line in enumerate(lines, start=1):
        try:
            yield read(line)
        except (msgspec.DecodeError, ValueError, OverflowError) as error:
            # The library's message names the field, and not what stands in it.
            raise damaged(f"{file_of(table)}, line {number}: {_plain(error)}") from error
        if seen is not None and number % BLOCK == 0:
            seen(table, BLOCK)
    if seen is not None:
        seen(table, number % BLOCK)


def _plain(error: Exception) -> str:
    return str(error) if isinstance(error, msgspec.ValidationError) else "not a line of an export"


@contextmanager
def _telling(engine: sa.Engine, what: str) -> Iterator[None]:
    """Say in one line what a driver says in many, and nothing of what the rows hold."""
    # Rows are put in past SQLAlchemy, so the driver's own errors come out too.
    driver: Any = engine.dialect.loaded_dbapi
    try:
        yield
    except (sa.exc.DBAPIError, driver.Error) as error:
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        if isinstance(cause, driver.IntegrityError | driver.DataError):
            raise damaged(f"{what} contradicts itself or its schema") from error
        if isinstance(cause, driver.ProgrammingError):
            raise Unavailable(
                "The database refuses: its user must own the tables, to take their indexes off "
                "and put them back. Nothing was loaded.",
                code="not_the_owner",
            ) from error
        raise Unavailable(
            "The database does not answer, is written to by somebody else, or has no room. "
            "Nothing was loaded.",
            code="database_unavailable",
        ) from error
