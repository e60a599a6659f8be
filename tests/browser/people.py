"""People at their browsers: what readers and moderators do, said as they would say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Browser, Locator, Page, expect

from belowline.core.terms import Actor, Role
from belowline.sites import store as sites
from tests import factories
from tests.browser.conftest import DESKTOP, Live
from tests.browser.serving import wait_for

ACCEPT = "I have read and accept the rules"


@dataclass
class Person:
    """Somebody with an e-mail address and a browser of their own."""

    live: Live
    page: Page
    name: str

    @property
    def email(self) -> str:
        """Return the address at which letters reach them."""
        return f"{self.name.split()[0].lower()}@mail.example"

    def close(self) -> None:
        """Close the browser."""
        self.page.context.close()

    # Letters

    def code(self) -> str:
        """Return the code of the latest letter to them."""
        letters = [one for one in self.live.mail.letters if one.to == self.email]
        found = re.search(r"\b\d{3} \d{3}\b", letters[-1].text)
        assert found is not None
        return found[0]

    def letters(self) -> list[str]:
        """Return the subjects of the letters to them, without the codes."""
        return [
            one.subject.partition(": ")[2]
            for one in self.live.mail.letters
            if one.to == self.email and not re.search(r"\d{3} \d{3}", one.text)
        ]

    def wait_for_letter(self, subject: str) -> None:
        """Wait until a letter with this in its subject has come."""
        wait_for(lambda: any(subject in one for one in self.letters()))

    # In the thread on the publisher's page

    def read(self, story: str) -> None:
        """Open the story on the publisher's page, which is another origin."""
        self.page.goto(self.live.same_site + self.live.embed(story))
        expect(self.page.locator(".bl-me")).to_be_visible()

    def sees(self, text: str) -> Locator:
        """Return the comment with this text."""
        return self.page.locator("article[data-comment]", has_text=text)

    def sign_in_in_dialog(self) -> None:
        """Sign in by code, in the dialog that asked for it."""
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("Your e-mail address").fill(self.email)
        dialog.get_by_role("button", name="Send the code").click()
        expect(dialog.get_by_label("Code")).to_be_focused()
        dialog.get_by_label("Code").fill(self.code())
        dialog.get_by_label("Name to show with your comments").fill(self.name)
        dialog.get_by_role("button", name="Sign in").click()
        expect(dialog).to_have_count(0)

    def sign_in_in_embed(self) -> None:
        """Sign in by code from the thread."""
        self.page.get_by_role("button", name="Sign in").click()
        self.sign_in_in_dialog()
        expect(self.page.get_by_text(f"Signed in as {self.name}", exact=True)).to_be_visible()

    def write(self, text: str) -> Locator:
        """Write a comment, accept the rules if that is asked, and return it as it then stands."""
        self.page.get_by_role("button", name="Write a comment").click()
        return self._send("Your comment", text)

    def reply(self, to: str, text: str) -> Locator:
        """Reply to the comment with this text."""
        self.sees(to).get_by_role("button", name="Reply").click()
        return self._send(re.compile("Your reply to"), text)

    def _send(self, label: str | re.Pattern[str], text: str) -> Locator:
        self.page.get_by_role("textbox", name=label).fill(text)
        box = self.page.get_by_role("checkbox", name=ACCEPT)
        if box.count():
            box.check()
        self.page.get_by_role("button", name="Send", exact=True).click()
        written = self.sees(text)
        expect(written).to_be_focused()
        return written

    # On Belowline's own pages

    def goto(self, path: str) -> None:
        """Open a page of Belowline's."""
        self.page.goto(self.live.url + path)

    def sign_in_on_page(self) -> None:
        """Sign in by code on Belowline's own page, where asking for something else led."""
        self.page.get_by_label("Your e-mail address").fill(self.email)
        self.page.get_by_role("button", name="Send me a code").click()
        self.page.get_by_label("Your code").fill(self.code())
        self.page.get_by_role("button", name="Sign in").click()
        if self.page.get_by_label("Your name").count():
            self.page.get_by_label("Your name").fill(self.name)
            self.page.get_by_role("button", name="Use this name").click()


@dataclass
class Moderator(Person):
    """Somebody at the desk."""

    @property
    def desk(self) -> str:
        """Return the path of the site's desk."""
        return f"/console/{self.live.site.key}"

    def open_case(self, comment_id: str) -> None:
        """Open a case by its address."""
        self.goto(f"{self.desk}/cases/{comment_id}")

    def remove(self, rule: str, reason: str) -> None:
        """Remove the comment of the open case with the mouse."""
        self.page.get_by_role("radio", name=rule).check()
        self.page.get_by_label("Reason to the author").fill(reason)
        self.page.get_by_role("button", name=re.compile("^Remove")).click()

    def impose_what_is_proposed(self, proposal: str) -> None:
        """Impose the step that the ladder proposes, having seen that it is this one."""
        expect(self.page.get_by_text("The ladder proposes for")).to_contain_text(proposal)
        self.page.get_by_role("button", name=re.compile("with the same reason")).click()


def arrive(live: Live, browser: Browser, name: str, *, scripts: bool = True) -> Person:
    """Give a reader whom nobody here knows yet a browser."""
    return Person(live, _open(browser, scripts=scripts), name)


def employ(
    live: Live,
    browser: Browser,
    name: str,
    *,
    role: Role = Role.MODERATOR,
    scripts: bool = True,
) -> Moderator:
    """Give a moderator a browser, or somebody with more to say."""
    somebody = Moderator(live, _open(browser, scripts=scripts), name)
    reader_id = factories.make_reader(live.db, name, email=somebody.email)
    with live.db.write(Actor.of_system("test")) as tx:
        sites.put_staff(tx, live.site.id, reader_id=reader_id, role=role)
    return somebody


def let_notices_go(live: Live) -> None:
    """Let so much time pass that nothing can be taken back any more."""
    live.clock.advance(seconds=live.house.settings.undo_for / timedelta(seconds=1) + 1)


def _open(browser: Browser, *, scripts: bool = True) -> Page:
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=scripts)
    context.set_default_timeout(8000)
    return context.new_page()
