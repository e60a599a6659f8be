"""Somebody without an account says that a comment is illegal, from the button to the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.browser.conftest import Live
from tests.browser.people import Moderator, Person, arrive, employ, let_notices_go

pytestmark = pytest.mark.browser

WHY = "The second sentence calls for driving out everybody who comes from one village."
REASON = "It describes such a call in order to condemn it."


@pytest.fixture
def guest(live: Live, browser: Browser) -> Iterator[Person]:
    """Give somebody without an account and without scripts."""
    made = arrive(live, browser, "Nobody", scripts=False)
    yield made
    made.close()


@pytest.fixture
def mo(live: Live, browser: Browser) -> Iterator[Moderator]:
    """Give a moderator."""
    made = employ(live, browser, "Mo Adeyemi")
    yield made
    made.close()


def make_thread(live: Live) -> list[int]:
    """Make a story with two comments."""
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    return [
        factories.make_comment(live.db, live.site.id, story_id=story_id, text=text).id
        for text in ("They should all be driven out.", "And their children too.")
    ]


def give_notice(page: Page, *, also: int | None = None, email: str = "") -> None:
    """Fill in the form and send it."""
    page.get_by_role("radio", name="Hatred or discrimination").check()
    page.get_by_label("Why is it illegal?").fill(WHY)
    if also is not None:
        page.get_by_text("It is about more comments than this one").click()
        page.get_by_label("Their addresses").fill(str(also))
    page.get_by_label(re.compile("^Your e-mail address")).fill(email)
    page.get_by_role("checkbox", name=re.compile("in good faith")).check()
    page.get_by_role("button", name="Give notice").click()


def test_a_guests_notice_goes_from_the_button_to_an_answer(
    live: Live, guest: Person, mo: Moderator
) -> None:
    first, second = make_thread(live)
    page = guest.page
    guest.goto(f"/s/echo/bridge/c/{first}")
    page.locator(f"#c{first}").get_by_role("link", name=re.compile("^Report")).click()
    page.get_by_role("link", name="I believe it is illegal").click()

    # A slip is said kindly, and nothing of what was typed is lost.
    give_notice(page, also=second, email="ann@paper")
    expect(page.get_by_text("This is not an e-mail address.")).to_be_visible()
    expect(page.get_by_label("Why is it illegal?")).to_have_value(WHY)
    expect(page.get_by_label("Their addresses")).to_have_value(str(second))
    page.get_by_label(re.compile("^Your e-mail address")).fill("ann@paper.example")
    page.get_by_role("button", name="Give notice").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(r"^Your notice R-[2-9A-Z]{4}-[2-9A-Z]{2}$")
    )
    expect(page.get_by_text("Your notice has arrived.")).to_be_visible()
    expect(page.locator("[aria-current=step]")).to_contain_text("Received")
    expect(page.get_by_text("Waits for an answer")).to_have_count(2)
    receipt = page.url

    mo.goto("/console/echo")
    mo.sign_in_on_page()
    mo.open_case(str(first))
    expect(mo.page.get_by_text("Somebody has given notice that it is illegal.")).to_be_visible()
    expect(mo.page.get_by_text(WHY)).to_be_visible()
    expect(mo.page.locator(".clock")).to_contain_text("not yet")
    page.goto(receipt)
    expect(page.locator(".steps")).to_contain_text("since")

    # Whoever gave notice is owed a reason.
    mo.page.get_by_role("button", name=re.compile("^Keep")).click()
    expect(mo.page.get_by_text("Say why it may stay")).to_be_visible()
    mo.page.get_by_label(re.compile("^If it stays")).fill(REASON)
    mo.page.get_by_role("button", name=re.compile("^Keep")).click()
    mo.open_case(str(second))
    mo.remove("Do not spread hatred of a group", "It calls for hatred of children.")
    page.goto(receipt)
    expect(page.get_by_text("Waits for an answer")).to_have_count(2)
    let_notices_go(live)
    page.goto(receipt)
    expect(page.get_by_text("It has been decided.")).to_be_visible()
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.get_by_text("Upheld: the comment was removed")).to_be_visible()
    expect(page.get_by_text("A person decided this, not a machine.")).to_have_count(2)
    expect(page.get_by_text("If you think that this is wrong")).to_be_visible()


def test_the_abuse_of_a_child_is_told_without_a_name(live: Live, guest: Person) -> None:
    first, _ = make_thread(live)
    page = guest.page
    guest.goto(f"/s/echo/bridge/c/{first}/report/illegal")
    page.get_by_role("link", name="Say so without telling us who you are.").click()

    expect(page.get_by_label(re.compile("e-mail"))).to_have_count(0)
    expect(page.get_by_label(re.compile("[Nn]ame"))).to_have_count(0)
    page.get_by_label("Why is it illegal?").fill("It links to pictures of a child.")
    page.get_by_role("checkbox", name=re.compile("in good faith")).check()
    page.get_by_role("button", name="Give notice").click()
    expect(page.get_by_text("Your notice has arrived.")).to_be_visible()


def test_in_the_embed_one_button_leads_to_both_ways(live: Live, page: Page) -> None:
    first, _ = make_thread(live)
    page.goto(live.same_site + live.embed("bridge"))
    expect(page.locator(".bl-me")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Report")).first.click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="It breaks a rule")).to_be_focused()
    illegal = dialog.get_by_role("link", name="I believe it is illegal")
    expect(illegal).to_have_attribute("href", re.compile(r"/s/echo/bridge/c/\d+/report/illegal$"))
    dialog.get_by_role("button", name="It breaks a rule").click()
    expect(page.get_by_role("dialog").get_by_label("Your e-mail address")).to_be_visible()
    assert first
