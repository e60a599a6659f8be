"""When a pause is suggested, and when to hand the next hard case on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from belowline.moderation.care import (
    AT_A_STRETCH,
    HARD,
    HARD_WITHIN,
    MANY_HARD,
    PAUSE,
    Advice,
    Worked,
    advise,
)

NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def steadily(minutes: int, *, every: int = 2, severity: int = 2) -> list[Worked]:
    return [Worked(NOW - MINUTE * ago, severity) for ago in range(0, minutes + 1, every)]


def test_an_hour_without_a_pause_is_enough() -> None:
    assert advise(steadily(58), now=NOW) == ()
    assert advise(steadily(60), now=NOW) == (Advice.PAUSE,)
    assert advise(steadily(180), now=NOW) == (Advice.PAUSE,)


def test_a_pause_begins_the_hour_anew() -> None:
    lunch = NOW - timedelta(minutes=20)
    worked = [one for one in steadily(120) if not lunch - PAUSE < one.at < lunch]
    assert advise(worked, now=NOW) == ()
    assert advise(steadily(60), now=NOW + PAUSE) == ()


def test_hard_cases_are_counted_apart() -> None:
    few = steadily(2 * (MANY_HARD - 2), severity=HARD)
    assert len(few) == MANY_HARD - 1
    assert advise(few, now=NOW) == ()
    assert advise([*few, Worked(NOW, HARD)], now=NOW) == (Advice.HAND_ON,)
    assert advise([*few, Worked(NOW, HARD - 1)], now=NOW) == ()
    assert advise(few * 5, now=NOW + HARD_WITHIN) == ()


def test_nobody_who_has_done_nothing_is_told_to_rest() -> None:
    assert advise([], now=NOW) == ()


moments = st.integers(0, 300).map(lambda ago: NOW - MINUTE * ago)
work = st.lists(st.builds(Worked, at=moments, severity=st.integers(0, 4)), max_size=80)


@given(work, st.randoms())
def test_the_order_makes_no_difference(worked: list[Worked], chances: object) -> None:
    mixed = list(worked)
    chances.shuffle(mixed)  # type: ignore[attr-defined]
    assert advise(mixed, now=NOW) == advise(worked, now=NOW)


@given(work)
def test_a_pause_now_ends_every_advice(worked: list[Worked]) -> None:
    assert advise(worked, now=NOW + PAUSE) == ()


@given(work)
def test_a_pause_is_suggested_to_whoever_had_none_for_an_hour(worked: list[Worked]) -> None:
    times = sorted({NOW, *(one.at for one in worked)}, reverse=True)
    gaps = [before - after for before, after in pairwise(times)]
    unbroken = timedelta()
    for gap in gaps:
        if gap >= PAUSE:
            break
        unbroken += gap
    assert (Advice.PAUSE in advise(worked, now=NOW)) == (unbroken >= AT_A_STRETCH)
