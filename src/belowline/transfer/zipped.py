"""Look into a zip archive without trusting it, and open one of its files.

Everything that an archive can do but hold plain, ordinary, packed files is refused: names that lead
elsewhere, links, encryption, uncommon packing, archives in archives, more than it can hold.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from belowline.core.errors import InvalidInput

MOST_FILES = 500
"""WordPress splits a large export into some dozens."""
LARGEST_LIST = 1024**2
"""Bytes of the list at the archive's end, which is read in one go."""

_END = b"PK\x05\x06"
_END_LENGTH = 22
_LARGE_END = b"PK\x06\x07"
_LARGE_END_LENGTH = 20
_LONGEST_REMARK = 65_535
_ENCRYPTED = 0x1
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What the library raises over a damaged archive, some of it by accident."""
# A name that leads out of a folder on any system, or that a terminal would misunderstand.
LEADS_ELSEWHERE = re.compile(r"^[/\\~]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|[\x00-\x1f\x7f]")
NOT_CONTENT = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|\._)")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive, with what the archive says of its sizes."""

    name: str
    packed: int
    size: int
    index: int


def list_members(path: Path) -> tuple[Member, ...]:
    """Return the ordinary files of an archive in its own order.

    Raises:
        InvalidInput: the archive is damaged, holds something that is refused, or nothing at all.
    """
    _require_short_list(path)
    with _open(path) as archive:
        entries = archive.infolist()
        found = [
            Member(entry.filename, entry.compress_size, entry.file_size, index)
            for index, entry in enumerate(entries)
            if _is_content(entry)
        ]
    if not found:
        raise _refused("The zip archive holds no files.", "empty_file")
    names = {member.name.casefold() for member in found}
    if len(names) < len(found):
        raise _refused("The zip archive holds two files of the same name.")
    if sum(member.packed for member in found) > path.stat().st_size:
        raise _refused(
            "The zip archive holds files that lie in each other.", "suspicious_compression"
        )
    return tuple(found)


@contextmanager
def open_member(path: Path, member: Member) -> Iterator[BinaryIO]:
    """Open a file of an archive for reading once from start to end.

    Raises:
        InvalidInput: the archive is damaged; also while the file is read.
    """
    with _open(path) as archive:
        entry = archive.infolist()[member.index]
        _is_content(entry)
        try:
            packed = archive.open(entry)
        except _TROUBLE as error:
            raise _damaged() from error
        with packed:
            yield io.BufferedReader(_Unpacked(packed))


def _require_short_list(path: Path) -> None:
    """Refuse a list that would fill the memory, before it is read."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _LARGE_END_LENGTH - _END_LENGTH - _LONGEST_REMARK))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_LENGTH:
        raise _damaged()
    if _LARGE_END in tail[max(0, at - _LARGE_END_LENGTH) : at]:
        raise _refused("The zip archive is of the kind for huge ones. Unpack it first.")
    count, length = struct.unpack_from("<HI", tail, at + 10)
    if count > MOST_FILES or length > LARGEST_LIST:
        raise _refused(f"The zip archive holds more than {MOST_FILES} files.", "too_many_files")


@contextmanager
def _open(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except _TROUBLE as error:
        raise _damaged() from error
    with archive:
        if len(archive.infolist()) > MOST_FILES:
            raise _refused(f"The zip archive holds more than {MOST_FILES} files.", "too_many_files")
        yield archive


def _is_content(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a file that may be the export; raise if it is what is refused."""
    # ``orig_filename`` is the name as it stands there, before the library tidied it.
    if LEADS_ELSEWHERE.search(entry.orig_filename) or "\\" in entry.orig_filename:
        raise _refused("The zip archive holds a name that leads out of it.", "unsafe_archive")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _refused("The zip archive holds a link or a device.", "unsafe_archive")
    if entry.flag_bits & _ENCRYPTED:
        raise _refused("The zip archive is encrypted. Unpack it first.")
    if entry.compress_type not in _PACKINGS:
        raise _refused("The zip archive is packed in a way that is not read. Unpack it first.")
    return not entry.is_dir() and not NOT_CONTENT.search(entry.filename)


class _Unpacked(io.RawIOBase):
    """What is unpacked, with one error for all that can be wrong with it."""

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__()
        self._packed = packed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._packed.read(len(buffer))
        except _TROUBLE as error:
            raise _damaged() from error
        buffer[: len(data)] = data
        return len(data)


def _refused(message: str, code: str = "unreadable_file") -> InvalidInput:
    return InvalidInput(message, field="file", code=code)


def _damaged() -> InvalidInput:
    return _refused("The zip archive is damaged.", "bad_zip")
