"""The two clocks of the Defamation (Operators of Websites) Regulations 2013, in London's time.

In words: where the operator has 48 hours, whatever falls on a Saturday, a Sunday, Good Friday,
Christmas Day or a bank holiday in England and Wales does not count (regulation 1(3)); the hours of
the other days count in full, by night as by day. The author has until midnight at the end of the
fifth day after the day on which the letter was sent, and there every day counts.

The bank holidays follow the Banking and Financial Dealings Act 1971 and the proclamations that
give a day in lieu when one falls on a weekend. Days that are proclaimed once, for a jubilee or a
funeral, come in as ``extra``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
WORKING_TIME = timedelta(hours=48)
DAYS_TO_ANSWER = 5

ONCE: dict[int, tuple[frozenset[date], frozenset[date]]] = {
    2020: (frozenset({date(2020, 5, 8)}), frozenset({date(2020, 5, 4)})),
    2022: (
        frozenset({date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)}),
        frozenset({date(2022, 5, 30)}),
    ),
    2023: (frozenset({date(2023, 5, 8)}), frozenset()),
}
"""By year: what was proclaimed for once, and what it took the place of."""


def due_after(start: datetime, *, extra: Collection[date] = ()) -> datetime:
    """Return when 48 hours from ``start`` are over, days that do not count left out."""
    left, at = WORKING_TIME, start.astimezone(LONDON)
    while True:
        midnight = _start_of(at.date() + timedelta(days=1))
        if counts(at.date(), extra=extra):
            # Subtracted in UTC: in one zone Python would ignore that clocks change.
            today = midnight.astimezone(UTC) - at.astimezone(UTC)
            if today >= left:
                return at.astimezone(UTC) + left
            left -= today
        at = midnight


def answer_by(sent_at: datetime) -> datetime:
    """Return the end of the fifth day after the day, in London, on which a letter was sent."""
    return _start_of(answer_day(sent_at) + timedelta(days=1)).astimezone(UTC)


def answer_day(sent_at: datetime) -> date:
    """Return the fifth day after the day, in London, on which a letter was sent."""
    return sent_at.astimezone(LONDON).date() + timedelta(days=DAYS_TO_ANSWER)


def counts(day: date, *, extra: Collection[date] = ()) -> bool:
    """Say whether a day's hours count towards the 48."""
    return day.weekday() < 5 and day not in bank_holidays(day.year) and day not in extra


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Return the days of a year that are no working days in England and Wales, weekends apart.

    Good Friday and Christmas Day, which are holidays by older law, are among them.
    """
    easter = easter_sunday(year)
    days = {
        date(year, 1, 1),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
        date(year, 12, 25),
        date(year, 12, 26),
    }
    if date(year, 1, 1).weekday() >= 5:
        days.add(_monday_from(date(year, 1, 1)))
    # Of two days on a weekend, each has a day in lieu; on a Sunday, Christmas takes the Tuesday.
    if date(year, 12, 25).weekday() >= 5:
        days.add(date(year, 12, 27))
    if date(year, 12, 26).weekday() >= 5:
        days.add(date(year, 12, 28))
    added, gone = ONCE.get(year, (frozenset(), frozenset()))
    return frozenset((days | added) - gone)


def easter_sunday(year: int) -> date:
    """Return Easter Sunday by the Gregorian reckoning that the Act of 1750 put into law."""
    golden, century = year % 19, year // 100
    skipped = century - century // 4 - (8 * century + 13) // 25
    epact = (skipped + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (epact // 28) * (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    shift = epact - weekday
    month = 3 + (shift + 40) // 44
    return date(year, month, shift + 28 - 31 * (month // 4))


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)
