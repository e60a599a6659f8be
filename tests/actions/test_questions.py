"""The question from the desk: who may pin it, where it is seen, and what stays of who asked."""

from __future__ import annotations

import pytest

from belowline.actions.questions import pin_question
from belowline.actions.readers import erase_account
from belowline.actions.sites import dismiss
from belowline.core.errors import InvalidInput, NotAllowed, NotFound
from belowline.core.terms import ReaderId, Role, SiteId, StoryId
from belowline.events import kinds
from belowline.readers.export import collect
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.questions import LONGEST_QUESTION, Question, find_question
from tests.factories import events_of, make_reader, make_site, make_staff, make_story

ASKED = "What would you change at the station?"


def question_of(db: Database, story_id: StoryId) -> Question | None:
    with db.read() as conn:
        return find_question(conn, story_id)


def version_of(db: Database, site_id: SiteId, story_id: StoryId) -> int:
    with db.read() as conn:
        return stories.get_story_by_id(conn, site_id, story_id).thread_version


@pytest.fixture
def site_id(db: Database) -> SiteId:
    return make_site(db).id


@pytest.fixture
def editor(db: Database, site_id: SiteId) -> ReaderId:
    return make_staff(db, site_id, Role.EDITOR)


def test_a_question_is_pinned_replaced_and_taken_off(
    db: Database, site_id: SiteId, editor: ReaderId
) -> None:
    story_id = make_story(db, site_id)
    versions = [version_of(db, site_id, story_id)]

    for text, kept in ((ASKED, ASKED), ("And  the\nstop?", "And the stop?"), (" ", None)):
        pin_question(db, story_id, site_id=site_id, by=editor, text=text)
        pin_question(db, story_id, site_id=site_id, by=editor, text=text)
        found = question_of(db, story_id)
        assert (found.text if found else None) == kept
        versions.append(version_of(db, site_id, story_id))

    assert [one.data for one in events_of(db, kinds.QuestionPinned)] == [
        {"story_id": story_id, "pinned": pinned} for pinned in (True, True, False)
    ]
    assert versions == [versions[0] + each for each in range(4)], "every page is made anew, once"


@pytest.mark.parametrize("role", [None, Role.MODERATOR])
def test_only_editors_ask(
    db: Database, site_id: SiteId, editor: ReaderId, role: Role | None
) -> None:
    story_id = make_story(db, site_id)
    by = make_staff(db, site_id, role) if role else make_reader(db)

    with pytest.raises(NotAllowed):
        pin_question(db, story_id, site_id=site_id, by=by, text=ASKED)
    assert question_of(db, story_id) is None
    pin_question(db, story_id, site_id=site_id, by=editor, text=ASKED)
    assert question_of(db, story_id) is not None


def test_a_story_of_another_site_gets_no_question(
    db: Database, site_id: SiteId, editor: ReaderId
) -> None:
    theirs = make_story(db, make_site(db, "other").id)

    with pytest.raises(NotFound):
        pin_question(db, theirs, site_id=site_id, by=editor, text=ASKED)
    assert question_of(db, theirs) is None


def test_a_question_has_its_measure(db: Database, site_id: SiteId, editor: ReaderId) -> None:
    story_id = make_story(db, site_id)
    pin_question(db, story_id, site_id=site_id, by=editor, text="x" * LONGEST_QUESTION)

    with pytest.raises(InvalidInput):
        pin_question(db, story_id, site_id=site_id, by=editor, text="x" * (LONGEST_QUESTION + 1))


def test_who_asked_has_it_in_their_data_and_leaves_the_question_without_a_name(
    db: Database, site_id: SiteId, editor: ReaderId
) -> None:
    make_staff(db, site_id, Role.OWNER)
    story_id = make_story(db, site_id)
    pin_question(db, story_id, site_id=site_id, by=editor, text=ASKED)
    with db.read() as conn:
        assert [one["text"] for one in collect(conn, editor)["questions"]] == [ASKED]
    before = version_of(db, site_id, story_id)
    dismiss(db, site_id=site_id, by=None, reader_id=editor)

    erase_account(db, editor)

    found = question_of(db, story_id)
    assert found is not None
    assert (found.text, found.asked_by) == (ASKED, None)
    assert version_of(db, site_id, story_id) > before
