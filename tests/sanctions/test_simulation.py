"""What a ladder would have led to in the past: the same steps that it proposes at the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import DecisionId, RuleKey, SanctionKind
from belowline.sanctions.record import Breach, PastSanction
from belowline.sanctions.simulation import History, hardest, simulate
from belowline.sanctions.thresholds import USUAL, LadderSettings

DAY = timedelta(days=1)
SINCE = datetime(2026, 4, 1, 12, tzinfo=UTC)
UNTIL = SINCE + 30 * DAY


def breach(severity: int, *, day: float, written: float | None = None, number: int = 1) -> Breach:
    return Breach(
        DecisionId(number),
        RuleKey("hate"),
        severity,
        SINCE + day * DAY,
        None if written is None else SINCE + written * DAY,
    )


def steps(
    *breaches: Breach, sanctions: tuple[PastSanction, ...] = (), settings: LadderSettings = USUAL
) -> list[tuple[SanctionKind | None, float]]:
    taken = simulate(History(breaches, sanctions, ()), since=SINCE, until=UNTIL, settings=settings)
    return [(one.proposal.kind, (one.at - SINCE) / DAY) for one in taken]


def test_each_breach_is_answered_at_its_own_moment():
    assert steps(breach(2, day=1), breach(2, day=5, number=2), breach(1, day=9, number=3)) == [
        (SanctionKind.WARNING, 1),
        (SanctionKind.HOLD_FIRST, 5),
        (SanctionKind.SUSPENSION, 9),
    ]


def test_what_a_suspension_would_have_kept_from_being_written_does_not_count():
    first = breach(3, day=1)
    assert steps(first, breach(3, day=1.5, written=1.4, number=2)) == [(SanctionKind.SUSPENSION, 1)]
    # Written before, and decided within: it was no defiance, but it is answered.
    assert len(steps(first, breach(3, day=1.5, written=0.5, number=2))) == 2


def test_sanctions_from_before_count_and_those_imposed_since_do_not():
    before = PastSanction(SanctionKind.WARNING, SINCE - DAY, SINCE + 89 * DAY)
    since = replace(before, starts_at=SINCE + DAY)
    assert steps(breach(2, day=2), sanctions=(before,)) == [(SanctionKind.HOLD_FIRST, 2)]
    assert steps(breach(2, day=2), sanctions=(since,)) == [(SanctionKind.WARNING, 2)]


def test_other_numbers_lead_to_other_steps():
    two = (breach(1, day=1), breach(1, day=2, number=2))
    assert steps(*two) == []
    assert steps(*two, settings=replace(USUAL, minor_breaches=2)) == [(SanctionKind.WARNING, 2)]


def test_the_share_is_of_what_was_sent_by_then():
    breaches = tuple(breach(1, day=day, number=day) for day in (1, 2, 3))
    for sent, kind in ((10, SanctionKind.HOLD_FIRST), (11, SanctionKind.WARNING)):
        history = History(breaches, (), tuple(SINCE + n * DAY / 10 for n in range(sent)))
        taken = simulate(history, since=SINCE, until=UNTIL, settings=USUAL)
        assert [one.proposal.kind for one in taken] == [kind]


def test_the_hardest_of_no_steps_is_none():
    assert hardest([]) is None
    assert hardest([SanctionKind.WARNING, SanctionKind.SUSPENSION]) is SanctionKind.SUSPENSION


@given(
    st.lists(
        st.builds(
            breach,
            st.integers(1, 4),
            day=st.floats(-20, 29),
            number=st.integers(1, 99),
        ),
        max_size=8,
    )
)
def test_no_order_of_a_record_changes_it_and_nothing_outside_of_the_time_is_answered(
    breaches: list[Breach],
):
    forth, back = steps(*breaches), steps(*reversed(breaches))
    unique = len({(one.decided_at, one.decision_id) for one in breaches}) == len(breaches)
    if unique:
        assert forth == back
    assert all(0 <= day <= 30 for _, day in forth)
    assert len(forth) <= sum(one.decided_at >= SINCE for one in breaches)
