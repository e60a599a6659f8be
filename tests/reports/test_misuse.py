"""What answers the misuse of reporting, whatever the figures are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import SanctionKind
from belowline.reports.misuse import (
    PAUSES,
    SHARE_FROM,
    WARN_FROM,
    WARNING_COUNTS_FOR,
    MisuseRecord,
    ReportWarning,
    may_pause,
    propose,
    share,
)
from belowline.sanctions.policy import REPORT_PAUSE_BOUNDS

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=800))


@st.composite
def records(draw: st.DrawFn) -> MisuseRecord:
    answered = draw(st.integers(0, 60))
    unfounded = draw(st.integers(0, answered))
    warning = None
    since = 0
    if draw(st.booleans()):
        given_at = NOW - draw(spans)
        read = draw(st.booleans())
        warning = ReportWarning(given_at, given_at if read else None)
        since = draw(st.integers(0, 60)) if read else 0
    pauses = tuple(NOW - one for one in draw(st.lists(spans, max_size=4)))
    return MisuseRecord(answered, unfounded, since, warning, pauses, draw(st.booleans()))


@given(records())
def test_there_is_never_a_pause_without_a_warning_that_was_read(record: MisuseRecord) -> None:
    step = propose(record, now=NOW)
    if step.kind is SanctionKind.REPORT_PAUSE:
        assert record.warning is not None
        assert record.warning.read_at is not None
        assert may_pause(record.warning, now=NOW)
        assert step.lasts_for in PAUSES


@given(records())
def test_what_is_proposed_can_be_imposed(record: MisuseRecord) -> None:
    step = propose(record, now=NOW)
    least, most = REPORT_PAUSE_BOUNDS
    assert step.kind in {None, SanctionKind.REPORT_WARNING, SanctionKind.REPORT_PAUSE}
    assert (step.lasts_for is not None) == (step.kind is SanctionKind.REPORT_PAUSE)
    if step.lasts_for is not None:
        assert least <= step.lasts_for <= most


@given(records())
def test_whoever_is_right_half_of_the_time_is_left_alone(record: MisuseRecord) -> None:
    if share(record) < SHARE_FROM:
        assert propose(record, now=NOW).kind is None


@given(records(), st.integers(1, 30))
def test_more_reports_that_had_ground_never_make_it_worse(
    record: MisuseRecord, founded: int
) -> None:
    order = [None, SanctionKind.REPORT_WARNING, SanctionKind.REPORT_PAUSE]
    better = replace(record, answered=record.answered + founded)
    assert order.index(propose(better, now=NOW).kind) <= order.index(propose(record, now=NOW).kind)


@given(records())
def test_every_proposal_says_why_in_figures(record: MisuseRecord) -> None:
    step = propose(record, now=NOW)
    assert len(step.reasons) == 2
    assert f"Answered within 90 days: {record.answered}." in step.reasons[0]


def test_the_bounds_are_those_that_are_published() -> None:
    at_least = MisuseRecord(WARN_FROM * 2, WARN_FROM)
    assert propose(at_least, now=NOW).kind is SanctionKind.REPORT_WARNING
    assert propose(replace(at_least, answered=WARN_FROM * 2 + 1), now=NOW).kind is None
    fewer = replace(at_least, unfounded=WARN_FROM - 1, answered=WARN_FROM - 1)
    assert propose(fewer, now=NOW).kind is None

    read = ReportWarning(NOW - timedelta(days=1), NOW - timedelta(hours=1))
    warned = replace(at_least, warning=read, unfounded_since_warning=2)
    assert propose(warned, now=NOW).lasts_for == timedelta(days=14)
    assert propose(replace(warned, unfounded_since_warning=1), now=NOW).kind is None
    again = replace(warned, pauses=(NOW - timedelta(days=30),))
    assert propose(again, now=NOW).lasts_for == timedelta(days=30)
    often = replace(warned, pauses=(NOW - timedelta(days=30),) * 5)
    assert propose(often, now=NOW).lasts_for == timedelta(days=90)
    old = ReportWarning(NOW - WARNING_COUNTS_FOR - timedelta(days=1), NOW)
    assert not may_pause(old, now=NOW)
