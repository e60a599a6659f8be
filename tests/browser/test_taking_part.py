"""Taking part kindly: the rules before the first comment, advice before sending, muting."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from belowline.core.terms import ReaderId, Role
from belowline.storage import tables
from tests import factories
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser

SHOUT = "SHOUTING IS HOW I MAKE MYSELF HEARD IN THIS TOWN"
SEND = {"name": "Send", "exact": True}


def thread(live: Live, *authors: ReaderId) -> list[int]:
    """Make a story with a comment by each, and return the comments' ids."""
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    return [
        factories.make_comment(
            live.db, live.site.id, story_id=story_id, author_id=author, text=f"Comment {number}."
        ).id
        for number, author in enumerate(authors)
    ]


def test_whoever_writes_for_the_first_time_sees_the_rules_in_short(live: Live, page: Page) -> None:
    thread(live, live.reader("Bob Okafor"))
    live.sign_in(page.context, live.reader("Ann Lee", accepts=False))
    page.goto(live.same_site + live.embed("bridge"))
    expect(page.get_by_text("Signed in as Ann Lee")).to_be_visible()

    page.get_by_role("button", name="Write a comment").click()
    rules = page.locator(".bl-short")
    expect(rules.get_by_text("Argue with the point, not the person")).to_be_visible()
    box = page.get_by_role("textbox", name="Your comment")
    rules_at, box_at = rules.bounding_box(), box.bounding_box()
    assert rules_at is not None
    assert box_at is not None
    assert rules_at["y"] < box_at["y"], "the rules stand above the box"
    expect(box).to_be_focused()
    box.fill("What does the council say?")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", **SEND).click()

    expect(page.locator("[data-comment]", has_text="What does the council say?")).to_be_focused()
    page.get_by_role("button", name="Write a comment").click()
    expect(box).to_be_visible()
    expect(rules).to_have_count(0)


@pytest.mark.parametrize("accepts", [True, False])
def test_a_draft_that_may_break_a_rule_is_met_with_advice_once(
    live: Live, page: Page, *, accepts: bool
) -> None:
    thread(live, live.reader("Bob Okafor"))
    live.sign_in(page.context, live.reader("Ann Lee", accepts=accepts))
    page.goto(live.same_site + live.embed("bridge"))
    expect(page.get_by_text("Signed in as Ann Lee")).to_be_visible()

    page.get_by_role("button", name="Write a comment").click()
    box = page.get_by_role("textbox", name="Your comment")
    box.fill(SHOUT)
    if not accepts:
        page.get_by_role("checkbox").check()
    page.get_by_role("button", **SEND).click()
    advice = page.locator(".bl-advice")
    expect(advice).to_contain_text("You can word it differently, or send it as it is")
    expect(box).to_be_focused()
    expect(box).to_have_value(SHOUT)
    assert len(factories.rows_of(live.db, tables.comments)) == 1, "nothing has been sent"

    box.fill(SHOUT + "!")
    page.get_by_role("button", name="Send as it is").click()
    mine = page.locator("[data-comment]", has_text="SHOUTING")
    expect(mine).to_contain_text("Only you can see this.")
    assert len(factories.rows_of(live.db, tables.comments)) == 2


def test_a_muted_reader_is_folded_away_for_one_reader_alone(live: Live, page: Page) -> None:
    bob, cara = live.reader("Bob Okafor"), live.reader("Cara Diaz")
    first, second, third = thread(live, bob, cara, bob)
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("bridge"))
    expect(page.get_by_text("Signed in as Ann Lee")).to_be_visible()

    def body(number: int) -> Locator:
        return page.locator(f"[data-comment='{number}'] > .comment-body")

    page.locator(f"[data-comment='{first}']").get_by_role("button", name="Report").click()
    page.get_by_role("button", name="Mute this reader").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    for number, seen in ((first, False), (second, True), (third, False)):
        expect(body(number)).to_be_visible(visible=seen)
        answer = page.locator(f"[data-comment='{number}']").get_by_role("button", name="Reply")
        expect(answer).to_be_visible(visible=seen)
    expect(page.get_by_role("status")).to_contain_text("for you alone")

    page.reload()
    expect(body(first)).to_be_hidden()
    page.locator(f"[data-comment='{first}']").get_by_role("button", name="Show this one").click()
    expect(body(first)).to_be_visible()
    expect(body(third)).to_be_hidden()
    page.locator(f"[data-comment='{third}']").get_by_role("button", name="Read again").click()
    expect(body(third)).to_be_visible()
    page.reload()
    expect(page.get_by_text("Signed in as Ann Lee")).to_be_visible()
    expect(page.locator(".bl-muted")).to_have_count(0)


def test_a_conversation_is_followed_in_place(live: Live, page: Page) -> None:
    thread(live, live.reader("Bob Okafor"))
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("bridge"))
    expect(page.get_by_text("Signed in as Ann Lee")).to_be_visible()

    follow = page.get_by_role("button", name="Follow", exact=True)
    for now in ("true", "false"):
        follow.click()
        expect(follow).to_have_attribute("aria-pressed", now)
        expect(follow).to_be_focused()
        page.reload()
        expect(page.get_by_text("Signed in as Ann Lee")).to_be_visible()
        expect(follow).to_have_attribute("aria-pressed", now)


def test_a_part_of_the_thread_is_shown_in_place(live: Live, page: Page) -> None:
    editor = factories.make_staff(live.db, live.site.id, Role.EDITOR)
    plain, answer = thread(live, live.reader("Bob Okafor"), editor)
    path = live.embed("bridge")
    page.goto(live.same_site + path)

    page.get_by_role("link", name="From the newsroom").click()
    expect(page.locator(f"[data-comment='{answer}']")).to_be_visible()
    expect(page.locator(f"[data-comment='{plain}']")).to_have_count(0)
    assert page.url.endswith(path), "the reader stays on the publisher's page"
    expect(page.get_by_role("link", name="All comments")).to_be_visible()
    page.get_by_role("link", name="All comments").click()
    expect(page.locator(f"[data-comment='{plain}']")).to_be_visible()
