"""A backup holds everything, opens for its key alone, and is proven by restoring it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from belowline.core.errors import (
    BelowlineError,
    InvalidInput,
    Misconfigured,
    NotFound,
    Unavailable,
)
from belowline.storage.database import Database
from belowline.storage.tables import backups
from belowline.transfer.backups.making import Plan, drill, fetched, make_backup
from belowline.transfer.backups.model import name_of
from belowline.transfer.backups.places import FolderShelf, Shelf, make_shelf
from belowline.transfer.backups.record import Known, find_last, note_drilled
from belowline.transfer.backups.sealing import make_key
from belowline.transfer.whole.loading import load
from belowline.transfer.whole.source import open_source
from tests.conftest import SettableClock
from tests.factories import make_comment, make_site, rows_of
from tests.transfer.whole.worlds import SECRET, everything, fill

PLAN = Plan(SECRET)


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, str]:
    """Give a file with a secret key, and the public one."""
    secret, public = make_key()
    file = tmp_path / "key"
    file.write_text(f"# for a test\n{secret}\n")
    return file, public


def test_a_backup_is_made_proven_and_restored(
    db: Database, shelf: Shelf, key: tuple[Path, str], tmp_path: Path
) -> None:
    fill(db)
    file, public = key

    made = make_backup(db, shelf, replace(PLAN, keys=(public,)))

    assert made.proof is not None
    assert made.proof.compared > 50
    assert made.proof.manifest.secrets
    assert [one.name for one in shelf.list_backups()] == [made.backup.name]
    one, proof = drill(shelf, key_file=file)
    assert (one.name, proof.manifest.digests()) == (
        made.backup.name,
        made.proof.manifest.digests(),
    )
    url = f"sqlite:///{tmp_path}/restored.db"
    with fetched(shelf, name=None, key_file=file) as (_, plain), open_source(plain) as source:
        load(url, source)
    other = Database(url)
    assert everything(other) == everything(db)
    other.close()


def test_a_sealed_backup_opens_for_its_key_alone(
    db: Database, tmp_path: Path, key: tuple[Path, str]
) -> None:
    shelf = make_shelf(str(tmp_path / "shelf"))
    make_comment(db, make_site(db).id, text="Nobody else may read this.")
    made = make_backup(db, shelf, replace(PLAN, keys=(key[1],), restores=False))
    other = tmp_path / "other"
    other.write_text(make_key()[0])
    nonsense = tmp_path / "nonsense"
    nonsense.write_bytes(b"\xff\x00 no key")

    for file, told in ((None, "--key"), (other, "another key"), (nonsense, "no secret key")):
        with pytest.raises(InvalidInput, match=told):
            drill(shelf, key_file=file)
    raw = (tmp_path / "shelf" / made.backup.name).read_bytes()
    assert raw.startswith(b"age-encryption.org/")
    assert made.proof is None


def test_a_key_that_is_none_stops_before_anything_is_written(db: Database, tmp_path: Path) -> None:
    shelf = make_shelf(str(tmp_path / "shelf"))

    with pytest.raises(Misconfigured, match="BELOWLINE_BACKUP_KEYS"):
        make_backup(db, shelf, replace(PLAN, keys=("age1nonsense",)))

    assert shelf.list_backups() == []


@pytest.mark.parametrize("at", [0.01, 0.5, 0.99])
@pytest.mark.parametrize("sealed", [False, True])
def test_a_damaged_backup_proves_nothing(
    db: Database, tmp_path: Path, key: tuple[Path, str], at: float, *, sealed: bool
) -> None:
    shelf = make_shelf(str(tmp_path / "shelf"))
    fill(db)
    keys = (key[1],) if sealed else ()
    made = make_backup(db, shelf, replace(PLAN, keys=keys, restores=False))
    file = tmp_path / "shelf" / made.backup.name
    whole = file.read_bytes()
    place = int(len(whole) * at)

    file.write_bytes(whole[:place])
    with pytest.raises(BelowlineError):
        drill(shelf, key_file=key[0])
    if sealed:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BelowlineError):
            drill(shelf, key_file=key[0])


def test_older_ones_go_once_the_new_one_is_there(
    db: Database, clock: SettableClock, shelf: Shelf
) -> None:
    plan = replace(PLAN, daily=2, weekly=1, restores=False)
    for _ in range(4):
        last = make_backup(db, shelf, plan)
        clock.advance(timedelta(days=1))

    kept = [one.name for one in shelf.list_backups()]

    assert len(kept) == 2
    assert kept[-1] == last.backup.name
    assert [row.name for row in rows_of(db, backups)] == kept
    assert last.dropped


def test_a_place_that_takes_nothing_loses_nothing(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-file").write_text("in the way")

    with pytest.raises(Unavailable, match="cannot be used for backups"):
        make_backup(db, make_shelf(str(tmp_path / "a-file" / "shelf")), PLAN)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    monkeypatch.setenv("AWS_REGION", "here-1")

    assert rows_of(db, backups) == []


def test_a_name_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of somebody else")
    shelf = FolderShelf(tmp_path / "shelf")

    for name in ("../secret", "secret", "belowline-20260101T000000Z.zip"):
        with pytest.raises(NotFound):
            shelf.fetch(name, tmp_path / "out")
        with pytest.raises(NotFound):
            shelf.drop(name)
    assert (tmp_path / "secret").exists()


@pytest.mark.parametrize("address", ["", "s3://", "s3://key:secret@bucket/folder"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Misconfigured, match="BELOWLINE_BACKUP_TO"):
        make_shelf(address)


def test_what_was_made_and_drilled_is_known(db: Database, tmp_path: Path) -> None:
    shelf = make_shelf(str(tmp_path / "shelf"))
    made = make_backup(db, shelf, PLAN)
    with db.read() as conn:
        before = find_last(conn)
    one, _ = drill(shelf)
    note_drilled(db, one, place=shelf.address)

    with db.read() as conn:
        after = find_last(conn)
    assert before.made_at == made.backup.made_at
    assert before.proven_at is None
    assert after.proven_at == db.clock()
    assert len(rows_of(db, backups)) == 1


def test_what_another_installation_made_is_neither_let_go_nor_counted(
    db: Database, clock: SettableClock, shelf: Shelf, tmp_path: Path
) -> None:
    plan = replace(PLAN, daily=1, weekly=0, restores=False)
    theirs = tmp_path / name_of(clock() - timedelta(days=400), sealed=False)
    theirs.write_bytes(b"of another title")
    shelf.put(theirs, theirs.name)
    [one] = shelf.list_backups()

    note_drilled(db, one, place=shelf.address)
    with db.read() as conn:
        assert find_last(conn) == Known(None, clock())
    for _ in range(3):
        last = make_backup(db, shelf, plan)
        clock.advance(timedelta(days=1))

    assert [one.name for one in shelf.list_backups()] == [theirs.name, last.backup.name]


def test_the_new_one_stays_though_a_clock_ran_ahead_once(
    db: Database, clock: SettableClock, shelf: Shelf
) -> None:
    plan = replace(PLAN, daily=1, weekly=0, restores=False)
    clock.advance(timedelta(days=30))
    ahead = make_backup(db, shelf, plan)
    clock.advance(timedelta(days=-30))

    made = make_backup(db, shelf, plan)

    assert [one.name for one in shelf.list_backups()] == [made.backup.name, ahead.backup.name]


def test_a_drill_is_remembered_when_its_backup_has_gone(
    db: Database, clock: SettableClock, shelf: Shelf
) -> None:
    plan = replace(PLAN, daily=1, weekly=0, restores=False)
    first = make_backup(db, shelf, plan)
    note_drilled(db, first.backup, place=shelf.address)
    drilled_at = clock()
    clock.advance(timedelta(days=1))

    assert make_backup(db, shelf, plan).dropped == (first.backup.name,)

    with db.read() as conn:
        assert find_last(conn).proven_at == drilled_at
