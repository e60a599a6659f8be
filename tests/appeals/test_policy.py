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
    may_decide_appeal,
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
