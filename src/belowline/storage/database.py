"""The one door to the database: ``read()`` gives a connection, ``write(actor)`` a transaction.

SQLite runs in WAL mode with ``synchronous=FULL`` and takes its write lock at the start
(``BEGIN IMMEDIATE``), so that what a transaction reads is what it changes. PostgreSQL writes run
at READ COMMITTED and lock the rows they decide on. Nothing slow (network, model, mail) belongs
inside ``write``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.pool import ConnectionPoolEntry

from belowline.core.clock import Clock, system_clock
from belowline.core.errors import Misconfigured, Unavailable
from belowline.core.terms import Actor
from belowline.storage.kept import Kept
from belowline.storage.prepared import Prepared
from belowline.storage.writer import Writer

if TYPE_CHECKING:
    from belowline.core.happened import Happened

# A connection that breaks is an OperationalError when it is told so and an InterfaceError when it
# is used once more.
_SILENCE = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)

_BEGIN_READ = Prepared(sa.text("BEGIN DEFERRED"))
_BEGIN_WRITE = Prepared(sa.text("BEGIN IMMEDIATE"))

_JSON: dict[str, Any] = {
    "json_serializer": lambda value: msgspec.json.encode(value).decode(),
    "json_deserializer": msgspec.json.decode,
}
"""How both databases' documents are written and read: as Python's own module would, but quicker."""

Committed = Callable[[Sequence["Happened"]], None]


@dataclass(slots=True)
class Tx:
    """One open write transaction: where to write, what time it is, and who writes."""

    conn: sa.Connection
    now: datetime
    actor: Actor
    happened: list[Happened] = field(default_factory=list)
    """The events appended so far; listeners hear of them after the commit."""
    notifies: bool = False
    """Whether the commit itself must wake other processes."""


def normalise_url(url: str) -> sa.URL:
    """Read a database address and fill in the drivers that Belowline uses.

    Raises:
        Misconfigured: the address cannot be read or names another database.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise Misconfigured(
            "DATABASE_URL is not a database address", code="bad_database_url"
        ) from error
    if parsed.get_backend_name() == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    if parsed.get_backend_name() in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    raise Misconfigured(
        "DATABASE_URL must begin with sqlite:/// or postgresql://", code="bad_database_url"
    )


def make_engine(url: str) -> sa.Engine:
    """Make an engine with the settings that durability and order depend on."""
    parsed = normalise_url(url)
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(
            parsed,
            hide_parameters=True,
            # More than the connections that are kept out of it, or nobody else would get one.
            pool_size=16,
            max_overflow=16,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 5},
            **_JSON,
        )
    engine = sa.create_engine(
        parsed,
        # An error's text would quote what a reader wrote.
        hide_parameters=True,
        pool_size=16,
        max_overflow=16,
        poolclass=sa.QueuePool,
        connect_args={"check_same_thread": False, "timeout": 15, "isolation_level": None},
        **_JSON,
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # FULL, not NORMAL: an acknowledged comment survives a power cut, not only a crash.
    pragmas = (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "trusted_schema=OFF",
        "cache_size=-16000",
    )
    try:
        for pragma in pragmas:
            dbapi.execute(f"PRAGMA {pragma}")
    except sqlite3.Error as error:
        # SQLite only looks at the file now, and SQLAlchemy passes on what a listener raises.
        raise Unavailable("The database does not answer.", code="database_unavailable") from error


def _begin_sqlite(conn: sa.Connection) -> None:
    write = conn.get_execution_options().get("belowline_write", False)
    (_BEGIN_WRITE if write else _BEGIN_READ).run(conn)


class Database:
    """An installation's database, SQLite or PostgreSQL."""

    def __init__(self, url: str, *, clock: Clock = system_clock) -> None:
        self.engine = make_engine(url)
        self.clock = clock
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # On SQLite every transaction is like this by itself.
        self._reading = Kept(
            self.engine
            if self.is_sqlite
            else self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        )
        self._glancing = (
            self._reading
            if self.is_sqlite
            else Kept(self.engine.execution_options(isolation_level="AUTOCOMMIT"))
        )
        self._writing = Kept(self.engine)
        self._kept = (self._reading, self._glancing, self._writing)
        self.notifies = not self.is_sqlite
        """Whether commits wake other processes; False while something else does after them."""
        self._listeners: list[Committed] = []
        self._watchers: list[Callable[[int], None]] = []
        self.writer = Writer(self.engine) if self.is_sqlite else None

    def on_commit(self, listener: Committed) -> None:
        """Call ``listener`` with the events of each commit made by this process, in its thread."""
        self._listeners.append(listener)

    def on_change(self, listener: Callable[[int], None]) -> None:
        """Call ``listener`` with a story's id when a change without an event shows there."""
        self._watchers.append(listener)

    def changed(self, story_id: int) -> None:
        """Tell this process's watchers that a thread changed; others see its version."""
        for listener in self._watchers:
            listener(story_id)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a read transaction; it sees one moment and writes nothing.

        Raises:
            Unavailable: the database does not answer, or all connections stay in use.
        """
        with self._speaking(), self._reading.begin() as conn:
            yield conn

    @contextmanager
    def glance(self) -> Iterator[sa.Connection]:
        """Give a connection for what is looked at now and asked again before it matters.

        On PostgreSQL no transaction is begun and ended, which would be two journeys more: each
        statement, or everything ``ahead``, sees its own moment. Nothing is written here.

        Raises:
            Unavailable: the database does not answer, or all connections stay in use.
        """
        with self._speaking(), self._glancing.begin() as conn:
            yield conn

    @contextmanager
    def write(self, actor: Actor) -> Iterator[Tx]:
        """Open a write transaction; leaving normally commits, an exception rolls back.

        Raises:
            Unavailable: the database does not answer or the disk is full.
        """
        with (
            self._speaking(),
            self.writer.write() if self.writer else self._writing.begin() as conn,
        ):
            tx = Tx(conn, self.clock(), actor, notifies=self.notifies)
            yield tx
        if tx.happened:
            for listener in self._listeners:
                listener(tx.happened)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except _SILENCE as error:
            # Where one connection has died the others have, too, whatever they were kept for.
            self._let_go()
            raise Unavailable(
                "The database does not answer.", code="database_unavailable"
            ) from error

    def _let_go(self) -> None:
        for kept in self._kept:
            kept.close()

    def missing_file(self) -> Path | None:
        """Return where SQLite's file should be if it is not there; merely connecting makes one."""
        if not self.is_sqlite:
            return None
        file = Path(self.engine.url.database or "").absolute()
        return None if file.exists() else file

    def close(self) -> None:
        """Give all connections back."""
        for kept in self._kept:
            kept.end()
        if self.writer is not None:
            self.writer.close()
        self.engine.dispose()


def insert_ignore(conn: sa.Connection, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert a row unless one with the same key is there; say whether it was inserted."""
    make = insert_sqlite if conn.dialect.name == "sqlite" else insert_postgres
    # The row count says nothing here: psycopg reports -1 for an insert that returns nothing.
    done = make(table).values(values).on_conflict_do_nothing().returning(sa.literal(1))
    return conn.execute(done).first() is not None


def insert_id(conn: sa.Connection, table: sa.Table, values: dict[str, Any]) -> int:
    """Insert a row and return the id that the database gave it."""
    key = conn.execute(sa.insert(table).values(values)).inserted_primary_key
    if key is None:  # pragma: no cover - both databases return keys
        raise RuntimeError("the database returned no id")
    return int(key[0])
