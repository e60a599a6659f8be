"""Who asks for a second opinion leaves a case to the others until somebody hands it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.handing_on import hand_case_on
from belowline.actions.leases import take_case
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.readers import erase_account
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotAllowed, NotFound
from belowline.core.terms import CommentId, DecisionId, Outcome, ReaderId
from belowline.moderation import store as cases
from belowline.moderation.handing_on import LONGEST_NOTE, find_latest_notes, list_notes
from belowline.moderation.model import QueueView
from belowline.storage.database import Database
from belowline.storage.tables import case_notes, events, leases
from tests.factories import (
    make_comment,
    make_reader,
    make_report,
    make_site,
    make_staff,
    reread,
    rows_of,
)

NOTE = "Is this meant as a joke?"


@pytest.fixture
def case(db: Database) -> Comment:
    comment = make_comment(db, make_site(db).id, text="A bridge to nowhere.")
    make_report(db, comment)
    return comment


def hand_on(db: Database, case: Comment, by: ReaderId, note: str = NOTE) -> None:
    hand_case_on(db, case.id, site_id=case.site_id, by=by, note=note)


def handed_on_by(db: Database, case: Comment) -> ReaderId | None:
    with db.read() as conn:
        found = cases.find_case(conn, case.id)
    assert found is not None
    return found.handed_on_by


def in_view(db: Database, case: Comment) -> list[CommentId]:
    with db.read() as conn:
        listed = cases.list_queue(conn, case.site_id, view=QueueView.HANDED_ON)
        assert cases.count_queue(conn, case.site_id)[QueueView.HANDED_ON] == len(listed)
    return [card.case.comment_id for card in listed]


def keep(db: Database, case: Comment, by: ReaderId) -> DecisionId:
    draft = DecisionDraft(Outcome.KEEP, None, "", reread(db, case).version)
    return decide(db, case.id, site_id=case.site_id, by=by, decision=draft).id


def test_a_case_goes_back_and_forth_with_notes_until_it_is_decided(
    db: Database, case: Comment
) -> None:
    one, other = make_staff(db, case.site_id), make_staff(db, case.site_id)
    assert in_view(db, case) == []
    take_case(db, case.id, site_id=case.site_id, by=one)

    hand_on(db, case, one)

    assert rows_of(db, leases) == [], "whoever hands a case on lets go of it"
    assert handed_on_by(db, case) == one
    assert in_view(db, case) == [case.id]

    hand_on(db, case, other, "It is. I would keep it.")

    assert handed_on_by(db, case) == other
    with db.read() as conn:
        notes = list_notes(conn, case.site_id, case.id)
        latest = find_latest_notes(conn, [case.id])
    assert [(note.author_id, note.text) for note in notes] == [
        (one, NOTE),
        (other, "It is. I would keep it."),
    ]
    assert latest[case.id].text == "It is. I would keep it."

    keep(db, case, one)

    assert handed_on_by(db, case) is None
    assert in_view(db, case) == []
    with db.read() as conn:
        assert find_latest_notes(conn, [case.id]) == {}
        assert len(list_notes(conn, case.site_id, case.id)) == 2, "the notes stay"


def test_the_log_says_that_it_happened_and_not_what_was_written(
    db: Database, case: Comment
) -> None:
    moderator = make_staff(db, case.site_id)
    hand_on(db, case, moderator)
    happened = rows_of(db, events)[-1]
    assert (happened.kind, happened.actor) == ("CaseHandedOn", f"reader:{moderator}")
    assert happened.data == {"comment_id": case.id, "story_id": case.story_id}


def test_undoing_the_decision_opens_the_case_for_everybody(db: Database, case: Comment) -> None:
    one, other = make_staff(db, case.site_id), make_staff(db, case.site_id)
    hand_on(db, case, one)
    made = keep(db, case, other)
    undo(db, made, site_id=case.site_id, by=other, undo_for=timedelta(minutes=1))
    assert handed_on_by(db, case) is None


@pytest.mark.parametrize("note", ["", "  \n ", "x" * (LONGEST_NOTE + 1)])
def test_a_note_says_something_and_is_short(db: Database, case: Comment, note: str) -> None:
    moderator = make_staff(db, case.site_id)
    with pytest.raises(InvalidInput) as refused:
        hand_on(db, case, moderator, note)
    assert refused.value.field == "note"
    assert rows_of(db, case_notes) == []


def test_only_what_waits_is_handed_on_and_not_ones_own(db: Database, case: Comment) -> None:
    moderator = make_staff(db, case.site_id)
    own = make_comment(db, case.site_id, author_id=moderator, text="My own words about it.")
    make_report(db, own)
    quiet = make_comment(db, case.site_id, text="Nobody has anything against this.")
    for comment, code in ((own, "own_comment"), (quiet, "nothing_waits")):
        with pytest.raises(NotAllowed) as refused:
            hand_on(db, comment, moderator)
        assert refused.value.code == code
    keep(db, case, moderator)
    with pytest.raises(NotAllowed):
        hand_on(db, case, moderator)


def test_it_is_for_moderators_of_the_site(db: Database, case: Comment) -> None:
    elsewhere = make_site(db, "tribune")
    for nobody in (make_reader(db), make_staff(db, elsewhere.id)):
        with pytest.raises(NotAllowed):
            hand_on(db, case, nobody)
    with pytest.raises(NotFound):
        hand_case_on(db, case.id, site_id=elsewhere.id, by=make_staff(db, elsewhere.id), note=NOTE)


def test_notes_about_an_erased_author_are_empty(db: Database, case: Comment) -> None:
    hand_on(db, case, make_staff(db, case.site_id), "She wrote: a bridge to nowhere.")
    erase_account(db, case.author_id)
    assert [row.text for row in rows_of(db, case_notes)] == [""]
    assert handed_on_by(db, case) is None
