"""What reports weigh and ask for, and the promise that a crowd of new accounts can hide nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import CommentStatus, ReaderId, RuleKey, StoryMode
from belowline.reports.policy import (
    COUNTS_FROM,
    MESSAGES,
    STAFF_WEIGHT,
    Answer,
    FiledReport,
    ReporterRecord,
    answer,
    fade,
    may_report,
    reopens,
    weigh,
)

HATE = RuleKey("hate")
SPAM = RuleKey("spam")

STAFF = STAFF_WEIGHT
RELIABLE = weigh(ReporterRecord(upheld=18, dismissed=0)).value
ORDINARY = weigh(ReporterRecord(upheld=0, dismissed=0)).value
NEW = weigh(ReporterRecord(upheld=0, dismissed=0, is_new=True)).value


def filed(
    weight: float, *, by: int, rule: RuleKey = HATE, connected_with: str | None = None
) -> FiledReport:
    severity = 4 if rule == HATE else 2
    return FiledReport(ReaderId(by), rule, severity, weight, connected_with)


def asked(
    *reports: FiledReport,
    published: int = 0,
    breaches: int = 0,
    kept: frozenset[RuleKey] = frozenset(),
) -> Answer:
    return answer(
        reports,
        author_published=published,
        author_upheld_breaches=breaches,
        already_kept_under=kept,
    )


@pytest.mark.parametrize(
    ("record", "value"),
    [
        # Nothing known: right half of the time.
        pytest.param(ReporterRecord(0, 0), 0.5, id="no-record"),
        # Two imagined reports each way keep one answer from swinging the record.
        pytest.param(ReporterRecord(1, 0), 0.6, id="once-right"),
        pytest.param(ReporterRecord(0, 1), 0.4, id="once-wrong"),
        pytest.param(ReporterRecord(16, 0), 0.9, id="often-right"),
        pytest.param(ReporterRecord(0, 16), 0.1, id="often-wrong"),
        # No reader is believed like staff.
        pytest.param(ReporterRecord(9_000, 0), 0.95, id="always-right"),
        pytest.param(ReporterRecord(0, 50, is_staff=True), 0.97, id="staff"),
        pytest.param(ReporterRecord(0, 0, is_new=True), 0.2, id="new-reader"),
    ],
)
def test_a_reporter_weighs_by_how_often_they_were_right(record: ReporterRecord, value: float):
    weight = weigh(record)
    assert weight.value == pytest.approx(value)
    assert weight.why.endswith(".")


counts = st.integers(0, 10_000)


@given(counts, counts)
def test_a_new_reader_never_weighs_what_counts_towards_hiding(upheld: int, dismissed: int):
    new = weigh(ReporterRecord(upheld, dismissed, is_new=True)).value
    known = weigh(ReporterRecord(upheld, dismissed)).value
    assert 0 <= new < known < STAFF_WEIGHT
    assert new < COUNTS_FROM


@given(counts, counts)
def test_being_right_once_more_never_lowers_a_weight(upheld: int, dismissed: int):
    value = weigh(ReporterRecord(upheld, dismissed)).value
    assert weigh(ReporterRecord(upheld + 1, dismissed)).value >= value
    assert weigh(ReporterRecord(upheld, dismissed + 1)).value <= value


ages = st.lists(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3000)), max_size=30)


@given(ages, ages)
def test_what_was_answered_long_ago_counts_less(
    upheld: list[timedelta], dismissed: list[timedelta]
):
    """As time passes, a reporter comes back to being right half of the time."""

    def after(wait: timedelta) -> float:
        faded = fade(age + wait for age in upheld), fade(age + wait for age in dismissed)
        return weigh(ReporterRecord(len(upheld), len(dismissed), faded=faded)).value

    now, later = after(timedelta(0)), after(timedelta(days=400))
    assert abs(later - 0.5) <= abs(now - 0.5) + 1e-9
    assert (now - 0.5) * (later - 0.5) >= 0


def test_an_answer_halves_in_180_days():
    assert fade([timedelta(0), timedelta(days=180), timedelta(days=360)]) == pytest.approx(1.75)


@pytest.mark.parametrize(
    ("record", "value"),
    [
        pytest.param(ReporterRecord(0, 0, is_guest=True), 0.2, id="no-account"),
        pytest.param(
            ReporterRecord(0, 0, is_new=True, is_trusted=True), 0.9, id="named-as-trusted"
        ),
        pytest.param(ReporterRecord(0, 9, is_trusted=True), 0.9, id="trusted-wrong-at-first"),
        # From ten answers on the record speaks.
        pytest.param(ReporterRecord(0, 10, is_trusted=True), 1 / 7, id="trusted-wrong-too-often"),
        pytest.param(ReporterRecord(18, 2, is_trusted=True), 20 / 24, id="trusted-by-the-record"),
    ],
)
def test_guests_and_trusted_reporters_weigh_as_it_is_published(
    record: ReporterRecord, value: float
):
    assert weigh(record).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("reports", "hold"),
    [
        # One voice is enough only from staff.
        pytest.param([filed(STAFF, by=1)], True, id="one-of-staff"),
        pytest.param([filed(RELIABLE, by=1)], False, id="one-reliable-reader"),
        # Two independent readers, if their records make it probable enough.
        pytest.param([filed(RELIABLE, by=1), filed(RELIABLE, by=2)], True, id="two-reliable"),
        pytest.param([filed(ORDINARY, by=1), filed(ORDINARY, by=2)], False, id="two-ordinary"),
        pytest.param([filed(RELIABLE, by=1), filed(NEW, by=2)], False, id="reliable-and-new"),
        # Connected reporters are one voice.
        pytest.param(
            [filed(RELIABLE, by=1, connected_with="n"), filed(RELIABLE, by=2, connected_with="n")],
            False,
            id="two-connected",
        ),
        # Nothing below severity 3 is hidden before a person has looked.
        pytest.param([filed(STAFF, by=1, rule=SPAM)], False, id="mild-rule-by-staff"),
        pytest.param(
            [filed(RELIABLE, by=1), filed(RELIABLE, by=2, rule=SPAM)],
            False,
            id="only-one-of-two-cites-a-severe-rule",
        ),
    ],
)
def test_a_comment_is_hidden_only_on_strong_and_independent_reports(
    reports: list[FiledReport], *, hold: bool
):
    assert asked(*reports).hold is hold


def test_a_rule_under_which_this_version_was_kept_counts_no_more():
    reports = (filed(STAFF, by=1), filed(RELIABLE, by=2), filed(RELIABLE, by=3))
    assert asked(*reports).hold
    again = asked(*reports, kept=frozenset({HATE}))
    assert again == Answer(0.0, hold=False, reasons=again.reasons)
    assert "already kept" in again.reasons[0]
    assert asked(*reports, kept=frozenset({SPAM})) == asked(*reports)


def test_without_reports_nothing_is_urgent():
    assert asked() == Answer(0.0, hold=False, reasons=())


def test_connected_reporters_are_named_as_such():
    answered = asked(*(filed(ORDINARY, by=by, connected_with="n") for by in range(5)))
    assert "Independent reporters: 1." in answered.reasons
    assert "Some reporters seem to be connected and count as one." in answered.reasons


# The promises below hold for every set of reports.

rules = st.sampled_from([(HATE, 4), (RuleKey("harassment"), 3), (SPAM, 2), (RuleKey("topic"), 1)])
weights = st.one_of(
    st.sampled_from([0.0, NEW, ORDINARY, RELIABLE, STAFF, 1.0]), st.floats(0, 1, allow_nan=False)
)


@st.composite
def any_report(draw: st.DrawFn) -> FiledReport:
    rule, severity = draw(rules)
    return FiledReport(
        ReaderId(draw(st.integers(1, 20))),
        rule,
        severity,
        draw(weights),
        draw(st.sampled_from([None, None, "one", "two"])),
    )


report_lists = st.lists(any_report(), max_size=8)
authors = st.fixed_dictionaries(
    {"published": st.integers(0, 5_000), "breaches": st.integers(0, 100)}
)


@given(
    st.integers(0, 400),
    counts,
    counts,
    authors,
)
def test_no_number_of_new_accounts_hides_a_comment(
    crowd: int, upheld: int, dismissed: int, author: dict[str, int]
):
    weight = weigh(ReporterRecord(upheld, dismissed, is_new=True)).value
    assert not asked(*(filed(weight, by=by) for by in range(crowd)), **author).hold


@given(st.integers(0, 400), authors)
def test_new_accounts_add_nothing_to_one_reliable_voice(crowd: int, author: dict[str, int]):
    reports = [filed(RELIABLE, by=1_000), *(filed(NEW, by=by) for by in range(crowd))]
    assert not asked(*reports, **author).hold


@given(st.integers(5, 400))
def test_a_crowd_without_a_record_gains_no_more_than_five_voices(crowd: int):
    five = asked(*(filed(NEW, by=by) for by in range(5)))
    assert asked(*(filed(NEW, by=by) for by in range(crowd))).urgency == five.urgency


@given(report_lists, any_report(), authors)
def test_a_further_report_never_makes_a_comment_less_urgent(
    reports: list[FiledReport], further: FiledReport, author: dict[str, int]
):
    before, after = asked(*reports, **author), asked(*reports, further, **author)
    assert after.urgency >= before.urgency
    assert after.hold >= before.hold


@given(report_lists, any_report(), weights, authors)
def test_a_more_reliable_reporter_never_makes_a_comment_less_urgent(
    reports: list[FiledReport], last: FiledReport, weight: float, author: dict[str, int]
):
    low, high = sorted((last.weight, weight))
    lesser, greater = (
        asked(*reports, replace(last, weight=value), **author) for value in (low, high)
    )
    assert greater.urgency >= lesser.urgency
    assert greater.hold >= lesser.hold


@given(report_lists, authors, st.data())
def test_the_order_of_reports_means_nothing(
    reports: list[FiledReport], author: dict[str, int], data: st.DataObject
):
    shuffled = data.draw(st.permutations(reports))
    assert asked(*shuffled, **author) == asked(*reports, **author)


@given(report_lists, authors)
def test_a_reader_who_reports_twice_counts_once(reports: list[FiledReport], author: dict[str, int]):
    twice, once = asked(*reports, *reports, **author), asked(*reports, **author)
    assert (twice.urgency, twice.hold) == (once.urgency, once.hold)


@given(report_lists, authors)
def test_an_answer_can_be_read_and_is_a_probability(
    reports: list[FiledReport], author: dict[str, int]
):
    answered = asked(*reports, **author)
    assert 0 <= answered.urgency <= 1
    assert bool(answered.reasons) is bool(reports)
    if answered.hold:
        assert any(report.severity >= 3 for report in reports)


@given(report_lists, authors)
def test_an_author_with_a_better_record_is_never_easier_to_hide(
    reports: list[FiledReport], author: dict[str, int]
):
    steady = {"published": author["published"] + 500, "breaches": author["breaches"]}
    assert asked(*reports, **steady).urgency <= asked(*reports, **author).urgency


@pytest.mark.parametrize(
    ("rule", "revision", "trusted", "opens"),
    [
        # The same rule about the same version, or an older one, was answered.
        pytest.param(SPAM, 2, False, False, id="nothing-new"),
        pytest.param(SPAM, 1, False, False, id="an-older-version"),
        # Something new opens the case again.
        pytest.param(HATE, 2, False, True, id="a-new-rule"),
        pytest.param(SPAM, 3, False, True, id="a-new-version"),
        pytest.param(SPAM, 2, True, True, id="a-trusted-voice"),
    ],
)
def test_a_report_after_a_decision_needs_something_new(
    rule: RuleKey, revision: int, *, trusted: bool, opens: bool
):
    reopened = reopens(
        closed_rules=frozenset({SPAM}),
        closed_revision=2,
        rule=rule,
        revision=revision,
        trusted=trusted,
    )
    assert reopened is opens


@pytest.mark.parametrize("mode", [StoryMode.OPEN, StoryMode.HOLD_FIRST, StoryMode.CLOSED])
def test_a_published_comment_of_somebody_else_can_be_reported(mode: StoryMode):
    assert may_report(is_own=False, status=CommentStatus.PUBLISHED, story_mode=mode) is None


@pytest.mark.parametrize(
    ("is_own", "status", "mode", "code"),
    [
        pytest.param(True, CommentStatus.PUBLISHED, StoryMode.OPEN, "own_comment", id="own"),
        pytest.param(
            False, CommentStatus.PUBLISHED, StoryMode.SUSPENDED, "story_suspended", id="suspended"
        ),
        *(
            pytest.param(False, status, StoryMode.OPEN, "comment_not_published", id=status)
            for status in CommentStatus
            if status is not CommentStatus.PUBLISHED
        ),
    ],
)
def test_what_cannot_be_reported_says_why(
    *, is_own: bool, status: CommentStatus, mode: StoryMode, code: str
):
    refusal = may_report(is_own=is_own, status=status, story_mode=mode)
    assert refusal is not None
    assert (refusal.code, refusal.message) == (code, MESSAGES[code])
