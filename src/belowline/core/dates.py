"""Days, times and spans of time in words, through Babel. A locale is Babel's name, such as en_GB.

Times are in UTC and say so; a reader's browser turns them into its own time where it can.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_timedelta


def full_day_in_words(day: date, locale: str) -> str:
    """Return a day with its weekday, such as 'Tuesday 3 March 2026'."""
    return format_date(day, "full", locale=locale)


@lru_cache(maxsize=1024)
def day_in_words(day: date, locale: str) -> str:
    """Return a day, such as '3 March 2026'."""
    return format_date(day, "long", locale=locale)


def month_in_words(day: date, locale: str) -> str:
    """Return a month, such as 'March 2026'."""
    return format_skeleton("yMMMM", day, locale=locale)


def moment_in_words(moment: datetime, locale: str, pattern: str) -> str:
    """Return a time in UTC, such as '3 March 2026, 14:05 UTC'.

    ``pattern`` says how a day and a time stand together: ``%(day)s, %(time)s UTC``.
    """
    at = moment.astimezone(UTC)
    return pattern % {"day": day_in_words(at.date(), locale), "time": f"{at:%H:%M}"}


def span_in_words(lasts_for: timedelta, locale: str) -> str:
    """Return a duration, such as '3 hours'."""
    return format_timedelta(lasts_for, locale=locale)


def since_in_words(passed: timedelta, locale: str) -> str:
    """Return how long ago something was; ``passed`` is negative for what is past."""
    return format_timedelta(passed, locale=locale, add_direction=True)
