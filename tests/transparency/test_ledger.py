"""The log and the rows say the same of whatever can become of a decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.appeals import Ruling, decide_appeal, file_appeal
from belowline.actions.hearings import Asker, ask_again
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.readers import erase_account
from belowline.actions.sanctions import SanctionDraft, impose, lift
from belowline.comments.model import Comment
from belowline.core.terms import AppealId, DecisionId, Outcome, ReaderId, RuleKey, SanctionKind
from belowline.events import kinds, log
from belowline.moderation.model import Decision
from belowline.sanctions.model import Sanction
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.transparency.appeals import answers_of
from belowline.transparency.ledger import Decided, Ledger
from belowline.transparency.recount import BEGINNING, find_differences, read_ledger
from tests.conftest import SettableClock
from tests.factories import (
    HOLDING,
    SYSTEM,
    make_comment,
    make_reader,
    make_report,
    make_site,
    make_staff,
    reread,
)

RULE = RuleKey("personal-attack")
MINUTE = timedelta(minutes=1)


class Room:
    """A desk of two, and what its log says."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.site: Site = make_site(db)
        self.first, self.second = make_staff(db, self.site.id), make_staff(db, self.site.id)

    def judge(self, comment: Comment, outcome: Outcome) -> Decision:
        rule = RULE if outcome is Outcome.REMOVE else None
        draft = DecisionDraft(outcome, rule, "So.", reread(self.db, comment).version)
        return decide(self.db, comment.id, site_id=self.site.id, by=self.first, decision=draft)

    def sanction(self, basis: Decision) -> Sanction:
        draft = SanctionDraft(SanctionKind.SUSPENSION, timedelta(days=1), "Enough.", RULE, basis.id)
        return impose(
            self.db,
            site_id=self.site.id,
            reader_id=basis.reader_id,
            by=self.first,
            sanction=draft,
        )

    def appeal(self, decision_id: DecisionId, by: ReaderId) -> AppealId:
        return file_appeal(self.db, decision_id, site_id=self.site.id, by=by, text="No.").id

    def answer(self, appeal_id: AppealId, *, upheld: bool) -> None:
        ruling = Ruling(upheld, "I have read it.")
        decide_appeal(self.db, appeal_id, site_id=self.site.id, by=self.second, ruling=ruling)

    def answer_by(self, appeal_id: AppealId, by: ReaderId) -> None:
        ruling = Ruling(True, "I have read it.")  # noqa: FBT003
        decide_appeal(self.db, appeal_id, site_id=self.site.id, by=by, ruling=ruling)

    def undo(self, decision: DecisionId) -> None:
        undo(self.db, decision, site_id=self.site.id, by=self.first, undo_for=MINUTE)

    def ledger(self) -> Ledger:
        with self.db.read() as conn:
            assert find_differences(conn, self.site.id) == []
            return read_ledger(conn, self.site.id)

    def decided(self, decision_id: DecisionId) -> Decided:
        return self.ledger().decision()[decision_id]


@pytest.fixture
def room(db: Database) -> Room:
    return Room(db)


def test_a_decision_knows_how_long_its_case_had_waited_and_for_what(
    room: Room, clock: SettableClock
) -> None:
    comment = make_comment(room.db, room.site.id, verdicts=[HOLDING])
    began = clock()
    clock.advance(timedelta(hours=2))
    made = room.judge(comment, Outcome.PUBLISH)
    found = room.decided(made.id)
    assert (found.waiting_since, found.in_question, found.rule) == (began, "obscenity", None)


def test_the_reports_of_a_held_comment_that_is_published_are_dismissed(room: Room) -> None:
    comment = make_comment(room.db, room.site.id)
    make_report(room.db, comment)
    with room.db.write(SYSTEM) as tx:
        # Held while its report waits, as an edit can do it.
        tx.conn.execute(
            sa.update(tables.comments)
            .where(tables.comments.c.id == comment.id)
            .values(status="held", shown=False)
        )
    room.judge(comment, Outcome.PUBLISH)
    (report,) = room.ledger().reports
    assert report.upheld is False


def test_taking_back_a_removal_takes_back_the_sanction_for_it(room: Room) -> None:
    comment = make_comment(room.db, room.site.id)
    make_report(room.db, comment)
    made = room.judge(comment, Outcome.REMOVE)
    sanction = room.sanction(made)
    appeal = room.appeal(sanction.decision_id, made.reader_id)
    room.undo(made.id)
    ledger = room.ledger()
    assert [one.undone for one in ledger.decisions] == [True, True]
    assert ledger.reports[0].upheld is None
    (found,) = ledger.appeals
    assert (found.id, found.upheld, found.by) == (appeal, True, None)


def test_an_upheld_appeal_reverses_the_decision_and_what_rests_on_it(room: Room) -> None:
    comment = make_comment(room.db, room.site.id)
    make_report(room.db, comment)
    made = room.judge(comment, Outcome.REMOVE)
    sanction = room.sanction(made)
    waits = room.appeal(sanction.decision_id, made.reader_id)
    room.answer(room.appeal(made.id, made.reader_id), upheld=True)
    ledger = room.ledger()
    known = ledger.decision()
    assert known[made.id].overturned
    assert known[sanction.decision_id].overturned
    assert known[sanction.decision_id].sanction == SanctionKind.SUSPENSION
    assert ledger.reports[0].upheld is False
    assert {one.id: one.by for one in ledger.appeals}[waits] == room.second


def test_a_lifted_sanction_was_neither_undone_nor_reversed(room: Room) -> None:
    made = room.judge(make_comment(room.db, room.site.id), Outcome.REMOVE)
    sanction = room.sanction(made)
    lift(room.db, sanction.id, site_id=room.site.id, by=room.second, reason="Enough.")
    found = room.decided(sanction.decision_id)
    assert (found.undone, found.overturned) == (False, False)


def test_a_report_that_brings_nothing_new_is_answered_at_once(room: Room) -> None:
    comment = make_comment(room.db, room.site.id)
    make_report(room.db, comment)
    room.judge(comment, Outcome.KEEP)
    make_report(room.db, comment)
    assert [one.upheld for one in room.ledger().reports] == [False, False]


def test_an_appeal_of_somebody_who_left_is_known_to_have_been_filed(room: Room) -> None:
    author = make_reader(room.db, email="a@paper.example")
    made = room.judge(make_comment(room.db, room.site.id, author_id=author), Outcome.REMOVE)
    room.appeal(made.id, author)
    erase_account(room.db, author)
    (found,) = room.ledger().appeals
    assert (found.withdrawn, found.upheld) == (True, None)


def test_an_event_from_before_a_field_was_there_is_compared_as_far_as_it_goes(
    room: Room, db: Database
) -> None:
    comment = make_comment(room.db, room.site.id)
    make_report(room.db, comment)
    room.judge(comment, Outcome.KEEP)
    make_report(room.db, comment)
    with db.read() as conn:
        events = list(conn.execute(sa.select(tables.events).order_by(tables.events.c.seq)))
    old = [
        {key: value for key, value in row.data.items() if key not in {"rulebook_id", "answered_by"}}
        if row.kind == "CommentReported"
        else row.data
        for row in events
    ]
    other = make_site(db, "old")
    with db.write(SYSTEM) as tx:
        for row, data in zip(events, old, strict=True):
            tx.conn.execute(
                sa.insert(tables.events).values(
                    at=row.at, kind=row.kind, site_id=other.id, actor=row.actor, data=data
                )
            )
        for table in (tables.reports, tables.decisions):
            tx.conn.execute(sa.update(table).values(site_id=other.id))
    with db.read() as conn:
        assert find_differences(conn, other.id) == []


def test_orders_and_notices_that_came_in_are_known_by_kind(room: Room, db: Database) -> None:
    with db.write(SYSTEM) as tx:
        log.append(tx, room.site.id, kinds.OrderEntered(3, "act"))
        log.append(tx, room.site.id, kinds.OrderEntered(4, "inform"))
        log.append(tx, room.site.id, kinds.LegalNoticeReceived(5, "threat", (1,), False))  # noqa: FBT003
    found = room.ledger().received
    assert [(one.what, one.id) for one in found] == [("act", 3), ("inform", 4), ("notice", 5)]


def test_a_reporters_appeal_is_known_as_one_and_its_removal_answers_the_reports(
    room: Room,
) -> None:
    comment = make_comment(room.db, room.site.id)
    report = make_report(room.db, comment)
    kept = room.judge(comment, Outcome.KEEP)
    assert report.reporter_id is not None
    filed = ask_again(
        room.db,
        report.id,
        site_id=room.site.id,
        by=Asker(report.reporter_id, b"a network"),
        text="It does.",
    )
    assert room.ledger().reports[0].upheld is False

    ruling = Ruling(True, "It does.", RULE, reread(room.db, comment).version)  # noqa: FBT003
    decide_appeal(room.db, filed.id, site_id=room.site.id, by=room.second, ruling=ruling)

    ledger = room.ledger()
    assert [(one.by_reporter, one.upheld, one.by) for one in ledger.appeals] == [
        (True, True, room.second)
    ]
    assert ledger.decision()[kept.id].overturned
    assert ledger.reports[0].upheld is True
    theirs = room.appeal(ledger.decisions[-1].id, comment.author_id)
    room.answer_by(theirs, make_staff(room.db, room.site.id))
    assert room.ledger().reports[0].upheld is False
    found = answers_of(room.ledger(), since=BEGINNING, until=room.db.clock() + MINUTE)
    assert [(one.who, one.filed, one.upheld, one.waiting) for one in found] == [
        ("author", 1, 1, 0),
        ("reporter", 1, 1, 0),
    ]
