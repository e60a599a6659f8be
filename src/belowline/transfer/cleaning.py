"""Put right what foreign systems do to names, addresses, titles and times.

Pure functions that importers share. Each returns a value fit to keep or None; whether None is a
repair or a reason to skip is the importer's decision.
"""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

_ENTITY_ROUNDS = 3
"""Exports have been seen to escape a name twice; a third round costs nothing."""
_EMAIL_LONGEST = 254
_EMAIL = re.compile(r"[^\s@<>\"'(),:;\[\]\\]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}")
_URL_LONGEST = 4_000
_URL = re.compile(r"https?://[^\s/\x00-\x1f\x7f][^\s\x00-\x1f\x7f]*", re.IGNORECASE)
_KEY_LONGEST = 200
_ID = re.compile("[!-~]{1,200}")
_FAR_REFERENCE = re.compile("&#[0-9]{8,}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_EARLIEST_COMMENT = datetime(1990, 1, 1, tzinfo=UTC)
"""Nobody commented on the web before. Earlier times are zeros that some tool made a date of."""
# Zero-width joiners are format characters too, but Persian names and emoji are written with them.
_JOINERS = "\u200c\u200d"


def tame_references(html_text: str) -> str:
    """Shorten references to characters that there are not: Python reads no number so long."""
    return _FAR_REFERENCE.sub("&#1114112", html_text)


def clean_line(text: str) -> str:
    """Return a name or a title as one line of plain text.

    Entities are decoded however often they were encoded; control characters and marks that turn the
    writing direction, with which a name can be made to look like another, are taken out.
    """
    for _ in range(_ENTITY_ROUNDS):
        decoded = html.unescape(tame_references(text))
        if decoded == text:
            break
        text = decoded
    kept = (
        " " if char.isspace() else char
        for char in text
        if char.isspace()
        or char in _JOINERS
        or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
    )
    return " ".join("".join(kept).split())


def clean_email(text: str) -> str | None:
    """Return the address without the spaces round it, or None if it is not one."""
    address = text.strip()
    if len(address) > _EMAIL_LONGEST or not _EMAIL.fullmatch(address):
        return None
    return address


def read_time(text: str, *, zone: tzinfo) -> datetime | None:
    """Read ``2024-05-01 12:30:00`` as a time in ``zone``; return it in UTC.

    Zeros, impossible dates and anything else give None.
    """
    written = text.strip()
    if not _TIME.fullmatch(written):
        return None
    try:
        return datetime.fromisoformat(written).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_comment_time(text: str, *, zone: tzinfo) -> datetime | None:
    """Read a time as :func:`read_time` does, and refuse those before there was a web."""
    time = read_time(text, zone=zone)
    return time if time is not None and time >= _EARLIEST_COMMENT else None


def clean_url(text: str) -> str | None:
    """Return an absolute http or https address in one piece, or None."""
    url = text.strip()
    if len(url) > _URL_LONGEST or not _URL.fullmatch(url):
        return None
    try:
        return url if urlsplit(url).hostname else None
    except ValueError:
        # A bracket where an IPv6 address would stand.
        return None


def join_url(base_url: str, path: str) -> str | None:
    """Return the address of a page that is known by its path, or None; an address stays as it is.

    ``base_url`` is where the site was, such as ``https://www.courier.example``.
    """
    path = path.strip()
    if re.match(r"[a-z][a-z0-9+.-]*:", path, re.IGNORECASE) or path.startswith("//"):
        return clean_url(f"https:{path}" if path.startswith("//") else path)
    return clean_url(f"{base_url.rstrip('/')}/{path.lstrip('/')}") if path else None


def clean_id(text: str) -> str | None:
    """Return a source's own id, or None if it is not one: a word of ASCII without spaces."""
    source_id = text.strip()
    return source_id if _ID.fullmatch(source_id) else None


def clean_key(text: str) -> str | None:
    """Return a publisher's own name for a page, unless it is nothing but its address."""
    key = clean_line(text)
    address = re.match(r"https?://", key, re.IGNORECASE)
    return None if not key or len(key) > _KEY_LONGEST or address else key
