"""Making a backup: written out, restored once, sealed, put away, and older ones let go.

A backup is an export with everything in it, so it can be restored into either database and by a
later version. In what order things happen is the point: nothing old goes before the new one is
there, and nothing is there that was not restored first.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from belowline.core.errors import NotFound, Unavailable
from belowline.storage.database import Database
from belowline.transfer.backups import record
from belowline.transfer.backups.model import Backup, name_of
from belowline.transfer.backups.places import Shelf
from belowline.transfer.backups.proving import Proof, prove
from belowline.transfer.backups.retention import keep
from belowline.transfer.backups.sealing import check_keys, is_sealed, open_file, seal_file
from belowline.transfer.whole.places import make_place
from belowline.transfer.whole.reading import Seen
from belowline.transfer.whole.writing import Wish, write_export


@dataclass(frozen=True, slots=True)
class Plan:
    """How backups are made here."""

    secret: str
    keys: tuple[str, ...] = ()
    daily: int = 7
    weekly: int = 5
    restores: bool = True
    """Whether each is restored into a scratch database before it is put away."""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it."""

    backup: Backup
    rows: int
    comments: int
    proof: Proof | None
    dropped: tuple[str, ...]


def make_backup(db: Database, shelf: Shelf, plan: Plan, *, seen: Seen | None = None) -> Made:
    """Back everything up as it is at one moment, while readers and the desk go on.

    Raises:
        Misconfigured: a key is none.
        Unavailable: a disk is full, the place does not answer, or what was restored is not the
            same. Unless the new one is there already, the older ones all are.
    """
    check_keys(plan.keys)
    at = db.clock()
    with _workplace() as folder:
        plain = folder / name_of(at, sealed=False)
        with make_place(plain) as place:
            manifest = write_export(db, place, Wish(plan.secret, secrets=True), seen=seen)
        proof = prove(plain, seen=seen) if plan.restores else None
        file = plain
        if plan.keys:
            file = folder / name_of(at, sealed=True)
            seal_file(plain, file, plan.keys)
        backup = Backup(at, file.name, file.stat().st_size)
        shelf.put(file, file.name)
    _require_there(shelf, backup)
    comments = manifest.rows_of("comments")
    record.note_made(db, backup, place=shelf.address)
    return Made(backup, manifest.rows, comments, proof, _let_go(db, shelf, plan, but_not=backup))


def drill(
    shelf: Shelf,
    *,
    name: str | None = None,
    key_file: Path | None = None,
    scratch_url: str | None = None,
    seen: Seen | None = None,
) -> tuple[Backup, Proof]:
    """Fetch a backup from its place, the last by default, restore it and compare.

    Raises:
        NotFound: there is none.
        InvalidInput: it is damaged, or does not open with this key.
        Unavailable: the place does not answer, or what was restored is not what was saved.
    """
    with fetched(shelf, name=name, key_file=key_file) as (backup, plain):
        return backup, prove(plain, scratch_url=scratch_url, seen=seen)


@contextmanager
def fetched(
    shelf: Shelf, *, name: str | None, key_file: Path | None
) -> Iterator[tuple[Backup, Path]]:
    """Give a backup, the last by default, as an opened file that is gone afterwards.

    Raises:
        NotFound: there is none.
        InvalidInput: it does not open with this key.
    """
    backup = find_backup(shelf, name)
    with _workplace() as folder:
        file = folder / backup.name
        shelf.fetch(backup.name, file)
        with opened(file, key_file) as plain:
            yield backup, plain


@contextmanager
def opened(file: Path, key_file: Path | None) -> Iterator[Path]:
    """Give a backup's file itself, or what it seals, which is gone afterwards.

    Raises:
        InvalidInput: it does not open with this key.
    """
    if not is_sealed(file):
        yield file
        return
    with _workplace() as folder:
        plain = folder / "opened.zip"
        open_file(file, plain, key_file)
        yield plain


def find_backup(shelf: Shelf, name: str | None) -> Backup:
    """Return the backup of this name, or the last one. Raises NotFound if there is none."""
    found = [one for one in shelf.list_backups() if name is None or one.name == name]
    if not found:
        raise NotFound(f"There is no {name or 'backup'} at {shelf.address}.", code="no_backup")
    return found[-1]


def _require_there(shelf: Shelf, backup: Backup) -> None:
    there = {one.name: one.bytes for one in shelf.list_backups()}
    if there.get(backup.name) != backup.bytes:
        raise Unavailable(
            f"{backup.name} is not at {shelf.address} as it was sent. Nothing older was deleted.",
            code="backup_place_unavailable",
        )


def _let_go(db: Database, shelf: Shelf, plan: Plan, *, but_not: Backup) -> tuple[str, ...]:
    """Drop what need not be kept of what was made here; another title may use the same place."""
    with db.read() as conn:
        ours = record.names_at(conn, shelf.address)
    there = [one for one in shelf.list_backups() if one.name in ours]
    kept = keep((one.made_at for one in there), daily=plan.daily, weekly=plan.weekly)
    dropped = tuple(
        # A clock that once ran ahead has left one that is newer than the newest.
        one.name
        for one in there
        if one.made_at not in kept and one.name != but_not.name
    )
    for name in dropped:
        shelf.drop(name)
        record.note_dropped(db, name, place=shelf.address)
    return dropped


@contextmanager
def _workplace() -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix="belowline-backup-") as folder:
            yield Path(folder)
    except OSError as error:
        raise Unavailable(
            f"There is no room to work in {tempfile.gettempdir()}: {error.strerror}. "
            "Set TMPDIR to a folder with room for the backup and a restored database.",
            code="cannot_write",
        ) from error
