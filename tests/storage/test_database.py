"""The door to the database: what is written is whole, in turn and heard of only once it is kept."""

from __future__ import annotations

import re
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from belowline.core.errors import Misconfigured, Unavailable
from belowline.core.happened import Happened
from belowline.core.terms import CommentId, Finding, Passage, ScreenName, SiteId, Verdict
from belowline.events import kinds, log
from belowline.screens.store import list_verdicts
from belowline.storage import migrate
from belowline.storage.database import Database, insert_id, insert_ignore, normalise_url
from belowline.storage.tables import cursors, metadata, used_tokens
from tests.conftest import START
from tests.factories import SYSTEM, at_once, make_site, rows_of

SITE = SiteId(1)


def put_cursor(db: Database, name: str, at: datetime = START) -> None:
    with db.write(SYSTEM) as tx:
        tx.conn.execute(sa.insert(cursors).values(follower=name, moved_at=at))


def names(db: Database) -> list[str]:
    return [row.follower for row in rows_of(db, cursors)]


# Migrations


@pytest.fixture
def empty_url(database_url: str) -> str:
    """Give the address of a database with nothing in it."""
    engine = sa.create_engine(database_url)
    with engine.begin() as conn:
        if engine.dialect.name == "postgresql":
            conn.exec_driver_sql("DROP SCHEMA public CASCADE")
            conn.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return database_url if "postgresql" in database_url else f"{database_url}.empty"


def test_the_migrations_make_what_the_tables_describe(empty_url: str) -> None:
    db = Database(empty_url)
    with db.read() as conn:
        assert migrate.current(conn) is None
    migrate.upgrade(empty_url)

    with db.read() as conn:
        assert migrate.current(conn) == migrate.head()
        # Alembic cannot compare defaults on SQLite; they are the same ones.
        # What the databases keep for full text, each in its own way, is no part of the tables.
        opts: dict[str, Any] = {
            "compare_server_default": not db.is_sqlite,
            "include_name": lambda name, kind, _: (
                kind not in {"table", "index"} or not re.search("_words_(fts|words)", str(name))
            ),
        }
        context = MigrationContext.configure(conn, opts=opts)
        assert compare_metadata(context, metadata) == []
    db.close()


def test_migrating_again_changes_nothing(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    db = Database(empty_url)
    make_site(db)
    migrate.upgrade(empty_url)

    with db.read() as conn:
        assert migrate.current(conn) == migrate.head()
        assert conn.execute(sa.text("SELECT count(*) FROM sites")).scalar_one() == 1
    db.close()


def test_processes_that_migrate_at_the_same_time_wait_for_each_other(empty_url: str) -> None:
    if "postgresql" not in empty_url:
        pytest.skip("an installation on SQLite is one process")
    assert at_once(*[lambda: migrate.upgrade(empty_url)] * 3) == [None] * 3
    db = Database(empty_url)
    with db.read() as conn:
        assert migrate.current(conn) == migrate.head()
    db.close()


def test_verdicts_of_before_are_put_together_a_revision(empty_url: str) -> None:
    migrate.upgrade(empty_url, to="0008")
    db = Database(empty_url)
    before = sa.MetaData()
    with db.write(SYSTEM) as tx:
        before.reflect(tx.conn)
        for name in ("sites", "readers", "stories", "comments"):
            put_anything(tx.conn, before.tables[name], id=1)
        for number, revision, screen in ((1, 1, "length"), (2, 1, "words"), (3, 2, "length")):
            found = screen == "words"
            put_anything(
                tx.conn,
                sa.table(
                    "verdicts",
                    *(sa.column(one.name, one.type) for one in before.tables["verdicts"].columns),
                ),
                id=number,
                comment_id=1,
                revision=revision,
                screen=screen,
                finding="hold" if found else "pass",
                code="listed_word" if found else "clean",
                rule_key="obscenity" if found else None,
                passages=[[3, 8]] if found else [],
                detail={"hits": 1} if found else {},
                created_at=db.clock(),
            )
    migrate.upgrade(empty_url)

    passed = Verdict(ScreenName.LENGTH, Finding.PASS)
    held = Verdict(
        ScreenName.WORDS,
        Finding.HOLD,
        code="listed_word",
        rule="obscenity",
        passages=(Passage(3, 8),),
        detail={"hits": 1},
    )
    with db.read() as conn:
        assert list_verdicts(conn, CommentId(1), revision=1) == [passed, held]
        assert list_verdicts(conn, CommentId(1), revision=2) == [passed]
    db.close()


def put_anything(conn: sa.Connection, table: sa.TableClause, **values: object) -> None:
    """Put in a row with something in every column that must have a value."""
    for column in table.columns:
        if column.name in values or getattr(column, "nullable", True):
            continue
        if getattr(column, "server_default", None) is None:
            values[column.name] = {
                int: 1,
                str: "x",
                bool: True,
                float: 1.0,
                datetime: START,
            }.get(column.type.python_type, [])
    conn.execute(sa.insert(table).values(values))


# Writing


def test_what_is_rolled_back_leaves_nothing(db: Database) -> None:
    put_cursor(db, "kept")
    with pytest.raises(RuntimeError), db.write(SYSTEM) as tx:  # noqa: PT012
        tx.conn.execute(sa.insert(cursors).values(follower="lost", moved_at=tx.now))
        tx.conn.execute(sa.delete(cursors).where(cursors.c.follower == "kept"))
        raise RuntimeError

    assert names(db) == ["kept"]
    put_cursor(db, "later")
    assert names(db) == ["kept", "later"]


def test_changes_that_read_before_they_write_lose_nothing(db: Database) -> None:
    put_cursor(db, "count")

    def add() -> None:
        for _ in range(15):
            with db.write(SYSTEM) as tx:
                read = sa.select(cursors.c.seq).where(cursors.c.follower == "count")
                seq = tx.conn.execute(read.with_for_update()).scalar_one()
                tx.conn.execute(sa.update(cursors).values(seq=seq + 1))

    at_once(*[add] * 8)
    assert rows_of(db, cursors)[0].seq == 120


def test_eight_who_write_without_a_pause_all_get_their_turns(db: Database) -> None:
    until = time.monotonic() + 1.0
    waits: list[float] = []
    turns = [0] * 8

    def write(which: int) -> None:
        while time.monotonic() < until:
            began = time.monotonic()
            put_cursor(db, f"{which}-{turns[which]}")
            waits.append(time.monotonic() - began)
            turns[which] += 1

    at_once(*[lambda which=which: write(which) for which in range(8)])

    assert min(turns) * 8 > max(turns), turns
    assert max(waits) < 5
    assert len(names(db)) == sum(turns)


def test_nobody_waits_for_a_reader(db: Database) -> None:
    put_cursor(db, "before")
    with db.read() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(cursors)).scalar_one() == 1
        put_cursor(db, "meanwhile")
        # And what is read stays what it was when the reading began.
        assert conn.execute(sa.select(sa.func.count()).select_from(cursors)).scalar_one() == 1
    assert len(names(db)) == 2


def test_reading_never_writes(db: Database) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite has no such promise for one transaction")
    with pytest.raises(sa.exc.DBAPIError), db.read() as conn:
        conn.execute(sa.insert(cursors).values(follower="sly", moved_at=START))
    assert names(db) == []


def test_a_database_that_is_not_there_is_unavailable(db: Database) -> None:
    db.close()
    gone = "postgresql://nobody@127.0.0.1:1/none" if not db.is_sqlite else "sqlite:////proc/no/db"
    with pytest.raises((Unavailable, OSError)):
        put_cursor(Database(gone), "x")


# Listening


def test_listeners_hear_after_the_commit_and_only_then(db: Database) -> None:
    heard: list[tuple[list[str], int]] = []

    def listen(happened: object) -> None:
        # Another thread would see it too: it is committed.
        assert isinstance(happened, list)
        heard.append(([one.kind for one in happened], len(names(db))))

    db.on_commit(listen)
    with db.write(SYSTEM) as tx:
        tx.conn.execute(sa.insert(cursors).values(follower="a", moved_at=tx.now))
        log.append(tx, SITE, kinds.SiteCreated())
        log.append(tx, SITE, kinds.SiteChanged())
        assert heard == []
    assert heard == [(["SiteCreated", "SiteChanged"], 1)]

    with pytest.raises(RuntimeError), db.write(SYSTEM) as tx:  # noqa: PT012
        log.append(tx, SITE, kinds.SiteChanged())
        raise RuntimeError
    put_cursor(db, "silent")
    assert len(heard) == 1


def test_a_listener_may_write_itself(db: Database) -> None:
    heard = threading.Event()

    def listen(_: object) -> None:
        if not heard.is_set():
            heard.set()
            put_cursor(db, "by the listener")

    db.on_commit(listen)
    with db.write(SYSTEM) as tx:
        log.append(tx, SITE, kinds.SiteChanged())
    assert names(db) == ["by the listener"]


def test_watchers_hear_of_what_has_no_event(db: Database) -> None:
    seen: list[int] = []
    db.on_change(seen.append)
    db.changed(12)
    assert seen == [12]


# Values


@pytest.mark.parametrize(
    "at",
    [
        START,
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2))),
        datetime(9000, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
    ids=str,
)
def test_times_come_back_aware_and_equal(db: Database, at: datetime) -> None:
    put_cursor(db, "at", at)
    (row,) = rows_of(db, cursors)

    assert row.moved_at == at
    assert row.moved_at.utcoffset() == timedelta(0)


def test_a_naive_time_is_refused(db: Database) -> None:
    with pytest.raises(sa.exc.StatementError):
        put_cursor(db, "at", datetime(2026, 3, 2))  # noqa: DTZ001
    assert names(db) == []


def test_a_transaction_has_one_time(db: Database) -> None:
    with db.write(SYSTEM) as tx:
        assert tx.now == START


def test_a_second_row_with_the_same_key_is_ignored_when_asked(db: Database) -> None:
    site = make_site(db)
    row = {"site_id": site.id, "jti": "one", "expires_at": START}
    with db.write(SYSTEM) as tx:
        assert [insert_ignore(tx.conn, used_tokens, row) for _ in range(2)] == [True, False]


def test_a_row_that_refers_to_nothing_is_refused(db: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), db.write(SYSTEM) as tx:
        insert_id(
            tx.conn,
            metadata.tables["stories"],
            {"site_id": 999, "key": "a", "title": "A", "url": "", "created_at": tx.now},
        )


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///a.db", "sqlite+pysqlite"),
        ("postgresql://a@b/c", "postgresql+psycopg"),
        ("postgresql+asyncpg://a@b/c", "postgresql+psycopg"),
        ("postgres://a@b/c", "postgresql+psycopg"),
    ],
)
def test_an_address_gets_the_drivers_that_are_here(url: str, driver: str) -> None:
    assert normalise_url(url).drivername == driver


@pytest.mark.parametrize("url", ["", "mysql://a@b/c", "a.db", "sqlite"])
def test_an_address_of_something_else_is_a_mistake(url: str) -> None:
    with pytest.raises(Misconfigured):
        normalise_url(url)


def test_events_are_what_listeners_are_given(db: Database) -> None:
    heard: list[Happened] = []
    db.on_commit(heard.extend)
    with db.write(SYSTEM) as tx:
        seq = log.append(tx, SITE, kinds.StoryAdded(3))
    assert [(one.seq, one.data) for one in heard] == [(seq, {"story_id": 3})]


def test_sqlite_keeps_what_it_acknowledged(db: Database) -> None:
    if not db.is_sqlite:
        pytest.skip("PostgreSQL keeps by itself what it acknowledged")
    with db.read() as conn:
        asked = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
