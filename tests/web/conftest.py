"""What tests through the application may ask for. They are few, and about shape and refusals."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.web.asking import Asker, asking


@pytest.fixture
def sqlite(migrated_sqlite: Path, clock: SettableClock) -> Iterator[Database]:
    """Give a fresh SQLite database by the test's clock; what differs is tested with the actions."""
    folder = Path(tempfile.mkdtemp(dir=migrated_sqlite.parent))
    shutil.copyfile(migrated_sqlite, folder / "belowline.db")
    database = Database(f"sqlite:///{folder / 'belowline.db'}", clock=clock)
    yield database
    database.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def echo(sqlite: Database) -> Iterator[Asker]:
    """Give somebody who asks an application with one site, on SQLite."""
    with asking(sqlite) as asker:
        yield asker


@pytest.fixture
def echo_on_both(db: Database) -> Iterator[Asker]:
    """Give the same on SQLite and on PostgreSQL, for what a database might choke on."""
    with asking(db) as asker:
        yield asker
