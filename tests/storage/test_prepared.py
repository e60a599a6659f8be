"""Prepared statements give what SQLAlchemy gives, fail as it fails, and use an index."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

import belowline
from belowline.core.terms import Actor, StoryMode
from belowline.storage.database import Database
from belowline.storage.many import Each
from belowline.storage.prepared import Prepared
from belowline.storage.tables import events, metadata, sites, stories

BENCH = Actor.of_system("test")
NOON = datetime(2026, 11, 3, 12, 0, 0, 250000, tzinfo=UTC)
ADD_SITE = Prepared(
    sa.insert(sites).returning(*sites.c),
    columns=("key", "name", "settings", "origins", "created_at"),
)
ADD_STORY = Prepared(
    sa.insert(stories), columns=("site_id", "key", "title", "url", "mode", "created_at")
)
STORIES = Prepared(
    sa.select(stories).where(stories.c.site_id == sa.bindparam("site_id")).order_by(stories.c.id)
)
RETITLE = Prepared(
    sa.update(stories)
    .where(stories.c.site_id == sa.bindparam("site"))
    .values(title=sa.bindparam("new_title"))
)


def add_site(conn: sa.Connection, key: str = "gazette") -> sa.Row[tuple[object, ...]]:
    return ADD_SITE.first(  # type: ignore[no-any-return]
        conn,
        key=key,
        name="Gazette",
        settings={"a": [1]},
        origins=["https://g.example"],
        created_at=NOON.astimezone(timezone(timedelta(hours=2))),
    )


def story(site_id: int, key: str) -> dict[str, object]:
    return {
        "site_id": site_id,
        "key": key,
        "title": key.upper(),
        "url": f"https://g.example/{key}",
        "mode": StoryMode.OPEN,
        "created_at": NOON,
    }


def test_a_row_is_what_sqlalchemy_makes_of_it(db: Database) -> None:
    with db.write(BENCH) as tx:
        added = add_site(tx.conn)
        usual = tx.conn.execute(sa.select(sites)).one()
        assert tuple(added) == tuple(usual)
        assert added.created_at == NOON
        assert added.settings == {"a": [1]}


def test_many_rows_go_in_and_come_out_in_order(db: Database) -> None:
    with db.write(BENCH) as tx:
        site_id = add_site(tx.conn).id
        ADD_STORY.run_each(tx.conn, [story(site_id, key) for key in ("one", "two", "three")])
    with db.read() as conn:
        found = STORIES.all(conn, site_id=site_id)
        assert [row.key for row in found] == ["one", "two", "three"]
        assert STORIES.all(conn, site_id=site_id + 1) == []
        assert STORIES.first(conn, site_id=site_id + 1) is None


def test_a_change_says_how_many_rows_it_met(db: Database) -> None:
    with db.write(BENCH) as tx:
        site_id = add_site(tx.conn).id
        ADD_STORY.run_each(tx.conn, [story(site_id, key) for key in ("one", "two")])
        assert RETITLE.run(tx.conn, site=site_id, new_title="New") == 2
        assert RETITLE.run(tx.conn, site=site_id + 1, new_title="New") == 0


def test_what_it_writes_is_undone_with_the_transaction(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.write(BENCH) as tx:  # noqa: PT012 - rolls back
        add_site(tx.conn)
        raise ZeroDivisionError
    with db.read() as conn:
        assert conn.execute(sa.select(sites.c.id)).all() == []


def test_a_key_that_is_taken_is_an_integrity_error_without_the_words(db: Database) -> None:
    with db.write(BENCH) as tx:
        add_site(tx.conn)
    with db.write(BENCH) as tx, pytest.raises(sa.exc.IntegrityError) as caught:
        add_site(tx.conn)
    assert "g.example" not in str(caught.value)


def test_a_value_that_is_missing_or_naive_is_refused_before_anything_is_sent(db: Database) -> None:
    with db.write(BENCH) as tx:
        with pytest.raises(KeyError):
            STORIES.all(tx.conn)
        with pytest.raises(KeyError, match="mode"):
            ADD_STORY.run(
                tx.conn,
                **{name: value for name, value in story(1, "one").items() if name != "mode"},
            )
        with pytest.raises(ValueError, match="aware"):
            ADD_STORY.run(tx.conn, **{**story(1, "one"), "created_at": NOON.replace(tzinfo=None)})


def test_a_list_of_values_is_no_prepared_statement(db: Database) -> None:
    several = Prepared(sa.select(events.c.seq).where(events.c.seq.in_(sa.bindparam("seqs"))))
    with db.read() as conn, pytest.raises(TypeError):
        several.all(conn, seqs=[1])


def every_prepared() -> dict[str, Prepared | Each]:
    found = {}
    for module in pkgutil.walk_packages(belowline.__path__, "belowline."):
        if ".migrations" in module.name or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Prepared | Each):
                found[f"{module.name}.{name}"] = value
    return found


def test_no_prepared_statement_reads_a_whole_table(db: Database) -> None:
    """They are what runs all the time, so none may get slower as its table grows."""
    if not db.is_sqlite:
        pytest.skip("SQLite says so in words; the indexes are the same")
    statements = every_prepared()
    assert len(statements) > 20
    with db.read() as conn:
        for name, prepared in statements.items():
            if name.endswith(("._NOTIFY", "._WAIT")):
                # PostgreSQL alone has these.
                continue
            plan = prepared.explain(conn)
            scanned = {line.split()[1] for line in plan if line.startswith("SCAN")}
            # The followers' cursors are a handful of rows.
            assert not scanned & set(metadata.tables) - {"cursors"}, (name, plan)
