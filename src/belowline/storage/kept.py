"""Connections that stay out of the pool between transactions.

Checking one out and in again costs more than what most transactions ask of it. One that lay idle is
asked whether it still lives before it is used, as the pool would; one that failed is given up.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa

MOST = 8
"""Connections kept; whoever comes beyond that has one from the pool."""
SURE_FOR = 1.0
"""Seconds after its use for which a connection is taken to live."""


class Kept:
    """Begins transactions on connections of one engine that are used again and again."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        # Both ends of a list are atomic in Python, so threads need no lock here.
        self._idle: list[tuple[sa.Connection, float]] = []
        self._is_over = False

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Give a connection inside a transaction, as ``Engine.begin`` does.

        Raises:
            sqlalchemy.exc.DBAPIError, sqlalchemy.exc.TimeoutError: the database does not answer.
        """
        conn = self.take()
        try:
            with conn.begin():
                yield conn
        finally:
            self.give_back(conn)

    def take(self) -> sa.Connection:
        """Return a connection that is in no transaction. Raises what ``begin`` raises."""
        try:
            conn, used_at = self._idle.pop()
        except IndexError:
            return self._engine.connect()
        if time.monotonic() - used_at < SURE_FOR or _is_alive(conn):
            return conn
        with suppress(sa.exc.SQLAlchemyError):
            conn.close()
        # Where one has died the others have, too.
        self.close()
        return self._engine.connect()

    def give_back(self, conn: sa.Connection) -> None:
        """Keep a connection for the next one, or let go of it if it is not as it was."""
        # Where a commit failed its transaction is not in force any more, but still there.
        is_free = conn.get_transaction() is None
        if self._is_over and is_free and not conn.closed:
            # The pool is gone, and nobody would ever close it there.
            conn.invalidate()
        elif len(self._idle) < MOST and is_free and not (conn.closed or conn.invalidated):
            self._idle.append((conn, time.monotonic()))
            return
        with suppress(sa.exc.SQLAlchemyError):
            conn.close()

    def end(self) -> None:
        """Let go of every connection, also of those that are given back later."""
        self._is_over = True
        self.close()

    def close(self) -> None:
        """Let go of every connection that nobody uses."""
        while self._idle:
            with suppress(sa.exc.SQLAlchemyError, IndexError):
                self._idle.pop()[0].close()


def _is_alive(conn: sa.Connection) -> bool:
    try:
        # A file is there or not, and tells so by itself.
        if conn.dialect.name != "sqlite":
            conn.exec_driver_sql("SELECT 1")
            conn.rollback()
    except sa.exc.DBAPIError:
        return False
    return True
