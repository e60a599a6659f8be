"""How a row becomes a line of JSON and a line becomes a row, without losing anything.

A time is ISO 8601 in UTC with microseconds, bytes are base64, and documents have their keys in
order, so that the same row is the same line whichever database it lay in.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum, auto
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from belowline.storage.types import UtcTime

Convert = tuple[int, Callable[[Any], Any]]
"""A place in a row, and what is done with a value there that is not null."""

_encode = msgspec.json.Encoder().encode
_encode_in_order = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode


class Sort(Enum):
    """What a column holds, as far as a line depends on it."""

    NUMBER = auto()
    FLOAT = auto()
    TEXT = auto()
    TRUTH = auto()
    TIME = auto()
    BYTES = auto()
    DOCUMENT = auto()


TYPES: dict[Sort, Any] = {
    Sort.NUMBER: int,
    Sort.FLOAT: float,
    Sort.TEXT: str,
    Sort.TRUTH: bool,
    Sort.TIME: Annotated[datetime, msgspec.Meta(tz=True)],
    Sort.BYTES: bytes,
    Sort.DOCUMENT: Any,
}


def sort_of(kind: sa.types.TypeEngine[Any]) -> Sort:
    """Return what a column of this type holds, declared or as a database tells it."""
    match kind:
        case UtcTime() | sa.DateTime():
            return Sort.TIME
        case sa.Boolean():
            return Sort.TRUTH
        case sa.JSON():
            return Sort.DOCUMENT
        case sa.Integer():
            return Sort.NUMBER
        case sa.Float() | sa.Numeric():
            return Sort.FLOAT
        case sa.LargeBinary():
            return Sort.BYTES
        case sa.String():
            return Sort.TEXT
        case _:
            raise TypeError(f"a column of the type {kind!r} has no form in an export")


def make_writer(
    table: str, columns: Sequence[str], sorts: Sequence[Sort]
) -> Callable[[Sequence[Sequence[Any]]], bytes]:
    """Return what makes lines of rows that were read as ``reading`` asks for them."""
    line = msgspec.defstruct(_class_name(table), [(one, Any) for one in columns], gc=False)
    converts: list[Convert] = [
        (place, _WRITES[sort]) for place, sort in enumerate(sorts) if sort in _WRITES
    ]

    def write(rows: Sequence[Sequence[Any]]) -> bytes:
        if not converts:
            return b"".join([_encode(line(*row)) + b"\n" for row in rows])
        written = []
        for row in rows:
            values = list(row)
            for place, convert in converts:
                if values[place] is not None:
                    values[place] = convert(values[place])
            written.append(_encode(line(*values)) + b"\n")
        return b"".join(written)

    return write


def make_reader(
    table: str, columns: Sequence[tuple[str, Sort, bool]], *, sqlite: bool
) -> Callable[[bytes], tuple[Any, ...]]:
    """Return what makes a row of a line; it raises msgspec.DecodeError where one does not fit.

    ``columns`` are the name, what it holds, and whether it may be null. Every name has to be in the
    line, and no other.
    """
    fields = [(name, TYPES[sort] | None if null else TYPES[sort]) for name, sort, null in columns]
    line = msgspec.defstruct(_class_name(table), fields, gc=False, forbid_unknown_fields=True)
    decode = msgspec.json.Decoder(line).decode
    reads = {Sort.DOCUMENT: _document} | ({Sort.TIME: _time_for_sqlite} if sqlite else {})
    converts: list[Convert] = [
        (place, reads[sort]) for place, (_, sort, _) in enumerate(columns) if sort in reads
    ]

    def read(raw: bytes) -> tuple[Any, ...]:
        values = msgspec.structs.astuple(decode(raw))
        if not converts:
            return values
        changed = list(values)
        for place, convert in converts:
            if changed[place] is not None:
                changed[place] = convert(changed[place])
        return tuple(changed)

    return read


def _class_name(table: str) -> str:
    return f"{table.title().replace('_', '')}Line"


def is_a_name(text: str) -> bool:
    """Say whether a column can be called this in a line."""
    return text.isascii() and text.isidentifier() and not keyword.iskeyword(text)


def _ordered(text: str) -> msgspec.Raw:
    return msgspec.Raw(_encode_in_order(_decode(text)))


def _document(value: object) -> str:
    return _encode_in_order(value).decode()


def _time_for_sqlite(value: datetime) -> str:
    # Already in UTC or put there; see storage/types.py for why always with microseconds.
    return _in_utc(value).isoformat(" ", "microseconds")


def _in_utc(value: datetime) -> datetime:
    offset = value.utcoffset()
    return (value - offset if offset else value).replace(tzinfo=None)


_WRITES: dict[Sort, Callable[[Any], Any]] = {Sort.TRUTH: bool, Sort.DOCUMENT: _ordered}
