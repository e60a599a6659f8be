"""Read CSV a row at a time, without trusting it.

The text is UTF-8; a cell and a row are bounded; what is not well-formed is named with its line.
What the cells mean is their readers' business.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from belowline.core.errors import InvalidInput

MAX_ROW = 1024**2
"""Bytes. A cell is bounded by the csv module itself, to 128 Ki characters."""

_DELIMITERS = ",;\t"
_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")


def rows(stream: BinaryIO, *, delimiter: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not empty with the line on which it begins.

    Without a ``delimiter`` the first line tells whether it is a comma, a semicolon or a tab.

    Raises:
        InvalidInput: naming the line, perhaps after some rows: it is no UTF-8, its quotation marks
            are wrong, or a row is larger than is read.
    """
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=delimiter or _delimiter(lines.peek()), strict=True)
    while True:
        start = lines.begin_row()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _malformed(str(error), start) from error
        if row:
            yield start, row


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _malformed(complaint: str, line: int) -> InvalidInput:
    """Return what is wrong with a row, by what the csv module says of it."""
    if "limit" in complaint:
        return _too_large("cell", line)
    words = "has a quotation mark where none can stand; write it twice"
    if "end of data" in complaint:
        words = "ends within a cell: a quotation mark is never closed"
    elif "new-line" in complaint:
        words = "has line ends that are read nowhere any more; save it anew"
    return InvalidInput(
        f"The file {words}, in the row that begins at line {line}.",
        field="file",
        code="malformed_csv",
        line=line,
    )


def _too_large(what: str, line: int) -> InvalidInput:
    return InvalidInput(
        f"The file holds a {what} that is too large to be a comment, in the row that begins at"
        f" line {line}.",
        field="file",
        code="value_too_large",
        line=line,
    )


def _not_utf_8(seems: str, line: int) -> InvalidInput:
    return InvalidInput(
        f"The file is not UTF-8 but {seems}, as line {line} shows. Save it as UTF-8.",
        field="file",
        code="wrong_encoding",
        line=line,
    )


class _Lines:
    """The lines of a file, of which no row can take too many."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._number = 0
        self._start = 1
        self._held = 0
        self._first: str | None = None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._first is not None:
            line, self._first = self._first, None
            return line
        raw = self._stream.readline(MAX_ROW - self._held + 1)
        if not raw:
            raise StopIteration
        self._number += 1
        self._held += len(raw)
        if self._held > MAX_ROW:
            raise _too_large("row", self._start)
        if self._number == 1 and (raw[:2] in _BYTE_ORDER or b"\x00" in raw[:4]):
            raise _not_utf_8("UTF-16", 1)
        try:
            return raw.decode("utf-8-sig" if self._number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise _not_utf_8("something else, perhaps Windows-1252", self._number) from error

    def peek(self) -> str:
        """Return the first line without passing over it, or nothing."""
        self._first = next(self, None)
        return self._first or ""

    def begin_row(self) -> int:
        """Begin to count anew, and return the line that comes next."""
        if self._first is None:
            self._start = self._number + 1
            self._held = 0
        return self._start
