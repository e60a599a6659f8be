"""Everything that is kept about me, as a page: the same as the file, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response

from belowline.actions.readers import export_data
from belowline.web.auth import Visitor
from belowline.web.pages.data_words import FIELDS, PARTS
from belowline.web.pages.frame import reader_page

MOST = 500
"""Records of one part on the page; the file has all."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a record, and what it is called."""

    label: str
    value: Any
    is_time: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that is kept, and what belongs to it."""

    fields: tuple[Field, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Things of one kind."""

    name: str
    title: str
    records: tuple[Record, ...]
    count: int


def data_page(visitor: Visitor) -> Response[bytes]:
    """Show me everything that is kept about me."""
    with visitor.house.db.read() as conn:
        found = export_data(conn, visitor.reader_id)
    parts = [_part(name, found[name]) for name in PARTS if name in found]
    return reader_page(visitor, "pages/data.html", parts=parts, most=MOST)


def _part(name: str, found: Any) -> Part:  # noqa: ANN401 - a part of what is ready for JSON
    records = found if isinstance(found, list) else [found]
    # The newest first, as everywhere: of a long list only so many are shown.
    shown = tuple(_record(one) for one in reversed(records[-MOST:]))
    return Part(name, PARTS[name], shown, len(records))


def _record(found: Mapping[str, Any]) -> Record:
    return Record(
        tuple(_fields(found)),
        tuple(_part(name, value) for name, value in found.items() if name in PARTS and value),
    )


def _fields(found: Mapping[str, Any]) -> Iterator[Field]:
    for name, value in found.items():
        if name in PARTS or value is None or value == "":
            continue
        label = FIELDS.get(name, name)
        if name.endswith("_at"):
            yield Field(label, datetime.fromisoformat(value), is_time=True)
        else:
            yield Field(label, value)
