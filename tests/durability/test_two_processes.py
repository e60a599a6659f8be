"""Two servers on one PostgreSQL, their connections cut: both go on, and nothing happens twice."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from belowline.storage import tables
from belowline.storage.database import Database
from tests.durability.serving import Served
from tests.durability.test_kill import (
    Crowd,
    assert_each_reply_was_told_once,
    assert_sound,
    sign_in_many,
    wait_for_followers,
)
from tests.factories import make_comment, make_site, make_story, rows_of

CUTS = 5
THREAD = "/api/v1/sites/echo/stories/bridge/thread.html?order=newest"
CUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def postgres_address(request: pytest.FixtureRequest) -> Iterator[str]:
    server = request.getfixturevalue("postgres_server")
    name = server.create(server.template)
    yield server.address(name)
    server.drop(name)


class Pair(Served):
    """Asks two servers in turn; one that says that its database is silent has not answered."""

    other: Served
    turn: int = 0

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, str]:
        """Ask the server whose turn it is."""
        self.turn += 1
        ask = super().ask if self.turn % 2 else self.other.ask
        status, text = ask(method, path, body, token)
        if status == 503 and method == "POST":
            raise OSError(text)
        return status, text


def cut(url: str) -> int:
    """End every connection to the database but our own, as a restarted server would."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as conn:
        return int(conn.execute(sa.text(CUT)).scalar_one())


def is_well(served: Served) -> bool:
    """Say whether the server is healthy again within some seconds."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if Served.ask(served, "GET", "/healthz")[0] == 200:
            return True
        time.sleep(0.05)
    return False


def test_two_servers_outlive_their_connections(postgres_address: str, tmp_path: Path) -> None:
    db = Database(postgres_address)
    site = make_site(db)
    root = make_comment(db, site.id, story_id=make_story(db, site.id, "bridge"))
    tokens = sign_in_many(db, site.id)
    # One who is not of the crowd, and so has not written too often when it matters.
    _, token = tokens.popitem()
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one = Pair(postgres_address, tmp_path / "one")
    one.other = Served(postgres_address, tmp_path / "other")
    chances = random.Random(20260304)  # noqa: S311 - the same moments every time
    crowd = Crowd(one, tokens, root.id, chances)
    writers = [Thread(target=crowd.write) for _ in range(2)]
    try:
        one.other.start()
        one.start()
        for writer in writers:
            writer.start()
        for _ in range(CUTS):
            time.sleep(chances.uniform(0.3, 1.0))
            assert cut(postgres_address) > 2
        crowd.stop.set()
        for writer in writers:
            writer.join()
        assert is_well(one)
        assert is_well(one.other)
        crowd.finish()
        waited = see_at_the_other(one, token)
        wait_for_followers(db)
    finally:
        crowd.stop.set()
        for writer in writers:
            writer.join()
        one.stop()
        one.other.stop()

    assert crowd.unexpected == []
    kept = rows_of(db, tables.comments)
    crowded = {row.client_key: row.id for row in kept if (row.client_key or "").startswith("key-")}
    assert crowded == crowd.acknowledged
    assert len(crowded) > 10
    assert waited < 2
    assert_sound(db)
    assert_each_reply_was_told_once(db)
    db.close()


def see_at_the_other(one: Pair, token: str) -> float:
    """Return the seconds from a comment at one server until the other's cached page shows it."""
    text = "Wrens nest behind the signal box, where nobody has painted since Coronation year."
    body = {"text": text, "client_key": "seen-elsewhere"}
    assert "Wrens" not in one.other.ask("GET", THREAD)[1]
    path = "/api/v1/sites/echo/stories/bridge/comments"
    status, made = Served.ask(one, "POST", path, body, token)
    assert status == 201, made
    assert json.loads(made)["status"] == "published", made
    began = time.monotonic()
    while "Wrens" not in one.other.ask("GET", THREAD)[1]:
        assert time.monotonic() - began < 10
        time.sleep(0.02)
    return time.monotonic() - began
