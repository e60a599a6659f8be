"""The ladder of sanctions: each published step and its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from belowline.core.terms import HELD_AFTER_SUSPENSION, DecisionId, RuleKey, SanctionKind
from belowline.sanctions.ladder import (
    LATELY,
    LEAST_REMOVED,
    WARNING_LASTS,
    Breach,
    PastSanction,
    Proposal,
    Reason,
    Record,
    explain,
    points,
    propose,
)
from belowline.sanctions.messages import LADDER, SENTENCES, ladder_steps
from belowline.sanctions.model import ABOUT_REPORTS
from belowline.sanctions.policy import REMOVED_SHARE_BELOW
from belowline.sanctions.thresholds import USUAL, LadderSettings

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OFF_TOPIC = RuleKey("off-topic")


def breach(severity: int, *, days_ago: float = 0, number: int = 1) -> Breach:
    at = NOW - days_ago * DAY
    return Breach(DecisionId(number), RuleKey("personal-attack"), severity, at)


def sanction(
    kind: SanctionKind, *, days_ago: float, lasts: float | None = None, lifted: bool = False
) -> PastSanction:
    starts_at = NOW - days_ago * DAY
    return PastSanction(kind, starts_at, None if lasts is None else starts_at + lasts * DAY, lifted)


def suspended(*days_ago: float, lifted: bool = False) -> tuple[PastSanction, ...]:
    return tuple(
        sanction(SanctionKind.SUSPENSION, days_ago=days, lasts=1, lifted=lifted)
        for days in days_ago
    )


WARNED = sanction(SanctionKind.WARNING, days_ago=20, lasts=90)
HELD_FIRST = sanction(SanctionKind.HOLD_FIRST, days_ago=5, lasts=14)
WITHDRAWN = sanction(SanctionKind.WITHDRAWAL, days_ago=5)


@pytest.mark.parametrize(
    ("record", "kind", "days"),
    [
        # Nothing to answer, or nothing worth more than the removal itself.
        pytest.param(Record(), None, None, id="nobody-did-anything"),
        pytest.param(Record((breach(1),)), None, None, id="one-minor-breach"),
        pytest.param(Record((breach(1), breach(1, number=2))), None, None, id="two-minor-breaches"),
        pytest.param(Record((breach(4, days_ago=31),)), None, None, id="long-past-being-answered"),
        # A warning after one serious breach or three minor ones in 30 days.
        pytest.param(Record((breach(2),)), SanctionKind.WARNING, None, id="one-serious-breach"),
        pytest.param(
            Record(tuple(breach(1, days_ago=days, number=days) for days in (1, 2, 29))),
            SanctionKind.WARNING,
            None,
            id="three-minor-breaches-in-a-month",
        ),
        pytest.param(
            Record(tuple(breach(1, days_ago=days, number=days) for days in (1, 2, 31))),
            None,
            None,
            id="three-minor-breaches-in-more-than-a-month",
        ),
        # Comments are held first when the next warning would come while one is on file.
        pytest.param(
            Record((breach(2),), (WARNED,)), SanctionKind.HOLD_FIRST, 14, id="warned-once-already"
        ),
        pytest.param(
            Record((breach(2),), (sanction(SanctionKind.WARNING, days_ago=91, lasts=90),)),
            SanctionKind.WARNING,
            None,
            id="the-old-warning-ran-out",
        ),
        pytest.param(
            Record((breach(2),), (replace(WARNED, lifted=True),)),
            SanctionKind.WARNING,
            None,
            id="the-old-warning-was-lifted",
        ),
        pytest.param(Record((breach(1),), (WARNED,)), None, None, id="one-minor-after-a-warning"),
        # Or when three breaches in a week are 30 % or more of what was sent in it.
        pytest.param(
            Record(tuple(breach(1, days_ago=days, number=days) for days in (1, 2, 6)), (), 10),
            SanctionKind.HOLD_FIRST,
            14,
            id="three-of-ten-in-a-week",
        ),
        pytest.param(
            Record(tuple(breach(1, days_ago=days, number=days) for days in (1, 2, 6)), (), 11),
            SanctionKind.WARNING,
            None,
            id="three-of-eleven-in-a-week",
        ),
        pytest.param(
            Record(tuple(breach(1, days_ago=days, number=days) for days in (1, 2, 8)), (), 3),
            SanctionKind.WARNING,
            None,
            id="three-in-more-than-a-week",
        ),
        # What only tidied up is no mark.
        pytest.param(
            Record(tuple(replace(breach(1, number=n), rule=OFF_TOPIC) for n in range(9)), (), 9),
            None,
            None,
            id="off-topic-and-nothing-else",
        ),
        # A suspension after a severe breach, or any while comments are held first.
        pytest.param(Record((breach(3),)), SanctionKind.SUSPENSION, 1, id="severe-and-first"),
        pytest.param(
            Record((breach(1),), (HELD_FIRST,)), SanctionKind.SUSPENSION, 1, id="minor-while-held"
        ),
        pytest.param(
            Record((breach(1),), suspended(3)),
            SanctionKind.SUSPENSION,
            3,
            id="minor-in-the-week-after-a-suspension",
        ),
        pytest.param(
            Record((breach(1),), suspended(9)), None, None, id="minor-after-the-week-after"
        ),
        pytest.param(
            Record((breach(3),), suspended(100)), SanctionKind.SUSPENSION, 3, id="second-suspension"
        ),
        pytest.param(
            Record((breach(3),), suspended(100, 50)), SanctionKind.SUSPENSION, 7, id="third"
        ),
        pytest.param(
            Record((breach(3),), suspended(400, 100, 50)),
            SanctionKind.SUSPENSION,
            30,
            id="fourth-not-all-in-one-year",
        ),
        pytest.param(
            Record((breach(3),), suspended(731, 100)),
            SanctionKind.SUSPENSION,
            3,
            id="two-years-ago-is-forgotten",
        ),
        pytest.param(
            Record((breach(3),), suspended(100, 50, lifted=True)),
            SanctionKind.SUSPENSION,
            1,
            id="lifted-suspensions-do-not-count",
        ),
        # Withdrawal for a danger, or in place of the fourth suspension within a year.
        pytest.param(Record((breach(4),)), SanctionKind.WITHDRAWAL, None, id="dangerous-and-first"),
        pytest.param(
            Record((breach(3),), suspended(300, 100, 50)),
            SanctionKind.WITHDRAWAL,
            None,
            id="three-suspensions-within-a-year",
        ),
        pytest.param(Record((breach(4),), (WITHDRAWN,)), None, None, id="already-withdrawn"),
    ],
)
def test_a_record_leads_to_its_published_step(
    record: Record, kind: SanctionKind | None, days: int | None
):
    proposal = propose(record, now=NOW)
    assert (proposal.kind, proposal.lasts_for) == (kind, None if days is None else days * DAY)


def test_a_breach_is_answered_once():
    fresh = Record((breach(2, days_ago=3),))
    assert propose(fresh, now=NOW).kind is SanctionKind.WARNING
    for lifted in (False, True):
        warning = sanction(SanctionKind.WARNING, days_ago=3, lasts=90, lifted=lifted)
        assert propose(replace(fresh, sanctions=(warning,)), now=NOW).kind is None


def test_a_comment_written_before_a_warning_has_not_ignored_it():
    late = replace(breach(2), written_at=WARNED.starts_at - DAY)
    assert propose(Record((breach(2),), (WARNED,)), now=NOW).kind is SanctionKind.HOLD_FIRST
    assert propose(Record((late,), (WARNED,)), now=NOW).kind is SanctionKind.WARNING


def test_a_comment_written_before_a_suspension_does_not_lengthen_the_next():
    late = replace(breach(3), written_at=NOW - 11 * DAY)
    assert propose(Record((breach(3),), suspended(10)), now=NOW).lasts_for == 3 * DAY
    assert propose(Record((late,), suspended(10)), now=NOW).lasts_for == DAY


def test_a_comment_written_while_held_first_counts_although_it_is_decided_later():
    over = sanction(SanctionKind.HOLD_FIRST, days_ago=15, lasts=14)
    late = replace(breach(1), written_at=NOW - 2 * DAY)
    assert propose(Record((breach(1),), (over,)), now=NOW).kind is None
    assert propose(Record((late,), (over,)), now=NOW).kind is SanctionKind.SUSPENSION


def test_a_suspension_without_an_earlier_warning_says_so():
    def codes(*sanctions: PastSanction) -> set[str]:
        return {reason.code for reason in propose(Record((breach(3),), sanctions), now=NOW).reasons}

    assert "no_warning_before" in codes()
    assert "no_warning_before" not in codes(WARNED)


def test_points_weigh_by_severity_and_halve_in_sixty_days():
    assert [points([breach(severity)], now=NOW) for severity in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert points([breach(4, days_ago=60), breach(3, days_ago=120)], now=NOW) == pytest.approx(5)


def test_a_severity_outside_the_scale_cannot_be_written():
    with pytest.raises(ValueError, match="1 to 4"):
        breach(5)


@pytest.mark.parametrize(
    ("kind", "lasts_for"),
    [
        pytest.param(SanctionKind.SUSPENSION, None, id="endless-suspension"),
        pytest.param(SanctionKind.HOLD_FIRST, None, id="endless-holding"),
        pytest.param(SanctionKind.WITHDRAWAL, DAY, id="withdrawal-with-an-end"),
        pytest.param(None, DAY, id="nothing-for-a-day"),
    ],
)
def test_a_proposal_with_the_wrong_kind_of_end_cannot_be_written(
    kind: SanctionKind | None, lasts_for: timedelta | None
):
    with pytest.raises(ValueError, match="length"):
        Proposal(kind, lasts_for, ())


OTHER = LadderSettings(
    minor_breaches=4,
    answer_days=45,
    removed_percent=55,
    hold_first_days=21,
    approved_to_end=8,
    first_days=2,
    second_days=5,
    third_days=13,
    further_days=60,
    suspensions=6,
    withdrawal_days=500,
)


@pytest.mark.parametrize("settings", [USUAL, OTHER], ids=["usual", "a site's own"])
def test_the_published_ladder_says_the_numbers_in_force(settings: LadderSettings):
    steps = ladder_steps(settings)
    assert [step.kind for step in steps if step.kind is not None] == [
        kind for kind in SanctionKind if kind not in ABOUT_REPORTS
    ]
    words = {step.kind: f"{step.lasts} {step.when_it_comes}" for step in steps}
    warning = words[SanctionKind.WARNING]
    assert f"{WARNING_LASTS.days} days" in warning
    counted = f"{settings.minor_breaches} breaches of any kind within {settings.answer_days} days"
    assert counted in warning
    held_first = words[SanctionKind.HOLD_FIRST]
    assert f"{settings.hold_first_days} days" in held_first
    assert f"{LEAST_REMOVED} or more of your comments within {LATELY.days} days" in held_first
    assert f"{settings.removed_percent} % or more of what you sent" in held_first
    assert f"{HELD_AFTER_SUSPENSION.days} days after a suspension" in held_first
    assert f"approved {settings.approved_to_end} and" in held_first
    assert REMOVED_SHARE_BELOW == 1 / 10
    for length in settings.suspension_lengths:
        assert str(length.days) in words[SanctionKind.SUSPENSION].replace(",", "").split()
    after = f"after {settings.suspensions} within {settings.withdrawal_days} days"
    assert after in words[SanctionKind.WITHDRAWAL]


def test_a_site_that_set_nothing_has_the_usual_ladder():
    assert ladder_steps(USUAL) == LADDER


def test_every_sentence_belongs_to_a_reason_that_some_record_gives():
    records = [
        Record(),
        Record((breach(1),)),
        Record(tuple(breach(1, number=number) for number in range(3))),
        Record(tuple(breach(1, number=number) for number in range(3)), (), 3),
        Record((replace(breach(1), rule=OFF_TOPIC),)),
        Record((breach(2),), (WARNED,)),
        Record((breach(3),)),
        Record((breach(1),), (HELD_FIRST,)),
        Record((breach(4),)),
        Record((breach(4),), (WITHDRAWN,)),
        Record((breach(3),), suspended(90, 60, 30)),
    ]
    reasons = [reason for record in records for reason in propose(record, now=NOW).reasons]
    assert {reason.code for reason in reasons} == set(SENTENCES)
    assert all(explain(reason).endswith(".") for reason in reasons)


def test_a_reason_without_a_sentence_is_a_mistake_in_the_code():
    with pytest.raises(KeyError):
        explain(Reason("no_such_reason"))
