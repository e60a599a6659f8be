"""Which backups are kept, whenever they were made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from belowline.transfer.backups.model import Backup, name_of, read_name
from belowline.transfer.backups.retention import keep

# Hypothesis adds the zone.
FIRST, LAST = datetime(2025, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001
MOMENTS = st.lists(st.datetimes(FIRST, LAST, timezones=st.just(UTC)), max_size=60)
DAILY = st.integers(1, 10)
WEEKLY = st.integers(0, 10)


@given(MOMENTS, DAILY, WEEKLY)
def test_the_newest_is_kept_and_nothing_is_made_up(
    made: list[datetime], daily: int, weekly: int
) -> None:
    kept = keep(made, daily=daily, weekly=weekly)

    assert kept <= set(made)
    assert not made or max(made) in kept
    assert len(kept) <= daily + weekly


@given(MOMENTS, DAILY, WEEKLY)
def test_each_of_the_latest_days_and_weeks_keeps_its_last(
    made: list[datetime], daily: int, weekly: int
) -> None:
    kept = keep(made, daily=daily, weekly=weekly)
    days = sorted({at.date() for at in made}, reverse=True)[:daily]
    weeks = sorted({at.isocalendar()[:2] for at in made}, reverse=True)[:weekly]

    for day in days:
        assert max(at for at in made if at.date() == day) in kept
    for week in weeks:
        assert max(at for at in made if at.isocalendar()[:2] == week) in kept


@given(MOMENTS, DAILY, WEEKLY)
def test_looking_twice_lets_nothing_more_go(made: list[datetime], daily: int, weekly: int) -> None:
    kept = keep(made, daily=daily, weekly=weekly)

    assert keep(kept, daily=daily, weekly=weekly) == kept


def test_one_each_night_for_a_year_leaves_a_week_and_five() -> None:
    first = datetime(2026, 1, 1, 3, 30, tzinfo=UTC)
    made = [first + timedelta(days=number) for number in range(365)]

    kept = sorted(keep(made, daily=7, weekly=5))

    assert kept[-7:] == made[-7:]
    assert 10 <= len(kept) <= 12
    assert made[-1] - kept[0] < timedelta(weeks=5)


@given(st.datetimes(FIRST, LAST, timezones=st.just(UTC)))
def test_a_name_says_when_it_was_made(at: datetime) -> None:
    for sealed in (False, True):
        name = name_of(at, sealed=sealed)
        found = read_name(name, size=7)
        assert found == Backup(at.replace(microsecond=0), name, 7)
        assert found is not None
        assert found.is_sealed is sealed


@given(st.text())
def test_any_other_name_is_no_backup(name: str) -> None:
    assert read_name(name) is None
    assert read_name(f"../belowline-20260101T000000Z.zip{name}") is None
