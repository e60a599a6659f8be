"""Hearing that something was committed, by this process or another, without asking all the time.

Own commits ring at once. Other processes are heard through NOTIFY on PostgreSQL and through
``PRAGMA data_version`` on SQLite. A bell may ring for nothing and may miss something, so whoever
listens looks into the log itself, and now and then without a ring.

PostgreSQL lets only one transaction at a time commit that notifies, and keeps the next one waiting
until the disk has answered. So a process with a bell notifies after its commits, once for those
that come together; only what commits without a bell, such as a command, does so in the transaction.
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from belowline.core.errors import Unavailable
from belowline.events.log import CHANNEL
from belowline.storage.database import Database

if TYPE_CHECKING:
    import psycopg

LOOK_EVERY = 0.15
"""Seconds between looks at SQLite's counter of other connections' commits."""
HEAR_FOR = 0.25
"""Seconds that one wait for PostgreSQL's notifications lasts; also how long a stop may take."""
RECONNECT_AFTER = 2.0
GATHER = 0.02
"""Seconds between two notifications of other processes."""

logger = logging.getLogger("belowline.followers")


class Bell:
    """Rings every listener of this process when there may be new events."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._ears: list[threading.Event] = []
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._name = secrets.token_hex(8)
        self._untold = threading.Event()
        db.on_commit(lambda _events: self._tell())

    def listen(self, ear: threading.Event | None = None) -> threading.Event:
        """Return an event that is set at each ring; the listener clears it before it looks."""
        ear = ear or threading.Event()
        self._ears.append(ear)
        return ear

    def ring(self) -> None:
        """Wake everybody who listens."""
        for ear in self._ears:
            ear.set()

    def start(self) -> None:
        """Begin to hear other processes, and to be heard by them."""
        self._stopping.clear()
        acts = [("bell", self._hear)] + ([] if self._db.is_sqlite else [("herald", self._herald)])
        self._threads = [
            threading.Thread(target=act, name=f"belowline-{name}", daemon=True)
            for name, act in acts
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Hear nobody any more, and wake everybody so that they notice."""
        self._stopping.set()
        self.ring()
        self._untold.set()
        for thread in self._threads:
            thread.join(timeout=5)
        self._threads = []

    def _tell(self) -> None:
        self.ring()
        self._untold.set()

    def _hear(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._db.is_sqlite:
                    self._watch_version()
                else:
                    self._hear_channel()
            except (sa.exc.SQLAlchemyError, sqlite3.Error, Unavailable) as error:
                # Nothing is lost meanwhile: the followers also look by themselves.
                logger.warning("bell lost its connection: %s", type(error).__name__)
                self._stopping.wait(RECONNECT_AFTER)

    def _watch_version(self) -> None:
        # The raw connection, because SQLAlchemy would begin a transaction, and inside one the
        # counter stands still.
        connection = self._db.engine.raw_connection()
        try:
            cursor = connection.cursor()
            seen = None
            while not self._stopping.wait(LOOK_EVERY):
                cursor.execute("PRAGMA data_version")
                version = cursor.fetchone()
                if version != seen:
                    self.ring()
                seen = version
        finally:
            connection.close()

    def _hear_channel(self) -> None:
        with self._connected() as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            # Between the last connection and this one something may have happened.
            self.ring()
            while not self._stopping.is_set():
                for notice in connection.notifies(timeout=HEAR_FOR, stop_after=1):
                    if notice.payload != self._name:
                        self.ring()

    def _herald(self) -> None:
        while not self._stopping.is_set():
            try:
                self._tell_others()
            except Unavailable:
                logger.warning("herald lost its connection")
                self._stopping.wait(RECONNECT_AFTER)
            finally:
                self._db.notifies = True

    def _tell_others(self) -> None:
        with self._connected() as connection:
            self._db.notifies = False
            while self._untold.wait() and not self._stopping.is_set():
                self._untold.clear()
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, self._name))
                self._stopping.wait(GATHER)
            # Whatever was committed while this ended was told by nobody.
            connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, self._name))

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        """Give a connection without transactions. Raises Unavailable for whatever fails in it."""
        import psycopg  # noqa: PLC0415 - five megabytes, for PostgreSQL alone

        url = self._db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                yield connection
        except psycopg.Error as error:
            raise Unavailable(
                "The database does not answer.", code="database_unavailable"
            ) from error
