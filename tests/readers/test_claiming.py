"""Claiming an author from before the move: the rules, whatever else is true."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.readers.claiming import ClaimFacts, may_join

NAMES = [one.name for one in fields(ClaimFacts)]
FACTS = st.builds(ClaimFacts, **{name: st.booleans() for name in NAMES})


def test_whoever_has_proven_it_and_against_whom_nothing_speaks_may() -> None:
    assert may_join(ClaimFacts()) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("is_erased", "erased"),
        ("joined_to_another", "claimed_already"),
        ("holds_role", "claim_holds_role"),
        ("decided_by_claimant", "claim_own_decision"),
        ("withdrawal_proposed", "claim_waits"),
    ],
)
def test_each_reason_is_enough_by_itself(name: str, code: str) -> None:
    refusal = may_join(replace(ClaimFacts(), **{name: True}))

    assert refusal is not None
    assert refusal.code == code


@given(FACTS, st.sampled_from(NAMES))
def test_no_further_reason_ever_makes_it_possible(facts: ClaimFacts, name: str) -> None:
    worse = replace(facts, **{name: True})

    assert may_join(worse) is not None
    if may_join(facts) is not None:
        assert may_join(worse) is not None


@given(FACTS)
def test_nobody_who_has_left_is_told_anything_else(facts: ClaimFacts) -> None:
    refusal = may_join(replace(facts, is_erased=True))

    assert refusal is not None
    assert refusal.code == "erased"
