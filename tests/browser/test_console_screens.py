"""An editor tries a stricter screen on the past, reads what it would have done, and saves it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from belowline.core.terms import CommentStatus, Finding, Role, ScreenName, Verdict
from belowline.sites import store as sites
from tests import factories
from tests.browser.test_console_keys import Desks, desks

__all__ = ["desks"]

pytestmark = pytest.mark.browser

PASSED = Verdict(ScreenName.LINKS, Finding.PASS)
NAME = "Marta Quillfeather"


def links_allowed(desks: Desks) -> int:
    with desks.live.db.read() as conn:
        return sites.get_site(conn, "echo").settings.max_links


def fill_and_send(page: Page, label: str, value: str, button: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(value)
    page.get_by_role("button", name=button).focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_an_editor_tries_a_screen_and_saves_it(desks: Desks) -> None:
    linked = factories.make_comment(
        desks.live.db,
        desks.live.site.id,
        text="The figures are at https://figures.example for all to see.",
        verdicts=[PASSED],
    )
    editor = desks.staff(Role.EDITOR)
    page = desks.open("/screens", by=editor)

    fill_and_send(page, "Links that pass", "0", "Try on the last 30 days")

    trial = page.get_by_role("region", name="Tried, not saved")
    expect(trial).to_be_focused()
    expect(trial).to_contain_text("Would have held 1 of 1 comment")
    expect(page.get_by_label("Links that pass", exact=True)).to_have_value("0")
    assert links_allowed(desks) == 2
    example = trial.get_by_role("link", name=re.compile("figures.example"))
    expect(example).to_have_attribute("href", f"/console/echo/cases/{linked.id}")

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("status").first).to_have_text("The screens do so from now on.")
    expect(page.get_by_role("region", name="Who changed what")).to_contain_text("Links that pass")
    assert links_allowed(desks) == 0
    assert desks.status(linked) is CommentStatus.PUBLISHED


def test_an_editor_closes_two_stories_and_lists_a_name(desks: Desks) -> None:
    db, site_id = desks.live.db, desks.live.site.id
    for key in ("mill-trial", "mill-trial-verdict"):
        factories.make_story(db, site_id, key)
    page = desks.open("/court", by=desks.staff(Role.EDITOR))

    fill_and_send(page, "Part of the headline or the address", "mill-trial", "Search")
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.check()
    page.get_by_label("Legal status", exact=True).select_option("trial")
    page.get_by_role("button", name="Set for the chosen stories").click()
    under = page.get_by_role("region", name="Stories with a legal status")
    expect(under.get_by_role("link")).to_have_count(2)
    expect(under).to_contain_text("Active: trial")

    fill_and_send(page, "Name of somebody who must not be named", NAME, "List the name")

    expect(page.get_by_role("status").first).to_be_focused()
    names = page.get_by_role("region", name="Protected names, for the whole site")
    expect(names).to_contain_text("M. Q.")
    assert "Quillfeather" not in page.content()
