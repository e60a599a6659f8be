"""The whole story, walked in a real browser: from a comment to an appeal upheld.

A reader comments under the paper's story, another reports it, a moderator removes it by keyboard
and warns, it happens again and again until the privilege is suspended, the author appeals, another
person decides, and the comment is back at its place. Everybody is told, and the log shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, expect

from belowline.core.terms import ReaderId, Role
from belowline.storage import tables
from tests import factories
from tests.browser.conftest import Live
from tests.browser.serving import wait_for

pytestmark = pytest.mark.browser

INSULT = "Only a complete dunce would build a road there."
SENSE = "The flood maps of 2015 answer that question."
MINUTE = 61
"""Seconds until a decision can no longer be undone, and its notices are due."""


@dataclass
class Person:
    """Somebody with a browser of their own."""

    live: Live
    page: Page
    id: ReaderId
    story: str

    def read(self) -> None:
        """Open the publisher's page with the thread."""
        self.page.goto("about:blank")
        self.page.goto(self.live.same_site + self.story)
        expect(self.page.locator(".thread-head")).to_be_visible()

    def say(self, text: str) -> None:
        """Write a comment in the embed and wait until it is there."""
        self.read()
        self.page.get_by_role("button", name="Write a comment").click()
        self.page.get_by_role("textbox", name="Your comment").fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()
        expect(self.page.locator(".thread", has_text=text)).to_be_visible()
        expect(self.page.get_by_role("textbox", name="Your comment")).to_have_count(0)

    def line(self, text: str) -> Locator:
        """Find a comment in the thread."""
        return self.page.locator("[data-comment]", has_text=text)

    def report(self, text: str, rule: str, note: str) -> None:
        """Report a comment under a rule in plain words."""
        self.read()
        self.line(text).get_by_role("button", name=re.compile("^Report")).click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("radio", name=re.compile(rule)).check()
        dialog.get_by_label(re.compile("Anything the moderators should know")).fill(note)
        dialog.get_by_role("button", name="Report").click()
        expect(dialog.get_by_role("button", name="Report")).to_have_count(0)
        self.page.keyboard.press("Escape")

    def desk(self, path: str = "") -> None:
        """Open a page of the console."""
        self.page.goto(f"{self.live.url}/console/{self.live.site.key}{path}")

    def mine(self, path: str = "") -> None:
        """Open a page of one's own."""
        self.page.goto(f"{self.live.url}/me/{self.live.site.key}{path}")


@dataclass
class Cast:
    """Everybody in the story."""

    author: Person
    reporter: Person
    moderator: Person
    editor: Person


@pytest.fixture
def cast(live: Live, browser: Browser) -> Iterator[Cast]:
    """Give a story with two comments, and four people, each signed in to their own browser."""
    story_id = factories.make_story(live.db, live.site.id, "bypass")
    older = factories.make_comment(
        live.db, live.site.id, story_id=story_id, author_id=live.reader("Olive"), text="First!"
    )
    assert older.shown
    path = live.embed("bypass")
    moderator = factories.make_staff(live.db, live.site.id)
    editor = factories.make_staff(live.db, live.site.id, Role.EDITOR)
    with (
        somebody(live, browser, with_mail(live, "Ron Birch", "ron@mail.example"), path) as author,
        somebody(live, browser, live.reader("Pat Moss"), path) as reporter,
        somebody(live, browser, moderator, path) as first,
        somebody(live, browser, editor, path) as second,
    ):
        yield Cast(author, reporter, first, second)


def with_mail(live: Live, name: str, email: str) -> ReaderId:
    """Make a reader who has an address for letters."""
    reader_id = live.reader(name)
    with live.db.write(factories.SYSTEM) as tx:
        tx.conn.execute(
            sa.update(tables.readers).where(tables.readers.c.id == reader_id).values(email=email)
        )
    return reader_id


@contextmanager
def somebody(live: Live, browser: Browser, reader_id: ReaderId, story: str) -> Iterator[Person]:
    """Give a person a browser, signed in; scripts that fail fail the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(8000)
    live.sign_in(context, reader_id)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Person(live, page, reader_id, story)
    context.close()
    assert errors == []


def remove_by_keyboard(moderator: Person, *, reason: str, impose: bool = True) -> None:
    """Open the worst case, remove under the first rule and impose what the ladder proposes."""
    page = moderator.page
    moderator.desk()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Decide")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.press("1")
    page.get_by_label("Reason to the author").press("ControlOrMeta+a")
    page.keyboard.type(reason)
    page.keyboard.press("ControlOrMeta+Enter")
    strip = page.get_by_role("region", name="Just decided")
    expect(strip).to_contain_text("Removed")
    if impose:
        strip.get_by_role("button", name="Impose it, with the same reason").click()
        expect(page.get_by_role("region", name="Just decided")).to_contain_text("Sanction")


def told(person: Person, *words: str) -> None:
    """Wait until a notice with these words is on the person's page."""

    def has_come() -> bool:
        person.mine("/notices")
        text = person.page.locator("main").inner_text()
        return all(word in text for word in words)

    wait_for(has_come)


def test_the_whole_story(live: Live, cast: Cast) -> None:
    """Comment, report, removal with reason, warning, held first, suspension, appeal, and back."""
    cast.author.say(INSULT)
    cast.reporter.say(SENSE)
    order = places(cast.reporter.page)
    removed_with_a_reason_and_a_warning(live, cast, order)
    told_only_when_the_minute_is_over(live, cast)
    warned_until_acknowledged(cast)
    held_first_and_then_suspended(live, cast)
    appealed_and_decided_by_somebody_else(cast)
    back_at_its_place_and_everybody_told(live, cast, order)


def places(page: Page) -> list[str]:
    """Return the ids of the comments in the order of the page."""
    found: list[str] = page.locator("[data-comment]").evaluate_all(
        "lines => lines.map(line => line.dataset.comment)"
    )
    return found


def removed_with_a_reason_and_a_warning(live: Live, cast: Cast, order: list[str]) -> None:
    cast.reporter.report(INSULT, "Argue with the point", "It calls people dunces.")
    remove_by_keyboard(cast.moderator, reason="It insults instead of arguing.")
    cast.reporter.read()
    page = cast.reporter.page
    expect(page.get_by_text("Only a complete dunce")).to_have_count(0)
    expect(page.locator(f"[data-comment='{order[1]}']")).to_contain_text("removed under the rule")
    assert live.mail.letters == []


def told_only_when_the_minute_is_over(live: Live, cast: Cast) -> None:
    cast.author.mine("/notices")
    expect(cast.author.page.get_by_text("It insults instead of arguing.")).to_have_count(0)
    live.clock.advance(seconds=MINUTE)
    told(cast.author, "It insults instead of arguing.", "Argue with the point")
    told(cast.reporter, "report")
    wait_for(lambda: [one for one in live.mail.letters if "It insults" in one.text])
    assert {one.to for one in live.mail.letters} == {"ron@mail.example"}


def warned_until_acknowledged(cast: Cast) -> None:
    author = cast.author
    author.read()
    expect(author.page.locator(".thread")).to_contain_text(re.compile("acknowledge", re.IGNORECASE))
    expect(author.page.get_by_role("button", name="Write a comment")).to_have_count(0)
    author.mine()
    author.page.get_by_role("button", name=re.compile("read", re.IGNORECASE)).first.click()
    author.say("Fine. The bridge is narrow, though.")


def held_first_and_then_suspended(live: Live, cast: Cast) -> None:
    author = cast.author
    for text, reported in (
        ("You lot are all dunces.", True),
        ("Dunces, every single one of you.", False),
    ):
        live.clock.advance(hours=5)
        author.say(text)
        if reported:
            cast.reporter.report(text, "Argue with the point", "Again.")
        # The second one waits for a moderator by itself: the author's comments are held first.
        remove_by_keyboard(cast.moderator, reason=f"An insult: {text}")
        live.clock.advance(seconds=MINUTE)
        told(author, f"An insult: {text}")
    author.mine()
    expect(author.page.locator("main")).to_contain_text(re.compile("suspended", re.IGNORECASE))
    author.read()
    expect(author.page.locator(".thread")).to_contain_text(re.compile("suspended", re.IGNORECASE))
    expect(author.page.get_by_role("button", name="Write a comment")).to_have_count(0)


def appealed_and_decided_by_somebody_else(cast: Cast) -> None:
    author, moderator, editor = cast.author.page, cast.moderator, cast.editor
    cast.author.mine()
    # The warning rests on the removal and bears the same reason; the removal is the older one.
    first = author.locator("[id^=decision-]", has_text="It insults instead of arguing.").last
    first.get_by_role("link", name=re.compile("[Aa]ppeal")).last.click()
    author.get_by_label("Why is the decision wrong?").fill("I meant the plan, not a person.")
    author.get_by_role("button", name="Send the appeal").click()
    expect(author.get_by_role("heading", name="Your appeal has arrived")).to_be_visible()
    open_appeal(moderator)
    expect(moderator.page.get_by_role("button", name="Send the answer")).to_have_count(0)
    expect(moderator.page.locator(".decide")).to_contain_text(re.compile("else|another"))
    open_appeal(editor)
    editor.page.get_by_role("radio", name=re.compile("Uphold it")).check()
    editor.page.get_by_label("Reason to the reader").fill("It is rude about a plan, not a person.")
    editor.page.get_by_role("button", name="Send the answer").click()
    expect(editor.page.locator("main")).to_contain_text(re.compile("upheld", re.IGNORECASE))


def back_at_its_place_and_everybody_told(live: Live, cast: Cast, order: list[str]) -> None:
    author, reporter = cast.author, cast.reporter
    reporter.read()
    expect(reporter.line(INSULT)).to_be_visible()
    assert [one for one in places(reporter.page) if one in order] == order
    live.clock.advance(seconds=MINUTE)
    told(author, "appeal", "It is rude about a plan, not a person.")
    told(reporter, "appeal")
    reporter.page.goto(f"{live.url}/log/{live.site.key}")
    expect(reporter.page.locator("main")).to_contain_text("An appeal was upheld")
    expect(reporter.page.locator("main")).not_to_contain_text("Ron Birch")


def open_appeal(person: Person) -> None:
    """Open the one appeal that waits."""
    person.desk("/appeals")
    person.page.locator("[data-item] [data-open]").first.click()
    expect(person.page.get_by_role("heading", name=re.compile("Appeal of"))).to_be_visible()


def test_a_stale_case_is_shown_afresh_and_a_decision_can_be_undone(cast: Cast) -> None:
    cast.author.say(INSULT)
    cast.reporter.report(INSULT, "Argue with the point", "An insult.")
    slow, quick = cast.moderator.page, cast.editor.page
    for page, person in ((slow, cast.moderator), (quick, cast.editor)):
        person.desk()
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Decide")).to_be_visible()
    quick.keyboard.press("d")
    expect(quick.get_by_role("region", name="Just decided")).to_be_visible()

    slow.keyboard.press("r")
    slow.keyboard.press("1")
    slow.get_by_label("Reason to the author").fill("An insult, as I saw it.")
    slow.keyboard.press("ControlOrMeta+Enter")

    expect(slow.get_by_role("alert")).to_contain_text("Below it is as it stands now.")
    reason = slow.get_by_label("Reason to the author")
    expect(reason).to_have_value("An insult, as I saw it.")
    reason.focus()
    slow.keyboard.press("ControlOrMeta+Enter")
    expect(slow.get_by_role("region", name="Just decided")).to_contain_text("Removed")
    slow.keyboard.press("u")
    expect(slow.locator("main")).to_contain_text(re.compile("undone|Published", re.IGNORECASE))
    cast.reporter.read()
    expect(cast.reporter.line(INSULT)).to_be_visible()
