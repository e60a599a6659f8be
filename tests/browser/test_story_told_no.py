"""A reader is told no, asks for another look and is right; and the author is heard in turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from belowline.core.terms import CommentStatus, ReaderId
from belowline.storage import tables
from tests import factories
from tests.browser.conftest import Live
from tests.browser.people import Moderator, Person, arrive, employ, let_notices_go

pytestmark = pytest.mark.browser

INSULT = "The chair of the bridge committee can hardly read, let alone add up."
WHY = "It says nothing about the bridge. It calls a volunteer illiterate."
RULE = "Argue with the point, not the person"
REASON = "It calls her illiterate, and says nothing about the bridge."
APPEAL = "Everybody knows what I meant."


@dataclass
class Cast:
    """Who has a part in it."""

    rhea: Person
    """Who reports; her browser runs no scripts."""
    al: Person
    """Who wrote it."""
    mo: Moderator
    eda: Moderator


@pytest.fixture
def cast(live: Live, browser: Browser) -> Iterator[Cast]:
    """Give everybody a browser."""
    made = Cast(
        arrive(live, browser, "Rhea Lund", scripts=False),
        arrive(live, browser, "Al Writer"),
        employ(live, browser, "Mo Adeyemi"),
        employ(live, browser, "Eda Lind"),
    )
    with ExitStack() as at_the_end:
        for one in (made.rhea, made.al, made.mo, made.eda):
            at_the_end.callback(one.close)
        yield made


def test_a_reader_who_was_told_no_asks_again_and_is_right(live: Live, cast: Cast) -> None:
    story = factories.make_story(live.db, live.site.id, "bridge")
    author = factories.make_reader(live.db, cast.al.name, email=cast.al.email)
    number = factories.make_comment(
        live.db, live.site.id, story_id=story, author_id=author, text=INSULT
    ).id

    rhea_reports(cast.rhea, number)
    mo_keeps_it(cast.mo, number)
    let_notices_go(live)
    cast.rhea.wait_for_letter("your report was answered")
    rhea_asks_for_another_look(live, cast.rhea)
    mo_cannot_answer(cast.mo)
    eda_removes_it(live, cast.eda, number)

    cast.rhea.wait_for_letter("your appeal was upheld")
    rhea_reads_the_answer(live, cast.rhea)
    cast.al.wait_for_letter("your comment has been removed")
    al_appeals_in_turn(live, cast.al, author)
    eda_cannot_answer_and_mo_can(live, cast)


def rhea_reports(rhea: Person, number: int) -> None:
    rhea.goto("/me/echo")
    rhea.sign_in_on_page()
    rhea.goto(f"/s/echo/bridge/c/{number}/report")
    rhea.page.get_by_role("radio", name=RULE).check()
    rhea.page.get_by_role("button", name="Send the report").click()
    expect(rhea.page.get_by_text("Thank you").first).to_be_visible()


def mo_keeps_it(mo: Moderator, number: int) -> None:
    mo.goto(mo.desk)
    mo.sign_in_on_page()
    mo.open_case(str(number))
    mo.page.get_by_role("button", name=re.compile("^Keep")).click()


def rhea_asks_for_another_look(live: Live, rhea: Person) -> None:
    """Follow the letter's link, and say why."""
    rhea.goto(link_of(live, rhea, "your report was answered"))
    page = rhea.page
    expect(page.get_by_text("Looked at: the comment stays")).to_be_visible()
    page.get_by_label("Why should it not stay?").fill(WHY)
    page.get_by_role("button", name="Ask for another look").click()
    expect(page.get_by_role("heading", name="Your appeal has arrived")).to_be_visible()
    expect(page.get_by_text(WHY)).to_be_visible()
    expect(page.get_by_label("Why should it not stay?")).to_have_count(0)


def mo_cannot_answer(mo: Moderator) -> None:
    mo.goto(f"{mo.desk}/appeals")
    expect(mo.page.get_by_text("by somebody who reported it")).to_be_visible()
    mo.page.locator("[data-open]").first.click()
    expect(mo.page.get_by_text("You had a part in this before.")).to_be_visible()
    expect(mo.page.get_by_role("radio", name=re.compile("^Uphold"))).to_have_count(0)


def eda_removes_it(live: Live, eda: Moderator, number: int) -> None:
    eda.goto(f"{eda.desk}/appeals")
    eda.sign_in_on_page()
    page = eda.page
    page.get_by_role("link", name=re.compile("^Somebody who reported it, against")).click()
    expect(page.get_by_text(WHY)).to_be_visible()
    expect(page.get_by_text(INSULT)).to_be_visible()
    expect(page.get_by_text("Rhea")).to_have_count(0)
    page.get_by_role("radio", name=re.compile("^Uphold")).check()
    expect(page.get_by_label("If it is removed: the rule that it broke")).to_have_value(
        "personal-attack"
    )
    page.get_by_label(re.compile("^Reason to whoever reported it")).fill(REASON)
    page.get_by_role("button", name=re.compile("^Send the answer")).click()
    expect(page.get_by_role("status")).to_contain_text("The appeal is upheld.")
    (row,) = factories.rows_of(live.db, tables.comments)
    assert (row.id, row.status) == (number, CommentStatus.REMOVED)


def rhea_reads_the_answer(live: Live, rhea: Person) -> None:
    rhea.goto(link_of(live, rhea, "your appeal was upheld"))
    page = rhea.page
    expect(page.get_by_text("Removed after all")).to_be_visible()
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.get_by_text("Al Writer")).to_have_count(0)
    expect(page.get_by_text("Eda")).to_have_count(0)


def al_appeals_in_turn(live: Live, al: Person, author: ReaderId) -> None:
    """Read the reason, and nothing of who reported; and appeal."""
    al.goto("/me/echo")
    al.sign_in_on_page()
    expect(al.page.get_by_text(REASON)).to_be_visible()
    expect(al.page.get_by_text("Rhea")).to_have_count(0)
    expect(al.page.get_by_text(WHY)).to_have_count(0)
    al.page.get_by_role("link", name=re.compile("^Appeal")).first.click()
    al.page.get_by_label("Why is the decision wrong?").fill(APPEAL)
    al.page.get_by_role("button", name="Send the appeal").click()
    expect(al.page.get_by_role("heading", name="Your appeal has arrived")).to_be_visible()
    filed = [row for row in factories.rows_of(live.db, tables.appeals) if row.report_id is None]
    assert [row.reader_id for row in filed] == [author]


def eda_cannot_answer_and_mo_can(live: Live, cast: Cast) -> None:
    """Two people look after this site, so the first may say a last word about the second's."""
    for one, may in ((cast.eda, False), (cast.mo, True)):
        one.goto(f"{one.desk}/appeals")
        one.page.get_by_role("link", name=re.compile("^Al Writer against")).click()
        expect(one.page.get_by_text(APPEAL)).to_be_visible()
        expect(one.page.get_by_role("radio", name=re.compile("^Uphold"))).to_have_count(int(may))
    cast.mo.page.get_by_role("radio", name=re.compile("^Reject")).check()
    cast.mo.page.get_by_label("Reason to the reader").fill("It was not about the bridge.")
    cast.mo.page.get_by_role("button", name=re.compile("^Send the answer")).click()
    cast.al.wait_for_letter("your appeal was not upheld")
    assert live.site.key == "echo"


def link_of(live: Live, somebody: Person, subject: str) -> str:
    """Return the path that the latest letter with this in its subject leads to."""
    letters = [
        one for one in live.mail.letters if one.to == somebody.email and subject in one.subject
    ]
    found = re.search(r"(/me/echo/reports/\d+)\b", letters[-1].text)
    assert found is not None
    return found[1]
