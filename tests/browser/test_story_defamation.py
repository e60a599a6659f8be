"""A notice of defamation from receipt to close, walked by everybody in a real browser.

The same story is told in ``docs/tutorial/a-defamation-notice.md``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from belowline.actions.sites import change_site
from belowline.comments.model import Comment
from belowline.core.terms import CommentStatus, Role
from belowline.sites.model import SiteSettings
from tests import factories
from tests.browser.conftest import DESKTOP, Live
from tests.browser.looking import PHONE, look
from tests.browser.people import Moderator, Person, arrive, employ
from tests.browser.serving import wait_for

pytestmark = pytest.mark.browser

SAID = "The treasurer has his new kitchen from the hall fund."
WORDS = "his new kitchen from the hall fund"
"""What the complainant quotes."""


@pytest.fixture
def come(live: Live, browser: Browser) -> Iterator[Callable[..., Person]]:
    """Let people come, and close their browsers when the story is over."""
    people: list[Person] = []

    def come(name: str, *, scripts: bool = True) -> Person:
        people.append(arrive(live, browser, name, scripts=scripts))
        return people[-1]

    yield come
    for one in people:
        one.close()


@pytest.fixture
def mo(live: Live, browser: Browser) -> Iterator[Moderator]:
    """Give an editor, who may do everything that a notice asks of a desk."""
    made = employ(live, browser, "Mo Adeyemi", role=Role.EDITOR)
    yield made
    made.close()


@pytest.fixture
def comment(live: Live) -> Comment:
    """Give a comment of an author with an address, at a site that takes notices."""
    live.site = change_site(live.db, live.site, settings=SiteSettings(defamation_s5=True))
    story_id = factories.make_story(live.db, live.site.id, "hall")
    author = factories.make_reader(live.db, "Al Writer", email="al@mail.example")
    return factories.make_comment(
        live.db, live.site.id, story_id=story_id, author_id=author, text=SAID
    )


def keep(page: Page, name: str) -> None:
    """Keep a picture where one is wanted."""
    if folder := os.environ.get("BELOWLINE_LEGAL_PICTURES"):
        page.wait_for_load_state("networkidle")
        page.screenshot(path=Path(folder) / name, full_page=True)
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=Path(folder) / f"phone-{name}", full_page=True)
        page.set_viewport_size(DESKTOP)
        page.emulate_media(color_scheme="light")


def check(page: Page) -> None:
    """Look at the page as people do who see or handle it differently."""
    # A colour on its way to another is no colour to judge.
    page.emulate_media(reduced_motion="reduce")
    assert look(page) == []


def fill_in(jo: Person) -> None:
    """Say what the law asks for, all but one thing."""
    page = jo.page
    page.get_by_label("Your name", exact=True).fill("Jo Bloggs")
    page.get_by_label("Your e-mail address").fill(jo.email)
    page.get_by_label("The words that you complain of").fill(WORDS)
    page.get_by_label("Why are they defamatory").fill("I am the only treasurer there is.")
    page.get_by_label("What in them is factually wrong").fill("I paid for it; I have the bill.")
    page.get_by_label("I do not have enough information").check()
    page.get_by_role("radio", name="No", exact=True).check()


def send_notice(jo: Person, comment: Comment, *, scripts: bool) -> str:
    """Send a notice; what is lacking is named, and nothing that was typed is lost."""
    jo.goto(f"/s/{jo.live.site.key}/hall/c/{comment.id}/about-me")
    keep(jo.page, "form.png")
    fill_in(jo)
    jo.page.get_by_role("button", name="Send the notice").click()
    expect(jo.page.get_by_role("alert")).to_contain_text("the meaning that you understand")
    expect(jo.page.get_by_label("The words that you complain of")).to_have_value(WORDS)
    expect(jo.page.get_by_role("radio", name="No", exact=True)).to_be_checked()
    keep(jo.page, "form-lacking.png")
    if scripts:
        check(jo.page)
    jo.page.get_by_label("What meaning do you").fill("That I am a thief.")
    jo.page.get_by_role("button", name="Send the notice").click()
    expect(jo.page.get_by_role("heading", name=re.compile("Your notice"))).to_be_visible()
    expect(jo.page.locator(".lead")).to_have_text("The author has to be written to.")
    keep(jo.page, "notice.png")
    return jo.page.url


def open_notice(mo: Moderator) -> None:
    """Find the notice on the desk's list, from the queue on."""
    mo.goto(mo.desk)
    if mo.page.get_by_label("Your e-mail address").count():
        mo.sign_in_on_page()
    mo.page.get_by_role("link", name=re.compile("^Legal")).click()
    keep(mo.page, "list.png")
    mo.page.locator("[data-open]").first.click()
    expect(mo.page.get_by_role("heading", name=re.compile("^Notice"))).to_be_visible()


def write_to_author(mo: Moderator) -> None:
    """Read the letter to the author and send it."""
    expect(mo.page.locator(".letter").first).to_contain_text("midnight, London time")
    expect(mo.page.locator(".letter").first).not_to_contain_text("Jo Bloggs")
    keep(mo.page, "desk.png")
    mo.page.get_by_role("button", name="Send it to the author, and acknowledge").click()
    expect(mo.page.get_by_text("The letter is on its way.")).to_be_visible()


def answer_page_of(al: Person) -> str:
    """Return the address in the letter to the author."""
    (letter,) = (one for one in al.live.mail.letters if one.to == al.email)
    found = re.search(r"https?://\S+/me/\S+", letter.text)
    assert found is not None
    return found[0]


def test_the_author_stays_silent_and_the_comment_goes(
    live: Live, come: Callable[..., Person], mo: Moderator, comment: Comment
) -> None:
    jo = come("Jo Bloggs", scripts=False)
    page = send_notice(jo, comment, scripts=False)
    open_notice(mo)
    write_to_author(mo)
    wait_for(lambda: any(one.to == "al@mail.example" for one in live.mail.letters))
    jo.wait_for_letter("we have received your notice")
    jo.page.goto(page)
    expect(jo.page.locator(".lead")).to_have_text("Waiting for the author’s answer.")
    expect(jo.page.get_by_text("midnight at the end of").first).to_be_visible()

    live.clock.advance(days=6)
    mo.page.reload()
    if mo.page.get_by_label("Your e-mail address").count():
        mo.sign_in_on_page()
    expect(mo.page.get_by_text("The author has not answered in time")).to_be_visible()
    keep(mo.page, "silent.png")
    mo.page.get_by_role("button", name="Remove", exact=True).click()
    expect(mo.page.get_by_text("Removed").first).to_be_visible()
    assert factories.reread(live.db, comment).status is CommentStatus.REMOVED
    live.clock.advance(seconds=live.house.settings.undo_seconds + 1)
    jo.wait_for_letter("the comment that you complained of has been removed")

    jo.page.goto(page)
    expect(jo.page.locator(".lead")).to_have_text("Closed: the comment has been removed.")
    keep(jo.page, "closed.png")
    open_notice(mo)
    expect(mo.page.get_by_text("Nothing. It is over.")).to_be_visible()
    keep(mo.page, "over.png")


def test_the_author_stands_by_it_and_the_comment_stays(
    live: Live, come: Callable[..., Person], mo: Moderator, comment: Comment
) -> None:
    jo, al = come("Jo Bloggs"), come("Al Writer")
    page = send_notice(jo, comment, scripts=True)
    open_notice(mo)
    check(mo.page)
    write_to_author(mo)
    wait_for(lambda: any(one.to == al.email for one in live.mail.letters))
    address = answer_page_of(al)
    live.clock.advance(minutes=1)
    al.page.goto(address)
    al.sign_in_on_page()
    expect(al.page.get_by_text("Please answer by")).to_be_visible()
    expect(al.page.get_by_text("not passed on")).to_be_visible()
    keep(al.page, "answer.png")
    check(al.page)

    al.page.get_by_role("radio", name=re.compile("It should stay, and here are")).check()
    al.page.get_by_label("Your full name").fill("Al Writer")
    al.page.get_by_role("button", name="Send the answer").click()
    expect(al.page.get_by_text("Give your postal address.")).to_be_visible()
    expect(al.page.get_by_label("Your full name")).to_have_value("Al Writer")
    al.page.get_by_label("The postal address").fill("1 High Street")
    al.page.get_by_role("radio", name="No", exact=True).check()
    al.page.get_by_role("button", name="Send the answer").click()
    expect(al.page.get_by_text("You have answered.")).to_be_visible()

    mo.page.reload()
    expect(mo.page.get_by_text("The comment stays.").first).to_be_visible()
    expect(mo.page.get_by_text("1 High Street")).to_have_count(0)
    mo.page.get_by_role("button", name="Show them").click()
    expect(mo.page.get_by_text("1 High Street")).to_be_visible()
    keep(mo.page, "details.png")
    mo.page.get_by_role("button", name="Tell the complainant").click()
    jo.wait_for_letter("the author stands by the comment that you complained of")
    assert all("High Street" not in one.text for one in live.mail.letters)

    jo.page.goto(page)
    expect(jo.page.locator(".lead")).to_contain_text("it stays")
    check(jo.page)
    assert factories.reread(live.db, comment).status is CommentStatus.PUBLISHED
