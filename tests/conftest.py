"""What every test may ask for: a clock that is set by hand, and a migrated database of its own.

A test that takes ``db`` or ``database_url`` runs twice, on SQLite and on PostgreSQL. Each worker
migrates once; a test then gets a copy: a file on a RAM disk, or a database that was made from a
template or swept after another test.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, sync_playwright

from belowline.storage import migrate
from belowline.storage.database import Database
from tests.filled import Filled
from tests.postgres import PostgresServer

PG_URL = "BELOWLINE_TEST_PG_URL"

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When every test begins: a Monday morning, without a change of daylight saving near."""


class SettableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time that was set."""
        return self.now

    def advance(self, by: timedelta) -> datetime:
        """Move the clock and return the new time."""
        self.now += by
        return self.now


@pytest.fixture
def clock() -> SettableClock:
    """Give a clock that stands at START until it is advanced."""
    return SettableClock()


@pytest.fixture(scope="session")
def ram_folder() -> Iterator[Path]:
    """Give a folder of this worker's own, in memory where the system has such a place."""
    shared = Path("/dev/shm")  # noqa: S108 - mkdtemp makes an unguessable folder in it
    parent = shared if os.access(shared, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="belowline-test-", dir=parent))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_sqlite(ram_folder: Path) -> Path:
    """Migrate one SQLite file for this worker, to be copied for each test."""
    path = ram_folder / "migrated.db"
    migrate.upgrade(f"sqlite:///{path}")
    # Into one file: a copy must not depend on a write-ahead log beside the original.
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str]:
    """Give the address of a PostgreSQL that this worker has for itself, or skip without one.

    The first worker takes the server that ``make test`` started, each other one starts its own:
    followers wait for the oldest transaction of the whole server, so that another worker's tests
    would keep events from this one's.
    """
    url = os.environ.get(PG_URL)
    if not url:
        pytest.skip(f"{PG_URL} is not set; `make test` starts a PostgreSQL and sets it")
    if worker_id in {"master", "gw0"}:
        yield url
        return
    script = Path(__file__).parent.parent / "dev/postgres.sh"
    own = os.environ | {"BELOWLINE_PG_FOR": str(os.getpid())}
    started = subprocess.run([script, "start"], env=own, check=True, capture_output=True, text=True)
    yield started.stdout.strip()
    subprocess.run([script, "stop"], env=own, check=False, capture_output=True)


@pytest.fixture(scope="session")
def postgres_server(postgres_url: str) -> Iterator[PostgresServer]:
    """Give this worker's PostgreSQL server with a migrated template."""
    server = PostgresServer(postgres_url)
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the address of a fresh, migrated database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated_sqlite")
        folder = Path(tempfile.mkdtemp(dir=migrated.parent))
        shutil.copyfile(migrated, folder / "belowline.db")
        yield f"sqlite:///{folder / 'belowline.db'}"
        shutil.rmtree(folder, ignore_errors=True)
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        # How a statement would run depends on the room that rows took which are no longer there.
        unused = request.node.get_closest_marker("unused_database") is not None
        name, times = (server.create(server.template), 0) if unused else server.lend()
        yield server.address(name)
        server.take_back(name, times)


@pytest.fixture(scope="module")
def filled(request: pytest.FixtureRequest) -> Iterator[Filled]:
    """Give what fills a database once for the module, and each test a copy of it."""
    found = Filled(request)
    yield found
    found.end()


@pytest.fixture
def db(database_url: str, clock: SettableClock) -> Iterator[Database]:
    """Give a fresh, migrated database that tells the time by the test's clock."""
    database = Database(database_url, clock=clock)
    yield database
    database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give the system's Chromium, to one module of tests at a time.

    While Playwright's synchronous door is open, an event loop runs in the thread of the tests, and
    ``asyncio.run`` refuses; so it is shut before the next module, which may need a loop of its own.
    """
    with open_chromium() as chromium:
        yield chromium


@contextmanager
def open_chromium(*flags: str) -> Iterator[Browser]:
    """Start the system's Chromium with more flags than usual; skip where there is none."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium; `make test` installs one where it may")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", *flags]
        )
        yield chromium
        chromium.close()


def pytest_collection_finish() -> None:
    """Look for garbage less often, and never in what the imports left.

    Each test through the application makes one, of some ten thousand objects that refer to each
    other: at the usual pace a fifth of such a test is looking through them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs on both databases, so that ``-m both`` and ``-m 'not both'`` choose."""
    for item in items:
        if "database_url" in getattr(item, "fixturenames", ()):
            item.add_marker("both")
