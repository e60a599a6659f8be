"""A page shows about as many comments wherever readers quarrel much, and wherever they do not."""

from __future__ import annotations

import pytest

from belowline.core.terms import ThreadOrder
from belowline.storage.database import Database
from belowline.threads import store as threads
from belowline.threads.around import NEIGHBOURS, read_page_at
from belowline.threads.model import PAGE, REPLIES, ThreadPage
from tests.threads.test_store import Thread


def lines_of(page: ThreadPage) -> int:
    return sum(1 + len(branch.replies) for branch in page.branches)


@pytest.mark.parametrize("order", ThreadOrder)
@pytest.mark.parametrize("each", [0, 1, 3, REPLIES + 2])
def test_a_page_is_full_with_fifty_comments(db: Database, order: ThreadOrder, each: int) -> None:
    thread = Thread(db)
    roots = thread.grow(PAGE + 5, lambda _: None, minutes=1)
    for root in roots:
        thread.grow(each, lambda _, root=root: root)  # type: ignore[misc]

    with db.read() as conn:
        page = threads.read_page(conn, thread.site_id, thread.story_id, order=order)
    assert PAGE <= lines_of(page) <= PAGE + REPLIES
    assert lines_of(page) - 1 - len(page.branches[-1].replies) < PAGE
    # Nobody is left out for it: the next page begins behind the last one shown.
    assert {one.root.id for one in thread.branches(order)} == {root.id for root in roots}


@pytest.mark.parametrize("order", ThreadOrder)
def test_a_comment_is_on_its_page_among_roots_with_many_replies(
    db: Database, order: ThreadOrder
) -> None:
    assert NEIGHBOURS * (1 + REPLIES) < PAGE
    thread = Thread(db)
    roots = thread.grow(12, lambda _: None, minutes=1)
    for root in roots:
        thread.grow(REPLIES + 1, lambda _, root=root: root)  # type: ignore[misc]
    for root in roots:
        with db.read() as conn:
            page, _ = read_page_at(
                conn, thread.site_id, thread.story_id, order=order, comment_id=root.id
            )
        assert root.id in {branch.root.id for branch in page.branches}
