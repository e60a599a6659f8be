"""Reading an export without trusting it: a folder or one file, each part against its manifest.

A part is read once, from start to end, and never beyond the bytes that the manifest gives it; its
checksum is compared at the end of it. So whoever loads it does so in one transaction.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Protocol

from belowline.core.errors import InvalidInput
from belowline.transfer.whole.manifest import (
    FILE,
    LARGEST,
    Manifest,
    PartManifest,
    read_manifest,
)
from belowline.transfer.whole.parts import file_of

LONGEST_LINE = 64 * 1024 * 1024
"""No row comes near this; a line without an end would fill the memory."""

_NAME = re.compile(r"[a-z][a-z_]{0,62}")
SEALED = b"age-encryption.org/"
"""How a file begins that age has sealed."""


class _Files(Protocol):
    def open(self, name: str) -> IO[bytes]:
        """Open a file of the export; raises KeyError or OSError where there is none."""
        ...


class Source:
    """An export that can be read."""

    def __init__(self, files: _Files) -> None:
        self._files = files
        with _telling(FILE), files.open(FILE) as stream:
            raw = stream.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise damaged("its manifest is too large")
        self.manifest: Manifest = read_manifest(raw)
        self._require_plain_names()

    def lines(self, part: PartManifest) -> Iterator[bytes]:
        """Give the lines of a part, and compare it with what the manifest says.

        Raises:
            InvalidInput: it is not there, cut short, too long, or changed.
        """
        found, rows = _Measured(part), 0
        with _telling(part.file), self._files.open(part.file) as stream:
            found.source = stream
            whole = io.BufferedReader(found, 1024 * 1024)
            while line := whole.readline(LONGEST_LINE):
                if not line.endswith(b"\n"):
                    raise damaged(f"{part.file} is cut short after {rows} lines")
                rows += 1
                yield line
        found.compare(rows)

    def _require_plain_names(self) -> None:
        names = [part.name for part in self.manifest.parts]
        if len(set(names)) < len(names):
            raise damaged("its manifest names a part twice")
        for part in self.manifest.parts:
            if not _NAME.fullmatch(part.name) or part.file != file_of(part.name):
                raise damaged("its manifest names a file that no export has")


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self, name: str) -> IO[bytes]:
        """Open a file of the folder, and nothing that only points elsewhere."""
        path = self._path / name
        if not stat.S_ISREG(path.lstat().st_mode):
            raise damaged(f"{name} is not an ordinary file")
        return path.open("rb")


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def open(self, name: str) -> IO[bytes]:
        """Open a file of the archive."""
        return self._archive.open(name)


class _Measured(io.RawIOBase):
    """A part's bytes, counted and hashed as they are read, and no more than there should be."""

    def __init__(self, part: PartManifest) -> None:
        super().__init__()
        self.source: IO[bytes] = io.BytesIO()
        self._part = part
        self._digest = hashlib.sha256()
        self._bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.source.read(len(buffer))
        self._bytes += len(data)
        if self._bytes > self._part.bytes:
            raise damaged(f"{self._part.file} is longer than its manifest says")
        self._digest.update(data)
        buffer[: len(data)] = data
        return len(data)

    def compare(self, rows: int) -> None:
        part = self._part
        if self._bytes < part.bytes:
            raise damaged(f"{part.file} is cut short: {self._bytes} of {part.bytes} bytes")
        if self._digest.hexdigest() != part.sha256:
            raise damaged(f"{part.file} was changed: its checksum is another")
        if rows != part.rows:
            raise damaged(f"{part.file} has {rows} lines where its manifest says {part.rows}")


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open an export, a folder or one file.

    Raises:
        InvalidInput: it is not there, sealed, no export of ours, damaged or of a newer version.
    """
    with _telling(path.name):
        mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        yield Source(_Folder(path))
        return
    if not stat.S_ISREG(mode):
        raise damaged("it is not an ordinary file")
    with ExitStack() as stack:
        with _telling(path.name):
            stream = stack.enter_context(path.open("rb"))
            if stream.read(len(SEALED)) == SEALED:
                raise InvalidInput(
                    f"{path.name} is sealed. `belowline restore` opens it with its key.",
                    field="export",
                    code="sealed_export",
                )
            stream.seek(0)
            archive = stack.enter_context(zipfile.ZipFile(stream))
        yield Source(_Zip(archive))


def check_source(source: Source) -> Manifest:
    """Read every part once and compare it with the manifest. Raises what ``lines`` raises."""
    for part in source.manifest.parts:
        for _ in source.lines(part):
            pass
    return source.manifest


def damaged(what: str) -> InvalidInput:
    """Return the refusal of an export with which something is wrong."""
    return InvalidInput(
        f"The export is damaged: {what}. Nothing was loaded.", field="export", code="bad_export"
    )


@contextmanager
def _telling(name: str) -> Iterator[None]:
    try:
        yield
    except KeyError as error:
        raise damaged(f"{name} is missing") from error
    except FileNotFoundError as error:
        raise InvalidInput(
            f"There is no {name} there.", field="export", code="no_export"
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise damaged(f"{name} is no whole zip file") from error
    except OSError as error:
        raise damaged(f"{name} cannot be read: {error.strerror}") from error
