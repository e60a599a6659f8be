"""Readers who come over from another system: their own comments, and links that they have kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from belowline.core.terms import CommentId
from belowline.storage.imported import find_targets
from belowline.transfer.intake import Intake, take_in
from tests.browser.conftest import SECRET, Live
from tests.browser.people import Person, arrive
from tests.transfer.made import account, said, story

pytestmark = pytest.mark.browser


@pytest.fixture
def ada(live: Live, browser: Browser) -> Iterator[Person]:
    """Give somebody who has not been here yet, without scripts."""
    made = arrive(live, browser, "Ada Lane", scripts=False)
    yield made
    made.close()


def bring(live: Live, source: str, *, of: str, number: str, among: int = 0) -> CommentId:
    """Bring a comment in from a source, with others before it, and return its id."""
    person = account(of, email=f"{of}@mail.example", email_verified=True)
    records = [
        story(),
        person,
        *(said(f"9{one}", by="cem", minutes=one + 1) for one in range(among)),
        said(number, by=of, text="The weir was never dredged."),
    ]
    take_in(Intake(live.db, live.site, source, SECRET), records)
    with live.db.read() as conn:
        found = find_targets(conn, live.site.id, source=source, kind="comment", ids=[number])
    return CommentId(found[number])


def test_a_reader_who_comes_over_gets_their_comments_back(live: Live, ada: Person) -> None:
    bring(live, "coral", of="ada", number="a")
    page = ada.page

    ada.goto("/me/echo")
    ada.sign_in_on_page()

    expect(page.get_by_role("heading", name="My comments from before")).to_be_visible()
    expect(page.get_by_text("The weir was never dredged.")).to_be_visible()
    page.get_by_role("button", name="Yes, they are mine").click()
    expect(page.get_by_role("checkbox", name="I wrote these comments")).to_be_focused()
    page.get_by_role("checkbox", name="I wrote these comments").check()
    page.get_by_role("button", name="Yes, they are mine").click()
    expect(page.get_by_role("heading", name="My standing")).to_be_visible()

    ada.goto("/s/echo/s1")
    comment = page.locator("article[data-comment]", has_text="The weir was never dredged.")
    expect(comment.get_by_text("Ada Lane", exact=True)).to_be_visible()


def test_no_needs_no_tick_and_is_not_asked_again(live: Live, ada: Person) -> None:
    bring(live, "coral", of="ada", number="a")
    ada.goto("/me/echo")
    ada.sign_in_on_page()

    ada.page.get_by_role("button", name="No, they are not").click()

    expect(ada.page.get_by_role("heading", name="My standing")).to_be_visible()
    ada.page.get_by_role("button", name="Sign out").click()
    ada.goto("/me/echo")
    ada.sign_in_on_page()
    expect(ada.page.get_by_role("heading", name="My standing")).to_be_visible()


@pytest.mark.parametrize(
    ("source", "number", "link"),
    [
        ("isso", "7", "#isso-7"),
        ("wordpress", "12", "#comment-12"),
        ("coral", "0c7a3b52-9e0e", "?commentID=0c7a3b52-9e0e"),
    ],
)
def test_an_old_link_leads_to_the_comment_in_the_embed(
    live: Live, page: Page, source: str, number: str, link: str
) -> None:
    comment_id = bring(live, source, of="ada", number=number, among=40)

    page.goto(live.same_site + live.embed("s1") + link)

    comment = page.locator(f"[data-comment='{comment_id}']")
    expect(comment).to_have_class(re.compile(r"\bfocus\b"))
    expect(comment).to_be_in_viewport()


def test_no_script_for_old_links_is_fetched_where_there_is_none(live: Live, page: Page) -> None:
    bring(live, "isso", of="ada", number="7")
    fetched: list[str] = []
    page.on("request", lambda one: fetched.append(one.url.rpartition("/")[2]))

    page.goto(live.same_site + live.embed("s1"))
    expect(page.locator(".bl-me")).to_be_visible()

    assert "embed.js" in fetched
    assert "was.js" not in fetched


def test_an_old_link_to_nothing_shows_the_thread_all_the_same(live: Live, page: Page) -> None:
    bring(live, "isso", of="ada", number="7")

    page.goto(live.same_site + live.embed("s1") + "#isso-99")

    expect(page.get_by_text("The weir was never dredged.")).to_be_visible()
