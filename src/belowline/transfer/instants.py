"""Times as programs write them: with a zone, with fractions of a second, or as Unix seconds.

What people typed, and WordPress's own spelling, is read in ``cleaning.py``.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from belowline.transfer.codes import Repair

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nobody commented on the web before; what is earlier is a zero that some tool made a date of."""
_WRITTEN = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,6})\d{0,12})?"
    r" ?([Zz]|UTC|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


def read_instant(text: object, *, zone: tzinfo) -> datetime | None:
    """Read ``2024-05-01T12:30:00.5Z`` or the like in UTC; without a zone of its own, in ``zone``.

    Fractions finer than microseconds are cut. Zeros, impossible dates, those before there were
    comments on the web, and anything but text give None.
    """
    written = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
    if written is None:
        return None
    date, time, fraction, offset = written.groups()
    offset = offset.upper().replace("UTC", "Z") if offset else ""
    try:
        seconds = time if time.count(":") == 2 else f"{time}:00"
        read = datetime.fromisoformat(f"{date}T{seconds}.{(fraction or '').ljust(6, '0')}{offset}")
        if read.tzinfo is None:
            read = read.replace(tzinfo=zone)
        return _plausible(read.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def from_seconds(seconds: object) -> datetime | None:
    """Return the instant of a number of seconds since 1970, or None as above."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return _plausible(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def not_after(time: datetime | None, now: datetime) -> tuple[datetime | None, Repair | None]:
    """Return a time that has come already, and what had to be put right for that."""
    if time is not None and time > now:
        return now, Repair.DATE_IN_FUTURE
    return time, None


def _plausible(time: datetime) -> datetime | None:
    return time if time >= _EARLIEST else None
