"""Notices of defamation from receipt to close, on both databases."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.comments import EditDraft, edit_comment, withdraw_comment
from belowline.actions.defamation import (
    KEPT_FOR,
    answer_notice,
    doubt_answer,
    drop_notice,
    receive_notice,
    show_details,
)
from belowline.actions.legal_drafts import AnswerDraft, NoticeDraft
from belowline.actions.legal_facts import (
    Office,
    OnNotice,
    Where,
    find_contact,
    find_where,
    make_page_token,
    read_page_token,
)
from belowline.actions.legal_letters import (
    claim_letters,
    make_letter,
    read_sent,
    send_letter,
)
from belowline.actions.legal_removal import remove_under_notice
from belowline.actions.moderation import DecisionDraft, undo
from belowline.actions.readers import erase_account
from belowline.actions.sites import change_site
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotAllowed, NotFound, TooMany, Unavailable
from belowline.core.settings import Settings
from belowline.core.terms import (
    CommentStatus,
    DefamationId,
    Outcome,
    ReaderId,
    Role,
    RuleKey,
    SiteId,
    Source,
)
from belowline.events import kinds
from belowline.followers.cursors import is_behind, step
from belowline.followers.legal import DefamationPost, LegalClock
from belowline.followers.notify import Notify
from belowline.legal import store
from belowline.legal.defamation import Act, Step
from belowline.legal.model import (
    AnswerKind,
    ClosedAs,
    Contact,
    DefamationNotice,
    Grounds,
    Lack,
    LetterKind,
    LetterState,
    Party,
)
from belowline.outside.classifier import NullClassifier
from belowline.outside.mail import Letter
from belowline.sites import store as sites
from belowline.sites.model import Site, SiteSettings
from belowline.storage import tables
from belowline.storage.database import Database
from tests import factories
from tests.conftest import SettableClock

SETTINGS = Settings(secret="0123456789abcdef0123456789abcdef", base_url="https://talk.echo.example")
GROUNDS = Grounds(
    words="He stole it.",
    why="It is a crime.",
    meaning="I am a thief.",
    wrong="I was away.",
    cannot_sue=True,
    consents=False,
)
JO = Contact("Jo Bloggs", "jo@mail.example")
HOUR = timedelta(hours=1)


@dataclass
class Postbox:
    """Takes letters, or does not while it is ``shut``."""

    db: Database
    works: bool = True
    shut: bool = False
    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        # Nothing may be locked while a letter is on its way.
        with self.db.write(factories.SYSTEM):
            pass
        if self.shut:
            raise Unavailable("Shut.")
        self.letters.append(letter)


@dataclass
class Room:
    """A site that takes notices, its people, and one comment of an author with an address."""

    db: Database
    clock: SettableClock
    site: Site
    author: ReaderId
    moderator: ReaderId
    editor: ReaderId
    comment: Comment
    postbox: Postbox
    office: Office = field(default_factory=lambda: Office(SETTINGS, mail_works=True))

    def receive(self, grounds: Grounds = GROUNDS, **given: object) -> DefamationNotice:
        draft = NoticeDraft(self.site, self.comment.id, JO, grounds, "203.0.113.7")
        return receive_notice(self.db, replace(draft, **given), office=self.office)  # type: ignore[arg-type]

    def on(self, notice: DefamationNotice, by: ReaderId | None = None) -> OnNotice:
        return OnNotice(self.site.id, notice.id, by or self.moderator)

    def send(self, notice: DefamationNotice, kind: LetterKind) -> None:
        send_letter(self.db, self.on(notice), kind=kind, office=self.office)
        self.post()

    def post(self) -> None:
        post = DefamationPost(self.db, mail=self.postbox, settings=SETTINGS)
        # What a sent letter brings along goes out with the next look.
        for _ in range(3):
            post.work()

    def tick(self) -> None:
        LegalClock(self.db, mail=self.postbox, settings=SETTINGS).work()

    def answer(self, notice: DefamationNotice, kind: AnswerKind, **given: object) -> None:
        draft = AnswerDraft(kind, "Al Writer", "1 High Street", consents=False)
        answer_notice(
            self.db,
            self.on(notice, self.author),
            answer=replace(draft, **given),  # type: ignore[arg-type]
            office=self.office,
        )

    def remove(self, notice: DefamationNotice, by: ReaderId | None = None) -> int:
        now = factories.reread(self.db, self.comment)
        draft = DecisionDraft(
            Outcome.REMOVE, RuleKey("defamation"), "A notice.", now.version, Source.LEGAL_NOTICE
        )
        return remove_under_notice(
            self.db, self.on(notice, by), decision=draft, office=self.office
        ).id

    def where(self, notice: DefamationNotice) -> Where:
        with self.db.read() as conn:
            found = store.get_notice(conn, self.site.id, notice.id)
            return find_where(conn, self.site, found, office=self.office, now=self.clock())

    def status(self) -> CommentStatus:
        return factories.reread(self.db, self.comment).status

    def to(self, email: str) -> list[Letter]:
        return [one for one in self.postbox.letters if one.to == email]

    def evidence(self, notice: DefamationNotice) -> list[str]:
        with self.db.read() as conn:
            return [one.text for one in store.list_evidence(conn, notice.id)]

    def set(self, **settings: object) -> None:
        changed = replace(SiteSettings(defamation_s5=True), **settings)  # type: ignore[arg-type]
        self.site = change_site(self.db, self.site, settings=changed)

    def happened(self) -> list[str]:
        return [
            f"{one.data['what']} {one.data['detail']}".strip()
            for one in factories.events_of(self.db, kinds.DefamationNoticeMoved)
        ]


@pytest.fixture
def room(db: Database, clock: SettableClock) -> Room:
    site = factories.make_site(db)
    site = change_site(db, site, settings=SiteSettings(defamation_s5=True))
    author = factories.make_reader(db, "Al", email="al@mail.example")
    comment = factories.make_comment(db, site.id, author_id=author, text="He stole it.")
    moderator = factories.make_staff(db, site.id)
    editor = factories.make_staff(db, site.id, Role.EDITOR)
    return Room(db, clock, site, author, moderator, editor, comment, Postbox(db))


def test_the_author_is_written_to_stays_silent_and_the_comment_goes(room: Room) -> None:
    notice = room.receive()
    assert room.where(notice).position.step is Step.TELL_AUTHOR
    room.clock.advance(3 * HOUR)

    room.send(notice, LetterKind.AUTHOR)
    (asked,) = room.to("al@mail.example")
    (acknowledged,) = room.to("jo@mail.example")
    assert "at the end of 7 March 2026" in asked.text
    assert "Jo Bloggs" not in asked.text
    assert "paragraph 2" in acknowledged.text
    assert room.where(notice).position.step is Step.WAITING

    room.clock.advance(timedelta(days=6))
    room.tick()
    assert room.where(notice).position.step is Step.SILENT
    assert room.status() is CommentStatus.PUBLISHED, "a person removes, unless the site says so"
    room.remove(notice)
    room.post()
    assert len(room.to("jo@mail.example")) == 1, "not while the decision can be taken back"
    room.clock.advance(SETTINGS.undo_for)
    room.post()

    assert "has been removed" in room.to("jo@mail.example")[1].text
    assert room.where(notice).notice.closed_as is ClosedAs.REMOVED
    assert room.status() is CommentStatus.REMOVED
    (decision,) = factories.rows_of(room.db, tables.decisions)
    assert (decision.source, decision.rule_key) == ("legal_notice", "defamation")
    assert room.happened()[-1] == "closed removed"


def test_a_notice_that_lacks_something_is_taken_only_as_it_is_and_answered(room: Room) -> None:
    lacking = replace(GROUNDS, meaning="", consents=None)
    with pytest.raises(InvalidInput) as caught:
        room.receive(lacking)
    assert (caught.value.code, caught.value.field) == ("incomplete", "meaning")

    notice = room.receive(lacking, as_it_is=True)
    assert notice.lacks == (Lack.MEANING, Lack.CONSENT)
    with pytest.raises(NotAllowed):
        room.send(notice, LetterKind.AUTHOR)
    room.send(notice, LetterKind.DEFECTIVE)

    assert "does not comply" in room.to("jo@mail.example")[0].text
    assert room.to("al@mail.example") == []
    assert room.where(notice).notice.closed_as is ClosedAs.DEFECTIVE


def test_an_author_who_cannot_be_reached_means_removal(room: Room) -> None:
    with room.db.write(factories.SYSTEM) as tx:
        tx.conn.execute(sa.update(tables.readers).values(email=None))
    notice = room.receive()

    assert room.where(notice).position.step is Step.UNREACHABLE
    room.remove(notice)
    room.clock.advance(SETTINGS.undo_for)
    room.post()

    (letter,) = room.postbox.letters
    assert "We have received your notice" in letter.text
    assert "has been removed" in letter.text
    assert room.where(notice).notice.closed_as is ClosedAs.REMOVED


def test_an_author_who_stands_by_it_keeps_it_up_and_is_named_only_if_they_agree(
    room: Room,
) -> None:
    for consents in (False, True):
        notice = room.receive()
        room.send(notice, LetterKind.AUTHOR)
        room.answer(notice, AnswerKind.REFUSES, consents=consents)
        assert room.where(notice).position.owes(Act.REFUSED)
        room.send(notice, LetterKind.REFUSED)

        told = room.to("jo@mail.example")[-1].text
        assert ("Al Writer" in told) is consents
        assert ("1 High Street" in told) is consents
        assert room.where(notice).notice.closed_as is ClosedAs.REFUSED
        assert room.status() is CommentStatus.PUBLISHED


def test_a_name_that_is_obviously_false_means_removal(room: Room) -> None:
    notice = room.receive()
    room.send(notice, LetterKind.AUTHOR)
    room.answer(notice, AnswerKind.REFUSES, name="Mickey Mouse")

    with pytest.raises(NotAllowed):
        doubt_answer(room.db, room.on(notice), office=room.office)
    doubt_answer(room.db, room.on(notice, room.editor), office=room.office)

    assert room.where(notice).position.step is Step.NOT_COMPLETE
    assert room.where(notice).position.must_come_down


@pytest.mark.parametrize("kind", [AnswerKind.AGREES, AnswerKind.INCOMPLETE])
def test_agreeing_or_keeping_the_name_back_means_removal(room: Room, kind: AnswerKind) -> None:
    notice = room.receive()
    room.send(notice, LetterKind.AUTHOR)
    room.answer(notice, kind, name="", address="", consents=None)

    assert room.where(notice).position.must_come_down
    with pytest.raises(NotAllowed, match="answered"):
        room.answer(notice, AnswerKind.REFUSES)


@pytest.mark.parametrize("lacks", ["name", "address", "consents"])
def test_who_stands_by_it_gives_name_address_and_consent_or_not(room: Room, lacks: str) -> None:
    notice = room.receive()
    room.send(notice, LetterKind.AUTHOR)

    with pytest.raises(InvalidInput) as caught:
        room.answer(notice, AnswerKind.REFUSES, **{lacks: None if lacks == "consents" else ""})
    assert caught.value.field == lacks
    assert room.where(notice).position.step is Step.WAITING


def test_nobody_else_answers_and_nobody_before_they_are_asked(room: Room) -> None:
    notice = room.receive()
    with pytest.raises(NotAllowed):
        room.answer(notice, AnswerKind.AGREES)
    room.send(notice, LetterKind.AUTHOR)
    with pytest.raises(NotAllowed):
        answer_notice(
            room.db,
            room.on(notice, factories.make_reader(room.db)),
            answer=AnswerDraft(AnswerKind.AGREES),
            office=room.office,
        )


def test_names_and_addresses_are_sealed_and_who_looks_at_them_is_noted(room: Room) -> None:
    notice = room.receive()
    room.send(notice, LetterKind.AUTHOR)
    room.answer(notice, AnswerKind.REFUSES)

    for table in (tables.legal_details, tables.defamation_letters, tables.defamation_notices):
        kept = b"".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for row in factories.rows_of(room.db, table)
            for value in row
        )
        for secret in (b"Al Writer", b"High Street", b"Jo Bloggs", b"jo@mail"):
            assert secret not in kept, (table.name, secret)
    logged = " ".join(str(one.data) for one in factories.events_of(room.db))
    assert "Bloggs" not in logged
    assert "stole" not in logged
    with pytest.raises(NotAllowed):
        show_details(room.db, room.on(notice), office=room.office)
    shown = show_details(room.db, room.on(notice, room.editor), office=room.office)
    assert (shown.name, shown.address) == ("Al Writer", "1 High Street")
    assert room.happened()[-1] == "details_shown"


def test_what_it_said_is_kept_whatever_its_author_does(room: Room) -> None:
    notice = room.receive()
    draft = EditDraft(room.site, room.comment.id, "He borrowed it.")
    edit_comment(room.db, draft, by=room.author, classifier=NullClassifier())
    withdraw_comment(room.db, room.comment.id, site_id=room.site.id, by=room.author)
    erase_account(room.db, room.author)

    assert room.evidence(notice) == ["He stole it.", "He borrowed it."]
    assert room.where(notice).facts.down_at == room.clock()


def test_an_author_who_takes_it_back_leaves_only_the_letter_to_write(room: Room) -> None:
    notice = room.receive()
    room.send(notice, LetterKind.AUTHOR)
    room.clock.advance(HOUR)
    withdraw_comment(room.db, room.comment.id, site_id=room.site.id, by=room.author)

    assert room.where(notice).position.step is Step.GONE
    room.send(notice, LetterKind.REMOVED)
    assert room.where(notice).notice.closed_as is ClosedAs.REMOVED


def test_a_removal_that_is_undone_sends_no_letter_and_is_owed_again(room: Room) -> None:
    with room.db.write(factories.SYSTEM) as tx:
        tx.conn.execute(sa.update(tables.readers).values(email=None))
    notice = room.receive()
    made = room.remove(notice)
    undo(room.db, made, site_id=room.site.id, by=room.moderator, undo_for=SETTINGS.undo_for)  # type: ignore[arg-type]
    room.clock.advance(SETTINGS.undo_for)
    room.post()

    assert room.postbox.letters == []
    assert room.where(notice).position.must_come_down
    assert room.where(notice).notice.closed_at is None
    room.remove(notice)
    room.clock.advance(SETTINGS.undo_for)
    room.post()
    assert len(room.postbox.letters) == 1


def test_the_third_notice_about_the_same_is_answered_by_removing(room: Room) -> None:
    for _ in range(2):
        notice = room.receive()
        room.remove(notice)
        room.clock.advance(SETTINGS.undo_for)
        room.post()
        room.comment = factories.make_comment(room.db, room.site.id, author_id=room.author)

    silent = room.receive()
    assert room.where(silent).position.step is Step.TELL_AUTHOR, "they have to say so"
    again = room.receive(replace(GROUNDS, earlier=True))
    assert room.where(again).position.step is Step.AGAIN
    with room.db.read() as conn:
        assert len(store.list_earlier(conn, again)) == 3


def test_the_clock_removes_only_where_the_site_says_so_and_only_at_the_end(room: Room) -> None:
    room.set(defamation_removes=True)
    notice = room.receive()
    room.send(notice, LetterKind.AUTHOR)
    room.answer(notice, AnswerKind.AGREES)
    room.clock.advance(timedelta(hours=43))
    room.tick()
    assert room.status() is CommentStatus.PUBLISHED, "a person has the first two days"

    room.clock.advance(2 * HOUR)
    room.tick()
    room.tick()
    assert room.status() is CommentStatus.REMOVED
    room.clock.advance(SETTINGS.undo_for)
    room.post()

    (decision,) = factories.rows_of(room.db, tables.decisions)
    assert decision.decided_by is None
    assert "has been removed" in room.to("jo@mail.example")[-1].text
    assert room.where(notice).notice.closed_as is ClosedAs.REMOVED


def test_a_letter_that_is_not_taken_is_tried_again_and_then_another_way_is_owed(
    room: Room,
) -> None:
    notice = room.receive()
    room.postbox.shut = True
    room.send(notice, LetterKind.AUTHOR)
    assert room.where(notice).letters[0].state is LetterState.WAITING
    assert room.where(notice).facts.told == {}

    for _ in range(10):
        room.clock.advance(4 * HOUR)
        room.post()

    assert room.where(notice).letters[0].state is LetterState.FAILED
    assert room.where(notice).position.step is Step.UNREACHABLE


def test_the_day_in_the_letter_is_counted_from_when_it_really_went(room: Room) -> None:
    notice = room.receive()
    room.postbox.shut = True
    room.send(notice, LetterKind.AUTHOR)
    room.postbox.shut = False
    room.clock.advance(timedelta(days=1))
    room.post()

    (asked,) = room.to("al@mail.example")
    assert "at the end of 8 March 2026" in asked.text
    with room.db.read() as conn:
        (letter, _) = find_where(
            conn, room.site, notice, office=room.office, now=room.clock()
        ).letters
    kept = read_sent(SETTINGS, letter)
    assert kept is not None
    assert kept.text == asked.text


def test_a_notice_needs_the_lane_an_address_and_a_published_comment(room: Room) -> None:
    with pytest.raises(InvalidInput, match="e-mail"):
        room.receive(sender=Contact("Jo", "nowhere"), as_it_is=True)
    held = factories.make_comment(room.db, room.site.id, verdicts=[factories.HOLDING])
    with pytest.raises(NotFound):
        room.receive(comment_id=held.id)
    elsewhere = factories.make_comment(room.db, factories.make_site(room.db, "other").id)
    with pytest.raises(NotFound):
        room.receive(comment_id=elsewhere.id)
    room.set(defamation_s5=False)
    with pytest.raises(NotAllowed):
        room.receive()


def test_five_in_an_hour_are_enough_from_one_network(room: Room) -> None:
    for _ in range(5):
        room.receive()
    with pytest.raises(TooMany):
        room.receive()
    room.receive(network="198.51.100.4")


def test_another_sites_people_see_and_do_nothing(room: Room) -> None:
    notice = room.receive()
    other = factories.make_site(room.db, "other")
    stranger = factories.make_staff(room.db, other.id, Role.EDITOR)

    for site_id, refused in ((room.site.id, NotAllowed), (other.id, NotFound)):
        on = OnNotice(SiteId(site_id), notice.id, stranger)
        for act in (doubt_answer, drop_notice, show_details):
            with pytest.raises(refused):
                act(room.db, on, office=room.office)
        with pytest.raises(refused):
            send_letter(room.db, on, kind=LetterKind.AUTHOR, office=room.office)


def test_an_editor_closes_what_is_not_pursued(room: Room) -> None:
    notice = room.receive()
    drop_notice(room.db, room.on(notice, room.editor), office=room.office)
    drop_notice(room.db, room.on(notice, room.editor), office=room.office)

    assert room.where(notice).notice.closed_as is ClosedAs.DROPPED
    assert room.happened() == ["closed dropped"]
    with pytest.raises(NotAllowed):
        room.remove(notice)


def test_after_the_limitation_texts_and_details_are_gone_and_the_record_stays(room: Room) -> None:
    notice = room.receive()
    room.send(notice, LetterKind.AUTHOR)
    room.answer(notice, AnswerKind.REFUSES)
    room.clock.advance(KEPT_FOR)
    room.tick()
    assert room.evidence(notice) == ["He stole it."], "an open notice is kept"

    room.send(notice, LetterKind.REFUSED)
    room.tick()
    room.tick()

    assert room.evidence(notice) == []
    with room.db.read() as conn:
        emptied = store.get_notice(conn, room.site.id, notice.id)
        assert find_contact(conn, SETTINGS, notice.id, Party.AUTHOR) == Contact()
    assert (emptied.grounds.words, emptied.closed_as) == ("", ClosedAs.REFUSED)
    assert factories.rows_of(room.db, tables.defamation_letters) == []


def test_a_page_link_cannot_be_made_up(room: Room) -> None:
    token = make_page_token(SETTINGS, DefamationId(7))

    assert read_page_token(SETTINGS, token, now=room.clock()) == 7
    with pytest.raises(NotAllowed):
        read_page_token(SETTINGS, token[:-2] + "xx", now=room.clock())


def test_the_list_shows_the_nearest_deadline_first(room: Room) -> None:
    waiting = room.receive()
    room.send(waiting, LetterKind.AUTHOR)
    room.clock.advance(HOUR)
    fresh = room.receive()
    room.tick()

    with room.db.read() as conn:
        assert [one.id for one in store.list_open(conn, room.site.id, limit=9)] == [
            fresh.id,
            waiting.id,
        ]
        late_at = room.clock() + timedelta(days=3)
        assert store.count_open(conn, room.site.id, late_at=late_at) == (2, 1)
        assert sites.get_site(conn, "echo").settings.defamation_s5


def test_the_desk_is_told_what_it_has_to_act_on_once(room: Room) -> None:
    notify = Notify(undo_for=SETTINGS.undo_for, mail_works=True)

    def told() -> list[tuple[ReaderId, str]]:
        # On PostgreSQL, events wait for every older transaction of the server.
        while step(room.db, notify) or _is_behind(room.db, notify.name):
            time.sleep(0.01)
        rows = factories.rows_of(room.db, tables.notices)
        return [(row.reader_id, row.mail) for row in rows if row.kind == "legal_notice"]

    notice = room.receive()
    assert [reader for reader, _ in told()] == [room.moderator, room.editor]
    room.send(notice, LetterKind.AUTHOR)
    room.tick()
    assert len(told()) == 2, "waiting asks nothing of anybody"
    room.clock.advance(timedelta(days=5, hours=16))
    for _ in range(3):
        room.tick()
    assert len(told()) == 4, "the author has let their time pass"
    room.clock.advance(timedelta(hours=63))
    for _ in range(3):
        room.tick()
    assert len(told()) == 6, "eight hours are left"


def _is_behind(db: Database, follower: str) -> bool:
    with db.read() as conn:
        return not db.is_sqlite and is_behind(conn, follower)


def test_somebody_of_the_desk_does_not_handle_a_notice_about_themselves(room: Room) -> None:
    room.comment = factories.make_comment(room.db, room.site.id, author_id=room.editor)
    notice = room.receive()

    for act in (doubt_answer, drop_notice, show_details):
        with pytest.raises(NotAllowed, match="own comment"):
            act(room.db, room.on(notice, room.editor), office=room.office)
    on = room.on(notice, room.editor)
    with pytest.raises(NotAllowed, match="own comment"):
        send_letter(room.db, on, kind=LetterKind.DEFECTIVE, office=room.office)
    with pytest.raises(NotAllowed):
        room.remove(notice, room.editor)


def test_a_notice_that_came_by_another_way_is_recorded_with_the_time_at_which_it_came(
    room: Room,
) -> None:
    came = room.clock() - timedelta(days=1)
    with pytest.raises(NotAllowed):
        room.receive(recorded_by=room.author, came_in_at=came)
    for wrong in (room.clock() + HOUR, room.clock() - timedelta(days=31)):
        with pytest.raises(InvalidInput, match="30 days"):
            room.receive(recorded_by=room.moderator, came_in_at=wrong)

    # The desk may have a pile of them, and is not taken for somebody who sends too many.
    for _ in range(6):
        notice = room.receive(recorded_by=room.moderator, came_in_at=came)
    assert notice.received_at == came
    assert notice.due_at == datetime(2026, 3, 4, tzinfo=UTC), "that Sunday does not count"


def test_two_at_once_send_one_letter(room: Room) -> None:
    notice = room.receive()
    other = factories.make_staff(room.db, room.site.id)

    def send(by: ReaderId) -> None:
        send_letter(room.db, room.on(notice, by), kind=LetterKind.AUTHOR, office=room.office)

    results = factories.at_once(lambda: send(room.moderator), lambda: send(other))
    room.post()

    assert sorted(type(one).__name__ for one in results) == ["NoneType", "NotAllowed"]
    assert len(room.to("al@mail.example")) == 1


def test_an_answer_and_a_removal_at_once_leave_one_of_two_orders_and_no_more(room: Room) -> None:
    notice = room.receive()
    room.send(notice, LetterKind.AUTHOR)
    factories.at_once(lambda: room.answer(notice, AnswerKind.REFUSES), lambda: room.remove(notice))
    room.clock.advance(SETTINGS.undo_for)
    room.post()

    assert room.where(notice).notice.closed_as is ClosedAs.REMOVED
    told = [one.text for one in room.to("jo@mail.example")]
    assert len(told) == 2
    assert "has been removed" in told[1]


def test_a_process_that_dies_after_sending_sends_the_same_letter_once_more(room: Room) -> None:
    notice = room.receive()
    send_letter(room.db, room.on(notice), kind=LetterKind.AUTHOR, office=room.office)
    ((site_id, letter),) = claim_letters(room.db, limit=9)
    made = make_letter(room.db, site_id, letter, office=room.office)
    assert made is not None
    room.postbox.send(made.mailed)
    room.post()
    assert len(room.postbox.letters) == 1, "nobody else takes it for ten minutes"

    room.clock.advance(timedelta(minutes=10))
    room.post()
    first, second = room.to("al@mail.example")
    assert first.message_id == second.message_id
    assert room.where(notice).facts.told[LetterKind.AUTHOR] == room.clock()
