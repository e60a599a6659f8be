"""A disk that fills up under a running server: it says so, loses nothing, and works again after."""

from __future__ import annotations

import json
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from belowline.storage.database import Database
from belowline.storage.tables import comments
from tests.durability.serving import Served
from tests.durability.test_kill import sign_in_many
from tests.factories import make_site, make_story, rows_of

PATH = "/api/v1/sites/echo/stories/bridge/comments"


@pytest.fixture
def file(migrated_sqlite: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "belowline.db"
        made.write_bytes(migrated_sqlite.read_bytes())
        yield made


def test_a_full_disk_is_told_and_loses_nothing(file: Path) -> None:
    """The process may not make files larger, which a database takes as it takes a full disk."""
    url = f"sqlite:///{file}"
    db = Database(url)
    site = make_site(db)
    make_story(db, site.id, "bridge")
    token = next(iter(sign_in_many(db, site.id).values()))
    served = Served(url, file.parent)

    def post(key: str) -> int:
        body = {"text": f"The {key} bridge opens in May.", "client_key": f"key-of-{key}"}
        return served.ask("POST", PATH, body, token)[0]

    try:
        served.start()
        assert served.process is not None
        assert post("first") == 201
        log = Path(f"{file}-wal")
        _, most = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (log.stat().st_size, most))
        full, said = served.ask("GET", "/healthz")
        refused = post("second")
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (most, most))
        freed, _ = served.ask("GET", "/healthz")
        repeated = post("second")
    finally:
        served.stop()
        kept = [row.client_key for row in rows_of(db, comments)]
        db.close()

    assert (full, refused) == (503, 503)
    assert json.loads(said)["problems"] == ["database_unavailable"]
    assert (freed, repeated) == (200, 201)
    assert kept == ["key-of-first", "key-of-second"]
