"""Tests' own PostgreSQL databases: given out again when they are as they were, and else dropped."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.actions.sites import create_site
from belowline.storage.database import Database
from belowline.storage.tables import events, sites
from tests.postgres import PostgresServer


def test_a_database_with_new_rows_is_swept_and_lent_again(postgres_server: PostgresServer) -> None:
    name, times = postgres_server.lend()
    first = found(name, postgres_server)

    postgres_server.take_back(name, times)

    again, times_again = postgres_server.lend()
    assert (again, times_again) == (name, times + 1)
    assert found(again, postgres_server) == first
    postgres_server.take_back(again, times_again)


def test_a_database_of_another_shape_is_dropped(postgres_server: PostgresServer) -> None:
    name, times = postgres_server.lend()
    db = Database(postgres_server.address(name))
    with db.engine.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE odd ()")
    db.close()

    postgres_server.take_back(name, times)

    other, times = postgres_server.lend()
    assert other != name
    postgres_server.take_back(other, times)


def found(name: str, server: PostgresServer) -> tuple[int, int, int]:
    """Make a site; return its id, and how many sites and events there are then."""
    db = Database(server.address(name))
    made = create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])
    with db.read() as conn:
        counts = [conn.scalar(sa.select(sa.func.count()).select_from(t)) for t in (sites, events)]
    db.close()
    return made.id, counts[0] or 0, counts[1] or 0
