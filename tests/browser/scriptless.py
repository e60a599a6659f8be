"""People whose browsers run no script: they follow links, fill in forms and press buttons."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from belowline.core.terms import Role
from tests import factories
from tests.browser.conftest import Live
from tests.browser.people import Moderator, Person
from tests.browser.serving import wait_for

Open = Callable[[], Page]


def signed_in(live: Live, open_page: Open, name: str) -> Person:
    """Give somebody who has commented for long, and is signed in."""
    person = Person(live, open_page(), name)
    live.sign_in(person.page.context, live.reader(name))
    return person


def at_the_desk(live: Live, open_page: Open, name: str) -> Moderator:
    """Give somebody of the staff who is signed in."""
    person = Moderator(live, open_page(), name)
    live.sign_in(person.page.context, factories.make_staff(live.db, live.site.id, Role.MODERATOR))
    return person


def follow(place: Page | Locator, name: str) -> None:
    """Follow a link that begins with these words."""
    place.get_by_role("link", name=re.compile(f"^{re.escape(name)}")).click()


def press(person: Person, name: str) -> None:
    """Press a button that has exactly these words."""
    person.page.get_by_role("button", name=name, exact=True).click()


def expect_title(person: Person, title: str) -> None:
    """Expect that the page has this heading at its top."""
    expect(person.page.get_by_role("heading", level=1)).to_have_text(title)


def texts_of(page: Page) -> list[str]:
    """Return the comments of the page, from the top."""
    return page.locator("article[data-comment] .comment-body").all_inner_texts()


def sign_in_to_write(reader: Person, thread: str) -> None:
    """Ask to write, sign in with a code after a wrong one, choose a name, and be asked to write."""
    reader.goto(thread)
    follow(reader.page, "Write a comment")
    expect_title(reader, "Sign in to comment")
    reader.page.get_by_label("Your e-mail address").fill(reader.email)
    press(reader, "Send me a code")
    expect_title(reader, "Look into your mail")
    code = reader.code()
    reader.page.get_by_label("Your code").fill("000 000" if code != "000 000" else "111 111")
    press(reader, "Sign in")
    expect(reader.page.get_by_role("alert")).to_be_visible()
    reader.page.get_by_label("Your code").fill(code)
    press(reader, "Sign in")
    reader.page.get_by_label("Your name").fill(reader.name)
    press(reader, "Use this name")
    expect_title(reader, "Write a comment")


def find_own_comment(reader: Person) -> None:
    """Go to one's latest comment by the links that are on every page."""
    follow(reader.page, "My standing")
    reader.page.get_by_role("navigation", name="My pages").get_by_role(
        "link", name="Comments"
    ).click()
    reader.page.get_by_role("link", name=re.compile("^What became of it")).first.click()


def wait_for_notice(reader: Person, words: str) -> None:
    """Wait for a notice with these words on one's own page."""

    def has_come() -> bool:
        reader.goto(f"/me/{reader.live.site.key}/notices")
        return words in reader.page.locator("main").inner_text()

    wait_for(has_come)


def open_appeal(staff: Moderator, appellant: str) -> None:
    """Go to the appeal of this reader by the links of the desk."""
    staff.goto(staff.desk)
    follow(staff.page, "Appeals")
    follow(staff.page.locator("main"), f"{appellant} against")
    expect_title(staff, f"Appeal of {appellant}")
