"""SQLite's one writer: a shared commit keeps what succeeded and undoes what failed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from belowline.core.errors import Unavailable
from belowline.core.terms import Actor
from belowline.storage import writer
from belowline.storage.database import Database
from belowline.storage.tables import cursors

SYSTEM = Actor.of_system("test")


@pytest.fixture
def db(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "belowline.db").write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'belowline.db'}")
    yield database
    database.close()


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    # A busy machine must not end a row early; that it ends by itself has a test of its own.
    monkeypatch.setattr(writer, "LONGEST", 60.0)


def put(db: Database, name: str, size: int = 0) -> None:
    with db.write(SYSTEM) as tx:
        tx.conn.execute(
            sa.insert(cursors).values(follower=name + "x" * size, xid=0, seq=0, moved_at=tx.now)
        )
        if name.startswith("bad"):
            raise ValueError(name)


def names(db: Database) -> set[str]:
    with db.read() as conn:
        return {row.follower.rstrip("x") for row in conn.execute(sa.select(cursors))}


@contextmanager
def commits_counted(db: Database) -> Iterator[list[int]]:
    """Count the commits of write transactions."""
    counted: list[int] = []

    def hear(conn: sa.Connection) -> None:
        if conn.get_execution_options().get("belowline_write"):
            counted.append(1)

    sa.event.listen(db.engine, "commit", hear)
    yield counted
    sa.event.remove(db.engine, "commit", hear)


def all_behind_one(db: Database, *each: tuple[str, int]) -> list[Future[None]]:
    """Let all wait for one writer, who then goes; return how they fared."""
    arrived = threading.Barrier(len(each) + 1)

    def come(name: str, size: int) -> None:
        arrived.wait(10)
        put(db, name, size)

    with ThreadPoolExecutor(len(each)) as pool:
        with db.write(SYSTEM) as tx:
            tx.conn.execute(
                sa.insert(cursors).values(follower="first", xid=0, seq=0, moved_at=tx.now)
            )
            came = [pool.submit(come, *one) for one in each]
            arrived.wait(10)
            # From the barrier to the lock it is a few instructions; give them time to be there.
            while waiting(db) < len(each):
                threading.Event().wait(0.01)
        assert names(db) >= {"first"}
    return came


def waiting(db: Database) -> int:
    return db.writer._waiting if db.writer is not None else 0  # noqa: SLF001 - no door shows it


def test_those_who_wait_for_the_same_writer_share_its_commit(db: Database) -> None:
    with commits_counted(db) as commits:
        came = all_behind_one(db, *[(f"reader {number} ", 0) for number in range(12)])
    assert [one.exception() for one in came] == [None] * 12
    assert len(names(db)) == 13
    assert len(commits) == 1


def test_one_who_fails_takes_nobody_along(db: Database) -> None:
    came = all_behind_one(db, ("good 1 ", 0), ("bad ", 0), ("good 2 ", 0), ("first", 0))
    failures = [type(one.exception()) for one in came]
    assert failures == [type(None), ValueError, type(None), sa.exc.IntegrityError]
    assert names(db) == {"first", "good 1 ", "good 2 "}


def test_a_first_who_fails_takes_nobody_along(db: Database) -> None:
    with pytest.raises(ValueError, match="bad"):
        put(db, "bad ")
    put(db, "good")
    assert names(db) == {"good"}


def test_a_full_disk_is_told_to_all_whom_it_hits_and_to_nobody_else(db: Database) -> None:
    """SQLite gives up the whole transaction then, also what others had written in it."""
    put(db, "before")
    with db.engine.connect() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()

    def fill(dbapi: object, *_: object) -> None:
        dbapi.execute(f"PRAGMA max_page_count={pages + 4}")  # type: ignore[attr-defined]

    db.close()
    sa.event.listen(db.engine, "connect", fill)
    came = [("small ", 0), ("huge ", 5_000_000), ("late ", 0)]
    with pytest.raises(Unavailable):  # noqa: PT012 - which of them is told first is chance
        # The first had its turn in the same transaction, and is lost with it or stays with it.
        for future in all_behind_one(db, *came):
            future.result()
    sa.event.remove(db.engine, "connect", fill)
    db.engine.dispose()
    put(db, "after")
    kept = names(db)
    assert {"before", "after"} <= kept
    assert "huge " not in kept


def test_a_row_of_writers_ends_in_time(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LONGEST", 0.0)
    with commits_counted(db) as commits:
        all_behind_one(db, *[(f"reader {number} ", 0) for number in range(5)])
    assert len(commits) == 6
