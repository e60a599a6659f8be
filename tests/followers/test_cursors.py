"""A follower sees every event once, also when transactions end in another order than they began."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from belowline.core.happened import Happened
from belowline.core.terms import Actor, SiteId
from belowline.events import kinds, log
from belowline.followers.cursors import is_behind, lag, note_failure, step
from belowline.sites.store import add_site
from belowline.storage.database import Database, Tx
from belowline.storage.tables import sites

SYSTEM = Actor.of_system("test")


class Witness:
    """Notes what it sees, in the database, so that what is rolled back was not seen."""

    def __init__(self, name: str = "witness", *, fails_at: int | None = None) -> None:
        self.name = name
        self.fails_at = fails_at

    def handle(self, tx: Tx, happened: Sequence[Happened]) -> None:
        for event in happened:
            number = event.number("story_id")
            if number == self.fails_at:
                raise ZeroDivisionError
            key = f"{self.name}-{number}"
            add_site(tx, key=key, name=key)

    def seen(self, db: Database) -> list[int]:
        """Return the numbers that it saw, as many times as it saw them."""
        with db.read() as conn:
            rows = conn.execute(sa.select(sites.c.key).order_by(sites.c.id)).scalars()
        return [int(key.rpartition("-")[2]) for key in rows if key.startswith(f"{self.name}-")]


def happen(db: Database, *numbers: int) -> None:
    """Let one event happen for each number, each in its own transaction."""
    for number in numbers:
        with db.write(SYSTEM) as tx:
            log.append(tx, SiteId(1), kinds.StoryAdded(number))


def test_a_follower_sees_each_event_once_and_in_order(db: Database) -> None:
    happen(db, 1, 2, 3)
    witness = Witness()
    assert step(db, witness, limit=2) == 2
    happen(db, 4)
    assert [step(db, witness), step(db, witness)] == [2, 0]
    assert witness.seen(db) == [1, 2, 3, 4]


def test_a_failure_leaves_nothing_behind_and_the_cursor_where_it_was(db: Database) -> None:
    happen(db, 1, 2)
    with pytest.raises(ZeroDivisionError):
        step(db, Witness(fails_at=2))
    note_failure(db, "witness")
    assert Witness().seen(db) == []
    with db.read() as conn:
        (state,) = lag(conn)
    assert (state.name, state.behind, state.failures) == ("witness", 2, 1)
    step(db, Witness())
    with db.read() as conn:
        (state,) = lag(conn)
        assert not is_behind(conn, "witness")
    assert (state.behind, state.failures) == (0, 0)
    assert Witness().seen(db) == [1, 2]


def test_an_event_that_commits_late_is_not_stepped_over(db: Database) -> None:
    """On PostgreSQL the later number commits first; one on ``seq`` alone would lose the other."""
    if db.is_sqlite:
        pytest.skip("SQLite has one writer, so numbers are given in the order of commits")
    witness = Witness()
    with db.write(SYSTEM) as early:
        log.append(early, SiteId(1), kinds.StoryAdded(1))
        happen(db, 2)
        with db.read() as conn:
            numbers = conn.execute(sa.text("SELECT max(seq), count(*) FROM events")).one()
        assert tuple(numbers) == (2, 1), "the later number is committed, the earlier one is not"
        assert step(db, witness) == 0, "whoever takes the later one now would lose the earlier"
        with db.read() as conn:
            assert is_behind(conn, "witness")
    assert step(db, witness) == 2
    assert witness.seen(db) == [1, 2]


def test_several_processes_share_one_follower_without_doubling(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(3)]
    happen(databases[0], *range(1, 31))
    witness = Witness()

    def run(db: Database) -> None:
        while True:
            with db.read() as conn:
                if not is_behind(conn, witness.name):
                    return
            step(db, witness, limit=4)

    threads = [threading.Thread(target=run, args=(db,)) for db in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert witness.seen(databases[0]) == list(range(1, 31))
    for db in databases:
        db.close()
