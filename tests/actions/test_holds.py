"""Evidence under a legal hold: nobody changes it, erasing takes it from the public alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.appeals import file_appeal
from belowline.actions.comments import EditDraft, edit_comment, withdraw_comment
from belowline.actions.holds import HoldDraft, end_hold, look_at_hold, place_hold, prolong_hold
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.readers import erase_account
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from belowline.core.terms import CommentStatus, Outcome, ReaderId, Role, RuleKey, ThreadOrder
from belowline.events import kinds
from belowline.moderation.holds import HoldId, get_hold, list_holds
from belowline.moderation.legal_log import LegalAct, list_lines
from belowline.outside.classifier import NullClassifier
from belowline.readers import store as readers
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.threads import store as threads
from tests import factories
from tests.conftest import SettableClock

TEXT = "The treasurer took the money for the bridge."


@pytest.fixture
def site(db: Database) -> Site:
    return factories.make_site(db)


@pytest.fixture
def editor(db: Database, site: Site) -> ReaderId:
    return factories.make_staff(db, site.id, Role.EDITOR)


@pytest.fixture
def author(db: Database) -> ReaderId:
    return factories.make_reader(db, "Ann Lee", email="ann@mail.example")


@pytest.fixture
def comment(db: Database, site: Site, author: ReaderId) -> Comment:
    return factories.make_comment(db, site.id, author_id=author, text=TEXT)


def hold(db: Database, comment: Comment, editor: ReaderId) -> HoldId:
    draft = HoldDraft("A letter before claim.", editor, db.clock() + timedelta(days=90))
    return place_hold(db, comment.site_id, comment.id, by=editor, draft=draft)


def text_of(db: Database, comment: Comment) -> str:
    with db.read() as conn:
        return comments.get_revision(conn, comment.id, 1).text


def test_its_author_cannot_edit_it_and_is_not_told_why(
    db: Database, site: Site, editor: ReaderId, author: ReaderId, comment: Comment
) -> None:
    hold(db, comment, editor)
    draft = EditDraft(site, comment.id, "The treasurer was very kind.")

    with pytest.raises(NotAllowed) as refused:
        edit_comment(db, draft, by=author, classifier=NullClassifier())

    assert refused.value.code == "not_editable"
    assert text_of(db, comment) == TEXT


def test_its_author_may_take_it_back_and_the_text_stays_as_evidence(
    db: Database, site: Site, editor: ReaderId, author: ReaderId, comment: Comment
) -> None:
    hold(db, comment, editor)

    withdraw_comment(db, comment.id, site_id=site.id, by=author)

    assert factories.reread(db, comment).status is CommentStatus.WITHDRAWN
    assert text_of(db, comment) == TEXT


def test_erasing_is_answered_with_what_is_restricted_and_the_text_leaves_the_public(
    db: Database, site: Site, editor: ReaderId, author: ReaderId, comment: Comment
) -> None:
    other = factories.make_comment(
        db, site.id, story_id=comment.story_id, author_id=author, text="The river is high."
    )
    hold_id = hold(db, comment, editor)

    restricted = erase_account(db, author)
    again = erase_account(db, author)

    found = factories.reread(db, comment)
    assert (restricted, again) == (1, 1)
    assert (found.status, found.html) == (CommentStatus.WITHDRAWN, "")
    assert (text_of(db, comment), text_of(db, other)) == (TEXT, "")
    with db.read() as conn:
        page = threads.read_page(conn, site.id, comment.story_id, order=ThreadOrder.NEWEST)
        kept = get_hold(conn, site.id, hold_id)
        assert readers.get_reader(conn, author).email is None
    assert TEXT not in str(page)
    assert (kept.author_name, kept.author_email) == ("Ann Lee", "ann@mail.example")
    (event,) = factories.events_of(db, kinds.ReaderErased)
    assert event.data["restricted"] == 1


def test_when_the_hold_ends_what_was_restricted_is_erased(
    db: Database, site: Site, editor: ReaderId, author: ReaderId, comment: Comment
) -> None:
    hold_id = hold(db, comment, editor)
    erase_account(db, author)

    end_hold(db, site.id, hold_id, by=editor)

    kept = " ".join(
        str(row) for table in tables.metadata.sorted_tables for row in factories.rows_of(db, table)
    )
    assert TEXT not in kept
    assert "ann@mail.example" not in kept
    with pytest.raises(Conflict):
        end_hold(db, site.id, hold_id, by=editor)


def test_an_ended_hold_leaves_a_reader_who_stayed_as_they_are(
    db: Database, site: Site, editor: ReaderId, comment: Comment
) -> None:
    end_hold(db, site.id, hold(db, comment, editor), by=editor)

    assert text_of(db, comment) == TEXT
    assert factories.reread(db, comment).status is CommentStatus.PUBLISHED
    assert [
        type_of.kind
        for type_of in factories.events_of(db, kinds.LegalHoldPlaced, kinds.LegalHoldEnded)
    ] == ["LegalHoldPlaced", "LegalHoldEnded"]


def test_an_appeal_about_it_is_evidence_too(
    db: Database, site: Site, editor: ReaderId, author: ReaderId, comment: Comment
) -> None:
    moderator = factories.make_staff(db, site.id)
    draft = DecisionDraft(Outcome.REMOVE, RuleKey("defamation"), "An allegation.", comment.version)
    decision = decide(db, comment.id, site_id=site.id, by=moderator, decision=draft)
    db.clock.advance(timedelta(minutes=5))  # type: ignore[attr-defined]
    file_appeal(db, decision.id, site_id=site.id, by=author, text="But it is true.")
    with db.write(factories.SYSTEM) as tx:
        tx.conn.execute(tables.appeals.update().values(state="rejected"))
    hold(db, comment, editor)

    erase_account(db, author)

    (appeal,) = factories.rows_of(db, tables.appeals)
    assert appeal.text == "But it is true."


def test_who_looked_is_noted(
    db: Database, site: Site, editor: ReaderId, comment: Comment, clock: SettableClock
) -> None:
    moderator = factories.make_staff(db, site.id)
    hold_id = hold(db, comment, editor)
    look_at_hold(db, site.id, hold_id, by=moderator)
    look_at_hold(db, site.id, hold_id, by=moderator)
    later = clock() + timedelta(days=200)
    prolong_hold(db, site.id, hold_id, by=editor, owner_id=editor, review_at=later)

    with db.read() as conn:
        lines = list_lines(conn, site.id, hold_id=hold_id)
        (kept,) = list_holds(conn, site.id)

    assert [(one.act, one.reader_id) for one in lines] == [
        (LegalAct.PROLONGED, editor),
        (LegalAct.LOOKED, moderator),
        (LegalAct.PLACED, editor),
    ]
    assert kept.review_at == later


def test_what_cannot_be_meant_is_refused(
    db: Database, site: Site, editor: ReaderId, author: ReaderId, comment: Comment
) -> None:
    soon = db.clock() + timedelta(days=9)

    def place(by: ReaderId = editor, **given: object) -> None:
        draft = HoldDraft(**({"reason": "A claim.", "owner_id": editor, "review_at": soon} | given))  # type: ignore[arg-type]
        place_hold(db, site.id, comment.id, by=by, draft=draft)

    with pytest.raises(NotAllowed):
        place(factories.make_staff(db, site.id))
    with pytest.raises(InvalidInput):
        place(reason=" ")
    with pytest.raises(InvalidInput):
        place(owner_id=author)
    with pytest.raises(InvalidInput):
        place(review_at=db.clock())
    place()
    with pytest.raises(Conflict):
        place()
    elsewhere = factories.make_site(db, "other")
    with pytest.raises((NotAllowed, NotFound)):
        look_at_hold(db, elsewhere.id, HoldId(1), by=editor)
