"""Everything that a reader needs, and a moderator's decision, with scripts switched off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.browser.conftest import Live
from tests.browser.people import Moderator, Person, arrive, employ, let_notices_go

pytestmark = pytest.mark.browser

THREAD = "/s/echo/bridge"
RULE = "Argue with the point, not the person"
SHOUTED = "SHOUTING IS HOW I MAKE MYSELF HEARD IN THIS TOWN"


@pytest.fixture
def ann(live: Live, browser: Browser) -> Iterator[Person]:
    """Give a reader whom nobody knows yet, without scripts."""
    made = arrive(live, browser, "Ann Lee", scripts=False)
    yield made
    made.close()


@pytest.fixture
def mo(live: Live, browser: Browser) -> Iterator[Moderator]:
    """Give a moderator without scripts."""
    made = employ(live, browser, "Mo Adeyemi", scripts=False)
    yield made
    made.close()


def make_thread(live: Live, *texts: str) -> list[int]:
    """Make the story with these comments."""
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    return [
        factories.make_comment(live.db, live.site.id, story_id=story_id, text=text).id
        for text in texts
    ]


def sign_in(person: Person) -> None:
    """Sign in on the way to one's own page."""
    person.goto("/me/echo")
    person.sign_in_on_page()
    expect(person.page.get_by_text(person.name)).to_be_visible()


def publish(page: Page, label: str, text: str) -> None:
    """Fill in the form for a comment, accept the rules if it asks, and send it."""
    page.get_by_label(label).fill(text)
    accepts = page.get_by_role("checkbox", name=re.compile("I have read and accept"))
    if accepts.count():
        accepts.check()
    page.get_by_role("button", name="Publish").click()


def test_a_thread_is_read_in_both_orders_and_to_its_end(live: Live, ann: Person) -> None:
    make_thread(live, *[f"Comment number {number}." for number in range(52)])
    page = ann.page
    ann.goto(THREAD)

    roots = page.locator(".branch")
    expect(roots).to_have_count(50)
    expect(roots.first).to_contain_text("Comment number 51.")
    page.get_by_role("link", name="More comments").click()
    expect(roots).to_have_count(2)
    expect(roots.last).to_contain_text("Comment number 0.")
    page.get_by_role("link", name="Oldest").click()
    expect(roots.first).to_contain_text("Comment number 0.")
    page.get_by_role("link", name="More comments").click()
    expect(roots.last).to_contain_text("Comment number 51.")


def test_further_replies_and_a_single_comment_have_pages(live: Live, ann: Person) -> None:
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    root = factories.make_comment(live.db, live.site.id, story_id=story_id)
    for number in range(13):
        factories.make_comment(live.db, live.site.id, parent=root, text=f"Reply {number}.")
    ann.goto(THREAD)

    ann.page.get_by_role("link", name="More replies").click()
    expect(ann.sees("Reply 12.")).to_be_visible()
    ann.sees("Reply 12.").locator("a.when").click()
    expect(ann.sees("Reply 12.")).to_be_in_viewport()
    ann.page.get_by_role("link", name="All comments", exact=True).click()
    expect(ann.page.locator(".branch")).to_have_count(1)


def test_a_stranger_signs_in_accepts_the_rules_and_comments(live: Live, ann: Person) -> None:
    make_thread(live, "The first comment.")
    page = ann.page
    ann.goto(THREAD)

    page.get_by_role("link", name="Write a comment").click()
    ann.sign_in_on_page()
    expect(page.get_by_role("heading", name="Write a comment")).to_be_visible()
    publish(page, "Your comment", "Mine, *too*.")
    expect(ann.sees("Mine, too.")).to_be_in_viewport()
    expect(ann.sees("Mine, too.").locator("em")).to_have_text("too")
    ann.sees("The first comment.").get_by_role("link", name="Reply").click()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    publish(page, "Your reply", "And an answer.")
    expect(page.locator(".replies", has_text="And an answer.")).to_be_visible()


def test_a_comment_is_respected_and_reported(live: Live, ann: Person) -> None:
    make_thread(live, "You fool.")
    sign_in(ann)
    page = ann.page
    ann.goto(THREAD)

    ann.sees("You fool.").get_by_role("link", name="Respect").click()
    page.get_by_role("button", name="Respect").click()
    # In a comment's first hour the number is not told.
    expect(ann.sees("You fool.").locator(".count")).to_have_count(0)
    ann.sees("You fool.").get_by_role("link", name=re.compile("^Report")).click()
    page.get_by_role("radio", name=re.compile(RULE)).check()
    page.get_by_label(re.compile("Anything that a moderator")).fill("Look at it, please.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name=re.compile("^Thank you"))).to_be_visible()
    page.get_by_role("link", name="My reports").click()
    mine = page.get_by_role("region", name="My reports")
    expect(mine.get_by_role("heading", name=RULE)).to_be_visible()
    expect(mine).to_contain_text("Look at it, please.")
    mine.get_by_role("listitem").get_by_role("link").click()
    expect(ann.sees("You fool.")).to_be_visible()


def test_an_own_comment_is_explained_edited_and_taken_back(live: Live, ann: Person) -> None:
    make_thread(live, "The first comment.")
    sign_in(ann)
    page = ann.page
    ann.goto(THREAD + "/write")

    publish(page, "Your comment", SHOUTED)
    expect(page.get_by_role("heading", name="Your comment waits for a moderator")).to_be_visible()
    expect(page.get_by_text("capital letters")).to_be_visible()
    ann.goto(THREAD + "/write")
    publish(page, "Your comment", "Said in a low voice.")
    ann.goto("/me/echo/comments")
    page.get_by_role("link", name=re.compile("^What became of it")).first.click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Your comment").fill("Said in a lower voice.")
    page.get_by_role("button", name="Save").click()
    expect(ann.sees("Said in a lower voice.")).to_contain_text("edited")
    ann.goto("/me/echo/comments")
    page.get_by_role("link", name=re.compile("^What became of it")).first.click()
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="You have taken this comment back")).to_be_visible()
    ann.goto(THREAD)
    expect(ann.sees("Said in a lower voice.")).to_have_count(0)


def test_a_decision_is_made_appealed_against_and_undone_by_forms(
    live: Live, ann: Person, mo: Moderator, browser: Browser
) -> None:
    make_thread(live, "The first comment.")
    sign_in(ann)
    ann.goto(THREAD + "/write")
    publish(ann.page, "Your comment", SHOUTED)

    mo.goto(mo.desk)
    mo.sign_in_on_page()
    mo.page.get_by_role("link", name=re.compile("Ann Lee")).click()
    mo.remove(RULE, "It shouts at people.")
    expect(mo.page.get_by_role("region", name="Just decided")).to_contain_text("Removed")
    mo.page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(mo.page.locator(".matter .state")).to_have_text("Held")
    mo.remove(RULE, "It shouts at people.")
    mo.impose_what_is_proposed("Warning")
    let_notices_go(live)
    ann.wait_for_letter("your comment has been removed")

    page = ann.page
    ann.goto("/me/echo")
    page.get_by_role("button", name="I have read this warning").click()
    page.get_by_role("link", name=re.compile("^Appeal")).last.click()
    page.get_by_label("Why is the decision wrong?").fill("My keyboard was stuck.")
    page.get_by_role("button", name="Send the appeal").click()
    expect(page.get_by_role("heading", name="Your appeal has arrived")).to_be_visible()
    ola = employ(live, browser, "Ola Berg", scripts=False)
    ola.goto(f"{ola.desk}/appeals")
    ola.sign_in_on_page()
    ola.page.get_by_role("link", name=re.compile("Ann Lee")).click()
    ola.page.get_by_role("radio", name=re.compile("Uphold it")).check()
    ola.page.get_by_label("Reason to the reader").fill("That can happen.")
    ola.page.get_by_role("button", name=re.compile("Send the answer")).click()
    ola.close()
    ann.goto(THREAD)
    expect(ann.sees(SHOUTED)).to_be_visible()


def test_the_thread_is_found_from_the_publishers_page(live: Live, ann: Person) -> None:
    """Without a script the embed is empty, so the page's own link leads to the thread."""
    make_thread(live, "The first comment.")
    link = f"<noscript><a href='{live.url}{THREAD}'>Read the comments</a></noscript>"
    ann.page.goto(live.cross_site + live.embed("bridge", before=link))

    ann.page.get_by_role("link", name="Read the comments").click()
    expect(ann.sees("The first comment.")).to_be_visible()
