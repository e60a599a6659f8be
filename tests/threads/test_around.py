"""The page that holds a comment: found in every order, wherever the comment stands."""

from __future__ import annotations

import pytest

from belowline.core.errors import NotFound
from belowline.core.terms import CommentId, CommentStatus, ThreadOrder
from belowline.storage.database import Database
from belowline.threads import store as threads
from belowline.threads.around import NEIGHBOURS, read_page_at
from belowline.threads.model import PAGE, REPLIES, ThreadPage
from tests.factories import make_comment, make_site, make_story
from tests.threads.plans import plan_of, statements_of
from tests.threads.test_store import Thread

ROOTS = 2 * PAGE + 30


def page_at(thread: Thread, order: ThreadOrder, comment_id: CommentId) -> tuple[ThreadPage, bool]:
    with thread.db.read() as conn:
        return read_page_at(
            conn, thread.site_id, thread.story_id, order=order, comment_id=comment_id
        )


def everything(thread: Thread, order: ThreadOrder) -> list[CommentId]:
    return [branch.root.id for branch in thread.branches(order)]


@pytest.mark.parametrize("order", ThreadOrder)
def test_every_root_is_on_the_page_that_holds_it(db: Database, order: ThreadOrder) -> None:
    thread = Thread(db)
    # Three at the same instant each, so that pages begin between equals.
    thread.grow(ROOTS, lambda _: None, minutes=1)
    whole = everything(thread, order)
    assert len(whole) == ROOTS

    for place in (0, 1, NEIGHBOURS, NEIGHBOURS + 1, PAGE, PAGE + 1, ROOTS - 1):
        page, begun = page_at(thread, order, whole[place])
        shown = [branch.root.id for branch in page.branches]
        start = max(0, place - NEIGHBOURS)
        assert shown == whole[start : start + PAGE], place
        assert begun is (start > 0), place


@pytest.mark.parametrize("order", ThreadOrder)
def test_the_pages_after_it_go_on_to_the_end(db: Database, order: ThreadOrder) -> None:
    thread = Thread(db)
    thread.grow(ROOTS, lambda _: None, minutes=1)
    whole = everything(thread, order)
    page, _ = page_at(thread, order, whole[40])
    found = [branch.root.id for branch in page.branches]

    while page.next_cursor is not None:
        with db.read() as conn:
            page = threads.read_page(
                conn, thread.site_id, thread.story_id, order=order, after=page.next_cursor
            )
        found += [branch.root.id for branch in page.branches]

    assert found == whole[40 - NEIGHBOURS :]


def test_a_reply_far_down_is_on_the_page_with_those_after_it(db: Database) -> None:
    thread = Thread(db)
    made = thread.grow(REPLIES + 20, lambda before: before[0] if before else None)
    root, near, far = made[0], made[REPLIES - 1], made[REPLIES + 5]

    page, _ = page_at(thread, ThreadOrder.OLDEST, near.id)
    assert not page.branches[0].earlier
    assert near.id in [reply.id for reply in page.branches[0].replies]

    page, _ = page_at(thread, ThreadOrder.OLDEST, far.id)
    branch = page.branches[0]
    assert (branch.root.id, branch.earlier) == (root.id, True)
    assert branch.replies[0].id == far.id
    assert branch.replies[-1].id == made[-1].id


def test_a_comment_without_a_place_in_the_thread_has_no_page(db: Database) -> None:
    thread = Thread(db)
    withdrawn, shown = thread.grow(2, lambda _: None)
    thread.settle(withdrawn, CommentStatus.WITHDRAWN)
    elsewhere = make_comment(db, thread.site_id)
    other_site = make_site(db, "other")
    foreign = make_comment(db, other_site.id, story_id=make_story(db, other_site.id))
    assert page_at(thread, ThreadOrder.NEWEST, shown.id)

    for comment_id in (withdrawn.id, elsewhere.id, foreign.id, CommentId(999_999)):
        with pytest.raises(NotFound):
            page_at(thread, ThreadOrder.NEWEST, comment_id)


@pytest.mark.unused_database
@pytest.mark.parametrize("order", ThreadOrder)
def test_no_statement_reads_more_than_a_range_of_an_index(db: Database, order: ThreadOrder) -> None:
    thread = Thread(db)
    made = thread.grow(30, lambda _: None, minutes=1)

    asked = statements_of(db, lambda: page_at(thread, order, made[15].id))

    plans = [plan_of(db, one, off=("enable_bitmapscan", "enable_sort")) for one in asked]
    for plan in plans:
        assert "SCAN comments" not in plan, plan
        assert "SCAN places" not in plan, plan
        assert "Seq Scan on comments" not in plan, plan
        assert "Seq Scan on places" not in plan, plan
        assert "USE TEMP B-TREE" not in plan, plan
