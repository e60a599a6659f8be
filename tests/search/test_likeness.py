"""Like cases: what counts as alike, what practice they make, and what departs from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import Outcome, RuleKey
from belowline.search.likeness import (
    ALIKE,
    FEWEST_TO_DEPART,
    Practice,
    departs,
    likeness,
    practice_of,
    relevance,
    weigh,
)

WORDS = st.lists(st.sampled_from([f"w{letter}" for letter in "abcdefghij"]), max_size=30)
WEIGHTS = st.dictionaries(
    st.sampled_from([f"w{letter}" for letter in "abcdefghij"]), st.floats(0.05, 1)
)
OUTCOMES = st.sampled_from([Outcome.KEEP, Outcome.PUBLISH, Outcome.REMOVE, Outcome.RESTORE])
SPAM, HATE = RuleKey("spam"), RuleKey("hate")


@given(WORDS, WORDS, WEIGHTS)
def test_it_is_the_same_both_ways_and_from_0_to_1(
    one: list[str], other: list[str], weights: dict[str, float]
) -> None:
    found = likeness(one, other, weights=weights)

    assert found == pytest.approx(likeness(other, one, weights=weights))
    assert 0 <= found <= 1


@given(WORDS.filter(bool), WEIGHTS)
def test_nothing_is_more_alike_than_the_same(one: list[str], weights: dict[str, float]) -> None:
    assert likeness(one, one, weights=weights) == pytest.approx(1)


@given(WORDS, WEIGHTS)
def test_what_shares_no_word_is_not_alike(one: list[str], weights: dict[str, float]) -> None:
    assert likeness(one, ["wz", "wy"], weights=weights) == 0


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_rarer_word_never_weighs_less(few: int, many: int) -> None:
    few, many = sorted((few, many))

    assert 1 >= weigh(few) >= weigh(many) > 0


def test_a_rare_word_in_common_says_more_than_a_common_one() -> None:
    weights = {"wfootbridge": weigh(2), "wthe": weigh(50_000), "wis": weigh(50_000)}
    rare = likeness(["wthe", "wfootbridge"], ["wis", "wfootbridge"], weights=weights)
    common = likeness(["wthe", "wfootbridge"], ["wthe", "wother"], weights=weights)

    assert rare > ALIKE > common


@given(st.lists(st.tuples(OUTCOMES, st.sampled_from([SPAM, HATE, None]))))
def test_practice_counts_every_case_once(decided: list[tuple[Outcome, RuleKey | None]]) -> None:
    practice = practice_of(decided)

    assert practice.all == len(decided)
    assert sum(number for _, number in practice.rules) <= practice.removed


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_decision_and_its_contrary_never_both_depart(kept: int, removed: int) -> None:
    practice = Practice(kept, removed, ())

    assert not (departs(Outcome.KEEP, practice) and departs(Outcome.REMOVE, practice))
    if practice.all < FEWEST_TO_DEPART:
        assert not departs(Outcome.KEEP, practice)
    assert departs(Outcome.KEEP, practice) == departs(Outcome.PUBLISH, practice)


@given(st.integers(0, 20), st.integers(0, 20))
def test_one_more_case_the_other_way_never_ends_a_departure(kept: int, removed: int) -> None:
    if departs(Outcome.KEEP, Practice(kept, removed, ())):
        assert departs(Outcome.KEEP, Practice(kept, removed + 1, ()))


def test_two_of_three_make_a_practice() -> None:
    assert departs(Outcome.KEEP, Practice(1, 2, ()))
    assert not departs(Outcome.KEEP, Practice(2, 2, ()))
    assert not departs(Outcome.KEEP, Practice(0, 2, ()))
    assert departs(Outcome.REMOVE, Practice(3, 0, ()))


def test_the_rule_cited_most_comes_first() -> None:
    decided = [(Outcome.REMOVE, SPAM), (Outcome.REMOVE, HATE), (Outcome.REMOVE, HATE)]

    assert practice_of([*decided, (Outcome.KEEP, None)]) == Practice(1, 3, ((HATE, 2), (SPAM, 1)))


@given(WORDS, st.integers(1, 5))
def test_a_text_that_says_a_word_more_often_fits_it_no_worse(words: list[str], times: int) -> None:
    less = ["wa", *words, *["wother"] * times]
    more = ["wa", *words, *["wa"] * times]

    assert relevance(more, ["wa"]) >= relevance(less, ["wa"])
