"""Look into a tar archive without trusting it, and find where the files in it lie.

Only plain files and folders are taken; links, devices and names that lead elsewhere are refused.
Nothing is unpacked: a file is read where it lies. The library's own reader is not used, because it
takes headers of any size into memory.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import BinaryIO

from belowline.core.errors import InvalidInput
from belowline.transfer.zipped import LEADS_ELSEWHERE, MOST_FILES, NOT_CONTENT

MARK = b"ustar"
MARK_AT = 257
BLOCK = 512

_MOST_HEADERS = 20 * MOST_FILES
_CHUNK = 1024**2
_FILE = {b"0", b"\0", b"7"}
_FOLDER = b"5"
_ABOUT_THE_NEXT = {b"x", b"g", b"L"}
"""Longer names, exact times: of no use here, as names are only shown."""
_OCTAL = re.compile(rb"[ \0]*([0-7]{1,11})[ \0]*")
_SUM = slice(148, 156)


@dataclass(frozen=True, slots=True)
class Piece:
    """A file in an archive, and where in it its content lies."""

    name: str
    start: int
    size: int


def list_pieces(stream: BinaryIO) -> tuple[Piece, ...]:
    """Return the ordinary files of an archive in its own order, read from its beginning.

    Raises:
        InvalidInput: the archive is damaged, holds something that is refused, or nothing at all.
    """
    found: list[Piece] = []
    at = 0
    for _ in range(_MOST_HEADERS):
        header = stream.read(BLOCK)
        if len(header) < BLOCK:
            raise damaged()
        if not any(header):
            return _content(found)
        size = _size(header)
        at += BLOCK
        if _is_file(header):
            found.append(Piece(_name(header), at, size))
        padded = -(-size // BLOCK) * BLOCK
        pass_over(stream, padded)
        at += padded
    raise _too_many()


def _content(found: list[Piece]) -> tuple[Piece, ...]:
    content = tuple(one for one in found if not NOT_CONTENT.search(one.name))
    if not content:
        raise InvalidInput("The tar archive holds no files.", field="file", code="empty_file")
    if len(content) > MOST_FILES:
        raise _too_many()
    return content


def _too_many() -> InvalidInput:
    return InvalidInput(
        f"The tar archive holds more than {MOST_FILES} files.", field="file", code="too_many_files"
    )


def pass_over(stream: BinaryIO, size: int) -> None:
    """Go on by so many bytes.

    Raises:
        InvalidInput: the archive ends before that.
    """
    if stream.seekable():
        # Beyond the end nothing can be read, which whoever reads on finds out.
        stream.seek(size, io.SEEK_CUR)
        return
    while size > 0:
        data = stream.read(min(size, _CHUNK))
        if not data:
            raise damaged()
        size -= len(data)


def damaged() -> InvalidInput:
    """Return what is wrong with an archive that is not as it says it is."""
    return InvalidInput("The tar archive is damaged.", field="file", code="bad_tar")


class Window(io.RawIOBase):
    """A stretch of an archive, from where it was reached, as a stream of its own."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = size

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read on, up to the end of the stretch.

        Raises:
            InvalidInput: the archive ends before that.
        """
        data = self._stream.read(min(len(buffer), self._left))
        if not data and self._left and len(buffer):
            raise damaged()
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def _is_file(header: bytes) -> bool:
    kind = header[156:157]
    if kind in _FILE:
        return not _name(header).endswith("/")
    if kind == _FOLDER or kind in _ABOUT_THE_NEXT:
        return False
    raise InvalidInput(
        "The tar archive holds a link or a device.", field="file", code="unsafe_archive"
    )


def _size(header: bytes) -> int:
    told = _OCTAL.fullmatch(header[_SUM])
    size = _OCTAL.fullmatch(header[124:136])
    really = sum(header) - sum(header[_SUM]) + 8 * ord(" ")
    if told is None or size is None or int(told[1], 8) != really:
        raise damaged()
    return int(size[1], 8)


def _name(header: bytes) -> str:
    prefix, name = (part.split(b"\0", 1)[0] for part in (header[345:500], header[:100]))
    # GNU's own form has other things where the prefix would be.
    is_posix = header[MARK_AT : MARK_AT + 6] == MARK + b"\0"
    joined = b"/".join([prefix, name]) if prefix and is_posix else name
    text = joined.decode("utf-8", "replace").removeprefix("./")
    if LEADS_ELSEWHERE.search(text):
        raise InvalidInput(
            "The tar archive holds a name that leads out of it.",
            field="file",
            code="unsafe_archive",
        )
    return text
