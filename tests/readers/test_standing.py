"""Standing: every privilege in every state, as the published rules promise it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import (
    SLOWED_TO,
    DecisionId,
    Privilege,
    ReaderId,
    Role,
    SanctionId,
    SanctionInForce,
    SanctionKind,
)
from belowline.readers.model import NOBODY, StandingFacts
from belowline.readers.standing import (
    COMMENTING,
    OWN,
    PUBLIC,
    ROLES_FOR,
    holds_first,
    may,
    may_write_again,
    own_pace,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def sanction(
    kind: SanctionKind, *, ends: timedelta | None = DAY, acknowledged: bool = False
) -> SanctionInForce:
    return SanctionInForce(
        SanctionId(1),
        kind,
        NOW - DAY,
        NOW + ends if ends is not None else None,
        acknowledged,
        None,
        DecisionId(1),
    )


def reader(*sanctions: SanctionInForce, role: Role | None = None) -> StandingFacts:
    return StandingFacts(ReaderId(1), role, sanctions)


def test_every_privilege_is_somewhere_in_the_rules() -> None:
    assert set(Privilege) == PUBLIC | OWN | COMMENTING | set(ROLES_FOR)


@pytest.mark.parametrize("privilege", Privilege)
def test_nobody_may_only_read_and_sign_in(privilege: Privilege) -> None:
    refusal = may(privilege, NOBODY, now=NOW)

    assert (refusal is None) == (privilege in PUBLIC)


@pytest.mark.parametrize("privilege", sorted(COMMENTING))
@pytest.mark.parametrize(
    ("kind", "code"),
    [(SanctionKind.SUSPENSION, "suspended"), (SanctionKind.WITHDRAWAL, "withdrawn")],
)
def test_a_suspension_or_withdrawal_stops_every_verb_of_commenting(
    privilege: Privilege, kind: SanctionKind, code: str
) -> None:
    ends = None if kind is SanctionKind.WITHDRAWAL else DAY

    refusal = may(privilege, reader(sanction(kind, ends=ends)), now=NOW)

    assert refusal is not None
    assert refusal.code == code


@pytest.mark.parametrize("privilege", sorted(OWN))
@pytest.mark.parametrize("kind", SanctionKind)
def test_whatever_happened_reading_data_and_appeal_stay(
    privilege: Privilege, kind: SanctionKind
) -> None:
    assert may(privilege, reader(sanction(kind)), now=NOW) is None


def test_a_suspension_says_until_when_and_ends_then() -> None:
    facts = reader(sanction(SanctionKind.SUSPENSION))

    refusal = may(Privilege.POST, facts, now=NOW)

    assert refusal is not None
    assert refusal.until == NOW + DAY
    assert may(Privilege.POST, facts, now=NOW + DAY) is None


def test_of_two_suspensions_the_longer_is_told() -> None:
    facts = reader(
        sanction(SanctionKind.SUSPENSION), sanction(SanctionKind.SUSPENSION, ends=3 * DAY)
    )

    refusal = may(Privilege.POST, facts, now=NOW)

    assert refusal is not None
    assert refusal.until == NOW + 3 * DAY


@pytest.mark.parametrize("privilege", [Privilege.POST, Privilege.REPLY, Privilege.EDIT])
def test_a_warning_stops_writing_until_it_is_acknowledged(privilege: Privilege) -> None:
    assert may(privilege, reader(sanction(SanctionKind.WARNING)), now=NOW) is not None
    assert (
        may(privilege, reader(sanction(SanctionKind.WARNING, acknowledged=True)), now=NOW) is None
    )


def test_a_warned_reader_may_still_report() -> None:
    assert may(Privilege.REPORT, reader(sanction(SanctionKind.WARNING)), now=NOW) is None


def test_hold_first_refuses_nothing_and_holds() -> None:
    facts = reader(sanction(SanctionKind.HOLD_FIRST))

    assert all(may(privilege, facts, now=NOW) is None for privilege in COMMENTING)
    assert holds_first(facts, now=NOW)
    assert not holds_first(facts, now=NOW + DAY)


def test_for_a_week_after_a_suspension_comments_are_held_first() -> None:
    facts = reader(sanction(SanctionKind.SUSPENSION))
    week = timedelta(days=7)

    assert not holds_first(facts, now=NOW)
    assert may(Privilege.POST, facts, now=NOW + DAY) is None
    assert holds_first(facts, now=NOW + DAY)
    assert holds_first(facts, now=NOW + DAY + week - timedelta(seconds=1))
    assert not holds_first(facts, now=NOW + DAY + week)


@pytest.mark.parametrize("privilege", sorted(ROLES_FOR))
@pytest.mark.parametrize("role", [None, *Role])
def test_staff_verbs_need_the_role(privilege: Privilege, role: Role | None) -> None:
    refusal = may(privilege, reader(role=role), now=NOW)

    assert (refusal is None) == (role in ROLES_FOR[privilege])


@given(
    st.sampled_from(sorted(COMMENTING)),
    st.lists(st.sampled_from(list(SanctionKind)), max_size=4),
    st.sampled_from(list(SanctionKind)),
)
def test_another_sanction_never_allows_more(
    privilege: Privilege, kinds: list[SanctionKind], more: SanctionKind
) -> None:
    before = may(privilege, reader(*map(sanction, kinds)), now=NOW)
    after = may(privilege, reader(*map(sanction, [*kinds, more])), now=NOW)

    assert before is None or after is not None


def test_an_erased_account_is_nobody() -> None:
    assert may(Privilege.READ_OWN, StandingFacts(ReaderId(1), erased=True), now=NOW) is not None


@pytest.mark.parametrize("privilege", sorted(COMMENTING))
def test_who_is_slowed_down_may_do_everything(privilege: Privilege) -> None:
    assert may(privilege, reader(sanction(SanctionKind.SLOWED)), now=NOW) is None


@pytest.mark.parametrize(
    ("facts", "everybodys", "expected"),
    [
        pytest.param(reader(), timedelta(0), None, id="nobody waits"),
        pytest.param(reader(), timedelta(minutes=1), (timedelta(minutes=1), None), id="all wait"),
        pytest.param(
            reader(sanction(SanctionKind.SLOWED)),
            timedelta(minutes=1),
            (SLOWED_TO, NOW + DAY),
            id="the longer wait counts",
        ),
        pytest.param(
            reader(sanction(SanctionKind.SLOWED)),
            timedelta(hours=1),
            (timedelta(hours=1), None),
            id="also where it is everybody's",
        ),
        pytest.param(
            reader(sanction(SanctionKind.SLOWED, ends=-timedelta(hours=1))),
            timedelta(0),
            None,
            id="it is over",
        ),
        pytest.param(
            reader(sanction(SanctionKind.SLOWED), role=Role.MODERATOR),
            timedelta(hours=1),
            None,
            id="staff do not wait",
        ),
    ],
)
def test_how_long_a_reader_waits_between_comments(
    facts: StandingFacts, everybodys: timedelta, expected: object
) -> None:
    assert own_pace(facts, everybodys=everybodys, now=NOW) == expected


def test_who_waits_is_told_when_they_may_write_again() -> None:
    until = NOW + timedelta(minutes=4)
    just_now = NOW - timedelta(minutes=5)
    refusal = may_write_again(SLOWED_TO, until=NOW + DAY, last_at=just_now, now=NOW)
    assert refusal is not None
    assert refusal.until == just_now + SLOWED_TO
    soon_over = may_write_again(SLOWED_TO, until=until, last_at=just_now, now=NOW)
    assert soon_over is not None
    assert soon_over.until == until
    for last_at in (None, NOW - SLOWED_TO):
        assert may_write_again(SLOWED_TO, until=None, last_at=last_at, now=NOW) is None
