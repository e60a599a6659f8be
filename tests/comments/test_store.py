"""Counters and places in the thread: whatever happens, they are what a naive recount says."""

from __future__ import annotations

from collections import defaultdict
from threading import Event, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from belowline.comments import store as comments
from belowline.comments.model import Comment, NewComment
from belowline.core.errors import NotFound, StaleVersion
from belowline.core.terms import CommentId, CommentStatus, ReaderId, SiteId, StoryId
from belowline.storage.database import Database, Tx
from belowline.stories import store as stories
from belowline.transparency.counts import find_disagreements
from tests.factories import SYSTEM, make_comment, make_reader, make_site, make_story, reread

PUBLISHED, HELD = CommentStatus.PUBLISHED, CommentStatus.HELD

adding = st.tuples(
    st.just("add"), st.integers(0, 40), st.sampled_from([PUBLISHED, PUBLISHED, PUBLISHED, HELD])
)
settling = st.tuples(st.just("settle"), st.integers(0, 40), st.sampled_from(CommentStatus))


class Tree:
    """One story's comments, changed through the store and recounted from what was asked for."""

    def __init__(self, tx: Tx, site_id: SiteId, story_id: StoryId, author_id: ReaderId) -> None:
        self.tx, self.site_id, self.story_id, self.author_id = tx, site_id, story_id, author_id
        self.ids: list[CommentId] = []
        self.parents: dict[CommentId, CommentId | None] = {}
        self.status: dict[CommentId, CommentStatus] = {}
        self.was_published: set[CommentId] = set()

    def read(self, comment_id: CommentId) -> Comment:
        return comments.get_comment(self.tx.conn, self.site_id, comment_id)

    def add(self, below: int, status: CommentStatus) -> None:
        """Add a comment: a root, or a reply to a published comment."""
        published = [one for one in self.ids if self.status[one] is PUBLISHED]
        choice = below % (len(published) + 1)
        parent = self.read(published[choice - 1]) if choice else None
        new = NewComment(
            self.site_id,
            self.story_id,
            parent,
            self.author_id,
            None,
            "Words.",
            "<p>Words.</p>",
            status,
        )
        made = comments.add_comment(self.tx, new)
        self.ids.append(made.id)
        self.parents[made.id] = parent.id if parent else None
        self.note(made.id, status)

    def settle(self, which: int, status: CommentStatus) -> None:
        """Let any comment become anything, which is more than policies allow."""
        if self.ids:
            comment = self.read(self.ids[which % len(self.ids)])
            comments.set_status(self.tx, comment, status)
            self.note(comment.id, status)

    def note(self, comment_id: CommentId, status: CommentStatus) -> None:
        self.status[comment_id] = status
        if status is PUBLISHED:
            self.was_published.add(comment_id)

    def shown(self) -> set[CommentId]:
        """Return what has a place of its own, and every ancestor that holds such a one up."""
        places = {
            one
            for one in self.ids
            if self.status[one] is PUBLISHED
            or (self.status[one] is CommentStatus.REMOVED and one in self.was_published)
        }
        for one in list(places):
            above = self.parents[one]
            while above is not None:
                places.add(above)
                above = self.parents[above]
        return places

    def reply_counts(self) -> dict[CommentId, int]:
        """Count shown replies: direct ones, and below a root all in its tree."""
        counted: dict[CommentId, int] = defaultdict(int)
        for one in self.shown():
            parent = self.parents[one]
            if parent is None:
                continue
            if self.parents[parent] is not None:
                counted[parent] += 1
            while self.parents[parent] is not None:
                parent = self.parents[parent]
                assert parent is not None
            counted[parent] += 1
        return counted


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.lists(st.one_of(adding, adding, settling), max_size=40))
def test_counts_and_places_are_what_a_naive_recount_says(
    db: Database, changes: list[tuple[str, int, CommentStatus]]
) -> None:
    with db.read() as conn:
        known = stories.list_stories(conn, SiteId(1))
    site_id = known[0].site_id if known else make_site(db).id
    author_id = ReaderId(1) if known else make_reader(db)
    story_id = make_story(db, site_id)
    with db.write(SYSTEM) as tx:
        tree = Tree(tx, site_id, story_id, author_id)
        for what, number, status in changes:
            if what == "add":
                tree.add(number, status)
            else:
                tree.settle(number, status)
        stored = {one: tree.read(one) for one in tree.ids}
        counts = tree.reply_counts()

        assert {one for one, comment in stored.items() if comment.shown} == tree.shown()
        assert {one: comment.reply_count for one, comment in stored.items()} == {
            one: counts[one] for one in tree.ids
        }
        for comment in stored.values():
            if comment.shown and comment.parent_id is not None:
                assert stored[comment.parent_id].shown
        story = stories.get_story_by_id(tx.conn, site_id, story_id)
        assert story.comment_count == list(tree.status.values()).count(PUBLISHED)
        assert find_disagreements(tx.conn) == []


def test_every_visible_change_moves_the_thread_on(db: Database) -> None:
    comment = make_comment(db, make_site(db).id)
    seen = set()
    for status in (HELD, PUBLISHED, CommentStatus.REMOVED):
        with db.write(SYSTEM) as tx:
            comments.set_status(tx, reread_in(tx, comment), status)
            seen.add(
                stories.get_story_by_id(tx.conn, comment.site_id, comment.story_id).thread_version
            )
    assert len(seen) == 3


def test_a_stale_change_is_refused_and_leaves_nothing(db: Database) -> None:
    comment = make_comment(db, make_site(db).id)
    with db.write(SYSTEM) as tx:
        comments.set_status(tx, comment, HELD)
    with pytest.raises(StaleVersion), db.write(SYSTEM) as tx:
        comments.set_status(tx, comment, CommentStatus.REMOVED)

    assert reread(db, comment).status is HELD
    with db.read() as conn:
        assert find_disagreements(conn) == []


def test_when_it_first_went_public_is_kept(db: Database) -> None:
    comment = make_comment(db, make_site(db).id)
    with db.write(SYSTEM) as tx:
        comments.set_status(tx, comment, HELD)
    assert reread(db, comment).published_at == comment.published_at


def test_what_is_not_there_is_not_locked(db: Database) -> None:
    comment = make_comment(db, make_site(db).id)
    other = make_site(db, "packet").id
    for site_id, comment_id in ((other, comment.id), (comment.site_id, CommentId(10**9))):
        with pytest.raises(NotFound), db.write(SYSTEM) as tx:
            comments.lock_comment(tx, site_id, comment_id)


def reread_in(tx: Tx, comment: Comment) -> Comment:
    return comments.get_comment(tx.conn, comment.site_id, comment.id)


def test_changes_of_one_thread_take_turns_and_those_of_another_do_not_wait(db: Database) -> None:
    """A change counts on comments up the tree; without turns two of them could block each other."""
    if db.is_sqlite:
        pytest.skip("all changes on SQLite take turns")
    one = make_comment(db, make_site(db).id)
    same = make_comment(db, one.site_id, story_id=one.story_id)
    other = make_comment(db, one.site_id)
    done: dict[CommentId, Event] = {comment.id: Event() for comment in (same, other)}

    def change(comment: Comment) -> None:
        with db.write(SYSTEM) as tx:
            comments.lock_comment(tx, comment.site_id, comment.id)
        done[comment.id].set()

    threads = [Thread(target=change, args=(comment,)) for comment in (same, other)]
    with db.write(SYSTEM) as tx:
        comments.lock_comment(tx, one.site_id, one.id)
        for thread in threads:
            thread.start()
        assert done[other.id].wait(10)
        assert not done[same.id].wait(0.2)
    assert done[same.id].wait(10)
    for thread in threads:
        thread.join()
