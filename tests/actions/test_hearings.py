"""Another look for those who reported: asked for once, decided by another, answered for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from belowline.actions.appeal_facts import Ruling
from belowline.actions.appeals import decide_appeal, file_appeal
from belowline.actions.comments import withdraw_comment
from belowline.actions.hearings import AN_HOUR, Asker, ask_again, get_own_report, hearing_of
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.readers import erase_account, export_data
from belowline.actions.sanctions import SanctionDraft, acknowledge, impose
from belowline.appeals import store as appeals
from belowline.appeals.model import Appeal
from belowline.appeals.policy import APPEAL_WINDOW
from belowline.comments.model import Comment
from belowline.core.errors import (
    BelowlineError,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleVersion,
    TooMany,
)
from belowline.core.terms import (
    AppealState,
    CommentStatus,
    Outcome,
    ReaderId,
    ReportState,
    Role,
    RuleKey,
    SanctionKind,
    Source,
)
from belowline.events import kinds
from belowline.moderation import decisions
from belowline.moderation import store as cases
from belowline.moderation.model import Decision, QueueView
from belowline.reports import store as reports
from belowline.reports.legal_notices import LegalNotice
from belowline.reports.model import Report
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.transparency.recount import find_differences
from tests.conftest import SettableClock
from tests.factories import (
    at_once,
    events_of,
    make_comment,
    make_notice,
    make_reader,
    make_report,
    make_site,
    make_staff,
    reread,
    rows_of,
)

RULE = RuleKey("personal-attack")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HERE = b"a network"
WORDS = "It does go for the person, in the last sentence."
STAYS = "It is about what she said."


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def first(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id)


@pytest.fixture
def second(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id)


@pytest.fixture
def third(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id, Role.EDITOR)


@pytest.fixture
def comment(db: Database, site: Site) -> Comment:
    return make_comment(db, site.id, author_id=make_reader(db, email="author@mail.example"))


def judge(
    db: Database, comment: Comment, outcome: Outcome, *, by: ReaderId, rule: str = RULE
) -> Decision:
    draft = DecisionDraft(
        outcome,
        RuleKey(rule) if outcome is Outcome.REMOVE else None,
        "I have read it.",
        reread(db, comment).version,
    )
    return decide(db, comment.id, site_id=comment.site_id, by=by, decision=draft)


def ask(db: Database, report: Report, text: str = WORDS, *, network: bytes = HERE) -> Appeal:
    by = Asker(report.reporter_id, network)
    return ask_again(db, report.id, site_id=report.site_id, by=by, text=text)


def ask_as_guest(db: Database, notice: LegalNotice, *, network: bytes = HERE) -> Appeal:
    by = Asker(None, network, notice.id)
    with db.read() as conn:
        (report,) = reports.list_of_notice(conn, notice.id)
    return ask_again(db, report.id, site_id=notice.site_id, by=by, text=WORDS)


def goes(db: Database, comment: Comment, rule: str | None = RULE) -> Ruling:
    return Ruling(
        upheld=True,
        reason="It goes for the person.",
        rule=RuleKey(rule) if rule else None,
        seen_version=reread(db, comment).version,
    )


def stays(db: Database, comment: Comment, reason: str = STAYS) -> Ruling:
    return Ruling(upheld=False, reason=reason, seen_version=reread(db, comment).version)


def answer(db: Database, filed: Appeal, ruling: Ruling, *, by: ReaderId) -> Appeal:
    return decide_appeal(db, filed.id, site_id=filed.site_id, by=by, ruling=ruling)


def told_no(
    db: Database, comment: Comment, first: ReaderId, *, by: ReaderId | None = None
) -> Report:
    report = make_report(db, comment, by=by)
    judge(db, comment, Outcome.KEEP, by=first)
    return now(db, report)


def now(db: Database, report: Report) -> Report:
    with db.read() as conn:
        return reports.list_by_ids(conn, [report.id])[0]


def code_of(db: Database, report: Report) -> str | None:
    """Return why another look cannot be asked for, by code."""
    with db.read() as conn:
        refusal = hearing_of(conn, now(db, report), now=db.clock()).refusal
    return refusal.code if refusal is not None else None


def agree(db: Database, site: Site) -> None:
    """Hold the log against the rows."""
    with db.read() as conn:
        assert find_differences(conn, site.id) == []


def waiting(db: Database, site: Site) -> list[int]:
    with db.read() as conn:
        found = cases.list_queue(conn, site.id, view=QueueView.APPEALED)
    return [card.case.comment_id for card in found]


def test_a_comment_that_was_left_wrongly_is_removed_after_all(
    db: Database, site: Site, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    report = told_no(db, comment, first)
    filed = ask(db, report)
    assert (filed.report_id, filed.reader_id, filed.by_reporter) == (
        report.id,
        report.reporter_id,
        True,
    )
    assert waiting(db, site) == [comment.id]

    decided = answer(db, filed, goes(db, comment), by=second)

    assert (decided.state, decided.decided_by) == (AppealState.UPHELD, second)
    gone = reread(db, comment)
    assert (gone.status, gone.rule_key) == (CommentStatus.REMOVED, RULE)
    kept, removal = rows_of(db, tables.decisions)
    assert kept.overturned_at is not None
    assert (removal.outcome, removal.source, removal.decided_by, removal.based_on) == (
        Outcome.REMOVE,
        Source.REPORT,
        second,
        kept.id,
    )
    assert (removal.rule_key, removal.reason, removal.answered) == (
        RULE,
        "It goes for the person.",
        [report.id],
    )
    after = now(db, report)
    assert (after.state, after.decision_id) == (ReportState.UPHELD, removal.id)
    assert report.reporter_id is not None
    with db.read() as conn:
        assert reports.reporter_record(conn, site.id, report.reporter_id) == (1, 0)
    assert waiting(db, site) == []
    agree(db, site)


def test_a_rejected_one_leaves_everything_as_it_is_and_gives_the_reason(
    db: Database, site: Site, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    report = told_no(db, comment, first)

    decided = answer(db, ask(db, report), stays(db, comment), by=second)

    assert (decided.state, decided.reason) == (AppealState.REJECTED, STAYS)
    assert reread(db, comment).status is CommentStatus.PUBLISHED
    assert now(db, report).state is ReportState.DISMISSED
    assert len(rows_of(db, tables.decisions)) == 1
    assert code_of(db, report) == "already_appealed"
    with pytest.raises(NotAllowed):
        ask(db, report)
    agree(db, site)


def test_no_answer_is_given_to_another_wording_than_was_seen(
    db: Database, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    filed = ask(db, told_no(db, comment, first))
    seen = stays(db, comment)
    before = replace(seen, seen_version=reread(db, comment).version - 1)

    with pytest.raises(StaleVersion):
        answer(db, filed, before, by=second)

    assert answer(db, filed, seen, by=second).state is AppealState.REJECTED


def test_whoever_has_no_account_asks_by_the_page_of_their_notice(
    db: Database, site: Site, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    notice = make_notice(db, comment)
    judge(db, comment, Outcome.KEEP, by=first)

    filed = ask_as_guest(db, notice)

    assert (filed.reader_id, filed.by_reporter) == (None, True)
    (event,) = events_of(db, kinds.AppealFiled)
    assert event.actor == "system:legal_notice"
    answer(db, filed, goes(db, comment, "hate"), by=second)
    assert reread(db, comment).status is CommentStatus.REMOVED
    assert rows_of(db, tables.decisions)[-1].source == Source.LEGAL_NOTICE
    agree(db, site)


def test_nobody_asks_about_what_somebody_else_has_reported(
    db: Database, site: Site, comment: Comment, first: ReaderId
) -> None:
    report = told_no(db, comment, first)
    notice = make_notice(db, make_comment(db, site.id))
    other_site = make_site(db, "elsewhere")
    assert report.reporter_id is not None

    for by in (
        Asker(make_reader(db), HERE),
        Asker(first, HERE),
        Asker(None, HERE),
        Asker(None, HERE, notice.id),
    ):
        with pytest.raises(BelowlineError):
            ask_again(db, report.id, site_id=site.id, by=by, text=WORDS)
        with db.read() as conn, pytest.raises(NotFound):
            get_own_report(conn, site.id, report.id, by=by)
    by = Asker(report.reporter_id, HERE)
    with pytest.raises(NotFound):
        ask_again(db, report.id, site_id=other_site.id, by=by, text=WORDS)
    assert rows_of(db, tables.appeals) == []


def test_neither_who_left_it_nor_who_wrote_or_reported_it_decides(
    db: Database, site: Site, first: ReaderId, second: ReaderId, third: ReaderId
) -> None:
    comment = make_comment(db, site.id, author_id=third)
    colleague = make_staff(db, site.id)
    report = make_report(db, comment)
    make_report(db, comment, by=colleague)
    judge(db, comment, Outcome.KEEP, by=first)
    filed = ask(db, report)

    for by in (first, third, colleague):
        with pytest.raises(NotAllowed) as refused:
            answer(db, filed, goes(db, comment), by=by)
        assert refused.value.code == "own_decision"
    with pytest.raises(NotAllowed):
        answer(db, filed, goes(db, comment), by=make_reader(db))
    answer(db, filed, goes(db, comment), by=second)


def test_the_authors_appeal_goes_to_a_third_person_where_there_is_one(
    db: Database, site: Site, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    third = make_staff(db, site.id)
    report = told_no(db, comment, first)
    answer(db, ask(db, report), goes(db, comment), by=second)
    removal = rows_of(db, tables.decisions)[-1]
    theirs = file_appeal(
        db, removal.id, site_id=site.id, by=comment.author_id, text="It was about her words."
    )

    for by in (first, second):
        with pytest.raises(NotAllowed) as refused:
            answer(db, theirs, Ruling(upheld=True, reason="No."), by=by)
        assert refused.value.code == "own_decision"
    answer(db, theirs, Ruling(upheld=True, reason="It was about her words."), by=third)

    assert reread(db, comment).status is CommentStatus.PUBLISHED
    after = now(db, report)
    assert after.state is ReportState.DISMISSED
    # It has been looked at three times; there is no fourth.
    assert code_of(db, report) == "looked_twice"
    agree(db, site)


def test_two_moderators_are_enough_to_answer_everybody(
    db: Database, site: Site, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    answer(db, ask(db, told_no(db, comment, first)), goes(db, comment), by=second)
    removal = rows_of(db, tables.decisions)[-1]
    theirs = file_appeal(db, removal.id, site_id=site.id, by=comment.author_id, text="No.")

    with pytest.raises(NotAllowed):
        answer(db, theirs, Ruling(upheld=False, reason="It goes."), by=second)
    answer(db, theirs, Ruling(upheld=False, reason="It goes."), by=first)


def test_one_look_answers_everybody_who_was_told_no(
    db: Database, site: Site, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    mine, other = (make_report(db, comment) for _ in range(2))
    notice = make_notice(db, comment)
    judge(db, comment, Outcome.KEEP, by=first)
    # Brings nothing new, and is answered by the same decision.
    late = make_report(db, comment)
    filed = ask(db, now(db, mine))

    for report in (other, late):
        assert code_of(db, report) == "already_appealed"
        with db.read() as conn:
            found = hearing_of(conn, now(db, report), now=db.clock()).appeal
        assert found is not None
        assert found.id == filed.id
    answer(db, filed, goes(db, comment), by=second)

    with db.read() as conn:
        (of_guest,) = reports.list_of_notice(conn, notice.id)
        for report in (mine, other, late, of_guest):
            after = now(db, report)
            assert after.state is ReportState.UPHELD
            found = hearing_of(conn, after, now=db.clock()).appeal
            assert found is not None
            assert found.id == filed.id
    (event,) = events_of(db, kinds.AppealDecided)
    assert set(event.numbers("answered")) == {mine.id, other.id, late.id, of_guest.id}
    assert set(event.numbers("reporters")) == {other.reporter_id, late.reporter_id}
    agree(db, site)


def test_of_two_who_ask_at_once_one_is_first(
    db: Database, comment: Comment, first: ReaderId
) -> None:
    mine, other = (make_report(db, comment) for _ in range(2))
    judge(db, comment, Outcome.KEEP, by=first)

    done = at_once(
        lambda: ask(db, now(db, mine)), lambda: ask(db, now(db, other), network=b"another")
    )

    assert sorted(type(one).__name__ for one in done) == ["Appeal", "NotAllowed"]
    assert len(rows_of(db, tables.appeals)) == 1


def test_it_can_be_asked_for_six_months_from_when_one_was_told(
    db: Database, comment: Comment, first: ReaderId, clock: SettableClock
) -> None:
    early = told_no(db, comment, first)
    clock.advance(timedelta(days=30))
    late = make_report(db, comment)
    assert late.state is ReportState.DISMISSED
    clock.advance(APPEAL_WINDOW - timedelta(days=30))
    assert code_of(db, early) is None
    clock.advance(timedelta(seconds=1))
    assert (code_of(db, early), code_of(db, late)) == ("appeal_too_late", None)
    ask(db, late)


@pytest.mark.parametrize("outcome", [Outcome.REMOVE, None], ids=["upheld", "waiting"])
def test_only_who_was_told_no_asks(
    db: Database, comment: Comment, first: ReaderId, outcome: Outcome | None
) -> None:
    report = make_report(db, comment)
    if outcome is not None:
        judge(db, comment, outcome, by=first)
    assert code_of(db, report) == "not_told_no"
    with pytest.raises(NotAllowed):
        ask(db, now(db, report))


def test_a_held_comment_that_was_published_is_looked_at_again(
    db: Database, site: Site, first: ReaderId, second: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    reporter = make_staff(db, site.id)
    # A member of staff is believed enough to hide it until it is read.
    report = make_report(db, comment, by=reporter, rule="threat")
    assert reread(db, comment).status is CommentStatus.HELD
    judge(db, comment, Outcome.PUBLISH, by=first)
    answer(db, ask(db, now(db, report)), goes(db, comment, "threat"), by=second)
    assert reread(db, comment).status is CommentStatus.REMOVED


@pytest.mark.parametrize(
    "standing", [SanctionKind.SUSPENSION, SanctionKind.REPORT_PAUSE], ids=["suspended", "paused"]
)
def test_whoever_is_suspended_or_paused_still_asks(
    db: Database, site: Site, comment: Comment, first: ReaderId, standing: SanctionKind
) -> None:
    report = told_no(db, comment, first)
    assert report.reporter_id is not None
    steps = {
        SanctionKind.SUSPENSION: ((standing, timedelta(days=1)),),
        SanctionKind.REPORT_PAUSE: ((SanctionKind.REPORT_WARNING, None), (standing, 14 * DAY)),
    }
    for kind, lasts_for in steps[standing]:
        draft = SanctionDraft(kind, lasts_for, "Without any ground.", RuleKey("disruption"))
        imposed = impose(
            db, site_id=site.id, reader_id=report.reporter_id, by=first, sanction=draft
        )
        if kind is SanctionKind.REPORT_WARNING:
            acknowledge(db, imposed.id, site_id=site.id, by=report.reporter_id)
    with pytest.raises(NotAllowed):
        make_report(db, make_comment(db, site.id), by=report.reporter_id)
    ask(db, report)


@pytest.mark.parametrize("text", ["", "   ", "x" * 3001], ids=["empty", "blank", "too long"])
def test_it_takes_a_few_words(db: Database, comment: Comment, first: ReaderId, text: str) -> None:
    report = told_no(db, comment, first)
    with pytest.raises(InvalidInput):
        ask(db, report, text)


def test_one_network_asks_ten_times_an_hour(
    db: Database, site: Site, first: ReaderId, clock: SettableClock
) -> None:
    for _ in range(AN_HOUR.most):
        ask(db, told_no(db, make_comment(db, site.id), first))
    more = told_no(db, make_comment(db, site.id), first)
    with pytest.raises(TooMany):
        ask(db, more)
    ask(db, more, network=b"another")
    clock.advance(timedelta(hours=1))
    ask(db, told_no(db, make_comment(db, site.id), first))


def test_a_removal_on_appeal_needs_a_rule_and_the_version_that_was_seen(
    db: Database, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    filed = ask(db, told_no(db, comment, first))
    with pytest.raises(InvalidInput) as without:
        answer(db, filed, goes(db, comment, None), by=second)
    assert without.value.field == "rule"
    with pytest.raises(StaleVersion):
        answer(db, filed, Ruling(True, "It goes.", RULE, 99), by=second)  # noqa: FBT003
    with pytest.raises(InvalidInput):
        answer(db, filed, Ruling(True, " ", RULE, reread(db, comment).version), by=second)  # noqa: FBT003
    assert reread(db, comment).status is CommentStatus.PUBLISHED
    with db.read() as conn:
        assert appeals.get_appeal(conn, filed.site_id, filed.id).state is AppealState.OPEN


def test_a_removal_on_appeal_is_not_taken_back(
    db: Database, site: Site, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    answer(db, ask(db, told_no(db, comment, first)), goes(db, comment), by=second)
    removal = rows_of(db, tables.decisions)[-1]
    with pytest.raises(NotAllowed) as refused:
        undo(db, removal.id, site_id=site.id, by=second, undo_for=MINUTE)
    assert refused.value.code == "not_undoable"


def test_what_was_taken_down_meanwhile_cannot_be_said_to_stay(
    db: Database, site: Site, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    report = told_no(db, comment, first)
    filed = ask(db, report)
    # A new rule brings it back, and whoever had left it removes it.
    make_report(db, comment, rule="harassment")
    removal = judge(db, comment, Outcome.REMOVE, by=first, rule="harassment")
    assert waiting(db, site) == [comment.id]

    with pytest.raises(NotAllowed) as refused:
        answer(db, filed, stays(db, comment), by=second)
    assert refused.value.code == "comment_is_down"
    answer(db, filed, Ruling(upheld=True, reason="It is gone by now."), by=second)

    after = now(db, report)
    assert (after.state, after.decision_id) == (ReportState.UPHELD, removal.id)
    assert len(rows_of(db, tables.decisions)) == 2
    # Its answer is out, so the removal is no slip any more.
    with pytest.raises(Conflict):
        undo(db, removal.id, site_id=site.id, by=first, undo_for=MINUTE)
    agree(db, site)
    theirs = file_appeal(db, removal.id, site_id=site.id, by=comment.author_id, text="No.")
    answer(db, theirs, Ruling(upheld=True, reason="It was no threat."), by=second)
    assert now(db, report).state is ReportState.DISMISSED
    agree(db, site)


def test_taking_the_decision_back_grants_the_appeal_and_opens_the_report(
    db: Database, site: Site, comment: Comment, first: ReaderId
) -> None:
    report = make_report(db, comment)
    kept = judge(db, comment, Outcome.KEEP, by=first)
    filed = ask(db, now(db, report))

    undo(db, kept.id, site_id=site.id, by=first, undo_for=MINUTE)

    with db.read() as conn:
        settled = appeals.get_appeal(conn, site.id, filed.id)
    assert (settled.state, settled.decided_by) == (AppealState.UPHELD, None)
    assert now(db, report).state is ReportState.OPEN
    assert reread(db, comment).status is CommentStatus.PUBLISHED
    agree(db, site)
    # What is decided then is a decision of its own.
    judge(db, comment, Outcome.KEEP, by=first)
    ask(db, now(db, report))


def test_it_lapses_when_the_author_takes_the_comment_back(
    db: Database, site: Site, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    report = told_no(db, comment, first)
    filed = ask(db, report)

    withdraw_comment(db, comment.id, site_id=site.id, by=comment.author_id)

    with db.read() as conn:
        assert appeals.get_appeal(conn, site.id, filed.id).state is AppealState.LAPSED
    assert waiting(db, site) == []
    (event,) = events_of(db, kinds.AppealLapsed)
    assert event.number("appeal_id") == filed.id
    with pytest.raises(Conflict):
        answer(db, filed, Ruling(upheld=True, reason="Gone."), by=second)
    agree(db, site)


def test_it_lapses_when_the_author_leaves(
    db: Database, site: Site, comment: Comment, first: ReaderId
) -> None:
    filed = ask(db, told_no(db, comment, first))
    erase_account(db, comment.author_id)
    with db.read() as conn:
        assert appeals.get_appeal(conn, site.id, filed.id).state is AppealState.LAPSED
    assert waiting(db, site) == []
    agree(db, site)


def test_somebody_who_leaves_takes_what_they_asked_for_with_them(
    db: Database, site: Site, comment: Comment, first: ReaderId
) -> None:
    reporter = make_reader(db, email="reporter@mail.example")
    ask(db, told_no(db, comment, first, by=reporter))

    erase_account(db, reporter)

    assert rows_of(db, tables.appeals) == []
    assert waiting(db, site) == []
    agree(db, site)
    # Another who reports it later can ask in their place.
    ask(db, make_report(db, comment))


def test_what_one_asked_for_who_left_goes_on_for_the_others(
    db: Database, site: Site, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    reporter = make_reader(db, email="reporter@mail.example")
    other = make_report(db, comment)
    filed = ask(db, told_no(db, comment, first, by=reporter))

    erase_account(db, reporter)

    with db.read() as conn:
        kept = appeals.get_appeal(conn, site.id, filed.id)
    assert (kept.state, kept.text) == (AppealState.OPEN, "")
    agree(db, site)
    answer(db, filed, goes(db, comment), by=second)
    assert now(db, other).state is ReportState.UPHELD
    agree(db, site)


def test_the_reporters_copy_of_their_data_has_it_and_the_authors_has_nothing_of_it(
    db: Database, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    report = told_no(db, comment, first)
    answer(db, ask(db, report), goes(db, comment), by=second)
    assert report.reporter_id is not None
    with db.read() as conn:
        theirs = export_data(conn, report.reporter_id)
        authors = export_data(conn, comment.author_id)
    assert [one["text"] for one in theirs["appeals"]] == [WORDS]
    assert WORDS not in str(authors)
    assert authors["appeals"] == []


def test_what_a_reporter_has_asked_stands_in_nobodys_way(
    db: Database, site: Site, comment: Comment, first: ReaderId
) -> None:
    """The comment can be decided about meanwhile, and the appeal still waits for another person."""
    ask(db, told_no(db, comment, first))

    again = judge(db, comment, Outcome.KEEP, by=first)

    with db.read() as conn:
        latest = decisions.find_latest(conn, comment.id)
    assert latest == again
    assert waiting(db, site) == [comment.id]


def test_a_report_that_was_right_after_all_is_no_misuse(
    db: Database, site: Site, comment: Comment, first: ReaderId, second: ReaderId
) -> None:
    report = make_report(db, comment)
    assert report.reporter_id is not None
    draft = DecisionDraft(
        Outcome.KEEP,
        None,
        "There is nothing in it.",
        reread(db, comment).version,
        unfounded=frozenset({report.id}),
    )
    decide(db, comment.id, site_id=site.id, by=first, decision=draft)
    since = db.clock() - timedelta(days=90)
    with db.read() as conn:
        assert reports.count_answered(conn, site.id, report.reporter_id, since=since) == (1, 1)

    answer(db, ask(db, now(db, report)), goes(db, comment), by=second)

    with db.read() as conn:
        assert reports.count_answered(conn, site.id, report.reporter_id, since=since) == (1, 0)
