"""What the tests with attack strings share: the strings, and an application on SQLite."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from belowline.storage.database import Database
from tests.attacks.corpus import MISSING, read_lines
from tests.browser.conftest import live  # noqa: F401 - a fixture for test_in_browser
from tests.conftest import SettableClock
from tests.web.asking import Asker, asking


@pytest.fixture(scope="session")
def lines() -> tuple[str, ...]:
    """Give every attack string, or skip where the collections are missing."""
    found = read_lines()
    if not found:
        pytest.skip(MISSING)
    return found


@pytest.fixture
def echo(migrated_sqlite: Path, clock: SettableClock) -> Iterator[Asker]:
    """Give somebody who asks an application with one site, on SQLite."""
    folder = Path(tempfile.mkdtemp(dir=migrated_sqlite.parent))
    shutil.copyfile(migrated_sqlite, folder / "belowline.db")
    database = Database(f"sqlite:///{folder / 'belowline.db'}", clock=clock)
    with asking(database) as asker:
        yield asker
    database.close()
    shutil.rmtree(folder, ignore_errors=True)
