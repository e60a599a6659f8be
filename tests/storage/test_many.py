"""Asking about many and putting many in: the same on both databases, one by one and together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from belowline.core.terms import Actor, StoryMode
from belowline.storage.database import Database
from belowline.storage.many import Changes, Each, Rows
from belowline.storage.tables import events, sessions, sites, stories, used_tokens
from tests.factories import make_reader

SYSTEM = Actor.of_system("test")
NOON = datetime(2026, 11, 3, 12, 0, 0, 250000, tzinfo=UTC)
SITES = Rows(
    sites,
    ("key", "name", "origins", "settings", "identity", "created_at"),
    returning=("id", "key", "origins", "identity", "created_at"),
)
STORIES = Rows(stories, ("site_id", "key", "title", "url", "mode", "created_at"))
TOKENS = Rows(used_tokens, ("site_id", "jti", "expires_at"), unless_there=True)
FIND = Each(
    lambda site_id, key: sa.select(stories.c.title, stories.c.created_at).where(
        stories.c.site_id == site_id, stories.c.key == key
    ),
    site_id=sa.BigInteger(),
    key=sa.Text(),
)
NAMES = ("zwölf", "“quoted”", "a\\b", "x" * 5000, "'; DROP TABLE sites; --", "%s", "{}", "null")


def site(key: str, **given: object) -> dict[str, object]:
    base = {"key": key, "name": key, "origins": ["https://a.example"], "settings": {"a": [1]}}
    return {**base, "identity": None, "created_at": NOON, **given}


def story(site_id: int, key: str) -> dict[str, object]:
    return {
        "site_id": site_id,
        "key": key,
        "title": f"About {key}",
        "url": "",
        "mode": StoryMode.OPEN,
        "created_at": NOON,
    }


def test_rows_come_back_in_their_order_with_their_types(db: Database) -> None:
    with db.write(SYSTEM) as tx:
        put = SITES.put(tx.conn, [site(name) for name in reversed(NAMES)])
        assert [row.key for row in put] == list(reversed(NAMES))
        assert put == sorted(put)
        assert {(row.created_at, *row.origins) for row in put} == {(NOON, "https://a.example")}
        # What is null is null, and not a document that says so.
        assert tx.conn.execute(sa.select(sites.c.id).where(sites.c.identity.is_(None))).all() == [
            (row.id,) for row in put
        ]
        assert SITES.put(tx.conn, []) == []


@pytest.mark.parametrize("count", [1, 2, len(NAMES)])
def test_each_finds_its_own_row_or_none(db: Database, count: int) -> None:
    names = NAMES[:count]
    with db.write(SYSTEM) as tx:
        site_id = SITES.put(tx.conn, [site("echo")])[0].id
        STORIES.put(tx.conn, [story(site_id, name) for name in names])
    with db.read() as conn:
        asked = [{"site_id": site_id, "key": name} for name in names]
        found = FIND.find(conn, asked)
        assert [row.title for row in found] == [f"About {name}" for name in names]
        assert {row.created_at for row in found} == {NOON}
        assert FIND.find(conn, [*asked, {"site_id": site_id, "key": "none"}])[-1] is None
        assert FIND.find(conn, [{"site_id": site_id + 1, "key": names[0]}] * count) == (
            [None] * count
        )
        assert FIND.find(conn, []) == []


def test_each_row_is_changed_to_what_is_said_of_it(db: Database) -> None:
    retitle = Changes(stories, ("site_id", "key"), ("title", "paced_until"))
    with db.write(SYSTEM) as tx:
        site_id = SITES.put(tx.conn, [site("echo")])[0].id
        STORIES.put(tx.conn, [story(site_id, name) for name in (*NAMES, "untouched")])
        changed = [
            {"site_id": site_id, "key": name, "title": f"New {name}", "paced_until": NOON}
            for name in (*NAMES, "not there")
        ]
        retitle.make(tx.conn, changed)
        retitle.make(tx.conn, [])
    with db.read() as conn:
        found = conn.execute(sa.select(stories).order_by(stories.c.id)).all()
    assert [row.title for row in found] == [*(f"New {name}" for name in NAMES), "About untouched"]
    assert [row.paced_until for row in found] == [NOON] * len(NAMES) + [None]


def test_a_key_that_is_taken_undoes_all_or_is_passed_over(db: Database) -> None:
    with db.write(SYSTEM) as tx:
        site_id = SITES.put(tx.conn, [site("echo")])[0].id
    with pytest.raises(sa.exc.IntegrityError), db.write(SYSTEM) as tx:
        STORIES.put(tx.conn, [story(site_id, "one"), story(site_id, "one")])
    with db.write(SYSTEM) as tx:
        assert tx.conn.execute(sa.select(stories.c.id)).all() == []
        token = {"site_id": site_id, "jti": "a", "expires_at": NOON}
        TOKENS.put(tx.conn, [token, {**token, "jti": "b"}])
        TOKENS.put(tx.conn, [token, {**token, "jti": "c"}])
        found = tx.conn.execute(sa.select(used_tokens.c.jti).order_by(used_tokens.c.jti))
        assert found.scalars().all() == ["a", "b", "c"]


def test_postgresql_fills_in_what_only_it_knows(db: Database) -> None:
    add = Rows(
        events,
        ("at", "kind", "site_id", "actor", "data"),
        returning=("seq", "xid", "data"),
        postgres={"xid": sa.text("pg_current_xact_id()::text::bigint")},
    )
    with db.write(SYSTEM) as tx:
        site_id = SITES.put(tx.conn, [site("echo")])[0].id
        row = {"at": NOON, "kind": "Test", "site_id": site_id, "actor": "system:test"}
        put = add.put(tx.conn, [{**row, "data": {"number": number}} for number in range(3)])
        assert [event.data for event in put] == [{"number": number} for number in range(3)]
        assert {event.xid == 0 for event in put} == {db.is_sqlite}


def test_bytes_are_looked_for_as_they_are(db: Database) -> None:
    hashes = [b"\x00\xff", b"\\x41", b"A", b""]
    find = Each(
        lambda token_hash: sa.select(sessions.c.token_hash).where(
            sessions.c.token_hash == token_hash
        ),
        token_hash=sa.LargeBinary(),
    )
    reader_id = make_reader(db)
    with db.write(SYSTEM) as tx:
        times = {"created_at": NOON, "expires_at": NOON}
        for one in hashes[:3]:
            values = {"token_hash": one, "reader_id": reader_id, **times}
            tx.conn.execute(sa.insert(sessions).values(values))
    with db.read() as conn:
        found = find.find(conn, [{"token_hash": one} for one in hashes])
    assert [row and row.token_hash for row in found] == [*hashes[:3], None]
