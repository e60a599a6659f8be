"""Where an export is written to: a folder, or one file (zip), whole or not at all.

Everything is written beside its place under another name, and reaches the disk before it gets its
own. Whoever is interrupted, or has no room left, finds nothing there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol

from belowline.core.errors import InvalidInput, Unavailable

PACKED = ".zip"
LEVEL = 1
"""Words shrink to a third at once; trying harder takes three times as long for a tenth more."""


class Place(Protocol):
    """Something that files are put into, one after the other."""

    def put(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Give what one file is written into."""
        ...


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def put(self, name: str) -> Iterator[IO[bytes]]:
        """Write a file that nobody else on this machine may read."""
        descriptor = os.open(self._path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def put(self, name: str) -> Iterator[IO[bytes]]:
        """Write a file into the archive."""
        with self._archive.open(name, "w", force_zip64=True) as stream:
            yield stream


@contextmanager
def make_place(path: Path) -> Iterator[Place]:
    """Give what an export is written into; it is there once this ends well.

    A name that ends in ``.zip`` is one file, any other a folder.

    Raises:
        InvalidInput: something is there already.
        Unavailable: the disk is full, or this user may not write there.
    """
    path = path.absolute()
    if path.exists() and not _is_empty_folder(path):
        raise InvalidInput(
            f"{path} is there already; nothing is written over it.",
            field="export",
            code="already_there",
        )
    make = make_file if path.suffix == PACKED else _make_folder
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with make(path) as place:
            yield place
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be written: {error.strerror or 'the disk refuses'}. "
            "Nothing is left there.",
            code="cannot_write",
        ) from error


@contextmanager
def _make_folder(path: Path) -> Iterator[Place]:
    # Nobody but this user may look into what mkdtemp makes.
    half = Path(tempfile.mkdtemp(prefix=".belowline-", dir=path.parent))
    try:
        yield _Folder(half)
        _sync(half)
        half.rename(path)
        _sync(path.parent)
    finally:
        shutil.rmtree(half, ignore_errors=True)


@contextmanager
def make_file(path: Path) -> Iterator[Place]:
    """Give what an archive is written into; raises OSError if the disk refuses."""
    with (
        replacing(path) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive,
    ):
        yield _Zip(archive)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream whose bytes are at ``path`` once this ends well; raises OSError."""
    descriptor, name = tempfile.mkstemp(prefix=".belowline-", dir=path.parent)
    half = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        half.replace(path)
        _sync(path.parent)
    finally:
        half.unlink(missing_ok=True)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and path.suffix != PACKED and not any(path.iterdir())


def _sync(folder: Path) -> None:
    # A name is only kept with its folder.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
