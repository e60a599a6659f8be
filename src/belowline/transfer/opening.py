"""Open an export file without trusting it.

Gzip, zip and tar are known by their first bytes, never by the file's name, and are unpacked as
they are read, within bounds. Other archives are refused with a word on what to do. What is inside
the file is the business of ``recognise.py`` and of the reader of its format.
"""

from __future__ import annotations

import gzip
import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from belowline.core.errors import InvalidInput
from belowline.transfer.tarred import MARK, MARK_AT, Piece, Window, list_pieces, pass_over
from belowline.transfer.zipped import Member, list_members, open_member

MAX_BYTES = 8 * 1024**3
"""The largest export, unpacked. A title's twenty years of comments are well under 2 GiB."""
MAX_RATIO = 200
"""Exports shrink five- to twentyfold; gzip's own limit, which a bomb comes near, is about 1,030."""
MOST_AGAIN = 4 * MAX_BYTES
"""Bytes that reading all files of a gzipped archive may unpack in vain: to reach one, everything
before it is unpacked once more."""
RATIO_FREE_BYTES = 16 * 1024**2
"""Below this a large ratio is harmless: a small export may be one repeated template."""
_HEAD = MARK_AT + len(MARK)
HEAD = 64 * 1024
"""So much of the beginning can be looked at without reading it."""

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_REFUSED = {
    b"PK\x05\x06": "an empty zip archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ\x00": "an xz file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a rar archive",
}


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file of an export: by itself, or in a zip or tar archive."""

    path: Path
    name: str
    member: Member | None = None
    piece: Piece | None = None

    @contextmanager
    def open(
        self, *, max_bytes: int = MAX_BYTES, max_ratio: int = MAX_RATIO
    ) -> Iterator[io.BufferedReader]:
        """Open it for reading once from start to end; its first ``HEAD`` bytes can be peeked at.

        Raises:
            InvalidInput: it cannot be opened, is of a kind that is not read, is empty, or, while it
                is read, turns out damaged or larger than ``max_bytes`` or ``max_ratio`` allow.
        """
        if self.member is not None:
            limit, code = _bounds(self.member.packed, max_bytes, max_ratio)
            with open_member(self.path, self.member) as unpacked:
                yield _inside(unpacked, limit=limit, code=code)
            return
        with _open_plain(self.path) as plain:
            if not _head(plain).startswith(_GZIP):
                if self.piece is not None:
                    plain.seek(self.piece.start)
                    inside = Window(plain, self.piece.size)
                    yield _inside(inside, limit=max_bytes, code="file_too_large")
                    return
                _require_readable_kind(_head(plain))
                bounded = _Bounded(plain, limit=max_bytes, code="file_too_large")
                yield io.BufferedReader(bounded, HEAD)
                return
            with _unzipped(self.path, plain, max_bytes, max_ratio) as unzipped:
                if self.piece is None:
                    yield _checked(unzipped)
                    return
                pass_over(unzipped, self.piece.start)
                inside = Window(unzipped, self.piece.size)
                yield _inside(inside, limit=max_bytes, code="file_too_large")


def find_files(path: Path) -> tuple[ExportFile, ...]:
    """Return the files that an export consists of: itself, or those in a zip or tar archive.

    Raises:
        InvalidInput: the file cannot be opened, or is an archive that ``zipped.py`` or
            ``tarred.py`` refuses.
    """
    with _open_plain(path) as plain:
        head = _head(plain)
        pieces = _pieces(path, plain)
    if pieces:
        return tuple(ExportFile(path, piece.name, piece=piece) for piece in pieces)
    if not head.startswith(_ZIP):
        return (ExportFile(path, path.name),)
    return tuple(ExportFile(path, member.name, member) for member in list_members(path))


@contextmanager
def open_export(
    path: Path, *, max_bytes: int = MAX_BYTES, max_ratio: int = MAX_RATIO
) -> Iterator[io.BufferedReader]:
    """Open an export that is one file, plain, gzipped or alone in a zip archive.

    Raises:
        InvalidInput: as for ``ExportFile.open``, and if an archive holds several files.
    """
    files = find_files(path)
    if len(files) > 1:
        raise _refused(
            f"The archive holds {len(files)} files. Unpack it, and import them one by one.",
            "several_files",
        )
    with files[0].open(max_bytes=max_bytes, max_ratio=max_ratio) as stream:
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


def _head(stream: io.BufferedReader) -> bytes:
    return stream.peek(_HEAD)[:_HEAD]


def _pieces(path: Path, plain: io.BufferedReader) -> tuple[Piece, ...]:
    """Return the files of a tar archive, gzipped or not; none if it is something else."""
    if _is_tar(_head(plain)):
        return list_pieces(plain)
    if not _head(plain).startswith(_GZIP):
        return ()
    with _unzipped(path, plain, MAX_BYTES, MAX_RATIO) as unzipped:
        pieces = list_pieces(unzipped) if _is_tar(_head(unzipped)) else ()
    if sum(one.start for one in pieces) > MOST_AGAIN:
        raise _refused(
            "This archive is gzipped and holds too much in too many files. Gunzip it first.",
            "gzipped_archive_too_large",
        )
    return pieces


def _is_tar(head: bytes) -> bool:
    return head[MARK_AT:].startswith(MARK)


@contextmanager
def _unzipped(
    path: Path, plain: io.BufferedReader, max_bytes: int, max_ratio: int
) -> Iterator[io.BufferedReader]:
    limit, code = _bounds(path.stat().st_size, max_bytes, max_ratio)
    with gzip.GzipFile(fileobj=plain, mode="rb") as unzipped:
        yield io.BufferedReader(_Bounded(unzipped, limit=limit, code=code), HEAD)


def _bounds(packed: int, max_bytes: int, max_ratio: int) -> tuple[int, str]:
    """Return how much may come out of so much packed, and what it is called if it is more."""
    by_ratio = max(RATIO_FREE_BYTES, packed * max_ratio)
    code = "file_too_large" if max_bytes <= by_ratio else "suspicious_compression"
    return min(max_bytes, by_ratio), code


def _inside(unpacked: BinaryIO | Window, *, limit: int, code: str) -> io.BufferedReader:
    return _checked(io.BufferedReader(_Bounded(unpacked, limit=limit, code=code), HEAD))


def _checked(stream: io.BufferedReader) -> io.BufferedReader:
    head = _head(stream)
    if head.startswith((_GZIP, _ZIP)):
        raise _refused("The file is packed twice. Unpack it once and try again.")
    _require_readable_kind(head)
    return stream


def _require_readable_kind(head: bytes) -> None:
    if not head:
        raise _refused("The file is empty.", "empty_file")
    kinds = [name for magic, name in _REFUSED.items() if head.startswith(magic)]
    if _is_tar(head):
        kinds.append("a tar archive")
    if kinds:
        raise _refused(
            f"This is {kinds[0]}. Unpack it, or export again;"
            " plain, gzipped, zipped and tarred files are read."
        )


class _Bounded(io.RawIOBase):
    """A stream that will not yield more than ``limit`` bytes and says what is wrong with gzip."""

    def __init__(
        self, source: BinaryIO | io.BufferedIOBase | Window, *, limit: int, code: str
    ) -> None:
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
