"""The figures of the quality page: counted by hand in small, and never outside their bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import Outcome
from belowline.transparency.ledger import Appealed, Decided, Ledger, LookedAgain, Reported
from belowline.transparency.quality import kappa_of, quality_of, waits_of

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
END = datetime(2026, 4, 1, tzinfo=UTC)
ANN, BEN = 1, 2


def decided(number: int, outcome: Outcome = Outcome.REMOVE, **given: object) -> Decided:
    values = {
        "at": BEGIN + timedelta(hours=number),
        "by": ANN,
        "source": "report",
        "reader_id": 9,
        "comment_id": number,
        "rule": "hate" if outcome is Outcome.REMOVE else None,
        **given,
    }
    return Decided(id=number, outcome=outcome, **values)  # type: ignore[arg-type]


def test_a_case_is_counted_under_the_rule_that_was_cited_or_in_question() -> None:
    ledger = Ledger(
        decisions=(
            decided(1, answered=(11,), waiting_since=BEGIN),
            decided(2, Outcome.KEEP, in_question="spam", answered=(12,), waiting_since=BEGIN),
            decided(3, Outcome.PUBLISH, waiting_since=BEGIN),
            decided(4, undone=True, waiting_since=BEGIN),
        ),
        reports=(
            Reported(11, BEGIN, "hate", upheld=True),
            Reported(12, BEGIN, "spam", upheld=False),
            Reported(13, BEGIN, "spam"),
        ),
        appeals=(
            Appealed(21, 1, BEGIN, upheld=True, decided_at=BEGIN + timedelta(days=2), by=BEN),
        ),
    )

    found = quality_of(ledger, since=BEGIN, until=END)

    hate, spam = {one.key: one for one in found.by_rule}["hate"], found.by_rule[2]
    assert [one.key for one in found.by_rule] == ["", "hate", "spam"]
    assert (hate.decided, hate.removed, hate.reports, hate.upheld_share) == (1, 1, 1, 1.0)
    assert (hate.appeals, hate.overturned_share) == (1, 1.0)
    assert (spam.decided, spam.reports, spam.upheld_share) == (1, 2, 0.0)
    (ann,) = found.by_person
    assert (ann.key, ann.decided, ann.upheld, ann.dismissed) == ("1", 3, 1, 1)
    assert (found.waits.number, found.waits.median, found.waits.p90) == (3, 7200.0, 10800.0)


def test_workload_counts_decisions_and_answered_appeals_by_day_and_person() -> None:
    day = timedelta(days=1)
    ledger = Ledger(
        decisions=(decided(1), decided(2, by=BEN), decided(3), decided(4, by=None)),
        appeals=(Appealed(21, 1, BEGIN, upheld=False, decided_at=BEGIN + day, by=BEN),),
    )

    found = quality_of(ledger, since=BEGIN, until=END)

    assert found.days == ((BEGIN.date(), {ANN: 2, BEN: 1}), ((BEGIN + day).date(), {BEN: 1}))


def test_what_two_people_saw_differently_is_listed_and_counted() -> None:
    ledger = Ledger(
        decisions=(decided(1), decided(2), decided(3, Outcome.KEEP), decided(4, Outcome.KEEP)),
        second_looks=(
            LookedAgain(1, BEGIN, BEN, "remove", "hate"),
            LookedAgain(2, BEGIN, BEN, "keep"),
            LookedAgain(3, BEGIN, BEN, "keep"),
            LookedAgain(4, BEGIN, BEN, "keep"),
        ),
    )

    found = quality_of(ledger, since=BEGIN, until=END)

    assert (found.agreement.number, found.agreement.agreed) == (4, 3)
    assert (found.agreement.same_rule, found.agreement.both_removed) == (1, 1)
    # By chance 1/2 * 1/4 + 1/2 * 3/4 = 1/2; observed 3/4.
    assert found.agreement.kappa == pytest.approx(0.5)
    (differs,) = found.disagreements
    assert (differs.decision_id, differs.first, differs.second) == (2, "remove", "keep")


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        pytest.param([], None, id="nobody looked"),
        pytest.param([(True, True)] * 5, None, id="always the same one thing"),
        pytest.param([(True, True), (False, False)], 1.0, id="always alike"),
        pytest.param([(True, False), (False, True)], -1.0, id="never alike"),
        # The worked example of many textbooks: 20 and 15 alike, 5 and 10 not.
        pytest.param(
            [(True, True)] * 20
            + [(True, False)] * 5
            + [(False, True)] * 10
            + [(False, False)] * 15,
            0.4,
            id="a worked example",
        ),
    ],
)
def test_kappa_takes_off_what_chance_would_agree_on(
    pairs: list[tuple[bool, bool]], kappa: float | None
) -> None:
    assert kappa_of(pairs) == (None if kappa is None else pytest.approx(kappa))


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60))
def test_kappa_is_symmetric_and_never_above_what_they_agreed_on(
    pairs: list[tuple[bool, bool]],
) -> None:
    kappa = kappa_of(pairs)
    other = kappa_of([(two, one) for one, two in pairs])
    assert (kappa is None) == (other is None)
    if kappa is not None:
        assert other == pytest.approx(kappa)
        assert -1 - 1e-9 <= kappa <= sum(one == two for one, two in pairs) / len(pairs) + 1e-9


WAITS = st.lists(st.integers(0, 10**7), max_size=40)


@given(WAITS)
def test_half_wait_no_longer_than_the_median_and_nine_in_ten_no_longer_than_the_p90(
    seconds: list[int],
) -> None:
    made = [
        decided(number, waiting_since=BEGIN, at=BEGIN + timedelta(seconds=one))
        for number, one in enumerate(seconds)
    ]
    found = waits_of(made)
    assert found.number == len(seconds)
    if seconds:
        assert found.median is not None
        assert found.p90 is not None
        assert sum(one <= found.median for one in seconds) * 2 >= len(seconds)
        assert sum(one <= found.p90 for one in seconds) * 10 >= 9 * len(seconds)
        assert found.p90 in seconds
        assert waits_of([*reversed(made)]) == found


@given(WAITS, st.integers(0, 700))
def test_a_span_is_cut_at_its_ends(seconds: list[int], cut: int) -> None:
    made = tuple(decided(number) for number in range(len(seconds)))
    middle = BEGIN + timedelta(hours=cut)
    parts = [
        quality_of(Ledger(decisions=made), since=since, until=until)
        for since, until in ((BEGIN, middle), (middle, END))
    ]
    whole = quality_of(Ledger(decisions=made), since=BEGIN, until=END)
    assert sum(line.decided for part in parts for line in part.by_rule) == sum(
        line.decided for line in whole.by_rule
    )


def test_an_order_of_events_within_the_ledger_makes_no_difference() -> None:
    made = (decided(1), decided(2, Outcome.KEEP), decided(3, by=BEN))
    turned = replace(Ledger(), decisions=tuple(reversed(made)))
    assert quality_of(turned, since=BEGIN, until=END) == quality_of(
        Ledger(decisions=made), since=BEGIN, until=END
    )
