"""An installation that leaves arrives as it was, on either database, or it does not arrive."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from belowline.core.errors import BelowlineError, Conflict, InvalidInput
from belowline.followers.cursors import is_behind, lag
from belowline.followers.search import read_all_again
from belowline.readers.sessions import Session, add_session, end_session
from belowline.search.index import not_in_step
from belowline.storage import migrate
from belowline.storage.database import Database
from belowline.storage.tables import comments, cursors, events, metadata, readers, sites
from belowline.transfer.whole.loading import load
from belowline.transfer.whole.moving import move
from belowline.transfer.whole.parts import DERIVED, HERE, PASSING, WITHHELD, list_parts
from belowline.transfer.whole.source import check_source, open_source
from belowline.transparency.counts import find_disagreements
from tests.factories import SYSTEM, make_comment, make_reader, make_report, make_site, rows_of
from tests.transfer.whole.conftest import MakeUrl
from tests.transfer.whole.worlds import change, everything, fill, schema_of, write


@pytest.fixture
def old(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """Give an installation on SQLite, where it does not matter what an export was written from."""
    file = tmp_path / "old" / "belowline.db"
    file.parent.mkdir()
    shutil.copyfile(migrated_sqlite, file)
    db = Database(f"sqlite:///{file}")
    yield db
    db.close()


def load_from(export: Path, url: str) -> None:
    with open_source(export) as source:
        load(url, source)


def test_every_table_goes_along_or_is_left_out_for_a_reason() -> None:
    with_secrets = {part.name for part in list_parts(secrets=True)}

    assert with_secrets | {*DERIVED, *HERE} == set(metadata.tables)
    assert with_secrets & {*DERIVED, *HERE} == set()
    assert {*PASSING, *WITHHELD} <= with_secrets


@pytest.mark.parametrize("name", ["leaving", "leaving.zip"])
def test_what_is_loaded_is_what_was_there(
    db: Database, make_url: MakeUrl, tmp_path: Path, name: str
) -> None:
    fill(db)
    export = write(db, tmp_path / name)
    url = make_url()
    empty = schema_of(url)

    load_from(export, url)

    other = Database(url)
    assert everything(other) == everything(db)
    assert schema_of(url) == empty
    again = write(other, tmp_path / "again")
    with open_source(export) as one, open_source(again) as two:
        assert one.manifest.digests() == two.manifest.digests()
    other.close()


def test_ids_are_counted_on_and_the_log_stays_closed(
    db: Database, make_url: MakeUrl, tmp_path: Path
) -> None:
    fill(db)
    url = make_url()
    load_from(write(db, tmp_path / "leaving"), url)
    other = Database(url)

    site = make_site(other)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), other.write(SYSTEM) as tx:
        tx.conn.execute(sa.delete(events))
    with pytest.raises(sa.exc.IntegrityError), other.write(SYSTEM) as tx:
        tx.conn.execute(sa.update(comments).values(author_id=99))

    assert site.id == 4
    assert max(row.seq for row in rows_of(other, events)) > 3
    other.close()


def test_a_world_of_real_acts_moves_and_still_agrees(db: Database, make_url: MakeUrl) -> None:
    site = make_site(db)
    first = make_comment(db, site.id)
    make_report(db, make_comment(db, site.id, parent=first))
    url = make_url()

    moved = move(db, url)

    other = Database(url)
    assert everything(other) == everything(db)
    assert sum(part.rows for part in moved if part.name == "comments") == 2
    read_all_again(other)
    with other.read() as conn:
        assert find_disagreements(conn) == []
        assert not_in_step(conn) == 0
    make_report(other, make_comment(other, site.id, parent=first))
    other.close()


def test_a_follower_goes_on_where_it_was(db: Database, make_url: MakeUrl) -> None:
    """It reads again what it had not read, and nothing else."""
    site = make_site(db)
    make_comment(db, site.id)
    with db.write(SYSTEM) as tx:
        last = tx.conn.execute(sa.select(events).order_by(events.c.seq.desc()).limit(1)).one()
        for name, behind in (("idle", 0), ("late", 1)):
            tx.conn.execute(
                sa.insert(cursors).values(
                    follower=name, xid=last.xid, seq=last.seq - behind, moved_at=tx.now
                )
            )
    url = make_url()

    move(db, url)

    other = Database(url)
    with other.read() as conn:
        assert {one.name: one.behind for one in lag(conn)} == {"idle": 0, "late": 1}
    make_site(other, "more")
    with other.read() as conn:
        assert is_behind(conn, "idle")
    other.close()


def comment_meanwhile(db: Database) -> None:
    make_comment(db, 1)


def sign_out_meanwhile(db: Database) -> None:
    """Do something that leaves nothing in the log."""
    with db.write(SYSTEM) as tx:
        assert end_session(tx, b"a session")


@pytest.mark.parametrize("act", [comment_meanwhile, sign_out_meanwhile])
def test_a_move_from_under_a_server_does_not_count(
    db: Database, make_url: MakeUrl, act: Callable[[Database], None]
) -> None:
    make_site(db)
    reader = make_reader(db)
    with db.write(SYSTEM) as tx:
        add_session(tx, Session(b"a session", reader, None, None, tx.now, tx.now + timedelta(1)))
    url = make_url()
    waiting = [act]

    def write_meanwhile(_table: str, _rows: int) -> None:
        while waiting:
            waiting.pop()(db)

    with pytest.raises(Conflict, match="Stop `belowline serve`"):
        move(db, url, seen=write_meanwhile)

    other = Database(url)
    assert rows_of(other, sites) == []
    other.close()


def test_without_asking_no_secret_goes_along(db: Database, tmp_path: Path) -> None:
    fill(db)
    export = write(db, tmp_path / "leaving", secrets=False)

    files = {file.stem for file in export.glob("*.jsonl")}
    told = [json.loads(line) for line in (export / "sites.jsonl").read_bytes().splitlines()]

    assert files == set(metadata.tables) - {*PASSING, *DERIVED, *HERE}
    assert [(one["identity"], one["external"]) for one in told] == [(None, None)] * 3


def test_an_export_is_for_nobody_else_on_the_machine(db: Database, tmp_path: Path) -> None:
    folder = write(db, tmp_path / "leaving")
    file = write(db, tmp_path / "leaving.zip")

    assert folder.stat().st_mode & 0o077 == 0
    assert file.stat().st_mode & 0o077 == 0
    assert (folder / "readers.jsonl").stat().st_mode & 0o077 == 0


def test_nothing_is_written_over(db: Database, tmp_path: Path) -> None:
    export = write(db, tmp_path / "leaving.zip")

    with pytest.raises(InvalidInput, match="there already"):
        write(db, export)

    assert [one.name for one in tmp_path.iterdir()] == ["leaving.zip"]


def test_an_installation_in_use_takes_no_export(
    db: Database, make_url: MakeUrl, tmp_path: Path
) -> None:
    export = write(db, tmp_path / "leaving")
    url = make_url()
    other = Database(url)
    make_site(other)

    with pytest.raises(Conflict, match="not empty"):
        load_from(export, url)

    assert len(rows_of(other, sites)) == 1
    other.close()


def cut(raw: bytes) -> bytes:
    return raw[:-20]


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a changed byte": (
        lambda at: (at / "readers.jsonl").write_bytes(
            (at / "readers.jsonl").read_bytes().replace(b"quoted", b"Quoted", 1)
        ),
        "checksum",
    ),
    "cut short": (
        lambda at: (at / "comments.jsonl").write_bytes(cut((at / "comments.jsonl").read_bytes())),
        "cut short",
    ),
    "longer": (
        lambda at: (at / "comments.jsonl").write_bytes(
            (at / "comments.jsonl").read_bytes() + b"{}\n"
        ),
        "longer",
    ),
    "a file gone": (lambda at: (at / "reports.jsonl").unlink(), "reports.jsonl"),
    "a link": (
        lambda at: (
            (at / "reports.jsonl").rename(at / "elsewhere"),
            (at / "reports.jsonl").symlink_to(at / "elsewhere"),
        ),
        "not an ordinary file",
    ),
    "a missing column": (
        lambda at: change(at, "readers", lambda raw: raw.replace(b'"name_key"', b'"nome_key"')),
        "readers.jsonl, line 1",
    ),
    "another kind of value": (
        lambda at: change(at, "readers", lambda raw: raw.replace(b'"id":2', b'"id":"2"')),
        "readers.jsonl, line 2",
    ),
    "no JSON": (lambda at: change(at, "readers", lambda raw: raw + b"{\n"), "line 4"),
    "a reference to nothing": (
        lambda at: change(at, "readers", lambda raw: raw.replace(b'"id":2', b'"id":77')),
        "damaged",
    ),
    "a row twice": (
        lambda at: change(at, "reactions", lambda raw: raw + raw.splitlines(keepends=True)[0]),
        "damaged",
    ),
    "a column of its own": (
        lambda at: change(at, "readers", lambda raw: raw, columns=["id", 'x") --']),
        "columns",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_export_is_refused_and_nothing_is_loaded(
    old: Database, make_url: MakeUrl, tmp_path: Path, damage: str
) -> None:
    fill(old)
    export = write(old, tmp_path / "leaving")
    harm, told = DAMAGES[damage]
    harm(export)
    url = make_url()

    with pytest.raises(BelowlineError, match=told) as refused:
        load_from(export, url)

    other = Database(url)
    assert not any(everything(other).values())
    assert "\n" not in refused.value.message
    assert "quoted" not in refused.value.message
    other.close()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"version": 2}, "format 2"),
        ({"schema": "9999"}, "newer version"),
        ({"schema": "../1"}, "no schema"),
        ({"format": "another"}, "something else"),
        ({"parts": [{"name": "../x", "file": "../x.jsonl"}]}, "damaged"),
        ({"parts": []}, "not in it"),
    ],
    ids=["version", "schema", "strange", "format", "names", "nothing"],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    old: Database, tmp_path: Path, said: dict[str, object], told: str
) -> None:
    export = write(old, tmp_path / "leaving")
    file = export / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | said))

    with pytest.raises(InvalidInput, match=told):
        load_from(export, f"sqlite:///{tmp_path}/new.db")


def test_a_damaged_archive_is_refused(old: Database, tmp_path: Path) -> None:
    fill(old)
    export = write(old, tmp_path / "leaving.zip")
    whole = export.read_bytes()
    with open_source(export) as source:
        before = source.manifest.digests()

    for at in (40, len(whole) // 2, len(whole) - 30):
        export.write_bytes(whole[:at])
        with pytest.raises(InvalidInput), open_source(export) as source:
            check_source(source)
        export.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        # A byte that nobody reads may be any; whatever is read is what was written.
        with suppress(InvalidInput), open_source(export) as source:
            assert check_source(source).digests() == before


def test_an_export_of_an_older_schema_is_loaded_and_migrated(old: Database, tmp_path: Path) -> None:
    """Its rows go into a database of its schema, which then goes the way of every migration."""
    with old.write(SYSTEM) as tx:
        tx.conn.execute(sa.insert(readers).values(name="Ada", name_key="ada", created_at=tx.now))
    export = write(old, tmp_path / "leaving")
    make_older(export, tmp_path / "older.db")
    url = f"sqlite:///{tmp_path}/new/belowline.db"

    load_from(export, url)

    other = Database(url)
    with other.read() as conn:
        assert migrate.current(conn) == migrate.head()
    assert [row.name for row in rows_of(other, readers)] == ["Ada"]
    other.close()


def make_older(export: Path, scratch: Path) -> None:
    """Make an export one that was written before the last migration."""
    versions = (migrate.MIGRATIONS / "versions").glob("v[0-9]*.py")
    older = sorted(file.name[1:5] for file in versions)[-2]
    migrate.upgrade(f"sqlite:///{scratch}", to=older)
    engine = sa.create_engine(f"sqlite:///{scratch}")
    inspector = sa.inspect(engine)
    there = {
        table: {column["name"] for column in inspector.get_columns(table)}
        for table in inspector.get_table_names()
    }
    engine.dispose()
    for name in [file.stem for file in export.glob("*.jsonl") if file.stem in there]:
        change(export, name, lambda raw, kept=there[name]: only(raw, kept))
    file = export / "manifest.json"
    manifest = json.loads(file.read_text())
    manifest["schema"] = older
    manifest["parts"] = [one for one in manifest["parts"] if one["name"] in there]
    for part in manifest["parts"]:
        part["columns"] = [one for one in part["columns"] if one in there[part["name"]]]
    file.write_text(json.dumps(manifest))


def only(raw: bytes, kept: set[str]) -> bytes:
    lines = [json.loads(line) for line in raw.splitlines()]
    return b"".join(
        json.dumps({name: line[name] for name in line if name in kept}).encode() + b"\n"
        for line in lines
    )
