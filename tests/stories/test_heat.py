"""When a conversation is slowed down, in words and as properties."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.stories.heat import Signs, find_pace, is_slower
from tests.conftest import START

MINUTE = timedelta(minutes=1)

signs = st.builds(
    Signs,
    reported=st.floats(0, 40),
    removals=st.integers(0, 20),
    concerned=st.integers(0, 20),
    comments=st.integers(0, 500),
)


@pytest.mark.parametrize(
    ("found", "minutes"),
    [
        # A quiet thread is left alone.
        pytest.param(Signs(0, 0, 0, 40), None, id="quiet"),
        # Ten readers report one and the same comment: that is the queue's matter.
        pytest.param(Signs(10, 0, 1, 40), None, id="a pile-on"),
        # Three reports against three comments are not much yet.
        pytest.param(Signs(3, 0, 3, 20), None, id="three reports"),
        # Two removals, or four believed readers who report different comments, warm a thread.
        pytest.param(Signs(0, 2, 2, 20), 1, id="two removals"),
        pytest.param(Signs(4, 0, 2, 20), 1, id="four reports"),
        pytest.param(Signs(4, 2, 4, 30), 3, id="hot"),
        pytest.param(Signs(6, 5, 8, 60), 10, id="very hot"),
        # Five hundred comments in an hour with four reports are busy, not heated.
        pytest.param(Signs(4, 0, 4, 500), None, id="busy"),
    ],
)
def test_the_pace_follows_from_the_signs(found: Signs, minutes: int | None) -> None:
    pace = find_pace(found)

    assert (pace.between if pace else None) == (minutes * MINUTE if minutes else None)


@given(signs, st.floats(0, 10), st.integers(0, 5))
def test_more_reports_and_removals_never_make_it_faster(
    found: Signs, reported: float, removals: int
) -> None:
    more = Signs(
        found.reported + reported, found.removals + removals, found.concerned, found.comments
    )
    before, after = find_pace(found), find_pace(more)

    assert before is None or (after is not None and after.between >= before.between)


def test_a_limit_is_raised_renewed_late_and_never_shortened() -> None:
    warm, hot = find_pace(Signs(4, 0, 2, 9)), find_pace(Signs(8, 0, 2, 9))
    assert warm is not None
    assert hot is not None
    fresh = START + warm.lasts_for
    assert is_slower(hot, now=START, held=warm.between, until=fresh)
    assert not is_slower(warm, now=START, held=warm.between, until=fresh)
    assert is_slower(warm, now=START, held=warm.between, until=START + 10 * MINUTE)
    assert not is_slower(warm, now=START, held=hot.between, until=START + MINUTE)
    assert is_slower(warm, now=START, held=hot.between, until=START)
