"""Parts of a thread: found whole, with what they answer, and nothing that is not public."""

from __future__ import annotations

import re

import pytest

from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput
from belowline.core.terms import CommentId, CommentStatus, ReaderId
from belowline.storage.database import Database
from belowline.threads.filters import list_filters, read_filtered
from belowline.threads.model import PAGE, ThreadFilter, ThreadPage
from tests.factories import SYSTEM, make_comment, make_reader, make_site, make_staff, make_story
from tests.threads.plans import plan_of, statements_of
from tests.threads.test_store import Thread

NEWSROOM, ANSWERED, PICKS = ThreadFilter


class Talk(Thread):
    """A thread in which a member of staff speaks too."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.staff = make_staff(db, self.site_id)

    def say(self, text: str, *, by: ReaderId | None = None, to: Comment | None = None) -> Comment:
        return make_comment(
            self.db,
            self.site_id,
            story_id=self.story_id,
            author_id=by or self.author,
            text=text,
            parent=to,
        )

    def feature(self, comment: Comment) -> None:
        with self.db.write(SYSTEM) as tx:
            current = comments.get_comment(tx.conn, self.site_id, comment.id)
            comments.set_featured(tx, current, reason="Well put.", featured=True)

    def page(self, only: ThreadFilter, after: str | None = None) -> ThreadPage:
        with self.db.read() as conn:
            return read_filtered(conn, self.site_id, self.story_id, only=only, after=after)

    def shows(self, only: ThreadFilter) -> list[list[CommentId]]:
        """Return each root with its replies, as the page has them."""
        return [
            [branch.root.id, *(reply.id for reply in branch.replies)]
            for branch in self.page(only).branches
        ]


@pytest.fixture
def talk(db: Database) -> Talk:
    return Talk(db)


def test_the_newsrooms_filter_shows_its_words_with_what_they_answer(talk: Talk) -> None:
    question = talk.say("When does it open?")
    talk.say("I wonder too.", to=question)
    deeper = talk.say("And the footpath?", to=question)
    answer = talk.say("In May, says the council.", by=talk.staff, to=deeper)
    talk.say("Nobody from the paper said anything here.")
    own = talk.say("Ask us anything.", by=talk.staff)

    assert talk.shows(NEWSROOM) == [[own.id], [question.id, deeper.id, answer.id]]
    assert talk.shows(ANSWERED) == [[question.id, deeper.id, answer.id]]
    assert talk.page(NEWSROOM).branches[1].is_excerpt
    assert not talk.page(NEWSROOM).branches[0].is_excerpt


def test_picks_are_shown_whether_they_are_replies_or_not(talk: Talk) -> None:
    root = talk.say("The bridge is older than that.")
    reply = talk.say("By a hundred years.", to=root)
    other = talk.say("Let the ferry run.")
    assert talk.shows(PICKS) == []

    talk.feature(reply)
    talk.feature(other)

    assert talk.shows(PICKS) == [[other.id], [root.id, reply.id]]


def test_only_filters_that_show_something_are_offered(db: Database, talk: Talk) -> None:
    def offered() -> tuple[ThreadFilter, ...]:
        with db.read() as conn:
            return list_filters(conn, talk.site_id, talk.story_id)

    root = talk.say("When does it open?")
    assert offered() == ()
    answer = talk.say("In May.", by=talk.staff, to=root)
    assert offered() == (NEWSROOM, ANSWERED)
    talk.feature(root)
    assert offered() == (NEWSROOM, ANSWERED, PICKS)
    talk.settle(answer, CommentStatus.WITHDRAWN)
    assert offered() == (PICKS,)


@pytest.mark.parametrize(
    "status", [CommentStatus.HELD, CommentStatus.REMOVED, CommentStatus.WITHDRAWN]
)
def test_what_is_not_published_is_in_no_filter(talk: Talk, status: CommentStatus) -> None:
    root = talk.say("When does it open?")
    answer = talk.say("In May.", by=talk.staff, to=root)
    talk.feature(answer)
    assert all(talk.shows(only) for only in ThreadFilter)

    talk.settle(answer, status)

    assert [talk.shows(only) for only in ThreadFilter] == [[], [], []]


def test_a_removed_question_stays_a_neutral_line_above_its_answer(talk: Talk) -> None:
    root = talk.say("Sesquipedalian abuse.")
    talk.say("We do not allow this here.", by=talk.staff, to=root)
    talk.settle(root, CommentStatus.REMOVED)

    (branch,) = talk.page(NEWSROOM).branches

    assert (branch.root.status, branch.root.html) == (CommentStatus.REMOVED, "")


def test_the_pages_hold_every_root_once_and_nothing_of_elsewhere(db: Database, talk: Talk) -> None:
    other = make_site(db, "other")
    make_comment(
        db, other.id, story_id=make_story(db, other.id), author_id=make_staff(db, other.id)
    )
    make_comment(db, talk.site_id, author_id=talk.staff)
    made = [talk.say(f"Word {number}.", by=talk.staff) for number in range(PAGE + 7)]

    first = talk.page(NEWSROOM)
    second = talk.page(NEWSROOM, first.next_cursor)

    found = [branch.root.id for page in (first, second) for branch in page.branches]
    assert found == [one.id for one in reversed(made)]
    assert (len(first.branches), second.next_cursor) == (PAGE, None)


def test_many_answers_to_one_are_bounded(talk: Talk) -> None:
    root = talk.say("Ask me anything?")
    for number in range(14):
        talk.say(f"Answer {number}.", by=talk.staff, to=root)

    (branch,) = talk.page(ANSWERED).branches

    assert len(branch.replies) == 10
    assert branch.is_excerpt


@pytest.mark.parametrize("cursor", ["x", "-1", "1.2", "9" * 19, ""])
def test_a_cursor_of_somebody_elses_is_refused(talk: Talk, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        talk.page(PICKS, cursor)


@pytest.mark.unused_database
@pytest.mark.parametrize("only", ThreadFilter)
def test_a_filter_reads_its_own_index_and_not_the_thread(talk: Talk, only: ThreadFilter) -> None:
    root = talk.say("When does it open?")
    talk.feature(talk.say("In May.", by=talk.staff, to=root))
    talk.author = make_reader(talk.db)
    talk.grow(40, lambda _: None, minutes=1)

    def act() -> None:
        talk.page(only)
        with talk.db.read() as conn:
            list_filters(conn, talk.site_id, talk.story_id)

    together = "\n".join(plan_of(talk.db, one) for one in statements_of(talk.db, act))

    scan = "SCAN" if talk.db.is_sqlite else "Seq Scan on"
    assert re.findall(rf"{scan} (?:comments|stories)\b(?! USING)", together) == []
    assert "ix_comments_roots" not in together
    index = "ix_comments_featured" if only is PICKS else "ix_comments_newsroom"
    assert index in together
