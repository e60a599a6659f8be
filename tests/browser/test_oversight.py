"""An editor and a moderator give account of their site, with their hands on the keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from belowline.actions.moderation import DecisionDraft, decide
from belowline.core.terms import CommentId, DecisionId, Outcome, ReaderId, Role, RuleKey
from belowline.events import kinds
from belowline.moderation.second_looks import is_chosen
from belowline.moderation.spot_checks import is_drawn
from belowline.storage import tables
from tests import factories
from tests.browser.conftest import SECRET
from tests.browser.looking import look
from tests.browser.test_console_keys import Desks, arrived, desks

pytestmark = pytest.mark.browser

__all__ = ("desks",)


def drawn(made: Desks, by: ReaderId) -> DecisionId:
    """Decide about comments until the lot falls on one."""
    db, site_id = made.live.db, made.live.site.id
    story = factories.make_story(db, site_id, "bridge")
    for number in range(2000):
        comment = factories.make_comment(
            db, site_id, story_id=story, text=f"Number {number}: you are a waste of space."
        )
        draft = DecisionDraft(
            Outcome.REMOVE, RuleKey("personal-attack"), "It goes for them.", comment.version
        )
        decision = decide(db, comment.id, site_id=site_id, by=by, decision=draft)
        if is_chosen(SECRET, decision.id):
            return decision.id
    raise AssertionError("two in a hundred, and none of two thousand")


def published(made: Desks) -> CommentId:
    """Have comments published until the lot falls on one."""
    db, site_id = made.live.db, made.live.site.id
    story = factories.make_story(db, site_id, "harbour")
    for number in range(200):
        text = f"Number {number}: nobody asked you about the harbour."
        comment = factories.make_comment(db, site_id, story_id=story, text=text)
        if is_drawn(SECRET, comment.id):
            return comment.id
    raise AssertionError("one in a hundred, and none of two hundred")


def seen(page: Page) -> None:
    """Look at a page as everybody would."""
    assert look(page) == []


def test_a_second_look_is_taken_by_keyboard_and_shows_on_the_quality_page(desks: Desks) -> None:
    first, editor = desks.staff(), desks.staff(Role.EDITOR)
    made = drawn(desks, first)
    desks.live.clock.advance(seconds=120)
    page = desks.open(by=editor)

    page.get_by_role("link", name="Second look").click()
    arrived(page, "/second-look$")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    arrived(page, rf"/second-look/{made}$")
    expect(page.get_by_text("you are a waste of space")).to_be_visible()
    expect(page.get_by_text("It goes for them.")).to_have_count(0)
    seen(page)
    page.keyboard.press("r")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")

    arrived(page, "said=looked_again")
    expect(page.get_by_text("Nothing waits for a second look of yours.")).to_be_visible()
    (event,) = factories.events_of(desks.live.db, kinds.SecondLookTaken)
    assert (event.text("outcome"), event.actor_id()) == ("remove", editor)
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Oversight").click()
    expect(page.get_by_role("heading", name="Second looks")).to_be_visible()
    expect(page.get_by_text("100 % (1 / 1)").first).to_be_visible()
    expect(
        page.get_by_role("img", name=re.compile("^Decisions and answered appeals"))
    ).to_be_visible()
    seen(page)


def test_a_spot_check_is_made_by_keyboard_and_leads_to_the_case(desks: Desks) -> None:
    comment = published(desks)
    desks.live.clock.advance(seconds=2 * 86400)
    page = desks.open("/second-look", by=desks.staff())
    seen(page)

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    arrived(page, rf"/spot-checks/{comment}$")
    expect(page.get_by_text("nobody asked you about the harbour")).to_be_visible()
    seen(page)
    page.keyboard.press("r")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")

    arrived(page, rf"/cases/{comment}\?said=would_go$")
    expect(page.get_by_role("status")).to_contain_text("Nothing is removed yet")
    (event,) = factories.events_of(desks.live.db, kinds.SpotCheckTaken)
    assert (event.text("outcome"), event.number("comment_id")) == ("remove", comment)


def test_an_editor_sets_the_profile_and_publishes_last_years_report(desks: Desks) -> None:
    page = desks.open("/legal-profile", by=desks.staff(Role.EDITOR))
    page.get_by_label("Readers in the European Union are served").check()
    page.get_by_role("button", name="Set the profile").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The legal profile is set.")
    row = page.get_by_role("row", name=re.compile("^A statement of reasons"))
    expect(row.get_by_role("cell").first).to_have_text("Yes")

    page.get_by_role("link", name="Transparency report").click()
    page.get_by_label("How we moderate on our own initiative").fill("We read everything.")
    page.get_by_role("button", name="Publish the next version").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The report is public from now on.")
    page.get_by_role("link", name="Version 1").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Transparency report for 20")
    expect(page.get_by_text("We read everything.")).to_be_visible()
    seen(page)
    (kept,) = factories.rows_of(desks.live.db, tables.transparency_reports)
    assert kept.notes["own_initiative"] == "We read everything."
