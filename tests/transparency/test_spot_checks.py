"""Wilson's interval by known values, and what is counted of which days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.transparency.ledger import Ledger, SpotChecked
from belowline.transparency.quality import quality_of
from belowline.transparency.spot_checks import wilson

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("some", "whole", "least", "most"),
    [
        pytest.param(0, 0, 0.0, 1.0, id="nothing was looked at"),
        pytest.param(0, 10, 0.0, 0.2775, id="none of few"),
        pytest.param(10, 10, 0.7225, 1.0, id="all of few"),
        # Newcombe 1998, table I: 81 of 263 and 15 of 148.
        pytest.param(81, 263, 0.2553, 0.3662, id="a worked example"),
        pytest.param(15, 148, 0.0624, 0.1605, id="another"),
    ],
)
def test_an_interval_is_wilsons(some: int, whole: int, least: float, most: float) -> None:
    assert wilson(some, whole) == pytest.approx((least, most), abs=5e-5)


@given(st.integers(0, 3000).flatmap(lambda one: st.tuples(st.integers(0, one), st.just(one))))
def test_the_share_lies_in_its_interval_and_the_interval_between_none_and_all(
    pair: tuple[int, int],
) -> None:
    some, whole = pair
    least, most = wilson(some, whole)
    assert 0.0 <= least <= (some / whole if whole else 0.0) <= most <= 1.0


def test_checks_are_counted_on_the_day_on_which_they_were_made() -> None:
    said = (("keep", 0), ("remove", 1), ("keep", 2), ("remove", 5))
    ledger = Ledger(
        spot_checks=tuple(
            SpotChecked(number, BEGIN + day * DAY, 1, outcome)
            for number, (outcome, day) in enumerate(said)
        )
    )
    found = quality_of(ledger, since=BEGIN, until=BEGIN + 3 * DAY)
    assert (found.missed.number, found.missed.would_go) == (3, 1)
