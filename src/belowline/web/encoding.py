"""What a client takes and what it already has: ``Accept-Encoding`` and ``If-None-Match``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

BEST_FIRST = ("zstd", "br", "gzip")
_NOT_AT_ALL = {b"q=0", b"q=0.0", b"q=0.00", b"q=0.000"}


@lru_cache(maxsize=256)
def choose_encoding(accepts: bytes, *, offer: Sequence[str] = BEST_FIRST) -> str:
    """Return the first of ``offer`` that the client takes, or an empty string."""
    if not accepts:
        return ""
    taken = {}
    for part in accepts.split(b","):
        name, _, weight = part.strip().partition(b";")
        taken[name.strip().lower().decode("latin-1")] = weight.replace(b" ", b"") not in _NOT_AT_ALL
    return next((name for name in offer if taken.get(name)), "")


def is_unchanged(tag: bytes, known: bytes) -> bool:
    """Say whether the client's ``If-None-Match`` names this tag (RFC 9110, weak comparison)."""
    if not known:
        return False
    return known.strip() == b"*" or tag in [
        one.strip().removeprefix(b"W/") for one in known.split(b",")
    ]
