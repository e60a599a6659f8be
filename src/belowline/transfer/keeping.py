"""What of a foreign value can be kept: text and ids that both databases take, times as numbers.

Pure functions for the first pass of an import.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from belowline.core.markup import clean_text

LONGEST = 20_000
"""Characters; other systems take longer comments than a site here may."""
LONGEST_ID = 200
"""Characters; an index of PostgreSQL takes no entries that are much longer."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def as_micros(at: datetime) -> int:
    """Return a time as the landing keeps it, in microseconds since 1970."""
    return (at - EPOCH) // _MICROSECOND


def as_time(micros: int) -> datetime:
    """Return the time that the landing keeps as a number."""
    return EPOCH + timedelta(microseconds=micros)


def as_kept(text: str) -> str:
    """Return text that both databases take: without NUL and without halves of characters."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def as_id(text: str) -> str:
    """Return a source's id as it is kept: a very long one as its beginning and its hash."""
    text = as_kept(text)
    if len(text) <= LONGEST_ID:
        return text
    return f"{text[:100]}~{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def as_line(text: str, *, longest: int) -> str:
    """Return a title or a code as one line, cut where it is too long."""
    # Some characters become several when they are put in their usual form.
    raw = as_kept(text[: longest * 4])
    return clean_text(raw, field="line", longest=LONGEST, lines=False)[:longest].strip()


@lru_cache(20_000)
def as_name(typed: str) -> str:
    """Return a name as it is kept, or an empty one."""
    return as_line(typed, longest=40)


def as_note(text: str) -> str:
    """Return what staff or a reporter wrote, cut where it is too long."""
    return clean_text(as_kept(text[:LONGEST]), field="note", longest=4 * LONGEST)[:LONGEST]
