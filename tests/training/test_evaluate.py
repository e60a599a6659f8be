from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.scoring.attributes import Attribute
from training.evaluate import auc, calibration_error, gain, parts, with_interval
from training.sources import Example

told = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40)


@given(rows=told)
def test_the_area_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, bool]]) -> None:
    yes = [score for score, label in rows if label]
    no = [score for score, label in rows if not label]
    scores = np.array([score for score, _ in rows], dtype=float)
    labels = np.array([label for _, label in rows])

    found = auc(scores, labels)

    if not yes or not no:
        assert np.isnan(found)
        return
    right = sum((a > b) + 0.5 * (a == b) for a in yes for b in no)
    assert found == pytest.approx(right / (len(yes) * len(no)))


def test_an_interval_holds_the_figure_and_narrows_with_more() -> None:
    chance = np.random.default_rng(3)

    def measure(count: int) -> tuple[float, float, float]:
        labels = chance.random(count) < 0.3
        scores = labels + chance.normal(0, 1, count)
        found = with_interval(scores, labels, [str(number) for number in range(count)])
        return found.low, found.value, found.high

    low, value, high = measure(100)
    narrow_low, narrow_value, narrow_high = measure(4000)
    assert low < value < high
    assert narrow_low < narrow_value < narrow_high
    assert narrow_high - narrow_low < high - low


def test_rows_that_belong_together_are_drawn_together() -> None:
    """Ten copies of everything tell no more than one."""
    chance = np.random.default_rng(3)
    labels = chance.random(200) < 0.3
    scores = labels + chance.normal(0, 1, 200)
    names = [str(number) for number in range(200)]

    alone = with_interval(scores, labels, names)
    copied = with_interval(
        np.repeat(scores, 10), np.repeat(labels, 10), np.repeat(names, 10).tolist()
    )

    assert copied.high - copied.low > 0.7 * (alone.high - alone.low)


def test_probabilities_that_come_true_have_no_error() -> None:
    scores = np.repeat([0.1, 0.5, 0.9], 1000)
    chance = np.random.default_rng(1)
    shares = (chance.random(3000) < scores).astype(float)

    assert calibration_error(scores, shares) < 0.03
    assert calibration_error(1 - scores, shares) > 0.4


def test_a_gain_is_measured_on_the_same_rows() -> None:
    chance = np.random.default_rng(3)
    labels = chance.random(400) < 0.3
    before = labels + chance.normal(0, 1.5, 400)
    after = before + labels
    groups = [str(number) for number in range(400)]

    found = gain(before, after, labels=labels, groups=groups)

    assert 0 < found.low < found.value < found.high
    assert found.value == pytest.approx(auc(after, labels) - auc(before, labels))
    assert gain(before, before, labels=labels, groups=groups).high == 0


def test_a_part_has_enough_of_both_sides() -> None:
    examples = [
        Example(f"text {at}", {Attribute.TOXICITY: float(at % 4 == 0)}, "a-one", f"g{at // 2}")
        for at in range(40)
    ]
    examples += [
        Example(f"calm {at}", {Attribute.TOXICITY: 0.0}, "b", f"b{at}") for at in range(40)
    ]

    found = {part.name: part for part in parts(examples)}

    assert set(found) == {"a", "all of them"}
    assert len(found["a"].rows) == 40
    assert found["a"].labels.sum() == 10
    assert len(set(found["a"].groups)) == 20
