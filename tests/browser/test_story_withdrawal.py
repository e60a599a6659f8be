"""A withdrawn reader who appeals and returns: half a year, walked by everybody who has a part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from belowline.actions.reviews import open_due_reviews
from belowline.core.terms import ReaderId, Role
from belowline.sanctions.withdrawal import REVIEW_AFTER
from belowline.storage import tables
from tests import factories
from tests.browser.conftest import Live
from tests.browser.people import Moderator, Person, arrive, employ, let_notices_go

pytestmark = pytest.mark.browser

THREAT = "I know where the ferryman lives. He had better watch his boat tonight."
RULE = "Do not threaten or call for violence"
REASON = "You threaten a man and his boat."


@dataclass
class Cast:
    """Who has a part in it."""

    jan: Person
    """Who threatens, is withdrawn, and returns."""
    lena: Person
    """His sister, who shares his house."""
    mo: Moderator
    eda: Moderator
    """The editor."""
    ola: Moderator


@pytest.fixture
def cast(live: Live, browser: Browser) -> Iterator[Cast]:
    """Give everybody a browser."""
    made = Cast(
        arrive(live, browser, "Jan Veer"),
        arrive(live, browser, "Lena Veer"),
        employ(live, browser, "Mo Adeyemi"),
        employ(live, browser, "Eda Lind", role=Role.EDITOR),
        employ(live, browser, "Ola Berg"),
    )
    with ExitStack() as at_the_end:
        for one in (made.jan, made.lena, made.mo, made.eda, made.ola):
            at_the_end.callback(one.close)
        yield made


def test_a_withdrawn_reader_appeals_and_returns(live: Live, cast: Cast) -> None:
    factories.make_story(live.db, live.site.id, "ferry")
    number = jan_threatens(cast.jan)
    mo_proposes(cast.mo, number)
    jan_is_told_of_the_proposal(live, cast.jan)
    mo_cannot_confirm(cast.mo)
    eda_confirms(cast.eda)
    jan_is_told_until_when(live, cast.jan)

    jan_appeals(cast.jan)
    nobody_who_had_a_part_decides(cast)
    ola_rejects(live, cast)

    lena_comments_and_is_not_taken_for_her_brother(live, cast)

    live.clock.advance(seconds=REVIEW_AFTER.total_seconds())
    open_due_reviews(live.db, live.site.id)
    ola_gives_the_privilege_back(cast.ola)
    jan_returns(live, cast.jan)


def jan_threatens(jan: Person) -> str:
    jan.read("ferry")
    jan.sign_in_in_embed()
    number = jan.write(THREAT).get_attribute("data-comment")
    assert number is not None
    return number


def mo_proposes(mo: Moderator, number: str) -> None:
    """Remove the comment, and propose what the ladder proposes: nobody withdraws alone."""
    mo.goto(mo.desk)
    mo.sign_in_on_page()
    mo.open_case(number)
    mo.remove(RULE, REASON)
    mo.impose_what_is_proposed("Withdrawal of the privilege")
    expect(mo.page.get_by_text("The withdrawal is proposed and waits")).to_be_visible()


def jan_is_told_of_the_proposal(live: Live, jan: Person) -> None:
    let_notices_go(live)
    jan.wait_for_letter("your comment has been removed")
    jan.wait_for_letter("your commenting is suspended")
    jan.read("ferry")
    expect(jan.page.get_by_role("button", name="Write a comment")).to_be_hidden()
    jan.page.get_by_role("note").filter(has_text="suspended").get_by_role(
        "link", name="My standing"
    ).click()
    expect(jan.page.get_by_text("It has been proposed to withdraw your privilege.")).to_be_visible()


def mo_cannot_confirm(mo: Moderator) -> None:
    mo.page.get_by_role("link", name=re.compile("^Withdrawals")).first.click()
    expect(mo.page.get_by_text("You proposed this.")).to_be_visible()
    expect(mo.page.get_by_role("button", name=re.compile("^Confirm"))).to_have_count(0)


def eda_confirms(eda: Moderator) -> None:
    eda.goto(f"{eda.desk}/withdrawals")
    eda.sign_in_on_page()
    expect(eda.page.get_by_text(REASON)).to_be_visible()
    eda.page.get_by_role("button", name=re.compile("^Confirm")).click()
    expect(eda.page.get_by_text("It is looked at again in six months.")).to_be_visible()


def jan_is_told_until_when(live: Live, jan: Person) -> None:
    let_notices_go(live)
    jan.wait_for_letter("your privilege to comment is withdrawn")
    # The suspension went on as something else; it is no news that it has ended.
    assert not any("a sanction has ended" in one for one in jan.letters())
    jan.goto("/me/echo")
    expect(jan.page.get_by_text("It is reviewed on")).to_be_visible()
    expect(
        jan.page.get_by_text("One person proposed it, and another confirmed it.")
    ).to_be_visible()


def jan_appeals(jan: Person) -> None:
    withdrawal = jan.page.locator("li[id^=decision]").filter(
        has=jan.page.get_by_role("heading", name="Withdrawal of the privilege")
    )
    withdrawal.get_by_role("link", name=re.compile("^Appeal")).click()
    jan.page.get_by_label("Why is the decision wrong?").fill("I was angry. I would never do it.")
    jan.page.get_by_role("button", name="Send the appeal").click()
    expect(jan.page.get_by_role("heading", name="Your appeal has arrived")).to_be_visible()


def nobody_who_had_a_part_decides(cast: Cast) -> None:
    for one in (cast.mo, cast.eda):
        one.goto(f"{one.desk}/appeals")
        one.page.get_by_role("link", name=re.compile("Jan Veer")).click()
        expect(one.page.get_by_text("You had a part in this before.")).to_be_visible()
        expect(one.page.get_by_role("button", name="Send the answer")).to_have_count(0)


def ola_rejects(live: Live, cast: Cast) -> None:
    ola = cast.ola
    ola.goto(f"{ola.desk}/appeals")
    ola.sign_in_on_page()
    ola.page.get_by_role("link", name=re.compile("Jan Veer")).click()
    ola.page.get_by_role("radio", name=re.compile("Reject it")).check()
    ola.page.get_by_label("Reason to the reader").fill("A man was afraid that night.")
    ola.page.get_by_role("button", name="Send the answer").click()
    expect(ola.page.get_by_text("The appeal is rejected.")).to_be_visible()
    let_notices_go(live)
    cast.jan.wait_for_letter("your appeal was not upheld")


def lena_comments_and_is_not_taken_for_her_brother(live: Live, cast: Cast) -> None:
    """Share a house and its network: a moderator sees that and why it may be chance."""
    cast.lena.read("ferry")
    cast.lena.sign_in_in_embed()
    written = cast.lena.write("The ferry should run on Sundays, too.")
    # At home; all browsers of this test share one machine, which would be a crowded network.
    factories.make_connected(live.db, _id(live, cast.jan), _id(live, cast.lena))
    cast.mo.open_case(written.get_attribute("data-comment") or "")
    cast.mo.page.get_by_role("link", name="What speaks for it").click()
    card = cast.mo.page.locator("section.card", has_text="May be the same person")
    expect(card.get_by_role("link", name="Jan Veer")).to_be_visible()
    expect(card).to_contain_text("A household, an office or a library shares one.")
    expect(card).to_contain_text("Nothing follows from this by itself.")
    cast.lena.read("ferry")
    expect(cast.lena.page.get_by_role("button", name="Write a comment")).to_be_visible()


def _id(live: Live, person: Person) -> ReaderId:
    query = sa.select(tables.readers.c.id).where(tables.readers.c.email == person.email)
    with live.db.read() as conn:
        return ReaderId(conn.execute(query).scalar_one())


def ola_gives_the_privilege_back(ola: Moderator) -> None:
    ola.goto(f"{ola.desk}/withdrawals")
    if ola.page.get_by_label("Your e-mail address").count():
        ola.sign_in_on_page()
    card = ola.page.locator("article", has_text="Jan Veer")
    card.get_by_role("radio", name="Give the privilege back").check()
    card.get_by_label("Reason to the reader").fill(
        "Half a year of quiet; you wrote to the ferryman."
    )
    card.get_by_role("button", name="Decide the review").click()
    expect(ola.page.get_by_text("The reader may comment again")).to_be_visible()


def jan_returns(live: Live, jan: Person) -> None:
    let_notices_go(live)
    jan.wait_for_letter("a sanction has ended")
    jan.read("ferry")
    if jan.page.get_by_role("button", name="Sign in").count():
        jan.sign_in_in_embed()
    written = jan.write("I am sorry, Piet. Good to be back.")
    expect(written).to_be_visible()
    jan.goto("/me/echo")
    expect(jan.page.get_by_text("You are in good standing.")).to_be_visible()
