"""Naming a story's authors: who may, whom, and how what they say is marked and found."""

from __future__ import annotations

import pytest

from belowline.actions.authors import drop_author, name_author
from belowline.actions.readers import erase_account
from belowline.core.errors import InvalidInput, NotAllowed, NotFound
from belowline.core.terms import (
    CommentId,
    ReaderId,
    Role,
    SiteId,
    StoryId,
    ThreadOrder,
)
from belowline.events import kinds
from belowline.readers.export import collect
from belowline.storage.database import Database
from belowline.stories.authors import list_authors
from belowline.threads import store as threads
from belowline.threads.filters import list_filters, read_filtered
from belowline.threads.model import ThreadFilter
from tests.factories import events_of, make_comment, make_reader, make_site, make_staff, make_story


@pytest.fixture
def site_id(db: Database) -> SiteId:
    return make_site(db).id


@pytest.fixture
def editor(db: Database, site_id: SiteId) -> ReaderId:
    return make_staff(db, site_id, Role.EDITOR)


def authors_of(db: Database, story_id: StoryId) -> list[str]:
    with db.read() as conn:
        return [one.name for one in list_authors(conn, [story_id]).get(story_id, [])]


def marked(db: Database, site_id: SiteId, story_id: StoryId) -> list[CommentId]:
    with db.read() as conn:
        page = threads.read_page(conn, site_id, story_id, order=ThreadOrder.OLDEST)
    lines = [line for branch in page.branches for line in (branch.root, *branch.replies)]
    return [line.id for line in lines if line.by_author]


def answered(db: Database, site_id: SiteId, story_id: StoryId) -> list[list[CommentId]]:
    with db.read() as conn:
        page = read_filtered(conn, site_id, story_id, only=ThreadFilter.ANSWERED)
    return [[one.root.id, *(reply.id for reply in one.replies)] for one in page.branches]


def test_what_the_author_says_under_their_story_is_marked_and_found(
    db: Database, site_id: SiteId, editor: ReaderId
) -> None:
    story_id, other = make_story(db, site_id), make_story(db, site_id)
    writer = make_reader(db, "Wanda Wright")
    question = make_comment(db, site_id, story_id=story_id)
    make_comment(db, site_id, parent=question)
    said = make_comment(db, site_id, parent=question, author_id=writer)
    make_comment(db, site_id, story_id=other, author_id=writer)
    assert marked(db, site_id, story_id) == []
    assert answered(db, site_id, story_id) == []

    for _ in range(2):
        name_author(db, story_id, site_id=site_id, by=editor, name=" wanda wright ")

    assert authors_of(db, story_id) == ["Wanda Wright"]
    assert marked(db, site_id, story_id) == [said.id]
    assert marked(db, site_id, other) == []
    assert answered(db, site_id, story_id) == [[question.id, said.id]]
    with db.read() as conn:
        offered = list_filters(conn, site_id, story_id)
    assert offered == (ThreadFilter.NEWSROOM, ThreadFilter.ANSWERED)
    for _ in range(2):
        drop_author(db, story_id, site_id=site_id, by=editor, reader_id=writer)
    assert marked(db, site_id, story_id) == []
    assert [one.data["named"] for one in events_of(db, kinds.StoryAuthorNamed)] == [True, False]


def test_only_editors_name_authors(db: Database, site_id: SiteId, editor: ReaderId) -> None:
    writer = make_reader(db, "Wanda Wright")
    story_id = make_comment(db, site_id, author_id=writer).story_id

    for by in (writer, make_staff(db, site_id)):
        with pytest.raises(NotAllowed):
            name_author(db, story_id, site_id=site_id, by=by, name="Wanda Wright")
        with pytest.raises(NotAllowed):
            drop_author(db, story_id, site_id=site_id, by=by, reader_id=writer)
    assert authors_of(db, story_id) == []
    name_author(db, story_id, site_id=site_id, by=editor, name="Wanda Wright")


def test_a_name_must_be_one_known_reader_of_this_site(
    db: Database, site_id: SiteId, editor: ReaderId
) -> None:
    story_id = make_story(db, site_id)
    other_site = make_site(db, "other").id
    theirs = make_story(db, other_site)
    make_comment(db, other_site, story_id=theirs, author_id=make_reader(db, "Olga Other"))
    for _ in range(2):
        make_comment(db, site_id, author_id=make_reader(db, "Two Twins"))
    make_comment(db, site_id, author_id=make_reader(db, "Wanda Wright"))

    for name in ("Olga Other", "Two Twins", "Wanda", "", "%"):
        with pytest.raises(InvalidInput):
            name_author(db, story_id, site_id=site_id, by=editor, name=name)
    with pytest.raises(NotFound):
        name_author(db, theirs, site_id=site_id, by=editor, name="Wanda Wright")
    assert authors_of(db, story_id) == authors_of(db, theirs) == []


def test_an_author_has_it_in_their_data_and_takes_it_along(
    db: Database, site_id: SiteId, editor: ReaderId
) -> None:
    writer = make_reader(db, "Wanda Wright")
    story_id = make_comment(db, site_id, author_id=writer).story_id
    name_author(db, story_id, site_id=site_id, by=editor, name="Wanda Wright")
    with db.read() as conn:
        assert len(collect(conn, writer)["stories_written"]) == 1

    erase_account(db, writer)

    assert authors_of(db, story_id) == []
