"""Keyset cursors as short strings: where in the thread a page begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from belowline.core.errors import InvalidInput

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"([0-9]{1,17})\.([0-9]{1,18})")
_KEY_FORM = re.compile(r"([0-9]{1,9})\.([0-9]{1,18})\.([0-9]{1,18})")
PATH_FORM = re.compile(r"[0-9a-z]{0,36}")


@dataclass(frozen=True, slots=True)
class Place:
    """The last root of the page before: its time and id."""

    created_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.created_at - _EPOCH) // timedelta(microseconds=1)}.{self.id}"


def read_place(cursor: str) -> Place:
    """Read a cursor. Raises InvalidInput if it is not one of ours."""
    found = _FORM.fullmatch(cursor)
    if found is None:
        raise InvalidInput("This page address is not valid.", field="after", code="bad_cursor")
    try:
        at = _EPOCH + timedelta(microseconds=int(found[1]))
    except OverflowError as error:
        raise InvalidInput(
            "This page address is not valid.", field="after", code="bad_cursor"
        ) from error
    return Place(at, int(found[2]))


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """The last root of the page before, in an order that is worked out, and by which ranking."""

    number: int
    key: int
    id: int

    def __str__(self) -> str:
        return f"{self.number}.{self.key}.{self.id}"


def read_key_place(cursor: str) -> KeyPlace:
    """Read a cursor of an order that is worked out. Raises InvalidInput for one not ours."""
    found = _KEY_FORM.fullmatch(cursor)
    if found is None:
        raise InvalidInput("This page address is not valid.", field="after", code="bad_cursor")
    return KeyPlace(int(found[1]), int(found[2]), int(found[3]))


def check_path(cursor: str) -> str:
    """Return a cursor within a root's replies. Raises InvalidInput if it is not one of ours."""
    if not PATH_FORM.fullmatch(cursor):
        raise InvalidInput("This page address is not valid.", field="after", code="bad_cursor")
    return cursor
