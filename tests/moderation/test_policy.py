"""The order of the queue, and who may decide and undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belowline.core.terms import CommentStatus, Outcome, ReaderId, Role
from belowline.moderation.deciding import MESSAGES, Decided, may_decide, may_undo
from belowline.moderation.policy import SENTENCES, CaseFacts, explain, priority

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MODERATOR, AUTHOR, COLLEAGUE = ReaderId(1), ReaderId(2), ReaderId(3)

HELD = CaseFacts(worst_severity=0, opened_at=NOW, published=False, held_for=("newcomer",))
REPORTED = CaseFacts(
    worst_severity=2, opened_at=NOW, published=True, report_urgency=0.5, report_count=2
)


def score(facts: CaseFacts) -> float:
    return priority(facts, now=NOW).score


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Harm first.
        pytest.param(replace(REPORTED, worst_severity=4), REPORTED, id="danger-before-insult"),
        pytest.param(
            replace(REPORTED, published=True), replace(REPORTED, published=False), id="seen-by-all"
        ),
        pytest.param(
            replace(HELD, worst_severity=4),
            replace(REPORTED, opened_at=NOW - 3 * DAY),
            id="fresh-danger-before-an-old-insult",
        ),
        # A crowd of reports does not outrun one credible severe report.
        pytest.param(
            replace(REPORTED, worst_severity=3, report_count=1, report_urgency=0.6),
            replace(REPORTED, report_count=10_000, report_urgency=0.9),
            id="severity-before-numbers",
        ),
        # Waiting counts, and so does an appeal that nears its target.
        pytest.param(replace(HELD, opened_at=NOW - 2 * DAY), REPORTED, id="two-days-old"),
        pytest.param(
            replace(HELD, appealed_at=NOW - 6 * DAY),
            replace(HELD, appealed_at=NOW - DAY),
            id="the-older-appeal",
        ),
        pytest.param(replace(HELD, appealed_at=NOW), HELD, id="an-appeal-before-none"),
        # A score puts like cases in order, and overrules neither severity nor the law.
        pytest.param(replace(HELD, score=0.9), replace(HELD, score=0.7), id="the-higher-score"),
        pytest.param(
            replace(HELD, worst_severity=2), replace(HELD, score=1.0), id="severity-before-a-score"
        ),
        pytest.param(
            replace(REPORTED, worst_severity=0, report_urgency=0.0, report_count=1, is_legal=True),
            replace(REPORTED, worst_severity=3, report_urgency=1.0, report_count=99, score=1.0),
            id="a-notice-before-any-score",
        ),
        # A notice of illegal content before all that is no danger; a trusted one before others.
        pytest.param(
            replace(REPORTED, worst_severity=0, report_urgency=0.0, report_count=1, is_legal=True),
            replace(REPORTED, worst_severity=3, report_urgency=1.0, report_count=10_000),
            id="a-notice-before-what-breaks-a-severe-rule",
        ),
        pytest.param(
            replace(REPORTED, worst_severity=4, report_urgency=0.0, report_count=1),
            replace(REPORTED, report_urgency=1.0, report_count=9, is_legal=True, is_trusted=True),
            id="a-danger-before-a-trusted-notice",
        ),
        pytest.param(
            replace(REPORTED, report_urgency=0.0, report_count=1, is_legal=True, is_trusted=True),
            replace(REPORTED, report_urgency=1.0, report_count=10_000, is_legal=True),
            id="a-trusted-notice-before-any-other",
        ),
        pytest.param(
            replace(HELD, danger_since=NOW),
            replace(
                REPORTED,
                worst_severity=4,
                opened_at=NOW - 365 * DAY,
                report_urgency=1.0,
                report_count=10_000,
                appealed_at=NOW - 365 * DAY,
                is_trusted=True,
            ),
            id="a-threat-to-life-before-everything",
        ),
    ],
)
def test_the_queue_puts_first_what_should_come_first(first: CaseFacts, second: CaseFacts):
    assert score(first) > score(second)


def test_each_part_of_a_priority_is_said_in_a_sentence():
    everything = replace(
        REPORTED,
        opened_at=NOW - DAY,
        appealed_at=NOW - HOUR,
        is_legal=True,
        is_trusted=True,
        danger_since=NOW - HOUR,
    )
    scored = replace(HELD, score=0.83)
    reasons = (*priority(everything, now=NOW).reasons, *priority(scored, now=NOW).reasons)
    assert {reason.code for reason in reasons} == set(SENTENCES)
    said = [explain(reason) for reason in reasons]
    assert "Reports: 2. A breach is 50 % likely." in said
    assert "Hours waiting: 24." in said
    assert "The program gives it 83 of 100." in said
    assert "It waits unseen, held for: newcomer." in said


# The promises below hold for every case.

moments = st.integers(0, 400 * 24).map(lambda hours: NOW - hours * HOUR)
cases = st.builds(
    CaseFacts,
    worst_severity=st.integers(0, 4),
    opened_at=moments,
    published=st.booleans(),
    held_for=st.lists(st.sampled_from(["links", "words", "rate", "newcomer"])).map(tuple),
    report_urgency=st.floats(0, 1),
    report_count=st.integers(0, 100_000),
    appealed_at=st.none() | moments,
    score=st.floats(0, 1),
)
fresh_mild_cases = st.builds(
    replace, cases, worst_severity=st.integers(0, 2), opened_at=st.just(NOW), appealed_at=st.none()
)


@given(cases)
def test_a_score_is_the_sum_of_its_explained_parts(facts: CaseFacts):
    result = priority(facts, now=NOW)
    assert result.score == pytest.approx(sum(reason.points for reason in result.reasons))
    assert all(reason.points > 0 for reason in result.reasons)
    assert all("{" not in explain(reason) for reason in result.reasons)


@given(cases, st.floats(0, 1))
def test_a_score_moves_a_case_less_than_a_step_of_severity(facts: CaseFacts, given_score: float):
    low, high = sorted((facts.score, given_score))
    moved = score(replace(facts, score=high)) - score(replace(facts, score=low))
    assert -1e-9 <= moved <= 5 + 1e-9


@given(cases, st.integers(0, 4))
def test_more_severity_never_moves_a_case_back(facts: CaseFacts, severity: int):
    low, high = sorted((facts.worst_severity, severity))
    assert score(replace(facts, worst_severity=high)) >= score(replace(facts, worst_severity=low))


@given(cases, st.integers(0, 100_000), st.floats(0, 1))
def test_more_and_stronger_reports_never_move_a_case_back(
    facts: CaseFacts, further: int, urgency: float
):
    stronger = replace(
        facts,
        report_count=facts.report_count + further,
        report_urgency=max(facts.report_urgency, urgency),
    )
    assert score(stronger) >= score(facts)


@given(cases)
def test_being_published_never_moves_a_case_back(facts: CaseFacts):
    assert score(replace(facts, published=True)) >= score(replace(facts, published=False))


@given(cases, st.sampled_from(["links", "classifier"]))
def test_a_further_reason_for_holding_never_moves_a_case_back(facts: CaseFacts, code: str):
    assert score(replace(facts, held_for=(*facts.held_for, code))) >= score(facts)


@given(cases, st.integers(0, 1_000))
def test_waiting_never_moves_a_case_back(facts: CaseFacts, hours: int):
    assert priority(facts, now=NOW + hours * HOUR).score >= score(facts)


@given(cases, moments)
def test_an_appeal_never_moves_a_case_back(facts: CaseFacts, appealed_at: datetime):
    assert score(replace(facts, appealed_at=appealed_at)) >= score(replace(facts, appealed_at=None))


SMALLEST = CaseFacts(worst_severity=0, opened_at=NOW, published=False)
LOUDEST = CaseFacts(
    worst_severity=2,
    opened_at=NOW,
    published=True,
    report_urgency=1.0,
    report_count=100_000,
    score=1.0,
)


@example(SMALLEST, LOUDEST)
@given(cases, fresh_mild_cases)
def test_no_case_starves(waiting: CaseFacts, fresh: CaseFacts):
    """However small, after two months it comes before any fresh case of severity 2 or less."""
    assert priority(waiting, now=NOW + 60 * DAY).score > score(fresh)


@given(cases)
def test_a_danger_comes_before_every_mild_case_however_old(facts: CaseFacts):
    mild = replace(facts, worst_severity=min(facts.worst_severity, 2), appealed_at=None)
    danger = CaseFacts(worst_severity=4, opened_at=NOW, published=False)
    assert score(danger) > score(mild)


# What may be decided about a comment in each state; everything else is refused.
ALLOWED = {
    (Outcome.PUBLISH, CommentStatus.HELD),
    (Outcome.PUBLISH, CommentStatus.REFUSED),
    (Outcome.KEEP, CommentStatus.PUBLISHED),
    (Outcome.REMOVE, CommentStatus.PUBLISHED),
    (Outcome.REMOVE, CommentStatus.HELD),
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("status", list(CommentStatus))
def test_only_fitting_outcomes_can_be_decided(role: Role, outcome: Outcome, status: CommentStatus):
    refusal = may_decide(
        decider=MODERATOR, author=AUTHOR, role=role, outcome=outcome, status=status
    )
    assert (refusal is None) is ((outcome, status) in ALLOWED)
    if refusal is not None:
        assert refusal.message == MESSAGES[refusal.code]


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        pytest.param(Outcome.PUBLISH, CommentStatus.PUBLISHED, "already_published", id="published"),
        pytest.param(Outcome.PUBLISH, CommentStatus.REMOVED, "already_removed", id="removed"),
        pytest.param(Outcome.REMOVE, CommentStatus.REMOVED, "already_removed", id="removed-twice"),
        pytest.param(Outcome.REMOVE, CommentStatus.REFUSED, "already_refused", id="refused"),
        pytest.param(Outcome.KEEP, CommentStatus.HELD, "not_published", id="kept-while-held"),
        pytest.param(Outcome.KEEP, CommentStatus.WITHDRAWN, "comment_withdrawn", id="withdrawn"),
        pytest.param(Outcome.HOLD, CommentStatus.PUBLISHED, "system_outcome", id="hold"),
        pytest.param(Outcome.REFUSE, CommentStatus.HELD, "system_outcome", id="refuse"),
        pytest.param(Outcome.RESTORE, CommentStatus.REMOVED, "restore_by_appeal", id="restore"),
        pytest.param(Outcome.SANCTION, CommentStatus.HELD, "not_about_a_comment", id="sanction"),
    ],
)
def test_what_cannot_be_decided_says_why(outcome: Outcome, status: CommentStatus, code: str):
    refusal = may_decide(
        decider=MODERATOR, author=AUTHOR, role=Role.OWNER, outcome=outcome, status=status
    )
    assert refusal is not None
    assert refusal.code == code


@pytest.mark.parametrize(("outcome", "status"), sorted(ALLOWED))
def test_nobody_decides_about_their_own_comment_or_without_a_role(
    outcome: Outcome, status: CommentStatus
):
    def deciding(author: ReaderId | None, role: Role | None) -> str | None:
        refusal = may_decide(
            decider=MODERATOR, author=author, role=role, outcome=outcome, status=status
        )
        return None if refusal is None else refusal.code

    assert deciding(AUTHOR, Role.MODERATOR) is None
    assert deciding(None, Role.MODERATOR) is None
    assert deciding(MODERATOR, Role.OWNER) == "own_comment"
    assert deciding(AUTHOR, None) == "role_needed"


WINDOW = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("decided", "code"),
    [
        # Who decided can undo it until the window closes.
        pytest.param(Decided(MODERATOR, NOW), None, id="at-once"),
        pytest.param(Decided(MODERATOR, NOW - WINDOW), None, id="at-the-last-moment"),
        pytest.param(
            Decided(MODERATOR, NOW - WINDOW - timedelta(seconds=1)), "undo_too_late", id="too-late"
        ),
        # Not somebody else's decision, not the system's, and not twice.
        pytest.param(Decided(COLLEAGUE, NOW), "not_your_decision", id="a-colleague-decided"),
        pytest.param(Decided(None, NOW), "not_your_decision", id="the-system-decided"),
        pytest.param(Decided(MODERATOR, NOW, undone=True), "already_undone", id="undone-before"),
    ],
)
def test_a_decision_is_undone_once_and_in_time_by_who_made_it(decided: Decided, code: str | None):
    refusal = may_undo(decided, by=MODERATOR, now=NOW, window=WINDOW)
    assert (None if refusal is None else refusal.code) == code
