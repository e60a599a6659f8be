"""Notices of illegal content: open to all, weighed like a new reader, answered like others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from belowline.actions.case_facts import gather_matter
from belowline.actions.comments import withdraw_comment
from belowline.actions.legal_notices import (
    AN_HOUR,
    make_notice_token,
    note_opened,
    read_notice_token,
)
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.readers import erase_account, export_data
from belowline.actions.sanctions import SanctionDraft, impose
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotAllowed, NotFound, TooMany
from belowline.core.settings import Settings
from belowline.core.terms import (
    CommentId,
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    ReportState,
    RuleKey,
    SanctionKind,
    SiteId,
    Source,
    StoryMode,
)
from belowline.events import kinds, legal_kinds
from belowline.followers.legal_post import LegalPost
from belowline.followers.notify import Notify
from belowline.followers.upkeep import Upkeep
from belowline.moderation import store as cases
from belowline.reports import store as reports
from belowline.reports.legal_notices import LegalNotice, find_by_number
from belowline.reports.model import Lane, Report
from belowline.reports.policy import COUNTS_FROM
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import (
    SYSTEM,
    events_of,
    make_comment,
    make_notice,
    make_reader,
    make_report,
    make_site,
    make_staff,
    make_story,
    reread,
    rows_of,
)
from tests.web.asking import KeptMail

MINUTE = timedelta(minutes=1)
SECRET = "a-secret-for-tests-alone-0123456789abcdef"


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def comment(db: Database, site: Site) -> Comment:
    return make_comment(db, site.id)


def impose_on(
    db: Database, site: Site, reader: ReaderId, *, by: ReaderId, kind: SanctionKind
) -> None:
    lasts_for = timedelta(days=1) if kind is SanctionKind.SUSPENSION else None
    draft = SanctionDraft(kind, lasts_for, "Reports without any ground.", RuleKey("disruption"))
    impose(db, site_id=site.id, reader_id=reader, by=by, sanction=draft)


def answer(
    db: Database,
    comment: Comment,
    by: ReaderId,
    outcome: Outcome,
    reason: str = "Looked at.",
) -> DecisionId:
    rule = RuleKey("hate") if outcome is Outcome.REMOVE else None
    version = reread(db, comment).version
    draft = DecisionDraft(outcome, rule, reason, version)
    return decide(db, comment.id, site_id=comment.site_id, by=by, decision=draft).id


def reports_of(db: Database, notice: LegalNotice) -> list[Report]:
    with db.read() as conn:
        return reports.list_of_notice(conn, notice.id)


def test_a_notice_waits_in_the_queue_as_a_report_in_its_lane(
    db: Database, comment: Comment
) -> None:
    notice = make_notice(db, comment, name="Ann Lee", email="ann@paper.example")

    (report,) = reports_of(db, notice)
    assert (report.lane, report.state, report.rule) == (Lane.ILLEGAL, ReportState.OPEN, "hate")
    assert (report.reporter_id, report.weight_why) == (None, "The reporter has no account here.")
    with db.read() as conn:
        (card,) = cases.list_queue(conn, comment.site_id)
        reasons = gather_matter(conn, comment).priority(
            opened_at=card.case.opened_at, now=db.clock()
        )
    assert card.case.reported == 1
    assert "legal" in {one.code for one in reasons.reasons}
    received, reported = events_of(db, legal_kinds.LegalNoticeReceived, kinds.CommentReported)
    assert received.data["comments"] == [comment.id]
    assert reported.data["lane"] == "illegal"
    assert "ann" not in f"{received.data}{reported.data}".lower()


def test_a_notice_comes_before_what_readers_report(db: Database, site: Site) -> None:
    insult, illegal = make_comment(db, site.id), make_comment(db, site.id)
    for _ in range(4):
        make_report(db, insult, rule="harassment")
    make_notice(db, illegal, kind="other")

    with db.read() as conn:
        first, second = cases.list_queue(conn, site.id)
    assert (first.case.comment_id, second.case.comment_id) == (illegal.id, insult.id)


def test_guests_never_hide_a_comment_however_many_they_are(db: Database, comment: Comment) -> None:
    for number in range(12):
        make_notice(db, comment, kind="threat", network=b"network %d" % number)

    assert reread(db, comment).status is CommentStatus.PUBLISHED
    with db.read() as conn:
        assert all(one.weight < COUNTS_FROM for one in reports.list_open(conn, comment.id))


def test_guests_of_one_network_count_as_one(db: Database, site: Site) -> None:
    crowd, pair = make_comment(db, site.id), make_comment(db, site.id)
    for _ in range(6):
        make_notice(db, crowd, network=b"one house")
    make_notice(db, pair, network=b"one town")
    make_notice(db, pair, network=b"another town")

    with db.read() as conn:
        of_crowd, of_pair = (gather_matter(conn, one).answer for one in (crowd, pair))
    assert of_crowd.urgency < of_pair.urgency
    assert "Independent reporters: 1." in of_crowd.reasons


def test_one_notice_is_about_several_comments_and_decided_for_each(
    db: Database, site: Site, comment: Comment
) -> None:
    moderator = make_staff(db, site.id)
    others = [make_comment(db, site.id) for _ in range(2)]
    lines = f"https://comments.paper.example/s/echo/story/c/{others[0].id}#c1\n\n {others[1].id}\n"
    notice = make_notice(db, comment, others=lines)

    assert {one.comment_id for one in reports_of(db, notice)} == {
        comment.id,
        *(one.id for one in others),
    }
    answer(db, comment, moderator, Outcome.REMOVE)
    answer(db, others[0], moderator, Outcome.KEEP)
    states = {one.comment_id: one.state for one in reports_of(db, notice)}
    assert states == {
        comment.id: ReportState.UPHELD,
        others[0].id: ReportState.DISMISSED,
        others[1].id: ReportState.OPEN,
    }


@pytest.mark.parametrize(
    ("said", "field"),
    [
        pytest.param({"kind": ""}, "kind", id="nothing chosen"),
        pytest.param({"why": "   "}, "why", id="no reason"),
        pytest.param({"why": "Bad."}, "why", id="a reason that says nothing"),
        pytest.param({"why": "x" * 4001}, "why", id="too long"),
        pytest.param({"good_faith": False}, "good_faith", id="not in good faith"),
        pytest.param({"email": "not an address"}, "email", id="no address"),
        pytest.param({"others": "the one below"}, "others", id="a line that names nothing"),
        pytest.param({"others": "999999"}, "others", id="a comment that is not there"),
        pytest.param({"others": "\n".join(map(str, range(1, 40)))}, "others", id="too many"),
    ],
)
def test_what_says_too_little_is_refused_and_changes_nothing(
    db: Database, comment: Comment, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        make_notice(db, comment, **said)

    assert caught.value.field == field
    for table in (tables.legal_notices, tables.reports, tables.attempts):
        assert rows_of(db, table) == []


def test_only_what_the_public_sees_can_be_given_notice_of(db: Database, site: Site) -> None:
    moderator = make_staff(db, site.id)
    removed, elsewhere = make_comment(db, site.id), make_site(db, "elsewhere")
    answer(db, removed, moderator, Outcome.REMOVE)
    hidden = make_comment(db, site.id, story_id=make_story(db, site.id, mode=StoryMode.SUSPENDED))
    other = make_comment(db, elsewhere.id)

    for one in (removed, hidden):
        with pytest.raises((NotAllowed, NotFound)):
            make_notice(db, one)
    # A comment of another site is none of this one's, whatever its number.
    with pytest.raises(InvalidInput, match="There is no comment"):
        make_notice(db, make_comment(db, site.id), others=str(other.id))


def test_the_abuse_of_a_child_is_reported_without_saying_who(
    db: Database, comment: Comment
) -> None:
    reader = make_reader(db)
    notice = make_notice(
        db, comment, by=reader, kind="child_abuse", name="Ann Lee", email="ann@paper.example"
    )

    assert (notice.name, notice.email, notice.reader_id) == ("", "", None)
    assert [one.reporter_id for one in reports_of(db, notice)] == [None]
    assert {event.actor for event in events_of(db, legal_kinds.LegalNoticeReceived)} == {
        "system:legal_notice"
    }


def test_too_many_notices_from_one_network_are_refused(
    db: Database, site: Site, clock: SettableClock
) -> None:
    for _ in range(AN_HOUR.most):
        make_notice(db, make_comment(db, site.id))
    with pytest.raises(TooMany):
        make_notice(db, make_comment(db, site.id))

    make_notice(db, make_comment(db, site.id), network=b"another network")
    clock.advance(timedelta(hours=1, seconds=1))
    make_notice(db, make_comment(db, site.id))


def test_the_clock_begins_when_staff_first_open_it(
    db: Database, site: Site, comment: Comment, clock: SettableClock
) -> None:
    first, second = make_staff(db, site.id), make_staff(db, site.id)
    notice = make_notice(db, comment)
    opened_at = clock.advance(3 * MINUTE)
    note_opened(db, comment.id, site_id=site.id, by=first)
    clock.advance(MINUTE)
    note_opened(db, comment.id, site_id=site.id, by=second)

    with db.read() as conn:
        found = find_by_number(conn, site.id, notice.number)
    assert found is not None
    assert (found.opened_at, found.opened_by) == (opened_at, first)
    assert len(events_of(db, legal_kinds.LegalNoticeOpened)) == 1
    with pytest.raises(NotAllowed):
        note_opened(db, make_noticed(db, site), site_id=site.id, by=make_reader(db))


def make_noticed(db: Database, site: Site) -> CommentId:
    comment = make_comment(db, site.id)
    make_notice(db, comment)
    return comment.id


def test_a_decision_answers_a_notice_with_a_reason_and_says_how_it_came_up(
    db: Database, site: Site, comment: Comment
) -> None:
    moderator = make_staff(db, site.id)
    make_notice(db, comment)

    with pytest.raises(InvalidInput) as caught:
        answer(db, comment, moderator, Outcome.KEEP, reason=" ")
    assert caught.value.code == "reason_needed"
    answer(db, comment, moderator, Outcome.KEEP, reason="It quotes the law; it does not break it.")
    (decision,) = rows_of(db, tables.decisions)
    assert decision.source == Source.LEGAL_NOTICE


def test_every_notice_is_looked_at_also_after_a_decision(
    db: Database, site: Site, comment: Comment
) -> None:
    """Somebody who says that it is illegal is answered by a person, not by an earlier answer."""
    moderator = make_staff(db, site.id)
    make_notice(db, comment)
    answer(db, comment, moderator, Outcome.KEEP)

    again = make_notice(db, comment)

    assert [one.state for one in reports_of(db, again)] == [ReportState.OPEN]
    with db.read() as conn:
        assert len(cases.list_queue(conn, site.id)) == 1


def test_a_reader_may_give_notice_twice_and_still_has_one_voice(
    db: Database, comment: Comment
) -> None:
    reader = make_reader(db)
    make_report(db, comment, by=reader, rule="hate")
    first, second = (make_notice(db, comment, by=reader) for _ in range(2))

    assert [len(reports_of(db, one)) for one in (first, second)] == [1, 1]
    with db.read() as conn:
        assert "Independent reporters: 1." in gather_matter(conn, comment).answer.reasons


def test_a_suspended_reader_may_give_notice_and_one_whose_reports_are_paused_may_not(
    db: Database, site: Site, comment: Comment
) -> None:
    moderator, reader = make_staff(db, site.id), make_reader(db)
    make_comment(db, site.id, author_id=reader)
    impose_on(db, site, reader, by=moderator, kind=SanctionKind.SUSPENSION)
    make_notice(db, comment, by=reader)

    impose_on(db, site, reader, by=moderator, kind=SanctionKind.REPORT_WARNING)
    with pytest.raises(NotAllowed) as caught:
        make_notice(db, comment, by=reader)
    assert caught.value.code == "report_warned"
    # Not where somebody is in danger.
    make_notice(db, comment, by=reader, kind="threat")
    make_notice(db, comment, by=reader, kind="child_abuse")


def test_a_withdrawn_comment_lets_its_notice_lapse(
    db: Database, site: Site, comment: Comment
) -> None:
    notice = make_notice(db, comment)
    withdraw_comment(db, comment.id, site_id=site.id, by=comment.author_id)

    assert [one.state for one in reports_of(db, notice)] == [ReportState.LAPSED]


def post(db: Database) -> tuple[LegalPost, KeptMail, Notify]:
    mail = KeptMail()
    settings = Settings(secret=SECRET, base_url="https://comments.paper.example")
    return (
        LegalPost(db, mail=mail, settings=settings),
        mail,
        Notify(undo_for=MINUTE, mail_works=True),
    )


def follow(db: Database, notify: Notify) -> None:
    """Let the follower read everything that has happened; repeating it tells nobody twice."""
    happened = events_of(db)
    with db.write(SYSTEM) as tx:
        notify.handle(tx, happened)


def test_whoever_left_an_address_has_a_receipt_and_then_the_outcome(
    db: Database, site: Site, comment: Comment, clock: SettableClock
) -> None:
    chore, mail, notify = post(db)
    moderator = make_staff(db, site.id)
    notice = make_notice(db, comment, email="Ann@Paper.example", why="He wants them all gone.")
    chore.work()

    (receipt,) = mail.letters
    token = make_notice_token(SECRET, site.id, notice.number)
    assert receipt.to == "ann@paper.example"
    assert notice.number in receipt.subject
    assert f"https://comments.paper.example/notice/echo/{token}" in receipt.text
    # Nobody can have us send their words to somebody else.
    assert "gone" not in receipt.text

    made = answer(db, comment, moderator, Outcome.REMOVE)
    follow(db, notify)
    chore.work()
    assert len(mail.letters) == 1, "it waits as long as the decision can be undone"
    clock.advance(2 * MINUTE)
    chore.work()
    chore.work()
    (_, outcome) = mail.letters
    assert "1 comment was removed." in outcome.text
    assert made


def test_an_undone_decision_is_told_to_nobody(
    db: Database, site: Site, comment: Comment, clock: SettableClock
) -> None:
    chore, mail, notify = post(db)
    moderator = make_staff(db, site.id)
    make_notice(db, comment, email="ann@paper.example")
    made = answer(db, comment, moderator, Outcome.REMOVE)
    follow(db, notify)
    undo(db, made, site_id=site.id, by=moderator, undo_for=MINUTE)
    follow(db, notify)
    clock.advance(2 * MINUTE)
    chore.work()

    assert [letter.message_id for letter in mail.letters] == ["<legal-1@comments.paper.example>"]


def test_the_status_address_cannot_be_guessed_or_carried_to_another_site() -> None:
    site, other = SiteId(1), SiteId(2)
    token = make_notice_token(SECRET, site, "R-7K3M-2Q")

    assert read_notice_token(SECRET, site, token) == "R-7K3M-2Q"
    for wrong in (
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        "R-7K3M-2Q",
        "R-7K3M-2Q-",
        "",
        "é",
    ):
        with pytest.raises(NotFound):
            read_notice_token(SECRET, site, wrong)
    with pytest.raises(NotFound):
        read_notice_token(SECRET, other, token)


def test_what_is_known_of_the_sender_is_forgotten_in_time(
    db: Database, comment: Comment, clock: SettableClock
) -> None:
    make_notice(db, comment, name="Ann Lee", email="ann@paper.example")
    clock.advance(timedelta(days=31))
    Upkeep(db).work()
    (row,) = rows_of(db, tables.legal_notices)
    assert (row.network_hash, row.email) == (None, "ann@paper.example")
    clock.advance(timedelta(days=366))
    Upkeep(db).work()
    (row,) = rows_of(db, tables.legal_notices)
    assert (row.name, row.email) == ("", "")
    assert row.why


def test_a_reader_sees_their_notices_in_their_data_and_leaving_erases_them(
    db: Database, comment: Comment
) -> None:
    reader = make_reader(db)
    notice = make_notice(db, comment, by=reader, why="They call for a pogrom.")

    with db.read() as conn:
        (copy,) = export_data(conn, reader)["legal_notices"]
    assert (copy["number"], copy["why"]) == (notice.number, "They call for a pogrom.")
    erase_account(db, reader)
    (row,) = rows_of(db, tables.legal_notices)
    assert (row.why, row.name, row.email) == ("", "", "")
