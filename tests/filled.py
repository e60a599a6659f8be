"""Databases that take long to fill: filled once for a module, of which each test has a copy.

A copy is as the original was, with what PostgreSQL knows of how much there is of what, and nothing
that another test did is in it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from belowline.core.clock import Clock
from belowline.storage.database import Database
from tests.postgres import PostgresServer

Found = TypeVar("Found")
BOTH = ("sqlite", "postgres")


class Filled:
    """What a module has filled so far, by kind of database."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        """Fill nothing yet."""
        self._request = request
        self._folder = Path(tempfile.mkdtemp(dir=self._migrated.parent))
        self._kept: dict[tuple[str, str], tuple[str, object]] = {}

    @contextmanager
    def copy(
        self, kind: str, fill: Callable[[Database], Found], *, clock: Clock
    ) -> Iterator[tuple[Database, Found]]:
        """Give a copy of the database that ``fill`` fills, and what it returned then."""
        key = (kind, fill.__name__)
        if key not in self._kept:
            original = self._make(kind, None)
            with self._open(kind, original, clock) as db:
                self._kept[key] = (original, fill(db))
        original, found = self._kept[key]
        name = self._make(kind, original)
        with self._open(kind, name, clock) as db:
            yield db, found  # type: ignore[misc] - the same function returned it
        self._drop(kind, name)

    def end(self) -> None:
        """Drop what was filled."""
        for (kind, _), (name, _) in self._kept.items():
            self._drop(kind, name)
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def _open(self, kind: str, name: str, clock: Clock) -> Iterator[Database]:
        url = f"sqlite:///{name}" if kind == "sqlite" else self._server.address(name)
        db = Database(url, clock=clock)
        try:
            yield db
        finally:
            # Nobody may be connected to a database of which a copy is made.
            db.close()

    def _make(self, kind: str, original: str | None) -> str:
        if kind == "postgres":
            return self._server.create(original or self._server.template)
        name = Path(tempfile.mkdtemp(dir=self._folder)) / "belowline.db"
        shutil.copyfile(original or self._migrated, name)
        return str(name)

    def _drop(self, kind: str, name: str) -> None:
        if kind == "postgres":
            self._server.drop(name)
        else:
            shutil.rmtree(Path(name).parent, ignore_errors=True)

    @property
    def _migrated(self) -> Path:
        found: Path = self._request.getfixturevalue("migrated_sqlite")
        return found

    @property
    def _server(self) -> PostgresServer:
        found: PostgresServer = self._request.getfixturevalue("postgres_server")
        return found
