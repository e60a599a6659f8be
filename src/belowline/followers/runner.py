"""Running what follows from changes: a thread for each follower of the log and for each chore.

A follower that fails stops where it is, is counted and logged by ids, and tries again after a
growing wait; the others go on. This holds the only broad ``except`` of the code base: a mistake in
one follower must not end the process, and must not be passed over either.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import sqlalchemy as sa

from belowline.core.errors import BelowlineError
from belowline.followers.bell import Bell
from belowline.followers.cursors import BATCH, Follower, is_behind, note_failure, step
from belowline.storage.database import Database

LOOK_EVERY = 5.0
"""Seconds after which a follower looks into the log without having been rung for."""
GATHER = 0.05
"""Seconds between a ring and the look, so that changes that come together are handled together."""
GATHER_EVENTS = 0.25
"""The same for followers of the log: nobody waits for what they write, and a step is a commit."""
LOOK_SOON = 0.1
"""Seconds after which it looks again while an older transaction keeps events from it."""
FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0
"""Seconds to wait after a failure: doubled each time, up to a minute."""
STOP_WITHIN = 15.0
"""Seconds that a stop waits for what is being done: a letter may be on its way."""

logger = logging.getLogger("belowline.followers")


class Chore(Protocol):
    """Something that follows from the clock. Every process runs it, so it takes turns by itself."""

    @property
    def name(self) -> str:
        """What logs call it."""
        ...

    @property
    def every(self) -> timedelta:
        """How long it rests when there is nothing more to do."""
        ...

    def work(self) -> bool:
        """Do some; say whether there is more to do at once."""
        ...


class Lookout(Protocol):
    """Something that looks whenever the bell rings, and by itself. Every process has its own."""

    @property
    def name(self) -> str:
        """What logs call it."""
        ...

    @property
    def ear(self) -> threading.Event:
        """What wakes it; the bell sets it, and so may the lookout itself."""
        ...

    def look(self) -> float:
        """Look; say for how many seconds to rest without a ring."""
        ...


@dataclass(slots=True)
class _Line:
    """One thread's work: ``attempt`` does some and says for how many seconds to rest."""

    name: str
    attempt: Callable[[], float]
    on_failure: Callable[[], None]
    ear: threading.Event
    gather: float = GATHER
    """Seconds to wait after a ring for what comes with it."""


class Runner:
    """Runs followers and chores until it is stopped. Listeners may share its ``bell``."""

    def __init__(
        self,
        db: Database,
        followers: Sequence[Follower],
        *,
        chores: Sequence[Chore] = (),
        lookouts: Sequence[Lookout] = (),
    ) -> None:
        self.bell = Bell(db)
        self._db = db
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._silent = [threading.Event() for _ in chores]
        self._lines = [self._follow(follower) for follower in followers]
        self._lines += [
            self._repeat(chore, ear) for chore, ear in zip(chores, self._silent, strict=True)
        ]
        for one in lookouts:
            self.bell.listen(one.ear)
            self._lines.append(_Line(one.name, one.look, lambda: None, one.ear))

    def start(self) -> None:
        """Start every thread and return."""
        self._stopping.clear()
        self.bell.start()
        self._threads = [
            threading.Thread(
                target=self._run, args=(line,), name=f"belowline-{line.name}", daemon=True
            )
            for line in self._lines
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each finish what it is doing, begin nothing new, and wait for that."""
        self._stopping.set()
        for ear in self._silent:
            ear.set()
        self.bell.stop()
        for thread in self._threads:
            thread.join(timeout=STOP_WITHIN)
        self._threads = []

    def _follow(self, follower: Follower) -> _Line:
        careful = 0

        def attempt() -> float:
            nonlocal careful
            limit = done = 1
            while done == limit and not self._stopping.is_set():
                limit = 1 if careful else BATCH
                done = step(self._db, follower, limit=limit)
                careful = max(careful - min(done, 1), 0)
            if self._db.is_sqlite:
                return LOOK_EVERY
            with self._db.read() as conn:
                return LOOK_SOON if is_behind(conn, follower.name) else LOOK_EVERY

        def failed() -> None:
            nonlocal careful
            # One at a time from here, so that everything before the one that fails still happens.
            careful = BATCH
            note_failure(self._db, follower.name)

        return _Line(follower.name, attempt, failed, self.bell.listen(), GATHER_EVENTS)

    def _repeat(self, chore: Chore, ear: threading.Event) -> _Line:
        def attempt() -> float:
            while chore.work():
                if self._stopping.is_set():
                    break
            return chore.every.total_seconds()

        return _Line(chore.name, attempt, lambda: None, ear)

    def _run(self, line: _Line) -> None:
        failures = 0
        while not self._stopping.is_set():
            line.ear.clear()
            try:
                rest = line.attempt()
            except Exception as error:  # noqa: BLE001 - see the module's docstring
                failures += 1
                _log_failure(line.name, error, failures)
                self._count_failure(line)
                # A ring does not cut this wait short: other events do not mend this one.
                self._stopping.wait(min(FIRST_WAIT * 2 ** min(failures - 1, 10), LONGEST_WAIT))
            else:
                failures = 0
                # Stopping sets first itself and then the ear, so one of the two is seen here.
                if not self._stopping.is_set() and line.ear.wait(rest):
                    self._stopping.wait(line.gather)

    def _count_failure(self, line: _Line) -> None:
        try:
            line.on_failure()
        except (BelowlineError, sa.exc.SQLAlchemyError) as error:
            # The database itself is what fails; the log above is all that can be kept.
            logger.warning("%s: the failure was not counted: %s", line.name, type(error).__name__)


def _log_failure(name: str, error: Exception, failures: int) -> None:
    # Where it happened, not what it says: a database's message can quote a reader's words.
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "?"
    logger.error("%s failed (%d in a row): %s at %s", name, failures, type(error).__name__, where)
