"""The landing: a private file in which everything that was read lies in order before it is stored.

It is an SQLite file of its own, on no account the installation's database: nothing there is touched
before a file has been read to its end. ``taking`` fills it, ``arranging`` puts it in order,
``storing`` reads it. From when it is complete nothing in it changes, so an import that was stopped
goes on from the same order. It holds readers' words: only its owner may read it, and it is removed
at the end.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from belowline.core.errors import Conflict, Unavailable

CACHE_KIB = 40_960
"""Of memory, however large the file is."""
_COMPLETE = "complete"

_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE stories (
    id INTEGER PRIMARY KEY, source_id TEXT NOT NULL UNIQUE, url TEXT NOT NULL, title TEXT NOT NULL,
    key TEXT, is_open INTEGER NOT NULL, visible INTEGER NOT NULL, met INTEGER NOT NULL,
    mapped TEXT, new_key TEXT, under INTEGER, target INTEGER);
CREATE TABLE accounts (
    source_id TEXT PRIMARY KEY, name TEXT NOT NULL, proofs TEXT NOT NULL, joined_at INTEGER,
    role TEXT, met INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE comments (
    id INTEGER PRIMARY KEY, source_id TEXT NOT NULL UNIQUE, story TEXT NOT NULL, parent TEXT,
    author TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, status TEXT NOT NULL,
    strict INTEGER NOT NULL, hidden TEXT, edited_at INTEGER, respect INTEGER NOT NULL,
    featured_at INTEGER, met INTEGER NOT NULL, tightened INTEGER NOT NULL);
CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE wordings (
    id INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (id, number)) WITHOUT ROWID;
CREATE TABLE reactions (
    comment TEXT NOT NULL, account TEXT NOT NULL, at INTEGER, met INTEGER NOT NULL,
    PRIMARY KEY (comment, account)) WITHOUT ROWID;
CREATE TABLE history (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, source_id TEXT NOT NULL, comment TEXT,
    account TEXT, by_account TEXT, what TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL,
    at INTEGER NOT NULL, ends_at INTEGER, met INTEGER NOT NULL, UNIQUE (kind, source_id));
CREATE TABLE remarks (
    id INTEGER PRIMARY KEY, stage INTEGER NOT NULL, kind TEXT NOT NULL, source_id TEXT NOT NULL,
    tally TEXT NOT NULL, why TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE here (
    kind TEXT NOT NULL, source_id TEXT NOT NULL, target INTEGER NOT NULL, status TEXT, at INTEGER,
    PRIMARY KEY (kind, source_id)) WITHOUT ROWID;
CREATE TABLE idents (ident TEXT PRIMARY KEY, story INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE tree (
    id INTEGER PRIMARY KEY, story INTEGER, parent INTEGER, above INTEGER, at INTEGER NOT NULL,
    strict INTEGER NOT NULL, target INTEGER, skip TEXT);
CREATE TABLE walked (id INTEGER PRIMARY KEY, depth INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE ordered (place INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE);
CREATE TABLE authors (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE agreed (
    place INTEGER PRIMARY KEY, comment INTEGER NOT NULL, target INTEGER NOT NULL,
    author INTEGER NOT NULL, at INTEGER NOT NULL, is_here INTEGER NOT NULL DEFAULT 0);
CREATE TABLE past (place INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE);
"""


class Landing:
    """One landing file, open for one process alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.db = _connect(path)
        except sqlite3.DatabaseError:
            # What a power cut left of one is no database, and nobody can go on from it.
            path.unlink()
            self.db = _connect(path)
        if self._is_new():
            self._lay_out()
        elif not self.is_complete:
            # Whoever began to fill it was stopped; what it read is read again.
            self.start_over()

    @property
    def is_complete(self) -> bool:
        """Say whether everything is in it and in order."""
        row = self.one("SELECT value FROM about WHERE name = ?", _COMPLETE)
        return row is not None

    @property
    def mark(self) -> str:
        """Return what tells this landing from every other."""
        return str(self.one("SELECT value FROM about WHERE name = 'mark'")[0])

    def start_over(self) -> None:
        """Throw away what is in it."""
        self.db.close()
        self.path.unlink()
        self.db = _connect(self.path)
        self._lay_out()

    def complete(self) -> None:
        """Note that everything is in it and in order, for whoever has to go on from here."""
        # The word that vouches for the rest reaches the disk after it.
        self._sync()
        self.db.execute("INSERT INTO about VALUES (?, '')", (_COMPLETE,))
        self._sync()

    def run(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Run a statement; rows are read from what is returned, as they are asked for."""
        return self.db.execute(statement, values)

    def run_each(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each of these, in one transaction."""
        self.db.execute("BEGIN")
        self.db.executemany(statement, rows)
        self.db.execute("COMMIT")

    def one(self, statement: str, *values: object) -> Any:  # noqa: ANN401 - a row
        """Run a statement and return its first row, or None."""
        return self.db.execute(statement, values).fetchone()

    def count(self, statement: str, *values: object) -> int:
        """Run a statement that counts and return the number."""
        return int(self.one(statement, *values)[0] or 0)

    def close(self) -> None:
        """Let go of the file, which stays."""
        self.db.close()

    def remove(self) -> None:
        """Take the file away."""
        self.db.close()
        with suppress(FileNotFoundError):
            self.path.unlink()

    def _sync(self) -> None:
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _lay_out(self) -> None:
        self.db.executescript(_SCHEMA)
        self.run("INSERT INTO about VALUES ('mark', ?)", secrets.token_hex(8))

    def _is_new(self) -> bool:
        return self.count("SELECT count(*) FROM sqlite_master") == 0


@contextmanager
def open_landing(folder: Path | None, name: str | None) -> Iterator[Landing]:
    """Open the landing of this name in a folder, or a fresh one that nobody will come back to.

    With a name it stays where an import was stopped; it goes when the import is over, and when the
    file that was read turned out to be broken.

    Raises:
        Conflict: another process is at work on this very import.
        Unavailable: there is no folder for it that would be private.
    """
    folder = _private_folder() if folder is None else folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if name is None:
        descriptor, made = tempfile.mkstemp(
            prefix="belowline-import-", suffix=".landing", dir=folder
        )
        os.close(descriptor)
        landing = Landing(Path(made))
        try:
            yield landing
        finally:
            landing.remove()
        return
    landing = Landing(folder / name)
    try:
        yield landing
    except BaseException:
        if landing.is_complete:
            landing.close()
        else:
            landing.remove()
        raise
    landing.remove()


def _private_folder() -> Path:
    """Return a folder among the temporary files that is this owner's alone. Raises Unavailable."""
    folder = Path(tempfile.gettempdir()) / f"belowline-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    # Anybody can make a folder there under any name.
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Unavailable(
            f"{folder} is not a private folder of yours; set import_folder to one that is.",
            code="no_private_folder",
        )
    return folder


def landing_name(*parts: str) -> str:
    """Return the name of the landing of one import, which says nothing of what is in it."""
    told = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"belowline-import-{told[:24]}.landing"


def _connect(path: Path) -> sqlite3.Connection:
    # Made here, so that at no moment anybody else could read it.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    found = os.fstat(descriptor)
    os.close(descriptor)
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Unavailable(
            f"{path} is not a private file of yours; set import_folder to a private folder.",
            code="no_private_folder",
        )
    db = sqlite3.connect(path, isolation_level=None, timeout=0.5)
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        # Until it is complete, nobody would go on from it; what is half there is thrown away.
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA temp_store = FILE")
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.execute("BEGIN IMMEDIATE")
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        db.close()
        raise Conflict(
            "Another process is importing this file at the moment.", code="import_running"
        ) from error
    return db
