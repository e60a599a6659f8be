"""SQLite's one writer: changes that wait for it at the same moment share one commit.

A commit waits for the disk, and meanwhile others come to write. Each of them then works on the
same open transaction, in a savepoint of its own, and whoever is last in the row commits for all.
Nobody is told of success before that commit. A lone writer commits alone, at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import sqlalchemy as sa

from belowline.core.errors import Unavailable
from belowline.storage.kept import Kept
from belowline.storage.prepared import Prepared

MOST = 64
"""Changes in one commit."""
LONGEST = 0.02
"""Seconds for which a commit is put off while others still come."""


@dataclass(slots=True, eq=False)
class _Batch:
    """Changes that are committed together."""

    conn: sa.Connection
    transaction: sa.RootTransaction
    began: float
    size: int = 0
    done: threading.Event = field(default_factory=threading.Event)
    is_kept: bool = False
    """Whether it was committed. Read it only once ``done`` is set."""


class Writer:
    """Hands SQLite's write transaction from thread to thread."""

    def __init__(self, engine: sa.Engine) -> None:
        self._kept = Kept(engine.execution_options(belowline_write=True))
        # Waiting here is fair and cheap; waiting inside SQLite polls.
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._open: _Batch | None = None

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Give the connection inside a transaction; return when what was done is on the disk.

        An exception undoes what this caller did and nobody else's. It too is held back until the
        commit, so that whoever then looks for its reason finds what the others have written.

        Raises:
            sqlalchemy.exc.OperationalError: SQLite does not begin, or gave up on what was done.
            Unavailable: what others did, or the commit, lost the transaction for all who share it.
        """
        batch = self._join()
        is_whole = False
        try:
            with _savepoint(batch.conn) if batch.size else nullcontext():
                yield batch.conn
            is_whole = True
        finally:
            self._leave(batch, is_whole=is_whole)
        if not batch.is_kept:
            raise Unavailable("The database does not answer.", code="database_unavailable")

    def close(self) -> None:
        """Let go of the connection that is kept for the next change."""
        self._kept.close()

    def _join(self) -> _Batch:
        with self._counting:
            self._waiting += 1
        self._turn.acquire()
        try:
            batch = self._open = self._open or self._begin()
        finally:
            with self._counting:
                self._waiting -= 1
            if self._open is None:
                self._turn.release()
        return batch

    def _begin(self) -> _Batch:
        conn = self._kept.take()
        try:
            return _Batch(conn, conn.begin(), time.monotonic())
        except sa.exc.DBAPIError:
            self._kept.give_back(conn)
            raise

    def _leave(self, batch: _Batch, *, is_whole: bool) -> None:
        """Hand the transaction on, or end it for everybody in it; return when it has ended."""
        # The first in a row has no savepoint to go back to, and nobody has one where SQLite gave
        # the transaction up by itself, as it does on a full disk.
        is_alive = is_whole or (batch.size > 0 and _is_open(batch.conn))
        batch.size += 1
        is_young = time.monotonic() - batch.began < LONGEST
        if is_alive and self._waiting and is_young and batch.size < MOST:
            self._turn.release()
            batch.done.wait()
            return
        self._open = None
        try:
            if is_alive:
                batch.transaction.commit()
                batch.is_kept = True
            else:
                batch.transaction.rollback()
        except sa.exc.DBAPIError:
            # The disk refused. Whoever is in the batch is told, each in their own thread.
            batch.is_kept = False
        finally:
            self._kept.give_back(batch.conn)
            self._turn.release()
            batch.done.set()


_BEGIN = Prepared(sa.text("SAVEPOINT belowline_one"))
_END = Prepared(sa.text("RELEASE belowline_one"))
_UNDO = Prepared(sa.text("ROLLBACK TO belowline_one"))


@contextmanager
def _savepoint(conn: sa.Connection) -> Iterator[None]:
    """Undo what is done inside if it fails, as ``begin_nested`` does for many times the price."""
    _BEGIN.run(conn)
    try:
        yield
    except BaseException:
        # SQLite has nothing to go back to where it gave the whole transaction up.
        if _is_open(conn):
            _UNDO.run(conn)
            _END.run(conn)
        raise
    _END.run(conn)


def _is_open(conn: sa.Connection) -> bool:
    """Tell whether SQLite still has the transaction; on some errors it gives it up by itself."""
    raw = conn.connection.dbapi_connection
    return bool(getattr(raw, "in_transaction", False))
