"""One comment's whole life, walked by everybody who has to do with it, each in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from belowline.sites.model import Site
from tests import factories
from tests.browser.conftest import Live
from tests.browser.people import Moderator, Person, arrive, employ, let_notices_go

pytestmark = pytest.mark.browser

INSULT = "Anybody who wants this bridge is a fool."
REASON = "You call everybody of another opinion a fool."
RULE = "Argue with the point, not the person"


@pytest.fixture
def come(live: Live, browser: Browser) -> Iterator[Callable[[str], Person]]:
    """Let readers come, and close their browsers when the story is over."""
    people: list[Person] = []

    def come(name: str) -> Person:
        people.append(arrive(live, browser, name))
        return people[-1]

    yield come
    for one in people:
        one.close()


@pytest.fixture
def mo(live: Live, browser: Browser) -> Iterator[Moderator]:
    """Give a moderator."""
    made = employ(live, browser, "Mo Adeyemi")
    yield made
    made.close()


@pytest.fixture
def ola(live: Live, browser: Browser) -> Iterator[Moderator]:
    """Give another moderator."""
    made = employ(live, browser, "Ola Berg")
    yield made
    made.close()


def test_a_comment_is_removed_and_comes_back(
    live: Live, come: Callable[[str], Person], mo: Moderator, ola: Moderator
) -> None:
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    factories.make_comment(live.db, live.site.id, story_id=story_id, text="The first of all.")
    ann, ben, cyd = come("Ann Lee"), come("Ben Moss"), come("Cyd Falk")

    written = ann_comments(ann)
    number = written.get_attribute("data-comment")
    assert number is not None
    factories.make_comment(live.db, live.site.id, story_id=story_id, text="The last of all.")
    ben_replies_and_respects(ben)
    cyd_reports(cyd)

    ola.goto(ola.desk)
    ola.sign_in_on_page()
    ola.open_case(number)
    mo_removes_by_keyboard(mo)
    ola_decides_too_late(ola)
    mo.page.bring_to_front()
    mo.impose_what_is_proposed("Warning")
    expect(mo.page.get_by_text("The sanction is in force.")).to_be_visible()

    let_notices_go(live)
    ann.wait_for_letter("your comment has been removed")
    ann.wait_for_letter("you have been given a warning")
    cyd.wait_for_letter("your report was upheld")
    ben_sees_the_tombstone(ben)
    ann_acknowledges(ann)
    ann_climbs_the_ladder(ann, mo)
    ann_is_told_until_when(ann)

    ann_appeals(ann)
    mo_cannot_decide(mo)
    ola_upholds(ola)
    let_notices_go(live)
    ann.wait_for_letter("your appeal was upheld")
    cyd.wait_for_letter("a correction about your report")

    ben_sees_it_back(ben, number)
    everybody_can_read_the_log(ben, live.site)
    ann_is_told_everything(ann)
    live.clock.advance(days=1, hours=1)
    ann.read("bridge")
    expect(ann.page.get_by_role("button", name="Write a comment")).to_be_visible()


def ann_comments(ann: Person) -> Locator:
    """Comment first and sign in when asked: what was written is not lost."""
    ann.read("bridge")
    ann.page.get_by_role("button", name="Write a comment").click()
    ann.page.get_by_role("textbox", name="Your comment").fill(INSULT)
    ann.page.get_by_role("button", name="Send", exact=True).click()
    ann.sign_in_in_dialog()
    box = ann.page.get_by_role("checkbox", name="I have read and accept the rules")
    expect(box).to_be_focused()
    ann.page.keyboard.press("Space")
    ann.page.get_by_role("button", name="Send", exact=True).click()
    expect(ann.sees(INSULT)).to_be_focused()
    return ann.sees(INSULT)


def ben_replies_and_respects(ben: Person) -> None:
    ben.read("bridge")
    ben.sign_in_in_embed()
    ben.reply(INSULT, "I want it, and I am none.")
    respect = ben.sees("The first of all.").get_by_role("button", name="Respect")
    respect.click()
    expect(respect).to_have_attribute("aria-pressed", "true")


def cyd_reports(cyd: Person) -> None:
    cyd.read("bridge")
    cyd.sign_in_in_embed()
    cyd.sees(INSULT).get_by_role("button", name=re.compile("^Report")).click()
    dialog = cyd.page.get_by_role("dialog", name="Report this comment")
    dialog.get_by_role("radio", name=re.compile(RULE)).check()
    dialog.get_by_label("Anything the moderators should know").fill("It is the third today.")
    dialog.get_by_role("button", name="Report", exact=True).click()
    expect(dialog.get_by_role("status")).to_contain_text("A moderator will look at it")


def mo_removes_by_keyboard(mo: Moderator) -> None:
    """Find the case, remove it, take that back, and remove it again, without the mouse."""
    mo.goto(mo.desk)
    mo.sign_in_on_page()
    keys = mo.page.keyboard
    expect(mo.page.get_by_role("heading", name="Queue")).to_be_visible()
    for how in ("by mistake", "in earnest"):
        keys.press("j")
        keys.press("Enter")
        expect(mo.page.get_by_text("It is the third today.")).to_be_visible()
        keys.press("r")
        keys.press("1")
        expect(mo.page.get_by_role("radio", name=re.compile(RULE))).to_be_checked()
        keys.press("Tab")
        expect(mo.page.get_by_label("Reason to the author")).to_be_focused()
        keys.press("ControlOrMeta+a")
        keys.type(REASON)
        keys.press("ControlOrMeta+Enter")
        expect(mo.page.get_by_role("region", name="Just decided")).to_contain_text("Removed")
        if how == "by mistake":
            keys.press("u")
            expect(mo.page.get_by_text("It is the third today.")).to_be_visible()
            expect(mo.page.locator(".matter .state")).to_have_text("Published")
            keys.press("g")
            keys.press("q")
            expect(mo.page.get_by_role("heading", name="Queue")).to_be_visible()


def ola_decides_too_late(ola: Moderator) -> None:
    """See what was decided meanwhile; nothing is decided over it."""
    ola.page.get_by_role("button", name="Keep, dismiss reports").click()
    alert = ola.page.get_by_role("alert")
    expect(alert).to_contain_text("This comment has changed")
    expect(alert).to_be_focused()
    expect(ola.page.locator(".matter .state")).to_have_text("Removed")
    expect(ola.page.get_by_text(REASON).first).to_be_visible()


def ben_sees_the_tombstone(ben: Person) -> None:
    ben.read("bridge")
    expect(ben.sees(f"removed under the rule “{RULE}”")).to_be_visible()
    expect(ben.sees("I want it, and I am none.")).to_be_visible()
    expect(ben.sees(INSULT)).to_have_count(0)


def ann_acknowledges(ann: Person) -> None:
    """Read the reason in the thread and the notices, and confirm the warning."""
    ann.read("bridge")
    expect(ann.sees(INSULT)).to_contain_text("Only you can see this.")
    expect(ann.sees(INSULT)).to_contain_text(REASON)
    told = ann.page.get_by_role("note").filter(has_text="warning")
    expect(ann.page.get_by_role("button", name="Write a comment")).to_be_hidden()
    told.get_by_role("link", name="My standing").click()
    expect(ann.page.get_by_role("link", name=re.compile("^Notices \\(3"))).to_be_visible()
    ann.page.get_by_role("link", name=re.compile("^Notices")).click()
    expect(ann.page.get_by_role("heading", name="your comment has been removed")).to_be_visible()
    ann.page.get_by_role("link", name=re.compile("^Standing")).click()
    ann.page.get_by_role("button", name=re.compile("I have read")).click()


def ann_climbs_the_ladder(ann: Person, mo: Moderator) -> None:
    """Break the rule again and again, and be answered with the next step each time."""
    ann.read("bridge")
    again = ann.write("And you are a fool as well, Ben.")
    mo.open_case(again.get_attribute("data-comment") or "")
    mo.remove(RULE, "You go on insulting others.")
    mo.impose_what_is_proposed("Comments held first, 14 days")
    ann.read("bridge")
    held = ann.write("Fools, all of you, fools.")
    expect(held).to_contain_text("Waits for a moderator")
    mo.open_case(held.get_attribute("data-comment") or "")
    mo.remove(RULE, "Once more you insult others.")
    mo.impose_what_is_proposed("Suspension, 1 day")


def ann_is_told_until_when(ann: Person) -> None:
    ann.read("bridge")
    told = ann.page.get_by_role("note").filter(has_text="suspended")
    expect(told).to_contain_text("Until")
    expect(ann.page.get_by_role("button", name="Write a comment")).to_be_hidden()


def ann_appeals(ann: Person) -> None:
    ann.sees(INSULT).get_by_role("link", name="what you can do").click()
    ann.page.get_by_role("link", name=re.compile("^Appeal")).click()
    ann.page.get_by_label("Why is the decision wrong?").fill("It is a saying here, about nobody.")
    ann.page.get_by_role("button", name="Send the appeal").click()
    expect(ann.page.get_by_role("heading", name="Your appeal has arrived")).to_be_visible()


def mo_cannot_decide(mo: Moderator) -> None:
    mo.goto(f"{mo.desk}/appeals")
    mo.page.get_by_role("link", name=re.compile("Ann Lee")).click()
    expect(mo.page.get_by_text("You had a part in this before.")).to_be_visible()
    expect(mo.page.get_by_role("button", name="Send the answer")).to_have_count(0)


def ola_upholds(ola: Moderator) -> None:
    ola.goto(ola.desk)
    keys = ola.page.keyboard
    keys.press("g")
    keys.press("a")
    expect(ola.page.get_by_role("heading", name="Appeals")).to_be_visible()
    keys.press("j")
    keys.press("o")
    ola.page.get_by_role("radio", name=re.compile("Uphold it")).check()
    ola.page.get_by_label("Reason to the reader").fill("It insults nobody in particular.")
    keys.press("ControlOrMeta+Enter")
    expect(ola.page.get_by_role("status").first).to_be_visible()


def ben_sees_it_back(ben: Person, number: str) -> None:
    """Find the comment where it stood, between the one before and the one after."""
    ben.read("bridge")
    ben.page.get_by_role("link", name="Newest").click()
    expect(ben.page.locator('.thread[data-order="newest"]')).to_be_visible()
    roots = ben.page.locator(".branch > .comment")
    expect(roots).to_have_count(4)
    expect(roots.nth(0)).to_contain_text("This comment was removed")
    expect(roots.nth(1)).to_contain_text("The last of all.")
    expect(roots.nth(2)).to_have_attribute("data-comment", number)
    expect(roots.nth(2)).to_contain_text(INSULT)
    expect(roots.nth(3)).to_contain_text("The first of all.")
    expect(ben.page.locator(".replies > .comment")).to_contain_text("I want it, and I am none.")
    times = [roots.nth(place).locator("time").get_attribute("datetime") for place in (1, 2, 3)]
    assert times == sorted(times, key=str, reverse=True)


def everybody_can_read_the_log(ben: Person, site: Site) -> None:
    ben.goto(f"/log/{site.key}")
    lines = ben.page.locator("main .list > li")
    expect(lines.filter(has_text=re.compile("appeal", re.IGNORECASE)).first).to_be_visible()
    expect(lines.filter(has_text=RULE).first).to_be_visible()
    expect(ben.page.get_by_text("Ann Lee")).to_have_count(0)
    expect(ben.page.get_by_text(REASON)).to_have_count(0)


def ann_is_told_everything(ann: Person) -> None:
    ann.goto("/me/echo")
    expect(ann.page.get_by_text("Reversed on appeal").first).to_be_visible()
    expect(ann.page.get_by_text("Ended early on").first).to_be_visible()
    ann.page.get_by_role("link", name=re.compile("^Notices")).click()
    expect(ann.page.get_by_role("heading", name="your appeal was upheld")).to_be_visible()
    # The answer to the appeal says by itself that the warning has ended.
    expect(ann.page.get_by_text("any sanction that rested on it has ended")).to_be_visible()
