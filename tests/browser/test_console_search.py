"""Searching, narrowing and departing from like cases, with hands on the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from belowline.actions.moderation import DecisionDraft, decide
from belowline.core.terms import CommentStatus, Outcome, RuleKey
from belowline.sites import store as sites
from tests import factories
from tests.browser.conftest import Live
from tests.browser.looking import look
from tests.browser.test_console_keys import Desks, arrived, at_case
from tests.search.worlds import fill, follow

pytestmark = pytest.mark.browser

ADVERT = "Cheap replica watches, order your replica watch at our webshop today!"


@pytest.fixture
def desks(live: Live, browser: Browser) -> Iterator[Desks]:
    made = Desks(live, browser, [])
    yield made
    for context in made.contexts:
        context.close()


def test_a_search_begins_and_ends_on_the_keyboard(desks: Desks) -> None:
    comment = desks.reported("The ferry to the island is late again.")
    fill(desks.live.db)
    page = desks.open(by=desks.staff())
    arrived(page, r"/console/echo$")

    page.keyboard.press("/")
    arrived(page, r"/search$")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("ferry -tram")
    page.keyboard.press("Enter")
    arrived(page, r"/search\?q=ferry")
    expect(page.locator("mark")).to_have_text("ferry")
    assert look(page) == []

    page.keyboard.press("j")
    page.keyboard.press("o")
    at_case(page, comment)


def test_what_departs_from_like_cases_is_said_once_and_then_sent(desks: Desks) -> None:
    db, moderator = desks.live.db, desks.staff()
    for _ in range(3):
        like = factories.make_comment(db, desks.live.site.id, text=ADVERT)
        draft = DecisionDraft(Outcome.REMOVE, RuleKey("spam"), "An advertisement.", like.version)
        decide(db, like.id, site_id=like.site_id, by=moderator, decision=draft)
    comment = desks.reported("Order a cheap replica watch at our webshop.")
    fill(db)
    follow(db)
    page = desks.open(f"/cases/{comment.id}", by=moderator)
    at_case(page, comment)
    note = page.get_by_text("Of 3 like cases, 3 were removed.")
    expect(note).to_be_hidden()

    page.keyboard.press("d")
    expect(note).to_be_visible()
    assert desks.status(comment) is CommentStatus.PUBLISHED
    assert look(page) == []
    page.keyboard.press("d")

    arrived(page, rf"/cases/{comment.id}\?did=")
    expect(page.get_by_role("status").first).to_contain_text("Kept")


def test_the_queue_of_all_sites_is_worked_through_across_them(desks: Desks) -> None:
    db, moderator = desks.live.db, desks.staff()
    second = factories.make_site(db, "second")
    with db.write(factories.SYSTEM) as tx:
        sites.put_staff(
            tx,
            second.id,
            reader_id=moderator,
            role=sites.find_role(tx.conn, desks.live.site.id, moderator),  # type: ignore[arg-type]
        )
    here = factories.make_comment(
        db, desks.live.site.id, text="Here.", verdicts=[factories.HOLDING]
    )
    there = factories.make_comment(db, second.id, text="There.", verdicts=[factories.HOLDING])
    page = desks.open(by=moderator)
    arrived(page, r"/console/echo$")
    page.keyboard.press("g")
    page.keyboard.press("e")
    arrived(page, r"/desk$")
    assert look(page) == []

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    at_case(page, here)
    page.keyboard.press("p")
    arrived(page, rf"/console/second/cases/{there.id}\b")
    page.keyboard.press("p")
    arrived(page, r"/desk\?view=all\.desk")

    assert {desks.status(one) for one in (here, there)} == {CommentStatus.PUBLISHED}
    expect(page.get_by_text("That was the last one that waits for you.")).to_be_visible()


def test_a_view_is_saved_and_stands_beside_the_others(desks: Desks) -> None:
    desks.reported("The ferry is late.")
    page = desks.open(by=desks.staff())

    page.get_by_text("Narrow it down, save a view").click()
    page.get_by_label("It says, as in the search").fill("ferry")
    page.get_by_label("Save it under a name").fill("Ferry")
    page.get_by_role("button", name="Save", exact=True).click()

    saved = page.get_by_role("navigation", name="Part of the queue").get_by_role(
        "link", name="Ferry"
    )
    expect(saved).to_have_attribute("aria-current", "page")
    assert look(page) == []
    page.get_by_role("button", name="Delete this view").click()
    page.wait_for_url(re.compile("said=view_deleted"))
    expect(saved).to_have_count(0)
