"""The desk under the law: stories close together, names by initials, evidence and who saw it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from belowline.actions.readers import erase_account
from belowline.core.terms import ReaderId, Role, StoryMode
from belowline.stories import store as stories
from belowline.stories.legal import CAREFUL_BANNER
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import BASE, Asker
from tests.web.test_console import Desk, make_desk

NAME = "Marta Quillfeather"


@pytest.fixture
def desk(echo_on_both: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo_on_both, clock)


def mode_of(desk: Desk, story_id: int) -> StoryMode:
    with desk.asker.db.read() as conn:
        found = stories.list_stories(conn, desk.asker.site.id)
    return next(story.mode for story in found if story.id == story_id)


def hold(desk: Desk, comment_id: int) -> str:
    answer = desk.send(
        f"/comments/{comment_id}/hold",
        by=desk.owner,
        reason="A letter before claim.",
        owner=str(desk.owner),
        review="2026-06-01",
    )
    assert answer.status_code == 303
    return str(answer.headers["location"]).removeprefix("/console/echo").partition("?")[0]


def test_the_stories_found_close_in_one_act(desk: Desk) -> None:
    ids = [
        factories.make_story(desk.asker.db, desk.asker.site.id, key)
        for key in ("mill-trial", "mill-trial-day-two", "harvest")
    ]

    found = desk.get("/court?q=mill-trial", by=desk.owner).text
    offered = [int(one) for one in re.findall(r'name="story" value="(\d+)"', found)]
    answer = desk.send(
        "/court", by=desk.owner, story=[str(one) for one in offered], status="trial", q="mill"
    )

    assert sorted(offered) == sorted(ids[:2])
    assert answer.status_code == 303
    assert [mode_of(desk, one) for one in ids] == [
        StoryMode.CLOSED, StoryMode.CLOSED, StoryMode.OPEN
    ]  # fmt: skip


def test_a_day_of_review_stands_above_the_queue_when_it_has_come(desk: Desk) -> None:
    story_id = desk.comment().story_id
    desk.send(f"/court/{story_id}", by=desk.owner, status="arrest", review="2026-03-20")

    before = desk.get("", by=desk.owner).text
    desk.clock.advance(timedelta(days=30))
    desk.sign_in(desk.owner)
    after = desk.get("", by=desk.owner).text

    assert "due to be looked at again" not in before
    assert "1 matter is due to be looked at again" in after
    assert mode_of(desk, story_id) is StoryMode.CLOSED


def test_readers_of_an_open_thread_see_the_words_of_the_status(desk: Desk) -> None:
    story_id = desk.comment().story_id
    desk.send(f"/court/{story_id}", by=desk.owner, status="children")
    with desk.asker.db.read() as conn:
        key = stories.get_story_by_id(conn, desk.asker.site.id, story_id).key

    page = desk.asker.ask("GET", f"/s/echo/{key}", origin=None).text

    assert CAREFUL_BANNER in page
    assert "child" not in page.lower()


def test_a_name_is_shown_by_its_initials_and_never_sent_back(desk: Desk) -> None:
    story_id = desk.comment().story_id
    desk.send("/court/names", by=desk.owner, name=NAME)
    desk.send(f"/court/{story_id}/names", by=desk.owner, name="Bo Lindqvist")
    wrong = desk.send("/court/names", by=desk.owner, name=f"{NAME} {'x ' * 30}")

    pages = desk.get("/court", by=desk.owner).text + wrong.text
    page = desk.get(f"/court/{story_id}", by=desk.owner).text

    assert "M. Q." in pages
    assert "B. L." in page
    assert wrong.status_code == 422
    assert "Quillfeather" not in pages + page
    assert "Lindqvist" not in page


def test_the_author_of_what_is_held_is_not_told_that_a_name_is_protected(desk: Desk) -> None:
    desk.send("/court/names", by=desk.owner, name=NAME)
    story_id = factories.make_story(desk.asker.db, desk.asker.site.id, "mill")
    assert story_id
    _, token = desk.asker.reader()

    answer = desk.asker.ask(
        "POST", "stories/mill/comments", by=token, json={"text": f"It was {NAME}, they say."}
    )

    told = answer.json()
    assert (answer.status_code, told["status"]) == (201, "held")
    assert "protected" not in answer.text.lower()
    assert told["reason"].startswith("A moderator looks at this first")


def test_who_looked_at_a_story_is_shown(desk: Desk) -> None:
    story_id = desk.comment().story_id
    desk.send(f"/court/{story_id}", by=desk.owner, status="charged")
    editor = desk.sign_in(factories.make_staff(desk.asker.db, desk.asker.site.id, Role.EDITOR))

    desk.get(f"/court/{story_id}", by=editor)
    page = unescape(desk.get(f"/court/{story_id}", by=desk.owner).text)

    assert re.search(r"Editor \d+</bdi> looked at it", page)
    assert "set the legal status: Active: charged" in page


def test_a_status_set_meanwhile_refuses_a_stale_page(desk: Desk) -> None:
    story_id = desk.comment().story_id
    desk.send(f"/court/{story_id}", by=desk.owner, status="charged", seen="none")

    stale = desk.send(f"/court/{story_id}", by=desk.owner, status="none", seen="none")

    assert stale.status_code == 409
    assert "another legal status meanwhile" in stale.text


def test_a_story_under_a_status_says_why_it_cannot_be_opened(desk: Desk) -> None:
    story_id = desk.comment().story_id
    desk.send(f"/court/{story_id}", by=desk.owner, status="charged")

    answer = desk.send(
        f"/stories/{story_id}/mode", by=desk.owner, mode="open", reason="", seen="closed"
    )

    assert answer.status_code == 403
    assert "has a legal status" in answer.text
    assert mode_of(desk, story_id) is StoryMode.CLOSED


def test_evidence_shows_every_text_and_who_has_seen_it(desk: Desk) -> None:
    comment = desk.comment("The treasurer took the money.")
    path = hold(desk, comment.id)
    desk.get(f"/cases/{comment.id}")

    page = unescape(desk.get(path, by=desk.owner).text)

    assert "The treasurer took the money." in page
    assert re.search(r"Moderator \d+</bdi> looked at it", page)
    assert "Kept as evidence" in desk.get(f"/cases/{comment.id}", by=desk.owner).text


def test_a_hold_ends_only_with_a_second_thought(desk: Desk) -> None:
    path = hold(desk, desk.comment().id)

    unsure = desk.send(path, by=desk.owner, do="end")
    sure = desk.send(path, by=desk.owner, do="end", confirm="yes")
    again = desk.send(path, by=desk.owner, do="end", confirm="yes")

    assert (unsure.status_code, sure.status_code, again.status_code) == (422, 303, 409)


def test_whoever_is_erased_is_told_what_is_restricted(desk: Desk) -> None:
    author, token = desk.asker.reader("Ann Lee")
    comment = desk.comment("The treasurer took the money.", author_id=author)
    path = hold(desk, comment.id)

    answer = desk.asker.ask(
        "POST", "/me/echo/erase", by=token, origin=BASE, data={"confirm": "erase"}
    )

    assert answer.status_code == 200
    assert "1 comment of yours is restricted" in answer.text
    assert "Max-Age=0" in answer.headers["set-cookie"] or "expires" in answer.headers["set-cookie"]
    kept = unescape(desk.get(path, by=desk.owner).text)
    assert "The treasurer took the money." in kept
    assert "Ann Lee" in kept


def test_erased_without_evidence_readers_are_sent_on_as_ever(desk: Desk) -> None:
    author, _ = desk.asker.reader("Ann Lee")
    desk.comment(author_id=author)

    assert erase_account(desk.asker.db, ReaderId(author)) == 0
