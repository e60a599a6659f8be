"""``/healthz`` tells a load balancer the truth."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from belowline.actions.sites import create_site
from belowline.core.settings import Settings
from belowline.storage import migrate
from belowline.storage.database import Database
from belowline.storage.tables import cursors
from belowline.web.app import make_app
from belowline.web.examiner import Examiner, examine
from belowline.web.house import make_house

SETTINGS = Settings(secret="0123456789abcdef-made-up-for-this-test")


def ask(db: Database) -> tuple[int, dict[str, object]]:
    # Not entered as a context, so no follower runs: what is behind stays behind.
    client = TestClient(make_app(make_house(SETTINGS, db=db)), raise_server_exceptions=False)
    answer = client.get("/healthz")
    return answer.status_code, answer.json()


def test_a_healthy_process_says_so(db: Database) -> None:
    status, body = ask(db)

    assert status == 200
    assert body == {"status": "ok", "problems": [], "followers_behind": {}}


def test_asking_leaves_nothing_behind(db: Database) -> None:
    ask(db)

    with db.read() as conn:
        assert conn.execute(sa.select(cursors)).all() == []


FULL_DISK = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON cursors EXECUTE FUNCTION full_disk()
"""


def forbid_writing(db: Database) -> None:
    if not db.is_sqlite:
        with db.engine.begin() as conn:
            conn.exec_driver_sql(FULL_DISK)
        return

    @sa.event.listens_for(db.engine, "connect")
    def _(dbapi: sqlite3.Connection, _entry: object) -> None:
        dbapi.execute("PRAGMA query_only = ON")

    db.engine.dispose()


def unmigrate(db: Database) -> None:
    with db.engine.connect().execution_options(belowline_write=True) as conn, conn.begin():
        conn.execute(sa.text("DELETE FROM alembic_version"))


def stick(db: Database) -> None:
    now = db.clock
    db.clock = lambda: now() - timedelta(minutes=6)
    create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])
    db.clock = now
    rest(db)


def rest(db: Database) -> None:
    """Have a follower that has not moved for years, as after a very quiet time."""
    with db.engine.connect().execution_options(belowline_write=True) as conn, conn.begin():
        moved_at = db.clock().replace(year=2020)
        conn.execute(sa.insert(cursors).values(follower="notify", moved_at=moved_at))


def test_the_first_event_after_a_quiet_time_is_no_delay(db: Database) -> None:
    rest(db)
    create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])

    assert examine(db).problems == ()


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        pytest.param(forbid_writing, "database_unavailable", id="read-only"),
        pytest.param(unmigrate, "migrations_pending", id="unmigrated"),
        pytest.param(stick, "follower_behind:notify", id="stuck-follower"),
    ],
)
def test_what_is_wrong_is_named(
    db: Database, harm: Callable[[Database], None], problem: str
) -> None:
    harm(db)
    status, body = ask(db)

    assert status == 503
    assert body["problems"] == [problem]


def test_a_database_that_is_gone_is_503(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/there.db")
    (tmp_path / "there.db").mkdir()
    client = TestClient(make_app(make_house(SETTINGS, db=db)), raise_server_exceptions=False)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["problems"] == ["database_unavailable"]


def test_an_answer_to_another_origin_is_503_too_when_the_database_is_gone(tmp_path: Path) -> None:
    """Who may read the answer is looked up in the database as well, outside the framework."""
    db = Database(f"sqlite:///{tmp_path}/there.db")
    (tmp_path / "there.db").mkdir()
    client = TestClient(make_app(make_house(SETTINGS, db=db)))
    answer = client.get(
        "/api/v1/sites/courier/stories/bridge/thread",
        headers={"Origin": "https://www.courier.example"},
    )

    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "database_unavailable"
    assert "access-control-allow-origin" not in answer.headers


def test_a_file_that_was_taken_away_is_told_though_it_is_still_open(tmp_path: Path) -> None:
    file = tmp_path / "belowline.db"
    migrate.upgrade(f"sqlite:///{file}")
    db = Database(f"sqlite:///{file}")
    try:
        assert ask(db)[0] == 200
        file.rename(tmp_path / "taken.db")
        assert ask(db) == (
            503,
            {"status": "unhealthy", "problems": ["database_unavailable"], "followers_behind": {}},
        )
        assert not file.exists()
    finally:
        db.close()


def test_who_asks_at_the_same_time_is_answered_by_one_look(db: Database) -> None:
    examiner, commits = Examiner(db), list[sa.Connection]()
    sa.event.listen(db.engine, "commit", commits.append)
    sa.event.listen(db.engine, "begin", lambda _conn: time.sleep(0.05))

    with ThreadPoolExecutor(20) as pool:
        found = [*pool.map(lambda _: examiner.examine(), range(20))]

    assert {one.problems for one in found} == {()}
    # Reading and writing are a transaction each; one look began before the last had asked.
    assert len(commits) <= 2 * 3
