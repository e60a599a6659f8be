"""The orders of a thread, kept by ranking it: what moves, what stays, and what readers see."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from belowline.actions.comments import withdraw_comment
from belowline.actions.orders import REST, rank_next
from belowline.actions.reactions import react
from belowline.actions.readers import erase_account
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput
from belowline.core.terms import CommentId, CommentStatus, ReaderId, Role, ThreadOrder
from belowline.followers.orders import Ranking
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.storage.places import WORKED_OUT, ask_ranking
from belowline.stories import store as stories
from belowline.threads import places, readings
from belowline.threads import store as threads
from belowline.threads.model import PAGE
from belowline.transparency.counts import find_disagreements, put_right
from tests.conftest import SettableClock
from tests.factories import (
    SYSTEM,
    at_once,
    make_comment,
    make_connected,
    make_reader,
    make_site,
    make_staff,
    make_story,
    reread,
    rows_of,
)

BEST, REPLIED, NEWSROOM = WORKED_OUT
HOUR = timedelta(hours=1)


@dataclass
class Square:
    """A thread, those who read it, and its ranking."""

    db: Database
    clock: SettableClock

    def __post_init__(self) -> None:
        self.site = make_site(self.db)
        with self.db.write(SYSTEM) as tx:
            long_ago = tx.now - timedelta(days=900)
            tx.conn.execute(sa.update(tables.sites).values(created_at=long_ago))
        self.story_id = make_story(self.db, self.site.id, "bridge")
        self.readers = [make_reader(self.db) for _ in range(12)]

    def say(self, parent: Comment | None = None, *, by: ReaderId | None = None) -> Comment:
        self.clock.advance(timedelta(seconds=1))
        return make_comment(
            self.db, self.site.id, story_id=self.story_id, author_id=by, parent=parent
        )

    def like(self, comment: Comment, *readers: ReaderId, respects: bool = True) -> None:
        for by in readers:
            self.clock.advance(timedelta(minutes=7))
            react(self.db, comment.id, site_id=self.site.id, by=by, respects=respects)

    def rank(self) -> int:
        """Let everything be ranked that is due by now, and say how many rankings that took."""
        self.clock.advance(REST)
        done = 0
        while rank_next(self.db):
            done += 1
        return done

    def order(self, order: ThreadOrder = BEST) -> list[CommentId]:
        return [branch for page in self.pages(order) for branch in page]

    def pages(self, order: ThreadOrder) -> Iterator[list[CommentId]]:
        after = None
        while True:
            with self.db.read() as conn:
                page = threads.read_page(
                    conn, self.site.id, self.story_id, order=order, after=after
                )
            yield [branch.root.id for branch in page.branches]
            after = page.next_cursor
            if after is None:
                return

    def version(self) -> int:
        with self.db.read() as conn:
            return stories.get_story_by_id(conn, self.site.id, self.story_id).thread_version

    def shown_respect(self, comment: Comment) -> int:
        with self.db.read() as conn:
            line = threads.find_line(conn, self.site.id, comment.id)
        assert line is not None
        return line.respect_count

    def keys(self) -> list[tuple[object, ...]]:
        return [(row.comment_id, row.in_order, row.key) for row in rows_of(self.db, tables.places)]

    def is_sound(self) -> bool:
        with self.db.read() as conn:
            return find_disagreements(conn) == []


@pytest.fixture
def square(db: Database, clock: SettableClock) -> Square:
    return Square(db, clock)


# What moves


def test_a_comment_that_few_came_upon_is_not_judged_by_those_who_did_not(square: Square) -> None:
    made = [square.say() for _ in range(30)]
    square.rank()
    buried, passed_over = made[4], made[5]
    square.like(buried, *square.readers[:3])
    square.like(passed_over, *square.readers[:3])
    square.like(made[6], *square.readers)
    with square.db.write(SYSTEM) as tx:
        readings.add_visits(tx, {square.story_id: 500})
        readings.add_met(tx, {square.story_id: {passed_over.id: 500.0, buried.id: 20.0}})
    square.rank()

    standing = square.order()
    assert standing.index(buried.id) < standing.index(passed_over.id)


def test_visits_alone_move_nothing(square: Square) -> None:
    """Otherwise a thread would turn under its readers' eyes because they read it."""
    made = [square.say() for _ in range(5)]
    square.like(made[1], *square.readers[:3])
    square.rank()
    with square.db.write(SYSTEM) as tx:
        readings.add_visits(tx, {square.story_id: 500})
        readings.add_met(tx, {square.story_id: {made[1].id: 500.0}})
    assert square.rank() == 0


def test_visits_before_a_comment_was_there_are_not_held_against_it(square: Square) -> None:
    square.say()
    with square.db.write(SYSTEM) as tx:
        readings.add_visits(tx, {square.story_id: 500})
    late = square.say()
    square.rank()
    with square.db.read() as conn:
        shown = readings.read_shown(conn, square.story_id)[late.id]
    assert shown.visits_before == 500


def test_before_anybody_reacts_the_newest_stands_first_in_every_order(square: Square) -> None:
    made = [square.say().id for _ in range(4)]
    for order in WORKED_OUT:
        assert square.order(order) == made[::-1]
    square.rank()
    for order in WORKED_OUT:
        assert square.order(order) == made[::-1]


def test_what_readers_respect_comes_first_once_the_thread_is_ranked(square: Square) -> None:
    first, second, third = square.say(), square.say(), square.say()
    square.like(first, *square.readers[:6])

    assert square.order() == [third.id, second.id, first.id]
    assert square.rank() == 1
    assert square.order()[0] == first.id

    square.like(second, *square.readers)
    square.rank()
    assert square.order()[:2] == [second.id, first.id]


def test_the_most_replied_and_the_newsroom_have_their_orders(square: Square) -> None:
    first, second, third = square.say(), square.say(), square.say()
    square.say(square.say(first))
    square.say(third)
    editor = make_staff(square.db, square.site.id, Role.EDITOR)
    answer = square.say(second, by=editor)
    square.rank()

    assert square.order(REPLIED) == [first.id, third.id, second.id]
    assert square.order(NEWSROOM) == [second.id, third.id, first.id]

    square.say(first, by=editor)
    withdraw_comment(square.db, answer.id, site_id=square.site.id, by=editor)
    square.rank()
    assert square.order(NEWSROOM) == [first.id, third.id, second.id]
    assert square.order(REPLIED)[0] == first.id


def test_an_editors_pick_rises_and_falls_again(square: Square) -> None:
    first, second = square.say(), square.say()
    square.rank()
    for featured, top in ((True, first), (False, second)):
        with square.db.write(SYSTEM) as tx:
            current = comments.get_comment(tx.conn, square.site.id, first.id)
            comments.set_featured(tx, current, reason="Well put.", featured=featured)
        square.rank()
        assert square.order()[0] == top.id


def test_what_is_gone_stands_last_and_what_comes_back_has_its_places(square: Square) -> None:
    first, second = square.say(), square.say()
    square.like(first, *square.readers)
    square.say(first)
    square.rank()
    assert square.order() == [first.id, second.id]

    settle(square, first, CommentStatus.REMOVED)
    square.rank()
    assert square.order() == [second.id, first.id]
    settle(square, second, CommentStatus.HELD)
    square.rank()
    assert square.order() == [first.id]
    assert square.is_sound()
    settle(square, first, CommentStatus.PUBLISHED)
    settle(square, second, CommentStatus.PUBLISHED)
    square.rank()
    assert square.order() == [first.id, second.id]
    assert square.is_sound()


def settle(square: Square, comment: Comment, status: CommentStatus) -> None:
    with square.db.write(SYSTEM) as tx:
        current = comments.get_comment(tx.conn, square.site.id, comment.id)
        comments.set_status(tx, current, status, rule_key="threat")


def test_a_hundred_new_or_connected_accounts_do_no_more_than_one_reader(square: Square) -> None:
    made = [square.say() for _ in range(8)]
    for place, comment in enumerate(made):
        square.like(comment, *square.readers[: place + 3])
    pushed = made[2]
    square.rank()
    before = square.order()
    ring = [make_reader(square.db) for _ in range(50)]
    make_connected(square.db, *ring)
    square.like(pushed, *ring)
    for _ in range(50):
        fresh = make_reader(square.db, joined=timedelta(days=1))
        square.like(pushed, fresh)
    square.rank()

    assert before.index(pushed.id) - square.order().index(pushed.id) <= 2
    assert reread(square.db, pushed).respect_count == 105


# What stays


def test_a_ranking_that_moves_nothing_writes_nothing(square: Square) -> None:
    first = square.say()
    square.say()
    square.clock.advance(HOUR)
    square.like(first, *square.readers[:5])
    square.rank()
    keys, version = square.keys(), square.version()

    square.like(first, square.readers[5])
    assert square.version() == version + 1
    square.rank()
    assert square.keys() == keys
    assert square.version() == version + 1
    with square.db.read() as conn:
        assert places.ranking_number(conn, square.story_id) == 1


def test_a_thread_rests_after_it_was_ranked(square: Square) -> None:
    first, second = square.say(), square.say()
    square.like(first, *square.readers[:4])
    assert square.rank() == 1
    react(square.db, second.id, site_id=square.site.id, by=square.readers[7], respects=True)

    assert not rank_next(square.db)
    square.clock.advance(REST)
    assert rank_next(square.db)
    assert not rank_next(square.db)


def test_of_two_processes_one_ranks(square: Square) -> None:
    first = square.say()
    square.say()
    square.like(first, *square.readers[:4])
    square.clock.advance(REST)
    at_once(*[lambda: Ranking(square.db).work()] * 3)
    with square.db.read() as conn:
        assert places.ranking_number(conn, square.story_id) == 1


def test_a_ranking_that_died_is_taken_up_again(square: Square) -> None:
    first = square.say()
    square.like(first, *square.readers[:4])
    square.clock.advance(REST)
    with square.db.read() as conn:
        due = places.find_due(conn, now=square.clock.now)
    assert due is not None
    with square.db.write(SYSTEM) as tx:
        assert places.claim(tx, due) is not None
        assert places.claim(tx, due) is None
    assert not rank_next(square.db)
    square.clock.advance(places.LEASE)
    assert rank_next(square.db)


def test_what_happens_during_a_ranking_is_ranked_after_it(square: Square) -> None:
    first, second = square.say(), square.say()
    square.like(first, *square.readers[:4])
    square.clock.advance(REST)
    with square.db.read() as conn:
        due = places.find_due(conn, now=square.clock.now)
    assert due is not None
    with square.db.write(SYSTEM) as tx:
        until = places.claim(tx, due)
    assert until is not None
    react(square.db, second.id, site_id=square.site.id, by=square.readers[9], respects=True)
    with square.db.write(SYSTEM) as tx:
        places.finish(tx, due, until=until, next_at=None, rests_for=REST)

    assert square.rank() == 1


@pytest.mark.parametrize("order", WORKED_OUT)
def test_paging_on_misses_nothing_when_the_thread_is_ranked_meanwhile(
    square: Square, order: ThreadOrder
) -> None:
    made = [square.say() for _ in range(2 * PAGE + 7)]
    square.like(made[40], *square.readers[:3])
    square.rank()
    before = square.order(order)
    pages = square.pages(order)
    seen = next(pages)
    editor = make_staff(square.db, square.site.id, Role.EDITOR)
    for comment in (made[3], made[60]):
        square.like(comment, *square.readers)
        square.say(comment, by=editor)
    assert square.rank()
    assert square.order(order) != before
    for page in pages:
        seen += page

    assert seen == before


@pytest.mark.parametrize("cursor", ["", "1.1", "1.2.3.4", "-1.2.3", "1.2.x", "1.2.3\n", "9" * 40])
def test_a_hostile_cursor_is_refused(square: Square, cursor: str) -> None:
    with square.db.read() as conn, pytest.raises(InvalidInput):
        threads.read_page(conn, square.site.id, square.story_id, order=BEST, after=cursor)


@pytest.mark.parametrize("cursor", ["0.0.0", "9" * 9 + "." + "9" * 18 + "." + "9" * 18])
def test_a_cursor_that_nobody_was_given_is_harmless(square: Square, cursor: str) -> None:
    square.say()
    with square.db.read() as conn:
        for order in WORKED_OUT:
            page = threads.read_page(
                conn, square.site.id, square.story_id, order=order, after=cursor
            )
            assert len(page.branches) in {0, 1}


# What readers are told of the number


def test_respect_is_not_told_in_the_first_hour(square: Square) -> None:
    comment = square.say()
    version = square.version()
    answer = react(
        square.db, comment.id, site_id=square.site.id, by=square.readers[0], respects=True
    )
    assert answer is None
    assert square.shown_respect(comment) == 0
    # Nothing that anybody sees has changed, so no page is dropped.
    assert square.version() == version

    square.rank()
    assert square.shown_respect(comment) == 0
    assert not rank_next(square.db)
    square.clock.advance(HOUR)
    assert rank_next(square.db)
    assert square.shown_respect(comment) == 1
    assert square.version() == version + 1
    assert square.is_sound()

    square.like(comment, square.readers[1])
    assert square.shown_respect(comment) == 2


def test_respect_that_came_and_went_in_the_first_hour_leaves_nothing(square: Square) -> None:
    comment = square.say()
    square.like(comment, square.readers[0])
    square.like(comment, square.readers[0], respects=False)
    square.clock.advance(HOUR)
    square.rank()
    assert square.shown_respect(comment) == 0
    assert square.is_sound()


def test_the_number_is_told_in_the_end_even_if_nothing_was_ranked_for_days(square: Square) -> None:
    comment = square.say()
    square.like(comment, *square.readers[:3])
    square.clock.advance(timedelta(days=9))
    assert square.rank() == 1
    assert square.shown_respect(comment) == 3


def test_erasing_a_reader_takes_the_respect_back_from_both_counts(square: Square) -> None:
    old = square.say()
    square.clock.advance(HOUR)
    young = square.say()
    for by in square.readers[:2]:
        for comment in (old, young):
            react(square.db, comment.id, site_id=square.site.id, by=by, respects=True)
    erase_account(square.db, square.readers[0])
    assert (square.shown_respect(old), square.shown_respect(young)) == (1, 0)
    assert square.is_sound()


# What is kept, and what is not


def test_nothing_about_a_reader_is_kept(square: Square) -> None:
    """Sides live as long as the reckoning: what stays are numbers of comments."""
    made = [square.say() for _ in range(6)]
    crowd = [make_reader(square.db) for _ in range(24)]
    for number, by in enumerate(crowd):
        for comment in made:
            if (comment.id + number) % 6:
                react(square.db, comment.id, site_id=square.site.id, by=by, respects=True)
        square.clock.advance(timedelta(minutes=9))
    before = {table.name: len(rows_of(square.db, table)) for table in tables.metadata.sorted_tables}
    square.rank()
    after = {table.name: len(rows_of(square.db, table)) for table in tables.metadata.sorted_tables}

    # That counting begins for the roots is of comments, too.
    assert before | {"readings": len(made)} == after
    for row in rows_of(square.db, tables.places):
        assert set(row.why or {}) <= {
            "score", "voices", "readings", "share", "balance", "fair_look", "featured", "fewer"
        }  # fmt: skip


def test_lost_places_are_found_and_put_right(square: Square) -> None:
    made = [square.say() for _ in range(3)]
    reply = square.say(made[0])
    with square.db.write(SYSTEM) as tx:
        tx.conn.execute(sa.delete(tables.places).where(tables.places.c.in_order == BEST))
        values = {"site_id": square.site.id, "story_id": square.story_id, "key": 1}
        stray = {"comment_id": reply.id, "in_order": BEST, "key_before": 1}
        tx.conn.execute(sa.insert(tables.places).values(**values, **stray))
    assert not square.is_sound()
    with square.db.write(SYSTEM) as tx:
        assert len(put_right(tx)) == 4
    assert square.is_sound()
    assert square.order() == [one.id for one in reversed(made)]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["say", "like", "unlike", "reply", "hold", "publish", "rank"]),
            st.integers(0, 6),
            st.integers(0, 11),
        ),
        max_size=25,
    )
)
def test_whatever_happens_every_root_that_is_shown_stands_in_every_order_once(
    square: Square, acts: list[tuple[str, int, int]]
) -> None:
    made = [square.say()]
    for act, which, who in acts:
        comment = reread(square.db, made[which % len(made)])
        match act:
            case "say":
                made.append(square.say())
            case "reply" if comment.status is CommentStatus.PUBLISHED:
                square.say(comment)
            case "like" | "unlike" if comment.status is CommentStatus.PUBLISHED:
                square.like(comment, square.readers[who], respects=act == "like")
            case "hold":
                settle(square, comment, CommentStatus.HELD)
            case "publish":
                settle(square, comment, CommentStatus.PUBLISHED)
            case "rank":
                square.rank()
    newest = square.order(ThreadOrder.NEWEST)
    for order in WORKED_OUT:
        assert sorted(square.order(order), reverse=True) == sorted(newest, reverse=True)
    square.rank()
    for order in WORKED_OUT:
        assert len(square.order(order)) == len(newest)
    assert square.is_sound()


def test_a_ranking_and_a_writer_do_not_wait_for_each_other(square: Square) -> None:
    """A writer locks the story and then asks for a ranking; so must the ranking itself."""
    first = square.say()
    square.say()
    square.rank()
    square.say(first)
    square.clock.advance(2 * REST)
    locked = Event()

    def write() -> None:
        with square.db.write(SYSTEM) as tx:
            stories.lock_story_by_id(tx, square.site.id, square.story_id)
            locked.set()
            time.sleep(0.5)
            ask_ranking(tx, square.story_id)

    def rank() -> bool:
        locked.wait()
        return rank_next(square.db)

    assert at_once(write, rank) == [None, True]
