"""Isso's database, which may have been made to do harm, and its plain JSON."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from belowline.core.errors import InvalidInput
from belowline.transfer import sqlitefile
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.isso import read_isso, read_isso_json
from belowline.transfer.shape import Record, SourceAuthor, SourceComment, SourceStory
from tests.transfer.reading import NOW, comments, repairs, skips, stories, the_comment

BASE = "https://courier.example"
SCHEMA = """
CREATE TABLE preferences (key VARCHAR PRIMARY KEY, value VARCHAR);
INSERT INTO preferences VALUES ('session-key', 'the-key-that-signs-sessions');
CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
CREATE TABLE comments (
    tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER,
    created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR,
    text VARCHAR, author VARCHAR, email VARCHAR, website VARCHAR,
    likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL{more});
CREATE TRIGGER remove_stale_threads AFTER DELETE ON comments BEGIN
    DELETE FROM threads WHERE id NOT IN (SELECT tid FROM comments); END;
INSERT INTO threads VALUES (1, '/a/', 'A');
"""
NOTIFICATION = ", notification INTEGER NOT NULL DEFAULT 0"


def a_database(
    tmp_path: Path, *rows: dict[str, object], version: int = 5, more: str = NOTIFICATION,
    extra: str = "",
) -> bytes:  # fmt: skip
    path = tmp_path / "comments.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as made:
        made.executescript(SCHEMA.format(more=more))
        made.execute(f"PRAGMA user_version = {version}")
        for row in rows:
            given = {
                "tid": 1, "id": 7, "parent": None, "created": 1400000000.5, "modified": None,
                "mode": 1, "remote_addr": "203.0.113.0", "text": "Hello", "author": "Ada",
                "email": "ada@example.org", "website": None, "likes": 0, "dislikes": 0,
                "voters": b"\0" * 256,
            } | row  # fmt: skip
            names = ", ".join(given)
            marks = ", ".join("?" for _ in given)
            made.execute(
                f"INSERT INTO comments ({names}) VALUES ({marks})",  # noqa: S608
                list(given.values()),
            )
        made.executescript(extra)
    made.close()
    return path.read_bytes()


def read(data: bytes) -> list[Record]:
    return list(read_isso(io.BytesIO(data), base_url=BASE, now=NOW))


def refused(data: bytes) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        read(data)
    return caught.value


@pytest.mark.parametrize(
    ("version", "more"), [(0, ""), (3, ""), (3, NOTIFICATION), (5, NOTIFICATION)]
)
def test_every_form_of_the_database_is_read(tmp_path: Path, version: int, more: str):
    story, comment = read(a_database(tmp_path, {}, version=version, more=more))
    assert story == SourceStory("1", f"{BASE}/a/", "A", None, None, open=True, visible=True)
    assert isinstance(comment, SourceComment)
    assert (comment.source_id, comment.story_source_id, comment.text) == ("7", "1", "Hello")
    assert comment.author == SourceAuthor(None, "Ada", "ada@example.org")
    assert comment.created_at == datetime(2014, 5, 13, 16, 53, 20, 500000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mode", "status", "why"),
    [
        (1, ImportStatus.PUBLISHED, None),
        (2, ImportStatus.HELD, Hide.PENDING),
        (4, ImportStatus.DELETED, Hide.DELETED),
        (0, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        (3, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        (5, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        (None, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        ("one", ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
    ],
)
def test_only_what_was_public_goes_live(
    tmp_path: Path, mode: object, status: ImportStatus, why: Hide | None
):
    comment = the_comment(read(a_database(tmp_path, {"mode": mode})))
    assert (comment.status, comment.hidden_because) == (status, why)


def test_the_words_are_read_as_what_they_were_written_in(tmp_path: Path):
    rows = [
        {"id": 1, "text": "*One*\ntwo"},
        {"id": 2, "text": "<p>One</p><p>two</p>"},
        {"id": 3, "text": "if a<b use List<String>"},
    ]
    texts = [c.text for c in comments(read(a_database(tmp_path, *rows)))]
    assert texts == ["*One*\ntwo", "One\n\ntwo", r"if a\<b use List\<String>"]


def test_names_lose_their_escapes_and_votes_are_only_a_total(tmp_path: Path):
    row = {"author": "Tom &amp; Jerry", "likes": 4, "dislikes": 9, "modified": 1400000100.0}
    comment = the_comment(read(a_database(tmp_path, row)))
    assert (comment.author.name, comment.respect) == ("Tom & Jerry", 4)
    assert comment.edited_at == datetime(2014, 5, 13, 16, 55, tzinfo=UTC)


def test_neither_the_key_nor_network_addresses_nor_voters_are_read(tmp_path: Path):
    records = repr(read(a_database(tmp_path, {})))
    assert "signs-sessions" not in records
    assert "203.0.113" not in records


def test_replies_know_their_parent_and_lost_threads_are_named(tmp_path: Path):
    rows = [{"id": 1}, {"id": 2, "parent": 1}, {"id": 3, "tid": 99}]
    records = read(a_database(tmp_path, *rows))
    assert [c.parent_source_id for c in comments(records)] == [None, "1"]
    assert skips(records) == [Skip.STORY_MISSING]


def test_values_of_any_kind_are_dealt_with(tmp_path: Path):
    rows: list[dict[str, object]] = [
        {"id": 1, "text": b"Gr\xfc\xdfe"},
        {"id": 2, "text": None, "author": 5, "likes": "many"},
        {"id": 3, "created": "yesterday"},
        {"id": 4, "created": float("inf")},
        {"id": 5, "created": 9e12},
        {"id": 6, "email": "not one"},
        {"id": 8, "created": 4e9},
    ]
    records = read(a_database(tmp_path, *rows))
    assert skips(records) == [Skip.EMPTY, Skip.NO_DATE, Skip.NO_DATE, Skip.NO_DATE]
    assert repairs(records) == {
        Repair.WRONG_LETTERS: 1, Repair.EMAIL_DROPPED: 1, Repair.DATE_IN_FUTURE: 1,
    }  # fmt: skip


def test_a_page_may_have_a_whole_address_and_must_have_one(tmp_path: Path):
    more = "INSERT INTO threads VALUES (2, 'https://old.example/b', NULL), (3, '', 'x');"
    records = read(a_database(tmp_path, extra=more))
    assert [story.url for story in stories(records)] == [f"{BASE}/a/", "https://old.example/b"]
    assert skips(records, RecordKind.STORY) == [Skip.NO_ADDRESS]


DROP = "DROP TABLE comments;"
COLUMNS = "tid, id, parent, created, modified, mode, text, author, email, likes"


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        pytest.param(
            f"{DROP} CREATE VIEW comments AS "  # noqa: S608
            "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) "
            "SELECT x AS tid, x AS id, x AS parent, x AS created, 1 AS mode, 'x' AS text FROM r;",
            "not_isso", id="a view without end",
        ),
        pytest.param(
            f"{DROP} CREATE TABLE comments (tid, id, parent, created, mode, "
            "text AS (hex(zeroblob(1000000000))));",
            "not_isso", id="a computed column",
        ),
        pytest.param(
            f"{DROP} CREATE VIRTUAL TABLE comments USING fts5(tid, id, parent, created, text);",
            "not_isso", id="a table made by an extension",
        ),
        pytest.param(f"{DROP} CREATE TABLE comments (id, text);", "not_isso", id="other columns"),
        pytest.param(f"{DROP} CREATE TABLE cm_domains (id);", "not_isso", id="Comentario's"),
        pytest.param(
            f"{DROP} CREATE TABLE comments ({COLUMNS}); "  # noqa: S608
            "INSERT INTO comments (tid, id, text) VALUES (1, 1, zeroblob(8000000));",
            "damaged_database", id="a value of eight million",
        ),
        pytest.param("PRAGMA user_version = 99;", "not_isso", id="a form of the future"),
    ],
)  # fmt: skip
def test_a_database_that_was_made_to_do_harm_does_none(tmp_path: Path, extra: str, code: str):
    assert refused(a_database(tmp_path, extra=extra)).code == code


def test_another_programs_database_is_told_apart(tmp_path: Path):
    data = a_database(tmp_path, extra=f"{DROP} CREATE TABLE cm_domains (id);")
    assert "Comentario" in refused(data).message


def test_triggers_and_defaults_with_functions_do_not_run(tmp_path: Path):
    more = (
        "CREATE INDEX i ON comments (abs(id)); "
        "CREATE VIEW spy AS SELECT * FROM preferences; "
        "CREATE TRIGGER t BEFORE UPDATE ON comments BEGIN SELECT raise(ABORT, 'no'); END;"
    )
    assert the_comment(read(a_database(tmp_path, {}, extra=more))).text == "Hello"


def test_damage_is_refused_and_never_crashes(tmp_path: Path):
    good = a_database(tmp_path, *({"id": n, "text": f"Words {n}" * 20} for n in range(1, 200)))
    assert refused(good[:-5000]).code == "damaged_database"
    assert refused(good[:100] + b"\xff" * 3000 + good[3100:]).code in {
        "damaged_database", "not_isso",
    }  # fmt: skip
    for place in range(100, len(good), 997):
        with suppress(InvalidInput):
            read(good[:place] + bytes([good[place] ^ 0xFF, 0, 255]) + good[place + 3 :])


def test_names_that_are_no_text_are_damage(tmp_path: Path):
    """Found by the fuzzer: the library itself could not decode what was wrong."""
    good = a_database(tmp_path, {})
    for name in (b"CREATE TABLE comments", b"comments\x08comments", b"remote_addr VARCHAR"):
        for at in range(len(name)):
            with suppress(InvalidInput):
                read(good.replace(name, name[:at] + b"\xac" + name[at + 1 :]))


def test_what_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What costs a database long is the way from one row to the next that is wanted."""
    monkeypatch.setattr(sqlitefile, "STEPS_BETWEEN_ROWS", 1)
    many = ({"id": n} for n in range(1, 2000))
    good = a_database(tmp_path, *many)
    with sqlitefile.open_sqlite(io.BytesIO(good), tables=frozenset({"comments"})) as database:
        assert len(list(database.rows("comments", ["id"]))) == 1999
        with pytest.raises(InvalidInput) as caught:
            list(database.ask("SELECT 1 FROM comments AS a WHERE id + id = 1"))
    assert caught.value.code == "database_too_slow"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT value FROM preferences",
        "SELECT abs(id) FROM comments",
        "SELECT * FROM spy",
        "PRAGMA writable_schema = ON",
        "PRAGMA user_version = 7",
        "ATTACH ':memory:' AS other",
        "DELETE FROM comments",
        "CREATE TEMP TABLE x (y)",
    ],
)
def test_nothing_but_the_named_tables_can_be_asked_for(tmp_path: Path, sql: str):
    data = a_database(tmp_path, {}, extra="CREATE VIEW spy AS SELECT text FROM comments;")
    with (
        sqlitefile.open_sqlite(io.BytesIO(data), tables=frozenset({"comments"})) as database,
        pytest.raises(InvalidInput),
    ):
        list(database.ask(sql))


def test_a_file_larger_than_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sqlitefile, "MAX_BYTES", 1000)
    assert refused(a_database(tmp_path, {})).code == "file_too_large"


def read_json(*pages: object) -> list[Record]:
    data = io.BytesIO(json.dumps(list(pages)).encode())
    return list(read_isso_json(data, base_url=BASE, zone=ZoneInfo("Europe/Paris"), now=NOW))


def page(*said: object, path: str = "/a/") -> dict[str, object]:
    return {"id": path, "title": "A", "comments": list(said)}


def plain(**fields: object) -> dict[str, object]:
    given: dict[str, object] = {
        "id": 0, "author": "Ada", "email": "", "website": "", "remote_addr": "203.0.113.9",
        "created": "2005-07-24 04:03:37", "text": "Hello",
    }  # fmt: skip
    return given | fields


def test_the_plain_json_is_read_in_the_zone_that_is_given():
    records = read_json(page(plain()))
    assert stories(records)[0].url == f"{BASE}/a/"
    assert the_comment(records).created_at == datetime(2005, 7, 24, 2, 3, 37, tzinfo=UTC)
    assert "203.0.113" not in repr(records)


def test_its_comments_keep_their_ids_from_one_run_to_the_next():
    """All of them say that they are number 0."""
    one, two = comments(read_json(page(plain(), plain(text="Other"))))
    (again,) = comments(read_json(page(plain(text="Other"))))
    assert one.source_id != two.source_id == again.source_id


def test_damage_in_the_plain_json_is_named():
    records = read_json(5, page(path=""), page(plain(), "x", plain(created="soon")), page(plain()))
    assert skips(records, RecordKind.STORY) == [Skip.DAMAGED, Skip.NO_ADDRESS]
    assert skips(records) == [Skip.DAMAGED, Skip.NO_DATE]
    assert len(stories(records)) == 1
