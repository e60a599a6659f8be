"""What the machine itself does at the time: work that never changes, beside the absolute bars.

A bar in milliseconds or in comments a second hangs on the machine as much as on the program.
These figures tell a slow hour from a slow program: they are of Python and SQLite alone.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import statistics
import time
from pathlib import Path

from bench.table import Row

WORKS, COMMITS = 9, 60


class Reference:
    """Takes the machine's measure now and again while the bench runs."""

    def __init__(self, folder: Path) -> None:
        """Keep a small database of its own in ``folder``."""
        self._path = folder / "reference.db"
        self._works: list[float] = []
        self._commits: list[float] = []

    def take(self) -> None:
        """Take a sample: some tenths of a second."""
        self._works.append(statistics.median(_work() for _ in range(WORKS)))
        self._commits.append(statistics.median(_commits(self._path)))

    def row(self) -> Row:
        """Tell every sample, in the order in which they were taken."""
        works = " ".join(f"{work * 1000:.1f}" for work in self._works)
        commits = " ".join(f"{commit * 1000:.2f}" for commit in self._commits)
        return Row(
            "this machine, at the beginning, before and after each database's posts",
            (f"fixed work {works} ms of CPU; a durable SQLite commit {commits} ms",),
        )


def _work() -> float:
    """Return the CPU seconds of some work that Python and its C parts share."""
    began = time.process_time()
    told = {str(number): "word " * (number % 30) for number in range(300)}
    for _ in range(20):
        told = json.loads(json.dumps(told))
        for word in told.values():
            hashlib.sha256(word.encode()).hexdigest()
    return time.process_time() - began


def _commits(path: Path) -> list[float]:
    """Return the seconds that each of some durable commits of one row took."""
    kept = sqlite3.connect(path, isolation_level=None)
    kept.execute("PRAGMA journal_mode = WAL")
    kept.execute("PRAGMA synchronous = FULL")
    kept.execute("CREATE TABLE IF NOT EXISTS words (word TEXT)")
    took = []
    for _ in range(COMMITS):
        began = time.perf_counter()
        kept.execute("INSERT INTO words VALUES (?)", ("word " * 40,))
        took.append(time.perf_counter() - began)
    kept.close()
    return took
