"""Reading a thread in a real browser: keys, branches, what is new, passages, addresses."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from belowline.comments.model import Comment
from tests import factories
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser

AN_HOUR_AGO = """
const AT = JSON.stringify({at: Date.now() - 36e5});
if (!sessionStorage.once) {
  sessionStorage.once = 1;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("belowline:seen:")) localStorage.setItem(key, AT);
  }
}
"""
"""Makes the last visit, which has just ended, one of an hour ago; a later reload is left alone."""


def thread(live: Live) -> dict[str, Comment]:
    """Make two branches: a with b below it, c below that and d beside b; and e alone."""
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    author_id = live.reader("Bob Okafor")
    made: dict[str, Comment] = {}
    for name, parent in [("e", None), ("a", None), ("b", "a"), ("c", "b"), ("d", "a")]:
        above = {"parent": made[parent]} if parent else {"story_id": story_id}
        made[name] = factories.make_comment(
            live.db, live.site.id, author_id=author_id, text=f"This is {name}.", **above
        )
    return made


def said(page: Page, name: str) -> Locator:
    return page.locator("[data-comment]", has=page.get_by_text(f"This is {name}.", exact=True))


def open_embed(live: Live, page: Page, *, order: str = "newest") -> None:
    page.goto(live.same_site + live.embed("bridge", attributes=f"order={order}"))
    expect(page.get_by_role("button", name="Keys")).to_be_visible()


def test_the_keys_walk_through_a_thread(live: Live, page: Page) -> None:
    thread(live)
    page.goto(f"{live.url}/s/echo/bridge?order=newest")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()

    for key, there in [("j", "a"), ("j", "b"), ("j", "c"), ("p", "b"), ("p", "a"), ("k", "a")]:
        page.keyboard.press(key)
        expect(said(page, there)).to_be_focused()
    page.keyboard.press("r")
    reply = page.get_by_role("textbox", name="Your reply to Bob Okafor")
    expect(reply).to_be_focused()
    page.keyboard.type("jkrcnp?")
    expect(reply).to_have_value("jkrcnp?")


def test_an_embeds_keys_act_only_for_whoever_is_in_it(live: Live, page: Page) -> None:
    thread(live)
    open_embed(live, page)

    page.get_by_role("heading", name="A story").click()
    page.keyboard.press("j")
    expect(page.locator("[data-comment]:focus")).to_have_count(0)
    said(page, "b").get_by_text("This is b.").click()
    page.keyboard.press("j")
    expect(said(page, "c")).to_be_focused()


def test_the_keys_are_told_and_can_be_switched_off(live: Live, page: Page) -> None:
    thread(live)
    page.goto(f"{live.url}/s/echo/bridge?order=newest")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys in the comments")
    expect(sheet).to_contain_text("the comment that this one answers")
    sheet.get_by_label("Use these keys in this browser").uncheck()
    page.keyboard.press("Escape")
    expect(said(page, "a")).to_be_focused()
    page.keyboard.press("j")
    expect(said(page, "a")).to_be_focused()
    page.reload()
    page.get_by_role("button", name="Keys").click()
    sheet.get_by_label("Use these keys in this browser").check()
    sheet.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator("[data-comment]:focus")).to_have_count(1)


def test_a_branch_folds_away_and_stays_so_for_the_visit(live: Live, page: Page) -> None:
    made = thread(live)
    open_embed(live, page)

    fold = said(page, "a").get_by_role("button", name="3 replies")
    expect(fold).to_have_attribute("aria-expanded", "true")
    said(page, "b").get_by_role("button", name="1 reply").click()
    expect(said(page, "c")).to_be_hidden()
    expect(said(page, "d")).to_be_visible()
    fold.click()
    expect(said(page, "b")).to_be_hidden()
    expect(said(page, "d")).to_be_hidden()
    page.reload()
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(said(page, "b")).to_be_hidden()
    fold.click()
    expect(said(page, "d")).to_be_visible()
    expect(said(page, "c")).to_be_hidden()
    page.goto("about:blank")
    page.goto(f"{live.same_site}/bridge.html#c{made['c'].id}")
    expect(said(page, "c")).to_be_focused()
    expect(said(page, "c")).to_be_in_viewport()


def test_the_key_folds_what_the_focus_is_in(live: Live, page: Page) -> None:
    thread(live)
    open_embed(live, page)

    said(page, "c").get_by_text("This is c.").click()
    page.keyboard.press("c")
    expect(said(page, "c")).to_be_hidden()
    expect(said(page, "b")).to_be_focused()
    page.keyboard.press("c")
    expect(said(page, "c")).to_be_visible()


def test_what_came_since_the_last_visit_is_marked(live: Live, page: Page) -> None:
    live.clock.advance(hours=-2)
    made = thread(live)
    live.clock.advance(hours=2)
    for text in ("This is x.", "This is y."):
        factories.make_comment(live.db, live.site.id, parent=made["b"], text=text)
    open_embed(live, page)
    new = page.get_by_role("button", name="New", exact=True)
    expect(new).to_have_count(0)

    page.add_init_script(AN_HOUR_AGO)
    page.reload()
    expect(said(page, "x").get_by_role("button", name="New", exact=True)).to_be_visible()
    expect(new).to_have_count(2)
    page.reload()
    expect(said(page, "y").get_by_role("button", name="New", exact=True)).to_be_visible()
    new.first.click()
    page.keyboard.press("n")
    expect(page.locator("[data-comment]:focus .bl-unread")).to_have_count(1)


def test_a_selected_passage_is_quoted_in_the_reply(live: Live, page: Page) -> None:
    thread(live)
    live.sign_in(page.context, live.reader("Ann Lee"))
    open_embed(live, page)

    said(page, "b").get_by_text("This is b.").click(click_count=3)
    quote = said(page, "b").get_by_role("button", name="Quote")
    quote.click()
    reply = page.get_by_role("textbox", name="Your reply to Bob Okafor")
    expect(reply).to_have_value("> This is b.\n\n")
    expect(reply).to_be_focused()
    page.keyboard.type("No, it is not.")
    page.get_by_role("button", name="Send", exact=True).click()
    mine = page.locator("[data-comment]", has_text="No, it is not.")
    expect(mine.locator("blockquote")).to_have_text("This is b.")
    expect(said(page, "b").get_by_role("button", name=re.compile("^Reply"))).to_have_count(1)


def test_a_link_to_a_comment_is_copied_and_leads_there(live: Live, page: Page) -> None:
    made = thread(live)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_embed(live, page)

    said(page, "c").get_by_role("button", name="Link").click()
    expect(said(page, "c").get_by_role("button", name="Copied")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == f"{live.same_site}/bridge.html#belowline-c{made['c'].id}"
    page.goto("about:blank")
    page.goto(address)
    expect(said(page, "c")).to_be_focused()
    page.goto(f"{live.same_site}/bridge.html#c{made['e'].id}")
    expect(said(page, "e")).to_be_focused()


def test_a_link_opens_the_page_that_holds_the_comment(live: Live, page: Page) -> None:
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    author_id = live.reader("Bob Okafor")
    roots = [
        factories.make_comment(
            live.db, live.site.id, story_id=story_id, author_id=author_id, text=f"Root {number}."
        )
        for number in range(70)
    ]
    replies = [
        factories.make_comment(live.db, live.site.id, parent=roots[3], text=f"Reply {number}.")
        for number in range(60)
    ]
    path = live.embed("bridge", attributes="order=newest")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{live.same_site}{path}#c{replies[-1].id}")
    there = page.locator(f"[data-comment='{replies[-1].id}']")
    expect(there).to_be_focused()
    expect(there).to_be_in_viewport()
    expect(page.get_by_role("status")).to_have_text("This is the comment that the link leads to.")
    expect(page.get_by_text("Root 7.", exact=True)).to_be_visible()
    assert len([url for url in asked if "thread.html" in url]) == 1
    page.get_by_role("link", name="Earlier replies").click()
    expect(page.locator("[data-comment]:focus")).to_contain_text("Reply 0.")
    page.get_by_role("link", name="From the beginning").click()
    expect(page.get_by_text("Root 69.", exact=True)).to_be_visible()
    page.goto("about:blank")
    page.goto(f"{live.url}/s/echo/bridge#c{roots[0].id}")
    expect(page.locator(f"[data-comment='{roots[0].id}']")).to_be_focused()


def test_a_link_to_what_is_gone_says_so_and_shows_the_rest(live: Live, page: Page) -> None:
    thread(live)
    page.goto(f"{live.same_site}{live.embed('bridge')}#c999")

    expect(page.get_by_text("This is a.")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(
        "The comment you came for is not here any more."
    )
