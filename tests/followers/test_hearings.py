"""Who is told of another look: who asked, the others who reported, guests by letter, the author."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from belowline.actions.appeal_facts import Ruling
from belowline.actions.appeals import decide_appeal
from belowline.actions.comments import withdraw_comment
from belowline.actions.hearings import Asker, ask_again
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.comments.model import Comment
from belowline.core.settings import Settings
from belowline.core.terms import NoticeKind, Outcome, ReaderId, RuleKey
from belowline.followers.cursors import step
from belowline.followers.legal_post import LegalPost
from belowline.followers.notify import Notify
from belowline.notifications import store as notices
from belowline.notifications.facts import read_facts
from belowline.notifications.messages import Message, compose
from belowline.reports import store as reports
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import (
    make_comment,
    make_notice,
    make_reader,
    make_report,
    make_site,
    make_staff,
    reread,
    rows_of,
)
from tests.web.asking import KeptMail

RULE = RuleKey("personal-attack")
MINUTE = timedelta(minutes=1)
HERE = b"a network"
ASKED = "It goes for the person."


class Room:
    """A comment that two readers and a guest have reported, and that was left."""

    def __init__(self, db: Database, clock: SettableClock) -> None:
        self.db, self.clock = db, clock
        self.site: Site = make_site(db)
        self.first, self.second = make_staff(db, self.site.id), make_staff(db, self.site.id)
        self.author, self.ann, self.ben = (
            make_reader(db, email=f"{name}@mail.example") for name in ("author", "ann", "ben")
        )
        self.comment: Comment = make_comment(db, self.site.id, author_id=self.author)
        self.report = make_report(db, self.comment, by=self.ann)
        make_report(db, self.comment, by=self.ben)
        self.notice = make_notice(db, self.comment, email="guest@mail.example")
        self.mail = KeptMail()
        self.kept = self.judge(Outcome.KEEP, by=self.first)

    def judge(self, outcome: Outcome, *, by: ReaderId) -> int:
        draft = DecisionDraft(
            outcome,
            RULE if outcome is Outcome.REMOVE else None,
            "I have read it.",
            reread(self.db, self.comment).version,
        )
        return decide(self.db, self.comment.id, site_id=self.site.id, by=by, decision=draft).id

    def pass_minute(self) -> None:
        """Let the time for taking back go by, and everything follow."""
        self.clock.advance(2 * MINUTE)
        self.follow()

    def follow(self) -> None:
        follower = Notify(undo_for=MINUTE, mail_works=True)
        while step(self.db, follower):
            pass
        settings = Settings(base_url="https://c.paper.example", secret="x" * 40)
        LegalPost(self.db, mail=self.mail, settings=settings).work()

    def ask(self) -> int:
        by = Asker(self.ann, HERE)
        return ask_again(self.db, self.report.id, site_id=self.site.id, by=by, text=ASKED).id

    def answer(self, appeal_id: int, *, upheld: bool) -> None:
        ruling = Ruling(upheld, "I have looked again.", RULE, reread(self.db, self.comment).version)
        decide_appeal(self.db, appeal_id, site_id=self.site.id, by=self.second, ruling=ruling)

    def told(self, reader_id: ReaderId) -> list[tuple[NoticeKind, Message]]:
        with self.db.read() as conn:
            found = notices.list_for_reader(conn, reader_id, site_id=self.site.id, now=self.clock())
            facts = read_facts(conn, found)
        return [(one.kind, compose(one.kind, facts[one.id])) for one in reversed(found)]

    def kinds(self, reader_id: ReaderId) -> list[NoticeKind]:
        return [kind for kind, _ in self.told(reader_id)]

    def letters(self) -> list[str]:
        return [one.subject for one in self.mail.letters if one.to == "guest@mail.example"]


@pytest.fixture
def room(db: Database, clock: SettableClock) -> Room:
    return Room(db, clock)


def test_who_is_told_no_is_told_how_to_ask(room: Room) -> None:
    room.pass_minute()
    ((kind, message),) = room.told(room.ann)
    assert kind is NoticeKind.REPORT_ANSWERED
    assert "ask for another look" in "".join(message.paragraphs)
    assert message.link_path == f"/me/echo/reports/{room.report.id}"


def test_a_removal_after_all_is_told_to_everybody_once(room: Room) -> None:
    room.pass_minute()
    appeal_id = room.ask()
    room.follow()
    assert room.kinds(room.ann)[1:] == [NoticeKind.APPEAL_RECEIVED]
    room.answer(appeal_id, upheld=True)
    room.follow()

    assert room.kinds(room.ann)[2:] == [NoticeKind.APPEAL_DECIDED]
    assert room.kinds(room.ben)[1:] == [NoticeKind.REPORT_ANSWERED]
    for reader_id in (room.ann, room.ben):
        said = "\n".join(room.told(reader_id)[-1][1].paragraphs)
        assert "has been removed" in said
        assert "Argue with the point" in said or "rule" in said
        assert "I have looked again." in said
        assert "None" not in said
    ((kind, message),) = room.told(room.author)
    assert kind is NoticeKind.COMMENT_DECIDED
    said = "\n".join(message.paragraphs)
    assert "I have looked again." in said
    assert "you can appeal until" in said
    assert ASKED not in said
    # Nothing more comes when the minute is over.
    room.pass_minute()
    assert len(room.told(room.ann)) == 3
    assert len(room.told(room.ben)) == 2
    assert len(room.told(room.author)) == 1


def test_who_has_no_account_is_written_to(room: Room) -> None:
    room.pass_minute()
    assert [bool(re.search("is decided$", one)) for one in room.letters()] == [False, True]
    room.answer(room.ask(), upheld=True)
    room.pass_minute()
    assert len(room.letters()) == 3
    letter = room.mail.letters[-1]
    assert "was looked at again" in letter.subject
    assert "1 comment was removed." in letter.text
    assert ASKED not in letter.text


def test_that_it_stays_is_told_with_the_reason_and_not_to_the_author(room: Room) -> None:
    room.pass_minute()
    room.answer(room.ask(), upheld=False)
    room.pass_minute()
    for reader_id in (room.ann, room.ben):
        said = "\n".join(room.told(reader_id)[-1][1].paragraphs)
        assert "it stays" in said
        assert "I have looked again." in said
    assert room.told(room.author) == []
    assert "was looked at again" in room.letters()[-1]


def test_who_asked_is_told_that_the_comment_is_gone(room: Room) -> None:
    room.pass_minute()
    room.ask()
    withdraw_comment(room.db, room.comment.id, site_id=room.site.id, by=room.author)
    room.follow()
    kind, message = room.told(room.ann)[-1]
    assert kind is NoticeKind.APPEAL_DECIDED
    assert "taken back by its author" in "".join(message.paragraphs)
    assert room.kinds(room.ben) == [NoticeKind.REPORT_ANSWERED]


def test_a_decision_that_was_taken_back_is_told_as_that_and_not_as_a_removal(room: Room) -> None:
    room.ask()
    undo(room.db, room.kept, site_id=room.site.id, by=room.first, undo_for=MINUTE)
    room.pass_minute()
    said = "\n".join(part for _, one in room.told(room.ann) for part in one.paragraphs)
    assert "taken back by the person who made it" in said
    assert "removed" not in said


def test_a_guest_asks_and_readers_hear_of_it(room: Room) -> None:
    room.pass_minute()
    with room.db.read() as conn:
        (report,) = reports.list_of_notice(conn, room.notice.id)
    by = Asker(None, HERE, room.notice.id)
    filed = ask_again(room.db, report.id, site_id=room.site.id, by=by, text=ASKED)
    room.follow()
    assert room.kinds(room.ann) == [NoticeKind.REPORT_ANSWERED]
    room.answer(filed.id, upheld=True)
    room.follow()
    for reader_id in (room.ann, room.ben):
        assert room.kinds(reader_id) == [NoticeKind.REPORT_ANSWERED] * 2
    assert {row.reader_id for row in rows_of(room.db, tables.notices)} == {
        room.ann,
        room.ben,
        room.author,
    }
