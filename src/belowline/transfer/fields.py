"""Take values out of records that anybody may have written: JSON's objects, mostly.

What is not of the kind that is asked for counts as not given; nothing here raises.
"""

from __future__ import annotations

import re

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_LARGEST = 10**9


def text_of(record: object, name: str) -> str:
    """Return a text, or a whole number or a truth as one; an empty text for anything else."""
    value = record.get(name) if isinstance(record, dict) else None
    if isinstance(value, str):
        return _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else ""


def number_of(record: object, name: str) -> int:
    """Return a whole number from zero up to a thousand million, or 0 for anything else."""
    written = text_of(record, name).strip()
    if not re.fullmatch(r"[0-9]{1,10}", written):
        return 0
    return min(int(written), _LARGEST)


def truth_of(record: object, name: str) -> bool | None:
    """Return whether something is so; None if that was said in a way that is not understood.

    What is not said at all, or said to be nothing, is not so.
    """
    value = record.get(name) if isinstance(record, dict) else None
    if value is None:
        return False
    match text_of(record, name).strip().lower():
        case "true" | "1" | "yes":
            return True
        case "false" | "0" | "no" | "" if isinstance(value, str | bool | int):
            return False
        case _:
            return None


def inner(record: object, name: str) -> dict[str, object]:
    """Return the object under a name, or an empty one."""
    value = record.get(name) if isinstance(record, dict) else None
    return value if isinstance(value, dict) else {}


def listed(record: object, name: str) -> list[object]:
    """Return the list under a name, or an empty one."""
    value = record.get(name) if isinstance(record, dict) else None
    return value if isinstance(value, list) else []
