"""``/healthz`` tells a load balancer the truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from belowline.actions.sites import create_site
from belowline.core.settings import Settings
from belowline.storage.database import Database
from belowline.storage.tables import cursors
from belowline.web.app import make_app
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


def forbid_writing(db: Database) -> None:
    @sa.event.listens_for(db.engine, "connect")
    def _(dbapi: object, _entry: object) -> None:
        statement = (
            "PRAGMA query_only = ON" if db.is_sqlite
            else "SET default_transaction_read_only = on"
        )
        cursor = dbapi.cursor()  # type: ignore[attr-defined]
        cursor.execute(statement)
        if not db.is_sqlite:
            dbapi.commit()  # type: ignore[attr-defined]
        cursor.close()

    db.engine.dispose()


def unmigrate(db: Database) -> None:
    with db.engine.connect().execution_options(belowline_write=True) as conn, conn.begin():
        conn.execute(sa.text("DELETE FROM alembic_version"))


def stick(db: Database) -> None:
    create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])
    with db.engine.connect().execution_options(belowline_write=True) as conn, conn.begin():
        moved_at = db.clock().replace(year=2020)
        conn.execute(sa.insert(cursors).values(follower="notify", moved_at=moved_at))


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

    assert client.get("/healthz").status_code == 503
