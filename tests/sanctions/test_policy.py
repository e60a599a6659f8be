"""Who may impose and lift which sanction, and when each ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from belowline.core.terms import Role, SanctionKind
from belowline.sanctions.policy import (
    MESSAGES,
    ends_at,
    has_earned_an_early_end,
    may_impose,
    may_lift,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)

WARNING = SanctionKind.WARNING
HOLD_FIRST = SanctionKind.HOLD_FIRST
SUSPENSION = SanctionKind.SUSPENSION
WITHDRAWAL = SanctionKind.WITHDRAWAL


def imposing(
    kind: SanctionKind,
    lasts_for: timedelta | None,
    *,
    role: Role = Role.MODERATOR,
    own_reader: bool = False,
    target_role: Role | None = None,
) -> str | None:
    refusal = may_impose(
        kind, lasts_for=lasts_for, role=role, own_reader=own_reader, target_role=target_role
    )
    if refusal is None:
        return None
    assert refusal.message == MESSAGES[refusal.code]
    return refusal.code


@pytest.mark.parametrize(
    ("kind", "lasts_for", "code"),
    [
        # A warning is on file for a fixed time.
        pytest.param(WARNING, None, None, id="warning"),
        pytest.param(WARNING, DAY, "length_is_fixed", id="warning-with-a-length"),
        # A suspension lasts between an hour and 365 days, both included.
        pytest.param(SUSPENSION, HOUR, None, id="suspension-of-an-hour"),
        pytest.param(SUSPENSION, 365 * DAY, None, id="suspension-of-a-year"),
        pytest.param(SUSPENSION, HOUR - SECOND, "suspension_length", id="suspension-too-short"),
        pytest.param(SUSPENSION, 365 * DAY + SECOND, "suspension_length", id="suspension-too-long"),
        pytest.param(SUSPENSION, None, "suspension_length", id="endless-suspension"),
        # Comments are held first for between one day and 90.
        pytest.param(HOLD_FIRST, DAY, None, id="held-for-a-day"),
        pytest.param(HOLD_FIRST, 90 * DAY, None, id="held-for-90-days"),
        pytest.param(HOLD_FIRST, DAY - SECOND, "hold_first_length", id="held-too-short"),
        pytest.param(HOLD_FIRST, 90 * DAY + SECOND, "hold_first_length", id="held-too-long"),
        pytest.param(HOLD_FIRST, None, "hold_first_length", id="held-for-ever"),
        # Nobody withdraws the privilege alone.
        pytest.param(WITHDRAWAL, None, "takes_two", id="withdrawal-by-a-moderator"),
    ],
)
def test_a_moderator_imposes_within_the_limits(
    kind: SanctionKind, lasts_for: timedelta | None, code: str | None
):
    assert imposing(kind, lasts_for) == code


@pytest.mark.parametrize("role", [Role.EDITOR, Role.OWNER])
def test_editors_and_owners_do_not_withdraw_the_privilege_alone_either(role: Role):
    assert imposing(WITHDRAWAL, None, role=role) == "takes_two"


@pytest.mark.parametrize("role", list(Role))
def test_nobody_sanctions_themselves_or_lifts_their_own_sanction(role: Role):
    assert imposing(WARNING, None, role=role, own_reader=True) == "own_sanction"
    refusal = may_lift(WARNING, role=role, own_reader=True, target_role=role, in_force=True)
    assert refusal is not None
    assert refusal.code == "own_sanction_lift"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("target", list(Role))
def test_staff_are_sanctioned_only_by_a_higher_role(role: Role, target: Role):
    ranks = [Role.MODERATOR, Role.EDITOR, Role.OWNER]
    expected = None if ranks.index(role) > ranks.index(target) else "staff_of_equal_rank"
    assert imposing(WARNING, None, role=role, target_role=target) == expected
    lifting = may_lift(WARNING, role=role, own_reader=False, target_role=target, in_force=True)
    assert (lifting.code if lifting else None) == expected


@pytest.mark.parametrize(
    ("kind", "role", "in_force", "code"),
    [
        pytest.param(SUSPENSION, Role.MODERATOR, True, None, id="moderator-lifts-a-suspension"),
        pytest.param(SUSPENSION, Role.MODERATOR, False, "not_in_force", id="already-over"),
        pytest.param(WITHDRAWAL, Role.MODERATOR, True, "editor_needed", id="needs-an-editor"),
        pytest.param(WITHDRAWAL, Role.EDITOR, True, None, id="editor-gives-the-privilege-back"),
    ],
)
def test_a_sanction_in_force_can_be_lifted(
    kind: SanctionKind, *, role: Role, in_force: bool, code: str | None
):
    refusal = may_lift(kind, role=role, own_reader=False, target_role=None, in_force=in_force)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("kind", "lasts_for", "end"),
    [
        pytest.param(WARNING, None, NOW + 90 * DAY, id="warning"),
        pytest.param(HOLD_FIRST, 14 * DAY, NOW + 14 * DAY, id="hold-first"),
        pytest.param(SUSPENSION, 3 * DAY, NOW + 3 * DAY, id="suspension"),
        pytest.param(WITHDRAWAL, None, None, id="withdrawal"),
    ],
)
def test_only_a_withdrawal_has_no_end(
    kind: SanctionKind, lasts_for: timedelta | None, end: datetime | None
):
    assert ends_at(kind, starts_at=NOW, lasts_for=lasts_for) == end


@pytest.mark.parametrize("kind", [HOLD_FIRST, SUSPENSION])
def test_a_timed_sanction_without_a_length_cannot_be_computed(kind: SanctionKind):
    with pytest.raises(ValueError, match="length"):
        ends_at(kind, starts_at=NOW, lasts_for=None)


@pytest.mark.parametrize(
    ("approved", "removed", "earned"),
    [(4, 0, False), (5, 0, True), (5, 1, False), (9, 1, False), (10, 1, True)],
)
def test_comments_are_held_first_until_five_were_fine_and_hardly_any_was_not(
    approved: int, removed: int, *, earned: bool
):
    assert has_earned_an_early_end(approved=approved, removed=removed) is earned
