"""Followers run when something happens, wherever it happened; one that fails stops nobody else."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from belowline.followers import runner as runner_module
from belowline.followers.cursors import lag
from belowline.followers.runner import Runner
from belowline.storage.database import Database
from tests.followers.test_cursors import Witness, happen


def wait_for(condition: Callable[[], bool], *, seconds: float = 4.0) -> bool:
    """Wait until the condition holds, or say that it did not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


class Ticking:
    """A chore that counts how often it was asked."""

    name = "ticking"
    every = timedelta(hours=1)

    def __init__(self, *, more: int = 0) -> None:
        self.worked = 0
        self.more = more

    def work(self) -> bool:
        self.worked += 1
        return self.worked <= self.more


def test_a_commit_wakes_the_followers_at_once(db: Database) -> None:
    witness = Witness()
    running = Runner(db, [witness])
    running.start()
    try:
        time.sleep(0.3)
        happen(db, 1)
        assert wait_for(lambda: witness.seen(db) == [1], seconds=3)
    finally:
        running.stop()


def test_a_commit_of_another_process_wakes_the_followers(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that it is the other process that wakes them, not the slow look.
    monkeypatch.setattr(runner_module, "LOOK_EVERY", 600.0)
    other = Database(database_url)
    witness = Witness()
    running = Runner(db, [witness])
    running.start()
    try:
        time.sleep(0.8)
        happen(other, 1)
        assert wait_for(lambda: witness.seen(db) == [1])
    finally:
        running.stop()
        other.close()


def test_a_follower_that_fails_stops_nobody_else_and_loses_nothing(
    db: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "FIRST_WAIT", 0.05)
    failing, healthy = Witness("failing", fails_at=3), Witness("healthy")
    running = Runner(db, [failing, healthy])
    with caplog.at_level(logging.ERROR):
        happen(db, 1, 2, 3, 4)
        running.start()
        try:
            assert wait_for(lambda: healthy.seen(db) == [1, 2, 3, 4])
            # What came before the one that fails still happens; what comes after waits for it.
            assert wait_for(lambda: failing.seen(db) == [1, 2])
            failing.fails_at = None
            assert wait_for(lambda: failing.seen(db) == [1, 2, 3, 4], seconds=6)
        finally:
            running.stop()
    assert "failing failed (1 in a row): ZeroDivisionError at test_cursors.py" in caplog.text
    with db.read() as conn:
        assert [(one.behind, one.failures) for one in lag(conn)] == [(0, 0), (0, 0)]


def test_a_runner_stops_promptly(db: Database) -> None:
    running = Runner(db, [Witness()], chores=[Ticking()])
    running.start()
    time.sleep(0.2)
    started = time.monotonic()
    running.stop()
    assert time.monotonic() - started < 1.5
    happen(db, 1)
    time.sleep(0.2)
    assert Witness().seen(db) == []


def test_a_chore_works_until_there_is_no_more_and_then_rests(db: Database) -> None:
    chore = Ticking(more=3)
    running = Runner(db, [], chores=[chore])
    running.start()
    assert wait_for(lambda: chore.worked == 4)
    time.sleep(0.1)
    running.stop()
    assert chore.worked == 4
