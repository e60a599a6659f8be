"""Everything that is kept about me, as a page: the same as the file, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from litestar import Response

from belowline.actions.readers import export_data
from belowline.screens.messages import MESSAGES
from belowline.web.auth import Visitor
from belowline.web.pages.data_words import FIELDS, PARTS
from belowline.web.pages.frame import reader_page
from belowline.web.pages.words import (
    APPEALS,
    DECISIONS,
    REPORTS,
    SANCTION_TITLES,
    SOURCES,
    STATUSES,
)

MOST = 500
"""Records of one part on the page; the file has all."""


WORDS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("comments", "status"): {one: said for one, (said, _) in STATUSES.items()},
    ("comments", "reason"): MESSAGES,
    ("decisions", "outcome"): {one: said for one, (said, _) in DECISIONS.items()},
    ("decisions", "reason"): MESSAGES,
    ("decisions", "source"): {str(one): said for one, said in SOURCES.items()},
    ("reports", "state"): {one: said for one, (said, _) in REPORTS.items()},
    ("sanctions", "kind"): {str(one): said for one, said in SANCTION_TITLES.items()},
    ("appeals", "state"): {one: said for one, (said, _) in APPEALS.items()},
}
"""What the codes of a part's field mean; a reason is somebody's words, or a screen's code."""
NOTHING_FOUND = "clean"
"""The reason of a comment about which no screen had anything to say."""


class Form(StrEnum):
    """How a value is shown."""

    AS_IT_IS = "as it is"
    OURS = "ours"
    TIME = "time"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a record, and what it is called."""

    label: str
    value: Any
    form: Form = Form.AS_IT_IS


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
    shown = tuple(_record(name, one) for one in reversed(records[-MOST:]))
    return Part(name, PARTS[name], shown, len(records))


def _record(name: str, found: Mapping[str, Any]) -> Record:
    return Record(
        tuple(_fields(name, found)),
        tuple(_part(part, value) for part, value in found.items() if part in PARTS and value),
    )


def _fields(part: str, found: Mapping[str, Any]) -> Iterator[Field]:
    for name, value in found.items():
        if name in PARTS or value in (None, "", NOTHING_FOUND):
            continue
        label = FIELDS.get(name, name)
        words = WORDS.get((part, name), {})
        if name == "at" or name.endswith("_at"):
            yield Field(label, datetime.fromisoformat(value), Form.TIME)
        elif isinstance(value, str) and value in words:
            yield Field(label, words[value], Form.OURS)
        elif name == "story":
            yield Field(label, value, Form.LINK)
        else:
            yield Field(label, value)
