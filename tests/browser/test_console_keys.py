"""Two moderators and an editor at the desk, with their hands on the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from belowline.comments.model import Comment
from belowline.core.terms import CommentStatus, ReaderId, Role, StoryMode
from belowline.stories import store as stories
from tests import factories
from tests.browser.conftest import DESKTOP, Live
from tests.browser.looking import look

pytestmark = pytest.mark.browser


@dataclass
class Desks:
    """The desks of those who look after one site."""

    live: Live
    browser: Browser
    contexts: list[BrowserContext]

    def open(self, path: str = "", *, by: ReaderId) -> Page:
        context = self.browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        self.live.sign_in(context, by)
        page = context.new_page()
        page.goto(f"{self.live.url}/console/echo{path}")
        return page

    def staff(self, role: Role = Role.MODERATOR) -> ReaderId:
        return factories.make_staff(self.live.db, self.live.site.id, role)

    def reported(self, text: str) -> Comment:
        comment = factories.make_comment(self.live.db, self.live.site.id, text=text)
        factories.make_report(self.live.db, comment)
        return comment

    def status(self, comment: Comment) -> CommentStatus:
        return factories.reread(self.live.db, comment).status


@pytest.fixture
def desks(live: Live, browser: Browser) -> Iterator[Desks]:
    made = Desks(live, browser, [])
    yield made
    for context in made.contexts:
        context.close()


def at_case(page: Page, comment: Comment) -> None:
    arrived(page, rf"/cases/{comment.id}\b")


def arrived(page: Page, address: str) -> None:
    """Wait for a page and for the script that reads its keys."""
    expect(page).to_have_url(re.compile(address))
    page.wait_for_load_state()


def write_removal(page: Page, reason: str) -> None:
    """Choose the rule in question and write a reason, as the keys sheet says."""
    page.keyboard.press("r")
    expect(page.get_by_role("radio", name="Argue with the point")).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Reason to the author")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(reason)


def test_a_case_is_handed_on_and_back_by_keys(desks: Desks) -> None:
    one, other = desks.staff(), desks.staff()
    comment = desks.reported("A bridge to nowhere, and I mean it.")
    page = desks.open(f"/cases/{comment.id}?view=all", by=one)
    page.keyboard.press("h")
    expect(page.get_by_label("Note to your colleagues")).to_be_focused()
    page.keyboard.type("Is this meant as a joke?")
    look(page)
    page.keyboard.press("Control+Enter")
    arrived(page, r"said=handed_on")

    theirs = desks.open("?view=handed-on", by=other)
    expect(theirs.get_by_text("Is this meant as a joke?")).to_be_visible()
    look(theirs)
    theirs.keyboard.press("j")
    theirs.keyboard.press("Enter")
    at_case(theirs, comment)
    look(theirs)
    theirs.keyboard.press("d")
    arrived(theirs, r"did=")
    assert desks.status(comment) is CommentStatus.PUBLISHED


def test_a_queue_is_worked_through_without_a_mouse(desks: Desks) -> None:
    first, second, third = (desks.reported(f"You are number {n}.") for n in (1, 2, 3))
    page = desks.open(by=desks.staff())

    page.keyboard.press("j")
    expect(page.get_by_role("link", name=re.compile("on Story")).first).to_be_focused()
    page.keyboard.press("Enter")
    at_case(page, first)
    page.keyboard.press("n")
    at_case(page, second)
    page.keyboard.press("g")
    page.keyboard.press("q")
    arrived(page, "/console/echo$")
    page.keyboard.press("j")
    page.keyboard.press("o")
    at_case(page, first)
    write_removal(page, "This goes for the person.")
    page.keyboard.press("Control+Enter")

    # The next case is open, and reading goes on with what was just done, and to whom.
    at_case(page, second)
    done = page.get_by_role("status").first
    expect(done).to_be_focused()
    expect(done).to_contain_text("Removed under")
    assert desks.status(first) is CommentStatus.REMOVED

    page.keyboard.press("i")
    arrived(page, "said=imposed")
    at_case(page, second)
    expect(page.get_by_role("status").first).to_have_text(re.compile("The sanction is in force"))
    expect(page.get_by_role("status").first).to_be_focused()
    page.keyboard.press("d")
    at_case(page, third)
    page.keyboard.press("d")
    expect(page.get_by_role("status").first).to_have_text(re.compile("That was the last one"))
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()


def test_a_slip_is_undone_and_the_case_is_back(desks: Desks) -> None:
    first, second = desks.reported("You are wrong."), desks.reported("You are late.")
    page = desks.open(f"/cases/{first.id}?view=all", by=desks.staff())

    page.keyboard.press("d")
    at_case(page, second)
    page.keyboard.press("u")

    at_case(page, first)
    expect(page.get_by_role("status").first).to_be_focused()
    expect(page.get_by_role("heading", name=re.compile("^Reports"))).to_be_visible()
    page.keyboard.press("d")
    at_case(page, second)


def test_two_moderators_meet_at_one_case_and_nothing_is_lost(desks: Desks) -> None:
    comment, following = desks.reported("You are a fool."), desks.reported("You are a bore.")
    third = desks.reported("You are a clown.")
    path = f"/cases/{comment.id}?view=all"
    faster, slower = desks.open(path, by=desks.staff()), desks.open(path, by=desks.staff())
    write_removal(slower, "Words that took me a while.")
    write_removal(faster, "Quick.")
    faster.keyboard.press("Control+Enter")
    at_case(faster, following)

    slower.keyboard.press("Control+Enter")

    alert = slower.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("The latest decision: Removed under")
    expect(alert).to_contain_text("Words that took me a while.")
    assert not look(slower)
    slower.keyboard.press("n")
    # At the one between, the other looks.
    at_case(slower, third)


def test_letters_typed_into_a_reason_decide_nothing(desks: Desks) -> None:
    comment = desks.reported("You are a fool.")
    page = desks.open(f"/cases/{comment.id}?view=all", by=desks.staff())

    write_removal(page, "pdu? Not yet decided.")
    page.keyboard.press("Escape")
    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("d")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(page.get_by_label("Reason to the author")).to_have_value("pdu? Not yet decided.")
    assert desks.status(comment) is CommentStatus.PUBLISHED


def test_a_length_cannot_be_sent_with_a_step_that_takes_none(desks: Desks) -> None:
    comment = desks.reported("You are a fool.")
    page = desks.open(f"/readers/{comment.author_id}", by=desks.staff())
    step = page.get_by_label("Step of the ladder")
    step.select_option("suspension")
    page.get_by_label("Days").fill("3")

    # A moderator proposes a withdrawal, which has no length either.
    for takes_none in ("withdrawal", "warning"):
        step.select_option("suspension")
        expect(page.get_by_label("Days")).to_be_enabled()
        step.select_option(takes_none)
        expect(page.get_by_label("Days")).to_be_disabled()

    page.get_by_label("Rule").select_option("personal-attack")
    page.get_by_label("Reason to the reader").fill("For a fool.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("The sanction is in force.")


def test_an_editor_finds_and_suspends_a_story_by_keyboard(desks: Desks) -> None:
    comment = desks.reported("He did it.")
    page = desks.open(by=desks.staff(Role.EDITOR))
    page.keyboard.press("g")
    page.keyboard.press("s")
    arrived(page, "/stories$")
    search = page.get_by_label("Part of the headline or the address")
    search.focus()
    page.keyboard.type("story")
    page.keyboard.press("Enter")
    arrived(page, "q=story")
    page.keyboard.press("j")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name=re.compile("^Open"))).to_be_visible()

    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("status").first).to_be_focused()
    with desks.live.db.read() as conn:
        story = stories.get_story_by_id(conn, comment.site_id, comment.story_id)
    assert story.mode is StoryMode.SUSPENDED
    assert not look(page)
