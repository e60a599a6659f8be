"""Reporting: a report calls a person, is answered once, and hardly ever hides anything."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.appeals import Ruling, decide_appeal, file_appeal
from belowline.actions.case_facts import gather_matter
from belowline.actions.comments import withdraw_comment
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.readers import erase_account
from belowline.actions.reports import ReportDraft, report_comment
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotAllowed, NotFound, TooMany
from belowline.core.terms import (
    CaseState,
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    ReportState,
    Role,
    RuleKey,
    StoryMode,
)
from belowline.events import kinds
from belowline.moderation import store as cases
from belowline.reports import store as reports
from belowline.reports.connected import connect
from belowline.reports.model import Report
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.transparency.counts import find_disagreements
from tests.conftest import SettableClock
from tests.factories import (
    HOLDING,
    at_once,
    events_of,
    make_comment,
    make_connected,
    make_reader,
    make_report,
    make_site,
    make_staff,
    make_story,
    reread,
    rows_of,
)


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def comment(db: Database, site: Site) -> Comment:
    return make_comment(db, site.id)


def keep(db: Database, comment: Comment, by: ReaderId, outcome: Outcome = Outcome.KEEP) -> None:
    rule = RuleKey("personal-attack") if outcome is Outcome.REMOVE else None
    draft = DecisionDraft(outcome, rule, "Looked at.", reread(db, comment).version)
    decide(db, comment.id, site_id=comment.site_id, by=by, decision=draft)


def make_reliable(db: Database, site: Site, moderator: ReaderId) -> ReaderId:
    """Make a reader all of whose eight reports so far were upheld."""
    reporter = make_reader(db)
    for _ in range(8):
        comment = make_comment(db, site.id)
        make_report(db, comment, by=reporter, rule="spam")
        keep(db, comment, moderator, Outcome.REMOVE)
    return reporter


def test_a_report_opens_a_case_and_quotes_what_was_seen(db: Database, comment: Comment) -> None:
    report = make_report(db, comment, note="  Calls\u202e her a liar.\r\n")

    assert (report.state, report.revision, report.note) == (
        ReportState.OPEN,
        1,
        "Calls her a liar.",
    )
    with db.read() as conn:
        (card,) = cases.list_queue(conn, comment.site_id)
    assert (card.case.comment_id, card.case.reported, card.case.held) == (comment.id, 1, False)
    (event,) = events_of(db, kinds.CommentReported)
    assert event.data == {
        "report_id": report.id,
        "comment_id": comment.id,
        "story_id": comment.story_id,
        "rule": "personal-attack",
        "lane": "rule",
        "legal_notice_id": None,
        "rulebook_id": report.rulebook_id,
        "answered_by": None,
    }


def test_a_repeat_of_a_report_is_the_same_report(db: Database, comment: Comment) -> None:
    reporter = make_reader(db)
    first = make_report(db, comment, by=reporter)
    again = make_report(db, comment, by=reporter)
    changed = make_report(db, comment, by=reporter, rule="hate", note="Look at the end.")

    assert again == first
    assert (changed.id, changed.rule, changed.note) == (first.id, "hate", "Look at the end.")
    assert [event.data["rule"] for event in events_of(db, kinds.CommentReported)] == [
        "personal-attack",
        "hate",
    ]


def test_an_answered_report_is_left_as_it_is(db: Database, site: Site, comment: Comment) -> None:
    reporter, moderator = make_reader(db), make_staff(db, site.id)
    make_report(db, comment, by=reporter)
    keep(db, comment, moderator)

    again = make_report(db, comment, by=reporter, rule="hate")

    assert (again.state, again.rule) == (ReportState.DISMISSED, "personal-attack")
    with db.read() as conn:
        assert cases.list_queue(conn, site.id) == []


def test_parallel_identical_reports_are_one(db: Database, comment: Comment) -> None:
    reporter = make_reader(db)
    results = at_once(*[lambda: make_report(db, comment, by=reporter)] * 6)

    (row,) = rows_of(db, tables.reports)
    assert {one.id for one in results if isinstance(one, Report)} == {row.id}
    assert len(events_of(db, kinds.CommentReported)) == 1


def test_parallel_reports_by_many_open_one_case(db: Database, comment: Comment) -> None:
    people = [make_reader(db) for _ in range(4)]
    at_once(*[lambda by=by: make_report(db, comment, by=by) for by in people])

    (row,) = rows_of(db, tables.cases)
    assert (row.reported, row.state) == (4, CaseState.OPEN)


@pytest.mark.parametrize(
    ("report", "field"),
    [
        pytest.param(ReportDraft(RuleKey("no-such-rule")), "rule", id="a rule that is not there"),
        pytest.param(ReportDraft(RuleKey("hate"), revision=2), "revision", id="a later revision"),
        pytest.param(ReportDraft(RuleKey("hate"), revision=0), "revision", id="no revision"),
        pytest.param(ReportDraft(RuleKey("hate"), "x" * 1001), "note", id="a note too long"),
    ],
)
def test_a_report_must_say_something_usable(
    db: Database, comment: Comment, report: ReportDraft, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        report_comment(db, comment.id, site_id=comment.site_id, by=make_reader(db), report=report)

    assert refused.value.field == field
    assert rows_of(db, tables.reports) == []


def test_who_may_report_what(db: Database, site: Site, comment: Comment) -> None:
    hidden = make_comment(db, site.id, verdicts=[HOLDING])
    suspended = make_comment(
        db, site.id, story_id=make_story(db, site.id, mode=StoryMode.SUSPENDED)
    )
    elsewhere = make_site(db, "mercury")

    with pytest.raises(NotAllowed) as own:
        make_report(db, comment, by=comment.author_id)
    with pytest.raises(NotFound):
        make_report(db, hidden)
    with pytest.raises(NotAllowed) as closed:
        make_report(db, suspended)
    with pytest.raises(NotFound):
        report_comment(
            db,
            comment.id,
            site_id=elsewhere.id,
            by=make_reader(db),
            report=ReportDraft(RuleKey("hate")),
        )

    assert (own.value.code, closed.value.code) == ("own_comment", "story_suspended")


def test_a_crowd_without_a_record_hides_nothing(db: Database, comment: Comment) -> None:
    for _ in range(12):
        make_report(db, comment, rule="threat")

    assert reread(db, comment).status is CommentStatus.PUBLISHED


def test_a_trusted_report_of_a_severe_breach_hides_until_somebody_looks(
    db: Database, site: Site, comment: Comment
) -> None:
    report = make_report(db, comment, by=make_staff(db, site.id), rule="threat")

    held = reread(db, comment)
    assert (held.status, held.rule_key, held.reason) == (
        CommentStatus.HELD,
        "threat",
        "reported",
    )
    assert not held.shown
    assert held.version > comment.version
    (decision,) = rows_of(db, tables.decisions)
    assert (decision.outcome, decision.source, decision.decided_by, decision.rule_key) == (
        "hold",
        "report",
        None,
        "threat",
    )
    assert (decision.status_before, decision.severity) == ("published", 4)
    assert [event.kind for event in events_of(db)[-3:]] == [
        "CommentReported",
        "CommentHeld",
        "DecisionMade",
    ]
    # The page may send it again when the answer was lost.
    assert make_report(db, comment, by=report.reporter_id, rule="threat") == report


def test_two_reliable_readers_hide_a_severe_breach_but_connected_ones_are_one(
    db: Database, site: Site
) -> None:
    moderator = make_staff(db, site.id)
    people = [make_reliable(db, site, moderator) for _ in range(2)]
    apart, together = make_comment(db, site.id), make_comment(db, site.id)

    for by in people:
        make_report(db, apart, by=by, rule="threat")
    make_connected(db, *people)
    for by in people:
        make_report(db, together, by=by, rule="threat")

    assert reread(db, apart).status is CommentStatus.HELD
    assert reread(db, together).status is CommentStatus.PUBLISHED
    with db.read() as conn:
        matter = gather_matter(conn, reread(db, together))
    assert "Some reporters seem to be connected and count as one." in matter.answer.reasons


def test_a_new_reader_weighs_little(db: Database, comment: Comment) -> None:
    new = make_report(db, comment, by=make_reader(db, joined=timedelta(days=1)))
    known = make_report(db, comment)

    assert new.weight < known.weight
    assert new.weight_why == "The reporter is new here."


def test_a_report_with_nothing_new_is_answered_by_the_last_decision(
    db: Database, site: Site, comment: Comment, clock: SettableClock
) -> None:
    make_report(db, comment)
    keep(db, comment, make_staff(db, site.id))
    clock.advance(timedelta(hours=1))
    late = make_reader(db)

    same = make_report(db, comment, by=late)
    with db.read() as conn:
        assert cases.list_queue(conn, site.id) == []
        # Who could not know of the decision does not lose by it.
        assert reports.reporter_record(conn, site.id, late) == (0, 0)
        (own,) = reports.list_by_reporter(conn, site.id, late)
    other_rule = make_report(db, comment, rule="false-claim")

    assert (same.state, own.outcome) == (ReportState.DISMISSED, Outcome.KEEP)
    assert other_rule.state is ReportState.OPEN
    with db.read() as conn:
        assert len(cases.list_queue(conn, site.id)) == 1


def test_what_a_screen_cited_and_a_person_published_is_looked_at(db: Database, site: Site) -> None:
    comment = make_comment(db, site.id, verdicts=[HOLDING])
    keep(db, comment, make_staff(db, site.id), Outcome.PUBLISH)

    same, other = (make_report(db, comment, rule=rule) for rule in ("obscenity", "hate"))

    assert (same.state, other.state) == (ReportState.DISMISSED, ReportState.OPEN)


def test_what_an_appeal_has_cleared_is_looked_at(
    db: Database, site: Site, comment: Comment
) -> None:
    keep(db, comment, make_staff(db, site.id), Outcome.REMOVE)
    (removal,) = rows_of(db, tables.decisions)
    filed = file_appeal(
        db, DecisionId(removal.id), site_id=site.id, by=comment.author_id, text="It is a quote."
    )
    ruling = Ruling(upheld=True, reason="It is.")
    decide_appeal(db, filed.id, site_id=site.id, by=make_staff(db, site.id), ruling=ruling)

    same = make_report(db, comment, rule="personal-attack")

    assert same.state is ReportState.DISMISSED


def test_a_trusted_voice_brings_back_what_was_kept(
    db: Database, site: Site, comment: Comment, clock: SettableClock
) -> None:
    make_report(db, comment)
    keep(db, comment, make_staff(db, site.id))
    clock.advance(timedelta(hours=1))

    report = make_report(db, comment, by=make_staff(db, site.id, Role.EDITOR))

    assert report.state is ReportState.OPEN
    with db.read() as conn:
        (card,) = cases.list_queue(conn, site.id)
    assert card.case.opened_at == clock.now


def test_the_record_of_a_reporter_counts_answers(db: Database, site: Site) -> None:
    moderator, reporter = make_staff(db, site.id), make_reader(db)
    for outcome in (Outcome.REMOVE, Outcome.REMOVE, Outcome.KEEP):
        comment = make_comment(db, site.id)
        make_report(db, comment, by=reporter)
        keep(db, comment, moderator, outcome)
    make_report(db, make_comment(db, site.id), by=reporter)

    with db.read() as conn:
        assert reports.reporter_record(conn, site.id, reporter) == (2, 1)
        listed = reports.list_by_reporter(conn, site.id, reporter)
    assert [one.outcome for one in listed] == [
        None,
        Outcome.KEEP,
        Outcome.REMOVE,
        Outcome.REMOVE,
    ]


def test_what_was_reported_and_is_taken_back_waits_for_nobody(
    db: Database, site: Site, comment: Comment
) -> None:
    answered = make_report(db, comment, rule="off-topic")
    keep(db, comment, by=make_staff(db, site.id))
    waiting = make_report(db, comment, rule="hate")

    withdraw_comment(db, comment.id, site_id=site.id, by=comment.author_id)

    states = {row.id: row.state for row in rows_of(db, tables.reports)}
    assert states == {answered.id: ReportState.DISMISSED, waiting.id: ReportState.LAPSED}
    (event,) = events_of(db, kinds.CommentWithdrawn)
    assert event.data["lapsed"] == [waiting.id]
    (case,) = rows_of(db, tables.cases)
    assert (case.state, case.reported) == (CaseState.CLOSED, 0)
    with db.read() as conn:
        assert find_disagreements(conn) == []
        assert reports.reporter_record(conn, site.id, waiting.reporter_id) == (0, 0)


def test_reports_of_an_author_who_leaves_wait_for_nobody(db: Database, comment: Comment) -> None:
    make_report(db, comment)

    erase_account(db, comment.author_id)

    (row,) = rows_of(db, tables.reports)
    assert row.state == ReportState.LAPSED
    with db.read() as conn:
        assert find_disagreements(conn) == []


def test_no_event_holds_a_readers_words(db: Database, site: Site, comment: Comment) -> None:
    make_report(db, comment, by=make_staff(db, site.id), rule="threat", note="xylophone")

    assert all("xylophone" not in str(event.data) for event in events_of(db))


def test_readers_are_connected_through_others() -> None:
    one, two, three, four = (ReaderId(number) for number in range(1, 5))
    networks = {
        one: frozenset({b"a"}),
        two: frozenset({b"b"}),
        four: frozenset({b"z"}),
        three: frozenset({b"a", b"b"}),
    }

    groups = connect(networks)

    assert groups[one] == groups[two] == groups[three]
    assert four not in groups
    assert connect(dict(reversed(networks.items()))) == groups


def test_a_flood_of_reports_is_stopped(db: Database, site: Site, clock: SettableClock) -> None:
    reader = make_reader(db)
    many = [make_comment(db, site.id) for _ in range(31)]
    for one in many[:30]:
        make_report(db, one, by=reader)

    with pytest.raises(TooMany):
        make_report(db, many[30], by=reader)

    # What was reported can still be put right, and an hour later there is room again.
    assert make_report(db, many[0], by=reader, rule="hate").rule == "hate"
    clock.advance(timedelta(hours=1, seconds=1))
    assert make_report(db, many[30], by=reader).comment_id == many[30].id
