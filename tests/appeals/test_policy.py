"""Who may appeal, until when, and that somebody else decides."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.appeals.policy import (
    APPEAL_WINDOW,
    MESSAGES,
    TARGET,
    may_appeal,
    may_ask_again,
    may_decide_appeal,
    may_leave_it,
)
from belowline.core.terms import ReaderId, Role
from belowline.moderation.policy import APPEAL_TARGET

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
APPELLANT, DECIDER, COLLEAGUE, IMPOSER = ReaderId(1), ReaderId(2), ReaderId(3), ReaderId(4)


def appealing(
    *,
    waited: timedelta = timedelta(0),
    already_appealed: bool = False,
    by_subject: bool = True,
    appealable: bool = True,
) -> str | None:
    refusal = may_appeal(
        decided_at=NOW - waited,
        now=NOW,
        already_appealed=already_appealed,
        by_subject=by_subject,
        appealable=appealable,
    )
    if refusal is None:
        return None
    assert refusal.message == MESSAGES[refusal.code]
    return refusal.code


def test_a_reader_appeals_once_within_six_months_against_what_is_about_them():
    assert appealing() is None
    assert appealing(waited=APPEAL_WINDOW) is None
    assert appealing(waited=APPEAL_WINDOW + timedelta(seconds=1)) == "appeal_too_late"
    assert appealing(already_appealed=True) == "already_appealed"
    assert appealing(by_subject=False) == "not_about_you"
    assert appealing(appealable=False) == "not_appealable"


def test_a_stranger_learns_nothing_about_a_decision_from_a_refused_appeal():
    """Whether there was an appeal, or can be one, is nobody else's business."""
    for already_appealed in (False, True):
        for appealable in (False, True):
            code = appealing(
                by_subject=False, already_appealed=already_appealed, appealable=appealable
            )
            assert code == "not_about_you"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone itself
def test_the_window_is_never_shorter_than_six_calendar_months(decided_at: datetime):
    """From any day the same date half a year on is still in time, up to its last moment."""
    months = decided_at.month - 1 + 6
    first = datetime(decided_at.year + months // 12, months % 12 + 1, 1, tzinfo=UTC)
    next_month = (first + timedelta(days=32)).replace(day=1)
    # A month without that date ends the period on its last day.
    last_day = min(first + timedelta(days=decided_at.day - 1), next_month - timedelta(days=1))
    deadline = datetime.combine(last_day.date(), time.max, tzinfo=UTC)
    assert decided_at + APPEAL_WINDOW >= deadline


def deciding(
    by: ReaderId, *, decided_by: ReaderId | None = DECIDER, role: Role | None = Role.MODERATOR
) -> str | None:
    refusal = may_decide_appeal(
        by=by, appellant=APPELLANT, decided_by=decided_by, role=role, also_by=frozenset({IMPOSER})
    )
    if refusal is None:
        return None
    assert refusal.message == MESSAGES[refusal.code]
    return refusal.code


@pytest.mark.parametrize("role", list(Role))
def test_an_appeal_is_decided_by_somebody_who_had_no_part_in_it(role: Role):
    assert deciding(COLLEAGUE, role=role) is None
    assert deciding(DECIDER, role=role) == "own_decision"
    assert deciding(IMPOSER, role=role) == "own_decision"
    assert deciding(APPELLANT, role=role) == "own_appeal"


def test_anybody_with_a_role_decides_about_what_the_system_decided():
    assert deciding(DECIDER, decided_by=None) is None
    assert deciding(APPELLANT, decided_by=None) == "own_appeal"
    assert deciding(DECIDER, decided_by=None, role=None) == "role_needed"


def test_the_queue_and_the_appeals_have_the_same_target():
    """Nouns do not import each other, so the number is written twice and held together here."""
    assert APPEAL_TARGET == TARGET


def asking_again(
    *,
    told: timedelta | None = timedelta(0),
    already_asked: bool = False,
    appealable: bool = True,
    is_there: bool = True,
) -> str | None:
    refusal = may_ask_again(
        told_at=NOW - told if told is not None else None,
        now=NOW,
        already_asked=already_asked,
        appealable=appealable,
        is_there=is_there,
    )
    if refusal is None:
        return None
    assert refusal.message == MESSAGES[refusal.code]
    return refusal.code


def test_whoever_was_told_no_asks_once_a_decision_within_six_months():
    assert asking_again() is None
    assert asking_again(told=APPEAL_WINDOW) is None
    assert asking_again(told=APPEAL_WINDOW + timedelta(seconds=1)) == "appeal_too_late"
    assert asking_again(told=None) == "not_told_no"
    assert asking_again(already_asked=True) == "already_appealed"
    assert asking_again(appealable=False) == "looked_twice"
    assert asking_again(is_there=False) == "comment_gone"


@given(
    told=st.none() | st.timedeltas(timedelta(0), timedelta(days=800)),
    already_asked=st.booleans(),
    appealable=st.booleans(),
    is_there=st.booleans(),
)
def test_another_look_is_there_for_exactly_those_whom_the_law_gives_it(
    told: timedelta | None, *, already_asked: bool, appealable: bool, is_there: bool
):
    """As soon as one thing stands against it there is none, and nothing else ever does."""
    code = asking_again(
        told=told, already_asked=already_asked, appealable=appealable, is_there=is_there
    )
    in_time = told is not None and told <= APPEAL_WINDOW
    assert (code is None) is (in_time and appealable and is_there and not already_asked)


@given(st.timedeltas(timedelta(0), timedelta(days=800)), st.timedeltas(timedelta(0)))
def test_what_is_too_late_stays_too_late(told: timedelta, more: timedelta):
    if asking_again(told=told) == "appeal_too_late":
        later = min(told + min(more, timedelta(days=10_000)), timedelta(days=10_000))
        assert asking_again(told=later) == "appeal_too_late"


def test_nobody_is_told_that_a_comment_stays_which_is_down():
    assert may_leave_it(is_there=True) is None
    refusal = may_leave_it(is_there=False)
    assert refusal is not None
    assert (refusal.code, refusal.message) == ("comment_is_down", MESSAGES["comment_is_down"])


@given(
    by=st.integers(1, 6),
    appellant=st.none() | st.integers(1, 6),
    decided_by=st.none() | st.integers(1, 6),
    also_by=st.frozensets(st.integers(1, 6)),
    role=st.none() | st.sampled_from(Role),
)
def test_an_appeal_is_never_decided_by_anybody_with_a_part_in_it(
    by: int,
    appellant: int | None,
    decided_by: int | None,
    also_by: frozenset[int],
    role: Role | None,
):
    """Also where somebody without an account has appealed, and so nobody is the appellant."""
    refusal = may_decide_appeal(
        by=ReaderId(by),
        appellant=ReaderId(appellant) if appellant is not None else None,
        decided_by=ReaderId(decided_by) if decided_by is not None else None,
        role=role,
        also_by=frozenset(map(ReaderId, also_by)),
    )
    has_part = by in {appellant, decided_by} or by in also_by
    assert (refusal is None) is (role is not None and not has_part)
