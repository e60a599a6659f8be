"""Why a comment stands where it stands, and that nobody is told a number too early."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.comments import react
from belowline.actions.orders import REST, rank_next
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.terms import Actor, CommentStatus, StoryMode
from belowline.storage import tables
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import Asker

STORY = "stories/bridge"
Liked = tuple[Comment, Comment]


@pytest.fixture
def liked(echo: Asker, clock: SettableClock) -> Liked:
    """Give a root that six readers respect and a reply to it, ranked, ten minutes old."""
    with echo.db.write(factories.SYSTEM) as tx:
        long_ago = tx.now - timedelta(days=900)
        tx.conn.execute(sa.update(tables.sites).values(created_at=long_ago))
    story_id = factories.make_story(echo.db, echo.site.id, "bridge")
    root = factories.make_comment(echo.db, echo.site.id, story_id=story_id)
    reply = factories.make_comment(echo.db, echo.site.id, parent=root)
    for _ in range(6):
        by = factories.make_reader(echo.db)
        react(echo.db, root.id, site_id=echo.site.id, by=by, respects=True)
    clock.advance(REST)
    rank_next(echo.db)
    return root, reply


def codes(echo: Asker, comment_id: int) -> list[str]:
    answer = echo.ask("GET", f"comments/{comment_id}/why", origin=None)
    assert answer.status_code == 200
    assert answer.json()["order"] == "best"
    return [one["code"] for one in answer.json()["reasons"]]


def test_a_comment_says_why_it_stands_where_it_stands(
    echo: Asker, liked: Liked, clock: SettableClock
) -> None:
    root, reply = liked
    assert codes(echo, reply.id) == ["reply"]
    assert "first_hour" in codes(echo, root.id)
    clock.advance(timedelta(hours=1))
    assert "respect" in codes(echo, root.id)


def test_the_page_says_the_same_and_only_at_its_own_address(echo: Asker, liked: Liked) -> None:
    root, _ = liked
    page = echo.ask("GET", f"/s/echo/bridge/c/{root.id}/why")
    assert page.status_code == 200
    assert "In its first hour nobody is told" in page.text
    assert (
        f'href="/s/echo/bridge/c/{root.id}/why"'
        in echo.ask("GET", f"/s/echo/bridge/c/{root.id}").text
    )
    assert echo.ask("GET", f"/s/echo/other/c/{root.id}/why").status_code == 404


def test_nobody_learns_a_number_in_the_first_hour(
    echo: Asker, liked: Liked, clock: SettableClock
) -> None:
    root, _ = liked
    asked = f"{STORY}/thread"
    (told,) = echo.ask("GET", asked, origin=None).json()["comments"]
    assert told["respect"] == 0
    for place in (f"{STORY}/thread.html", f"comments/{root.id}/why"):
        assert ">6<" not in echo.ask("GET", place, origin=None).text
        assert " 6 " not in echo.ask("GET", place, origin=None).text
    clock.advance(timedelta(hours=1))
    rank_next(echo.db)
    (told,) = echo.ask("GET", asked, origin=None).json()["comments"]
    assert told["respect"] == 6


def test_nothing_is_said_of_what_is_not_public(echo: Asker, liked: Liked) -> None:
    root, _ = liked
    held = factories.make_comment(echo.db, echo.site.id, verdicts=[factories.HOLDING])
    assert echo.ask("GET", f"comments/{held.id}/why", origin=None).status_code == 404
    assert echo.ask("GET", "comments/999/why", origin=None).status_code == 404
    with echo.db.write(Actor.of_system("test")) as tx:
        current = comments.get_comment(tx.conn, echo.site.id, root.id)
        comments.set_status(tx, current, CommentStatus.REMOVED, rule_key="threat")
    assert codes(echo, root.id) == ["gone"]
    with echo.db.write(Actor.of_system("test")) as tx:
        tx.conn.execute(sa.update(tables.stories).values(mode=StoryMode.SUSPENDED))
    assert echo.ask("GET", f"comments/{root.id}/why", origin=None).status_code == 404


@pytest.mark.usefixtures("liked")
def test_a_thread_is_read_in_every_order_and_best_is_the_usual_one(echo: Asker) -> None:
    for order in ("best", "newest", "oldest", "replied", "newsroom"):
        answer = echo.ask("GET", f"{STORY}/thread?order={order}", origin=None)
        assert answer.json()["order"] == order
    usual = echo.ask("GET", "/s/echo/bridge")
    assert 'data-order="best"' in usual.text
    assert echo.ask("GET", f"{STORY}/thread?order=worst", origin=None).status_code == 422
    assert echo.ask("GET", f"{STORY}/thread?order=best&after=1.1", origin=None).status_code == 422
