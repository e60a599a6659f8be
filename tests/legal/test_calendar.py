"""The 48 hours and the five days, against dates that anybody can look up in a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.legal.calendar import (
    LONDON,
    answer_by,
    bank_holidays,
    counts,
    due_after,
    easter_sunday,
)

DAYS_OFF = {
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-25 12-26 12-27 12-28",
    2022: "01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27",
    2023: "01-01 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28",
    2028: "01-01 01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}
"""As the government announced them for England and Wales, with the days in lieu."""


def london(text: str) -> datetime:
    """Return a time as a clock in London shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize("year", DAYS_OFF)
def test_the_bank_holidays_are_those_that_were_announced(year: int) -> None:
    announced = {date.fromisoformat(f"{year}-{day}") for day in DAYS_OFF[year].split()}

    assert bank_holidays(year) == announced


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(1818, "03-22"), (1943, "04-25"), (2000, "04-23"), (2008, "03-23"), (2038, "04-25")],
)
def test_easter_is_found_also_at_its_earliest_and_its_latest(year: int, sunday: str) -> None:
    assert easter_sunday(year) == date.fromisoformat(f"{year}-{sunday}")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        pytest.param("2026-03-03 10:15", "2026-03-05 10:15", id="in the middle of a week"),
        pytest.param("2026-03-06 16:00", "2026-03-10 16:00", id="over a weekend"),
        pytest.param("2026-03-07 23:59", "2026-03-11 00:00", id="on a Saturday, from Monday on"),
        pytest.param("2026-04-02 12:00", "2026-04-08 12:00", id="over Easter"),
        pytest.param("2026-12-24 15:30", "2026-12-30 15:30", id="Christmas Eve, day in lieu"),
        pytest.param("2027-12-24 15:30", "2027-12-30 15:30", id="Christmas Eve, two in lieu"),
        pytest.param("2026-03-27 18:00", "2026-03-31 18:00", id="clocks go forward in between"),
        pytest.param("2026-10-23 18:00", "2026-10-27 18:00", id="clocks go back in between"),
        pytest.param("2026-05-02 09:00", "2026-05-07 00:00", id="before an early May Monday"),
        pytest.param("2026-03-05 00:00", "2026-03-07 00:00", id="ends at the weekend's beginning"),
    ],
)
def test_48_hours_leave_out_what_does_not_count(start: str, due: str) -> None:
    assert due_after(london(start)) == london(due)


def test_a_day_proclaimed_once_does_not_count_either() -> None:
    funeral = date(2026, 3, 4)

    assert due_after(london("2026-03-03 10:15"), extra={funeral}) == london("2026-03-06 10:15")


@pytest.mark.parametrize(
    ("sent", "until"),
    [
        pytest.param("2026-03-02 09:00", "2026-03-08 00:00", id="every day counts"),
        pytest.param("2026-03-02 23:59:59", "2026-03-08 00:00", id="the last second of a day"),
        pytest.param("2026-03-03 00:00", "2026-03-09 00:00", id="the first of the next"),
        pytest.param("2026-12-24 12:00", "2026-12-30 00:00", id="Christmas counts"),
        pytest.param("2026-03-27 12:00", "2026-04-02 00:00", id="clocks go forward in between"),
    ],
)
def test_the_author_has_until_midnight_after_the_fifth_day(sent: str, until: str) -> None:
    assert answer_by(london(sent)) == london(until)


def test_late_in_a_british_summer_evening_the_day_is_londons_and_not_utcs() -> None:
    sent = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert answer_by(sent) == datetime(2026, 7, 7, 23, 0, tzinfo=UTC)


HOUR = timedelta(hours=1)
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(0), timedelta(days=16 * 365)).map(lambda since: FIRST + since)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_who_gets_a_notice_later_is_never_due_earlier(start: datetime, by: timedelta) -> None:
    assert due_after(start + by) >= due_after(start)


@given(moments)
def test_just_48_hours_that_count_lie_in_between(start: datetime) -> None:
    at, counted, due = start, timedelta(0), due_after(start)
    while at < due:
        # Days begin at midnight in London, which is a whole hour.
        step = min(HOUR - (at - FIRST) % HOUR, due - at)
        if counts(at.astimezone(LONDON).date()):
            counted += step
        at += step

    assert counted == 48 * HOUR
