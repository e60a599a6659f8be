"""Which cases are decided together: what is plain, and nothing that wants a look of its own."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import CommentStatus, Outcome, ReaderId, Role
from belowline.moderation.care import HARD
from belowline.moderation.deciding import may_decide
from belowline.moderation.together import (
    MESSAGES,
    CaseAmongMany,
    RuleAmongMany,
    may_cite_together,
    may_decide_together,
    outcome_for,
)

PLAIN = CaseAmongMany(
    waits=True,
    changed=False,
    leased=False,
    danger=False,
    notice=False,
    evidence=False,
    court=False,
    severity=HARD - 1,
    handed_on=False,
    appealed=False,
)
WORSE = [
    *(one.name for one in fields(CaseAmongMany) if one.name not in {"waits", "severity"}),
    "severity",
]
CASES = st.builds(
    CaseAmongMany,
    **{one.name: st.booleans() for one in fields(CaseAmongMany) if one.name != "severity"},
    severity=st.integers(0, HARD),
)


def worsened(case: CaseAmongMany, name: str) -> CaseAmongMany:
    return replace(case, **{name: HARD if name == "severity" else True})


def test_what_is_plain_is_decided_together() -> None:
    assert may_decide_together(PLAIN) is None


@pytest.mark.parametrize("name", WORSE)
def test_each_ground_is_enough_to_leave_a_case(name: str) -> None:
    assert may_decide_together(worsened(PLAIN, name)) is not None


def test_nothing_is_decided_where_nothing_waits() -> None:
    refusal = may_decide_together(replace(PLAIN, waits=False))
    assert refusal is not None
    assert refusal.code == "nothing_waits_now"


@given(CASES, st.sampled_from(WORSE))
def test_whatever_comes_on_top_of_a_case_opens_no_way(case: CaseAmongMany, name: str) -> None:
    if may_decide_together(case) is not None:
        assert may_decide_together(worsened(case, name)) is not None


@given(CASES)
def test_what_is_left_is_left_with_a_sentence(case: CaseAmongMany) -> None:
    refusal = may_decide_together(case)
    if refusal is not None:
        assert refusal.message == MESSAGES[refusal.code]


@given(st.none() | st.integers(0, HARD), st.booleans())
def test_a_removal_cites_a_rule_that_was_shown_and_none_of_the_gravest(
    severity: int | None,
    changed: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    allowed = may_cite_together(RuleAmongMany(severity, changed=changed)) is None
    assert allowed == (severity is not None and severity < HARD and not changed)


@given(st.sampled_from([CommentStatus.HELD, CommentStatus.REFUSED, CommentStatus.PUBLISHED]))
def test_to_leave_a_comment_to_its_readers_is_always_open(status: CommentStatus) -> None:
    outcome = outcome_for(status, removes=False)
    assert outcome is not Outcome.REMOVE
    assert (
        may_decide(
            decider=ReaderId(1),
            author=ReaderId(2),
            role=Role.MODERATOR,
            outcome=outcome,
            status=status,
        )
        is None
    )
    assert outcome_for(status, removes=True) is Outcome.REMOVE
