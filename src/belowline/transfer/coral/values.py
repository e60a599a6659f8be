"""Values in Coral's records: plain JSON, or the Extended JSON that ``mongoexport`` writes.

What is not of the kind that is asked for counts as not given; nothing here raises.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from belowline.transfer.fields import listed, text_of
from belowline.transfer.instants import from_seconds, read_instant

_NUMBERS = ("$numberInt", "$numberLong", "$numberDouble")
_WHOLE = re.compile(r"(-?[0-9]{1,15})(?:\.0{1,6})?")
_LONGEST_ID = 1_000


def instant_of(record: object, name: str) -> datetime | None:
    """Return a time, written as text, as ``{"$date": …}`` or as milliseconds since 1970."""
    value = record.get(name) if isinstance(record, dict) else None
    if isinstance(value, dict):
        value = value.get("$date")
    if isinstance(value, str):
        return read_instant(value, zone=UTC)
    milliseconds = _whole(value)
    return from_seconds(milliseconds / 1000) if milliseconds is not None else None


def whole_of(record: object, name: str) -> int | None:
    """Return a whole number, written plainly or as ``{"$numberInt": "5"}`` and the like."""
    return _whole(record.get(name) if isinstance(record, dict) else None)


def id_of(record: object, name: str) -> str | None:
    """Return an id, which in Coral is any text that is not empty."""
    written = text_of(record, name).strip()
    return written if 0 < len(written) <= _LONGEST_ID else None


def ids_of(record: object, name: str) -> tuple[str, ...]:
    """Return the ids in a list."""
    return tuple(one for one in listed(record, name) if isinstance(one, str))


def is_given(record: object, name: str) -> bool:
    """Say whether anything at all stands under a name."""
    return isinstance(record, dict) and record.get(name) is not None


def _whole(value: object) -> int | None:
    if isinstance(value, dict):
        value = next((value[name] for name in _NUMBERS if name in value), None)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 10**15 else None
    if isinstance(value, int):
        return value if abs(value) < 10**15 else None
    written = _WHOLE.fullmatch(value)
    return int(written[1]) if written else None
