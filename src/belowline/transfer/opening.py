"""Open an export file without trusting it.

Gzip is known by its first bytes, never by the file's name, and is unpacked as it is read, within
bounds. Archives and databases are refused with a word on what to do. What is inside the file is
the business of the reader of its format.
"""

from __future__ import annotations

import gzip
import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from belowline.core.errors import InvalidInput

MAX_BYTES = 8 * 1024**3
"""The largest export, unpacked. A title's twenty years of comments are well under 2 GiB."""
MAX_RATIO = 200
"""Exports shrink five- to twentyfold; gzip's own limit, which a bomb comes near, is about 1,030."""
RATIO_FREE_BYTES = 16 * 1024**2
"""Below this a large ratio is harmless: a small export may be one repeated template."""

_GZIP = b"\x1f\x8b"
_REFUSED = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ\x00": "an xz file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a rar archive",
    b"SQLite format 3\x00": "an SQLite database",
}
_MAGIC_LENGTH = max(len(magic) for magic in _REFUSED)


@contextmanager
def open_export(
    path: Path, *, max_bytes: int = MAX_BYTES, max_ratio: int = MAX_RATIO
) -> Iterator[BinaryIO]:
    """Open an export, plain or gzipped, for reading once from start to end.

    Raises :class:`InvalidInput` if it cannot be opened, is of a kind that is not read, is empty,
    or, while it is read, turns out damaged or larger than ``max_bytes`` or ``max_ratio`` allow.
    """
    with _open_plain(path) as plain:
        size = path.stat().st_size
        head = plain.peek(_MAGIC_LENGTH)[:_MAGIC_LENGTH]
        _require_readable_kind(head)
        if not head.startswith(_GZIP):
            yield io.BufferedReader(_Bounded(plain, limit=max_bytes, code="file_too_large"))
            return
        by_ratio = max(RATIO_FREE_BYTES, size * max_ratio)
        code = "file_too_large" if max_bytes <= by_ratio else "suspicious_compression"
        with gzip.GzipFile(fileobj=plain, mode="rb") as unpacked:
            bounded = _Bounded(unpacked, limit=min(max_bytes, by_ratio), code=code)
            stream = io.BufferedReader(bounded)
            inner = stream.peek(_MAGIC_LENGTH)[:_MAGIC_LENGTH]
            if inner.startswith(_GZIP):
                raise _refused("The file is packed twice. Unpack it once and try again.")
            _require_readable_kind(inner)
            yield stream


def _refused(message: str, code: str = "unreadable_file") -> InvalidInput:
    return InvalidInput(message, field="file", code=code)


def _open_plain(path: Path) -> io.BufferedReader:
    try:
        # Asked before opening: merely opening a named pipe would wait for its other end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise _refused("This is not an ordinary file.")
        return path.open("rb")
    except OSError as error:
        raise _refused(f"The file cannot be opened: {error.strerror}.") from error


def _require_readable_kind(head: bytes) -> None:
    if not head:
        raise _refused("The file is empty.", "empty_file")
    for magic, name in _REFUSED.items():
        if head.startswith(magic):
            raise _refused(
                f"This is {name}. Unpack it, or export again; plain and gzipped files are read."
            )


class _Bounded(io.RawIOBase):
    """A stream that will not yield more than ``limit`` bytes and says what is wrong with gzip."""

    def __init__(self, source: io.BufferedIOBase, *, limit: int, code: str) -> None:
        super().__init__()
        self._source = source
        self._left = limit
        self._limit = limit
        self._code = code

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            # One byte past the limit is asked for, so that a file of just that size is still read.
            data = self._source.read(min(len(buffer), self._left + 1))
        except (gzip.BadGzipFile, zlib.error) as error:
            raise _refused("The gzipped file is damaged.", "bad_gzip") from error
        except EOFError as error:
            raise _refused("The gzipped file ends too early.", "bad_gzip") from error
        if len(data) > self._left:
            raise InvalidInput(
                "The file is larger, unpacked, than an import may read.",
                field="file",
                code=self._code,
                limit=self._limit,
            )
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)
