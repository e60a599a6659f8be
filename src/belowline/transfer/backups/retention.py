"""Which backups are kept: the last of each of the latest days, and of each of the latest weeks.

Pure: times in, times out. Only days and weeks that have a backup count, so that a machine that was
off for a month does not wake up to an empty shelf.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime


def keep(made: Iterable[datetime], *, daily: int, weekly: int) -> frozenset[datetime]:
    """Return the moments of those that are kept; the newest is always among them."""
    newest_first = sorted(made, reverse=True)
    days = _last_of_each(newest_first, lambda at: at.date(), most=max(daily, 1))
    weeks = _last_of_each(newest_first, lambda at: at.isocalendar()[:2], most=weekly)
    return frozenset({*days, *weeks})


def _last_of_each(
    newest_first: list[datetime], period: Callable[[datetime], Hashable], *, most: int
) -> list[datetime]:
    last: dict[Hashable, datetime] = {}
    for at in newest_first:
        last.setdefault(period(at), at)
    return [*last.values()][:most]
