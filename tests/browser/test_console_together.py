"""Thirty adverts and two tired moderators: many lines chosen by keys, by mouse, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from belowline.comments.model import Comment
from belowline.core.terms import CommentId, CommentStatus, ReaderId, RuleKey
from belowline.moderation import saved
from tests import factories
from tests.browser.conftest import DESKTOP, Live
from tests.browser.looking import look

pytestmark = pytest.mark.browser

HELD, REMOVED = CommentStatus.HELD, CommentStatus.REMOVED


def open_desk(live: Live, browser: Browser, by: ReaderId, *, scripts: bool = True) -> Page:
    context = browser.new_context(
        viewport=DESKTOP, reduced_motion="reduce", java_script_enabled=scripts
    )
    context.set_default_timeout(20_000)
    live.sign_in(context, by)
    return context.new_page()


@pytest.fixture
def adverts(live: Live) -> list[Comment]:
    """Give comments that wait."""
    return [
        factories.make_comment(
            live.db, live.site.id, text=f"Cheap watches, offer {n}.", verdicts=[factories.HOLDING]
        )
        for n in range(1, 6)
    ]


@pytest.fixture
def page(live: Live, browser: Browser, adverts: list[Comment]) -> Iterator[Page]:
    """Give the queue as a moderator sees it."""
    made = open_desk(live, browser, factories.make_staff(live.db, live.site.id))
    made.goto(f"{live.url}/console/echo")
    expect(made.locator(".case")).to_have_count(len(adverts))
    yield made
    made.context.close()


def in_order(page: Page, comments: list[Comment]) -> list[Comment]:
    """Return the comments in the order in which the queue shows them."""
    boxes = page.locator("[data-choose]")
    values = [boxes.nth(n).get_attribute("value") or "" for n in range(boxes.count())]
    by_id = {one.id: one for one in comments}
    return [by_id[CommentId(int(value.split("-")[1]))] for value in values]


def statuses(live: Live, comments: list[Comment]) -> list[CommentStatus]:
    return [factories.reread(live.db, one).status for one in comments]


def chosen(page: Page) -> list[int]:
    """Return which lines are chosen, counted from 0."""
    boxes = page.locator("[data-choose]")
    return [n for n in range(boxes.count()) if boxes.nth(n).is_checked()]


def test_adverts_are_removed_together_by_keys_and_taken_back(
    live: Live, page: Page, adverts: list[Comment]
) -> None:
    adverts = in_order(page, adverts)
    # Nothing is offered before something is chosen, and these keys do nothing.
    expect(page.get_by_role("button", name="Publish or keep them")).to_be_hidden()
    page.keyboard.press("p")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    assert chosen(page) == [0, 1, 2]
    expect(page.get_by_text("Chosen: 3")).to_be_visible()
    assert look(page) == []

    page.keyboard.press("r")
    expect(page.get_by_label("Rule that they break")).to_be_focused()
    page.get_by_label("Rule that they break").select_option(label="Do not advertise")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Reason to each author")).to_be_focused()
    expect(page.get_by_label("Reason to each author")).to_have_value(re.compile("advertises"))
    assert look(page) == []
    page.keyboard.press("Control+Enter")

    lead = page.get_by_role("status").first
    expect(lead).to_have_text(re.compile("3 comments would be removed. Nothing has happened yet."))
    expect(lead).to_be_focused()
    assert look(page) == []
    page.wait_for_load_state()
    assert statuses(live, adverts) == [HELD] * 5
    # One of them is no advert after all.
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("c")

    done = page.get_by_role("status").first
    expect(done).to_have_text(re.compile("2 comments are decided."))
    expect(done).to_be_focused()
    assert look(page) == []
    assert statuses(live, adverts) == [HELD, REMOVED, REMOVED, HELD, HELD]

    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.get_by_role("status").first).to_have_text(re.compile("2 decisions are taken back."))
    assert look(page) == []
    assert statuses(live, adverts) == [HELD] * 5


def test_all_and_none_and_a_stretch_by_mouse(page: Page) -> None:
    page.keyboard.press("a")
    assert chosen(page) == [0, 1, 2, 3, 4]
    page.keyboard.press("Shift+A")
    assert chosen(page) == []
    boxes = page.locator("[data-choose]")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    assert chosen(page) == [1, 2, 3]
    expect(page).to_have_url(re.compile("/console/echo$"))
    boxes.nth(3).click()
    boxes.nth(2).click(modifiers=["Shift"])
    assert chosen(page) == [1]
    page.get_by_role("button", name="Choose all shown").click()
    assert chosen(page) == [0, 1, 2, 3, 4]
    # Enter on a checkbox opens its line, as elsewhere in the list, and sends nothing.
    boxes.nth(0).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/cases/\d+"))


def test_on_a_phone_everything_fits_beside_a_long_saved_reason(live: Live, page: Page) -> None:
    words = "This is an advertisement, and as our rules say comments are there for talking. " * 3
    by = factories.make_staff(live.db, live.site.id)
    with live.db.write(factories.SYSTEM) as tx:
        saved.save(tx, live.site.id, rule=RuleKey("spam"), text=words, by=by)
    page.set_viewport_size({"width": 320, "height": 800})
    page.reload()
    page.get_by_role("button", name=re.compile("^Choose all shown")).click()
    page.get_by_text("Remove them under one rule").click()
    bar = page.locator("form#together")

    assert bar.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    expect(page.get_by_label("Saved reasons")).to_be_in_viewport()


def test_what_was_chosen_is_still_so_on_the_way_back(
    live: Live, page: Page, adverts: list[Comment]
) -> None:
    page.keyboard.press("a")
    page.keyboard.press("p")
    expect(page.get_by_text("5 comments would be published or kept.")).to_be_visible()
    page.get_by_role("button", name="Decide none of them").click()
    expect(page.locator(".case")).to_have_count(len(adverts))
    assert statuses(live, adverts) == [HELD] * 5


@pytest.mark.parametrize("everywhere", [False, True], ids=["at a site", "over all sites"])
def test_without_scripts_one_form_does_it_all(
    live: Live,
    browser: Browser,
    adverts: list[Comment],
    everywhere: bool,  # noqa: FBT001 - a parameter
) -> None:
    moderator = factories.make_staff(live.db, live.site.id)
    page = open_desk(live, browser, moderator, scripts=False)
    page.goto(live.url + ("/desk" if everywhere else "/console/echo"))
    adverts = in_order(page, adverts)
    for number in (0, 1):
        page.get_by_role("checkbox", name=re.compile("Choose the comment by")).nth(number).check()
    page.get_by_text("Remove them under one rule").click()
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_text("A removal cites a rule.")).to_be_visible()
    page.get_by_label("Rule that they break").select_option(label="Do not advertise")
    page.get_by_label("Reason to each author").fill("This advertises.")
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_text("2 comments would be removed.")).to_be_visible()
    page.get_by_role("button", name="Remove them").click()
    expect(page.get_by_text("2 comments are decided.")).to_be_visible()
    assert statuses(live, adverts) == [REMOVED, REMOVED, HELD, HELD, HELD]
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("2 decisions are taken back.")).to_be_visible()
    assert statuses(live, adverts) == [HELD] * 5
    page.context.close()
