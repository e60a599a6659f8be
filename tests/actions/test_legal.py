"""Court cases: stories that close together, names that hold, and who did or saw what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.checking import Unsent, check_draft
from belowline.actions.comments import CommentDraft, post_comment
from belowline.actions.legal import (
    LegalChange,
    list_name,
    look_at_story,
    set_legal_status,
    unlist_name,
)
from belowline.actions.sites import ModeChange, set_story_mode
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotAllowed, NotFound, StaleVersion
from belowline.core.terms import CommentStatus, ReaderId, Role, StoryId, StoryMode
from belowline.events import kinds
from belowline.moderation.legal_log import LegalAct, list_lines
from belowline.outside.classifier import NullClassifier
from belowline.rules import store as rules
from belowline.screens import store as verdicts
from belowline.screens.name_list import list_names
from belowline.screens.pipeline import Beyond
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.stories import legal_store
from belowline.stories import store as stories
from belowline.stories.legal import CLOSED_BANNER, LegalStatus
from belowline.stories.model import Story
from tests import factories
from tests.conftest import SettableClock

SECRET = "a-secret-for-tests-alone-0123456789abcdef"
NAME = "Marta Quillfeather"


@pytest.fixture
def site(db: Database) -> Site:
    return factories.make_site(db)


@pytest.fixture
def editor(db: Database, site: Site) -> ReaderId:
    return factories.make_staff(db, site.id, Role.EDITOR)


def story_of(db: Database, site: Site, story_id: StoryId) -> Story:
    with db.read() as conn:
        return stories.get_story_by_id(conn, site.id, story_id)


def post(db: Database, site: Site, story_id: StoryId, text: str) -> Comment:
    by = factories.make_reader(db)
    with db.write(factories.SYSTEM) as tx:
        rules.accept(tx, by, rules.get_current_rulebook(tx.conn, site.id).id)
    with db.read() as conn:
        now = sites.get_site_by_id(conn, site.id)
    return post_comment(
        db,
        CommentDraft(now, story_of(db, site, story_id).key, text),
        by=by,
        classifier=NullClassifier(),
        beyond=Beyond(secret=SECRET),
    )


# Stories


def test_several_stories_close_in_one_act_with_the_words_of_the_status(
    db: Database, site: Site, editor: ReaderId
) -> None:
    ids = [factories.make_story(db, site.id) for _ in range(3)]

    done = set_legal_status(db, site.id, ids, by=editor, change=LegalChange(LegalStatus.CHARGED))

    found = [story_of(db, site, one) for one in ids]
    assert done == 3
    assert {(one.mode, one.mode_reason) for one in found} == {(StoryMode.CLOSED, CLOSED_BANNER)}
    assert len(factories.events_of(db, kinds.StoryModeChanged)) == 3
    assert [one.data["status"] for one in factories.events_of(db, kinds.LegalStatusSet)] == (
        ["charged"] * 3
    )


def test_all_of_them_or_none(db: Database, site: Site, editor: ReaderId) -> None:
    own = factories.make_story(db, site.id)
    elsewhere = factories.make_story(db, factories.make_site(db, "other").id)

    change = LegalChange(LegalStatus.TRIAL)
    with pytest.raises(NotFound):
        set_legal_status(db, site.id, [own, elsewhere], by=editor, change=change)

    assert story_of(db, site, own).mode is StoryMode.OPEN
    assert factories.events_of(db, kinds.LegalStatusSet) == []


def test_a_story_under_a_status_is_not_opened_by_mistake(
    db: Database, site: Site, editor: ReaderId
) -> None:
    story_id = factories.make_story(db, site.id)
    where = {"site_id": site.id, "by": editor}
    set_legal_status(db, site.id, [story_id], by=editor, change=LegalChange(LegalStatus.TRIAL))

    with pytest.raises(NotAllowed, match="legal status"):
        set_story_mode(db, story_id, change=ModeChange(StoryMode.OPEN), **where)
    set_story_mode(db, story_id, change=ModeChange(StoryMode.SUSPENDED), **where)
    set_legal_status(db, site.id, [story_id], by=editor, change=LegalChange(LegalStatus.NONE))
    assert story_of(db, site, story_id).mode is StoryMode.SUSPENDED
    set_story_mode(db, story_id, change=ModeChange(StoryMode.OPEN), **where)

    assert story_of(db, site, story_id).mode is StoryMode.OPEN


def test_what_is_suspended_stays_so_under_a_milder_status(
    db: Database, site: Site, editor: ReaderId
) -> None:
    """A suspended story about a trial is not opened because children take part in it as well."""
    story_id = factories.make_story(db, site.id)
    suspend = ModeChange(StoryMode.SUSPENDED, "Not available.")
    set_story_mode(db, story_id, site_id=site.id, by=editor, change=suspend)

    set_legal_status(db, site.id, [story_id], by=editor, change=LegalChange(LegalStatus.CHILDREN))
    found = story_of(db, site, story_id)
    assert (found.mode, found.mode_reason) == (StoryMode.SUSPENDED, "Not available.")

    meant = LegalChange(LegalStatus.CHILDREN, mode=StoryMode.HOLD_FIRST)
    set_legal_status(db, site.id, [story_id], by=editor, change=meant)
    assert story_of(db, site, story_id).mode is StoryMode.HOLD_FIRST


def test_the_review_is_a_reminder_and_opens_nothing(
    db: Database, site: Site, editor: ReaderId, clock: SettableClock
) -> None:
    story_id = factories.make_story(db, site.id)
    change = LegalChange(LegalStatus.ARREST, review_at=clock() + timedelta(days=10))
    set_legal_status(db, site.id, [story_id], by=editor, change=change)

    with db.read() as conn:
        assert legal_store.count_due(conn, site.id, now=clock()) == 0
        assert legal_store.count_due(conn, site.id, now=clock() + timedelta(days=10)) == 1
    clock.advance(timedelta(days=400))
    assert story_of(db, site, story_id).mode is StoryMode.CLOSED


def test_what_cannot_be_meant_is_refused(
    db: Database, site: Site, editor: ReaderId, clock: SettableClock
) -> None:
    story_id = factories.make_story(db, site.id)
    yesterday = LegalChange(LegalStatus.ARREST, review_at=clock() - timedelta(days=1))

    with pytest.raises(InvalidInput):
        set_legal_status(db, site.id, [story_id], by=editor, change=yesterday)
    with pytest.raises(InvalidInput):
        set_legal_status(db, site.id, [], by=editor, change=LegalChange(LegalStatus.ARREST))
    seen = LegalChange(LegalStatus.NONE, seen=LegalStatus.TRIAL)
    with pytest.raises(StaleVersion):
        set_legal_status(db, site.id, [story_id], by=editor, change=seen)


def test_only_editors_set_look_and_list(db: Database, site: Site) -> None:
    moderator = factories.make_staff(db, site.id)
    story_id = factories.make_story(db, site.id)
    change = LegalChange(LegalStatus.ARREST)

    with pytest.raises(NotAllowed):
        set_legal_status(db, site.id, [story_id], by=moderator, change=change)
    with pytest.raises(NotAllowed):
        look_at_story(db, site.id, story_id, by=moderator)
    with pytest.raises(NotAllowed):
        list_name(db, site.id, None, by=moderator, name=NAME, secret=SECRET)
    with pytest.raises(NotAllowed):
        unlist_name(db, site.id, None, 1, by=moderator)


def test_it_is_noted_who_set_and_who_looked_once_an_hour(
    db: Database, site: Site, editor: ReaderId, clock: SettableClock
) -> None:
    other = factories.make_staff(db, site.id, Role.OWNER)
    story_id = factories.make_story(db, site.id)
    set_legal_status(db, site.id, [story_id], by=editor, change=LegalChange(LegalStatus.TRIAL))
    for _ in range(3):
        look_at_story(db, site.id, story_id, by=other)
    clock.advance(timedelta(hours=2))
    look_at_story(db, site.id, story_id, by=other)

    with db.read() as conn:
        lines = list_lines(conn, site.id, story_id=story_id)

    assert [(one.act, one.reader_id) for one in lines] == [
        (LegalAct.LOOKED, other),
        (LegalAct.LOOKED, other),
        (LegalAct.SET, editor),
    ]
    assert lines[-1].detail == "trial"


# Names


def test_a_comment_that_names_a_protected_person_waits_under_the_rule_on_courts(
    db: Database, site: Site, editor: ReaderId
) -> None:
    story_id = factories.make_story(db, site.id)
    entry = list_name(db, site.id, None, by=editor, name=NAME, secret=SECRET)

    held = post(db, site, story_id, "It was Martha Quillfeather, everybody knows.")
    calm = post(db, site, story_id, "The bridge at the mill should stay open.")

    assert (held.status, held.rule_key) == (CommentStatus.HELD, "court-safety")
    assert calm.status is CommentStatus.PUBLISHED
    with db.read() as conn:
        said = verdicts.list_verdicts(conn, held.id)[-1]
    assert (said.screen, said.detail) == ("names", {"entry": entry})


def test_a_storys_names_hold_there_and_nowhere_else(
    db: Database, site: Site, editor: ReaderId
) -> None:
    here, there = factories.make_story(db, site.id), factories.make_story(db, site.id)
    list_name(db, site.id, here, by=editor, name=NAME, secret=SECRET)
    list_name(db, site.id, there, by=editor, name="Bo Lindqvist", secret=SECRET)

    assert post(db, site, here, f"It was {NAME}.").status is CommentStatus.HELD
    assert post(db, site, there, f"I like {NAME} here.").status is CommentStatus.PUBLISHED


def test_the_name_is_kept_nowhere(db: Database, site: Site, editor: ReaderId) -> None:
    story_id = factories.make_story(db, site.id)
    list_name(db, site.id, story_id, by=editor, name=NAME, secret=SECRET)

    kept = " ".join(
        str(row).lower()
        for table in tables.metadata.sorted_tables
        for row in factories.rows_of(db, table)
    )

    assert "quillfeather" not in kept
    assert "marta" not in kept
    with db.read() as conn:
        assert [one.initials for one in list_names(conn, site.id, story_id)] == ["M. Q."]


def test_a_name_that_is_listed_already_is_not_listed_twice(
    db: Database, site: Site, editor: ReaderId
) -> None:
    story_id = factories.make_story(db, site.id)

    first = list_name(db, site.id, None, by=editor, name=NAME, secret=SECRET)
    again = list_name(db, site.id, None, by=editor, name=NAME.upper(), secret=SECRET)
    other = list_name(db, site.id, story_id, by=editor, name=NAME, secret=SECRET)

    assert first == again != other
    assert len(factories.events_of(db, kinds.ProtectedNameListed)) == 2


def test_off_the_list_it_holds_no_more(db: Database, site: Site, editor: ReaderId) -> None:
    story_id = factories.make_story(db, site.id)
    entry = list_name(db, site.id, None, by=editor, name=NAME, secret=SECRET)
    for _ in range(2):
        unlist_name(db, site.id, None, entry, by=editor)

    assert post(db, site, story_id, f"I like {NAME}.").status is CommentStatus.PUBLISHED
    with db.read() as conn:
        assert sites.get_site_by_id(conn, site.id).listed_names == 0
    assert [one.data["listed"] for one in factories.events_of(db, kinds.ProtectedNameListed)] == [
        True, False
    ]  # fmt: skip


def test_nobody_finds_out_by_checking_a_draft_who_is_protected(
    db: Database, site: Site, editor: ReaderId
) -> None:
    story_id = factories.make_story(db, site.id)
    list_name(db, site.id, None, by=editor, name=NAME, secret=SECRET)
    with db.read() as conn:
        now = sites.get_site_by_id(conn, site.id)
    draft = Unsent(now, story_of(db, site, story_id).key, f"It was {NAME}.")

    found = check_draft(
        db, draft, by=factories.make_reader(db), secret=SECRET, classifier=NullClassifier()
    )

    assert found is None


@pytest.mark.parametrize("name", ["", "…", "a b", "x" * 200, "one two three four five six seven"])
def test_what_is_no_name_is_not_listed(
    db: Database, site: Site, editor: ReaderId, name: str
) -> None:
    with pytest.raises(InvalidInput):
        list_name(db, site.id, None, by=editor, name=name, secret=SECRET)
