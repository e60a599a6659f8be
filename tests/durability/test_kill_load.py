"""A process that is killed while it loads an export leaves an empty installation or a full one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from belowline.storage.database import Database
from belowline.storage.tables import comments, readers
from belowline.transfer.whole.loading import load
from belowline.transfer.whole.source import open_source
from tests.factories import make_comment, make_site
from tests.transfer.whole.worlds import SECRET, change, write

MANY = 20_000


@pytest.fixture
def export(migrated_sqlite: Path, tmp_path: Path) -> Path:
    """Give an export that takes a while to load."""
    file = tmp_path / "from.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    db = Database(f"sqlite:///{file}")
    make_comment(db, make_site(db).id)
    written = write(db, tmp_path / "leaving")
    db.close()
    change(written, "comments", many)
    return written


def many(raw: bytes) -> bytes:
    one = json.loads(raw.splitlines()[0])
    return b"".join(
        json.dumps(one | {"id": number, "client_key": None}).encode() + b"\n"
        for number in range(1, MANY + 1)
    )


def count(db: Database) -> tuple[int, int]:
    with db.read() as conn:
        return tuple(  # type: ignore[return-value]
            conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (readers, comments)
        )


def test_a_load_that_is_killed_is_none(database_url: str, export: Path) -> None:
    db = Database(database_url)
    command = [sys.executable, "-m", "belowline.cli", "load", str(export)]
    given = os.environ | {"DATABASE_URL": database_url, "BELOWLINE_SECRET": SECRET}
    found = []
    for wait in (1.5, 2.5, 4.0):
        process = subprocess.Popen(
            command, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(wait)
        process.kill()
        process.wait()
        found.append(count(db))

    assert set(found) <= {(0, 0), (1, MANY)}
    if found[-1] == (0, 0):
        with open_source(export) as source:
            load(database_url, source)
    assert count(db) == (1, MANY)
    db.close()
