"""Everything that readers and moderators do, in a browser that runs no script at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from belowline.core.terms import StoryId
from tests import factories
from tests.browser.conftest import DESKTOP, Live
from tests.browser.people import Moderator, Person, let_notices_go
from tests.browser.scriptless import (
    Open,
    at_the_desk,
    expect_title,
    find_own_comment,
    follow,
    open_appeal,
    press,
    sign_in_to_write,
    signed_in,
    texts_of,
    wait_for_notice,
)

pytestmark = pytest.mark.browser

INSULT = "Only a fool would close this bridge."
NOTE = "It is the third today."
REASON = "You call everybody of another opinion a fool."
RULE = "Argue with the point, not the person"
SHOUT = "SHOUTING IS HOW I MAKE MYSELF HEARD IN THIS TOWN"
THREAD = "/s/echo/bridge"


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Let people open browsers without scripts, each a profile of its own."""
    opened: list[Page] = []

    def open_page() -> Page:
        context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
        context.set_default_timeout(8000)
        opened.append(context.new_page())
        return opened[-1]

    yield open_page
    for one in opened:
        one.context.close()


@pytest.fixture
def story(live: Live) -> StoryId:
    """Give the story under which all this happens."""
    return factories.make_story(live.db, live.site.id, "bridge")


def publish(live: Live, story: StoryId, text: str) -> None:
    """Make a comment of Bob's."""
    author = live.reader("Bob Okafor")
    factories.make_comment(live.db, live.site.id, story_id=story, author_id=author, text=text)


def test_a_reader_turns_over_a_whole_thread(live: Live, story: StoryId, open_page: Open) -> None:
    root = factories.make_comment(live.db, live.site.id, story_id=story, text="Root 0.")
    for number in range(1, 52):
        factories.make_comment(live.db, live.site.id, story_id=story, text=f"Root {number}.")
    for number in range(13):
        factories.make_comment(live.db, live.site.id, parent=root, text=f"Reply {number}.")
    page = open_page()

    page.goto(live.url + THREAD)
    assert texts_of(page) == [f"Root {number}." for number in range(51, 1, -1)]
    follow(page, "More comments")
    expect(page.locator(".branch")).to_have_count(2)
    first_ten = [f"Reply {number}." for number in range(10)]
    assert texts_of(page) == ["Root 1.", "Root 0.", *first_ten]
    expect(page.get_by_role("link", name="More comments")).to_have_count(0)

    follow(page, "Oldest")
    expect(page.get_by_role("link", name="Oldest")).to_have_attribute("aria-current", "true")
    expect(page.locator(".branch")).to_have_count(50)
    assert texts_of(page)[:12] == ["Root 0.", *first_ten, "Root 1."]
    follow(page, "More comments")
    expect(page.locator(".branch")).to_have_count(2)
    assert texts_of(page) == ["Root 50.", "Root 51."]

    page.go_back()
    follow(page, "More replies")
    last = page.locator("article", has_text="Reply 12.")
    expect(last).to_be_visible()
    last.locator("a.when").click()
    expect(page).to_have_url(re.compile(rf"{THREAD}/c/\d+$"))
    expect(page.locator("article.focus")).to_contain_text("Reply 12.")
    expect(page.locator("article", has_text="Root 0.")).to_be_visible()
    follow(page, "All comments")
    expect(page.locator(".branch")).to_have_count(50)


def test_somebody_new_signs_in_and_comments(live: Live, story: StoryId, open_page: Open) -> None:
    publish(live, story, "The first of all.")
    ann = Person(live, open_page(), "Ann Lee")
    sign_in_to_write(ann, THREAD)

    text, box = ann.page.get_by_label("Your comment"), ann.page.get_by_role("checkbox")
    text.fill("Mine, *too*.\n\nIt took me an hour.")
    press(ann, "Publish")
    expect(box).to_be_focused()
    expect(text).to_have_value("Mine, *too*.\n\nIt took me an hour.")

    # A browser that asks for no tick sends the form, and gets it back with everything in it.
    ann.page.locator("main form").evaluate("form => { form.noValidate = true; }")
    press(ann, "Publish")
    expect(ann.page.get_by_text("Please read and accept the rules first.")).to_be_visible()
    expect(text).to_have_value("Mine, *too*.\n\nIt took me an hour.")
    box.check()
    press(ann, "Publish")

    expect(ann.page).to_have_url(re.compile(rf"{THREAD}\?order=newest#c\d+$"))
    mine = ann.page.locator("article[data-comment]").first
    expect(mine).to_contain_text("Ann Lee")
    expect(mine.locator("em")).to_have_text("too")


def test_a_reader_edits_what_is_held_and_takes_it_back(
    live: Live, story: StoryId, open_page: Open
) -> None:
    publish(live, story, "The first of all.")
    ann = signed_in(live, open_page, "Ann Lee")
    ann.goto(f"{THREAD}/write")
    ann.page.get_by_label("Your comment").fill(SHOUT)
    press(ann, "Publish")

    expect_title(ann, "Your comment waits for a moderator")
    expect(ann.page.locator("main")).to_contain_text("most of it is in capital letters")
    expect(ann.page.locator("main")).to_contain_text(SHOUT)
    expect(ann.page.locator("main")).to_contain_text("you can appeal")
    ann.goto(THREAD)
    assert texts_of(ann.page) == ["The first of all."]

    find_own_comment(ann)
    follow(ann.page, "Edit")
    area = ann.page.get_by_label("Your comment")
    expect(area).to_have_value(SHOUT)
    area.fill("I say it quietly now.")
    press(ann, "Save")
    expect_title(ann, "Your comment waits for a moderator")
    expect(ann.page.locator("#text ~ figure").first).to_contain_text("I say it quietly now.")

    live.clock.advance(seconds=live.site.settings.edit_seconds + 1)
    ann.page.reload()
    expect(ann.page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
    follow(ann.page, "Take it back")
    expect(ann.page.locator("main")).to_contain_text("I say it quietly now.")
    press(ann, "Take it back")
    expect_title(ann, "You have taken this comment back")
    ann.goto(THREAD)
    assert texts_of(ann.page) == ["The first of all."]


def test_a_reader_replies_respects_and_edits_in_time(
    live: Live, story: StoryId, open_page: Open
) -> None:
    publish(live, story, "The first of all.")
    ann = signed_in(live, open_page, "Ann Lee")
    ann.goto(THREAD)
    follow(ann.sees("The first of all."), "Reply")
    expect(ann.page.locator("figure.quoted")).to_contain_text("Bob Okafor")
    ann.page.get_by_label("Your reply").fill("I say so, two.")
    press(ann, "Publish")
    expect(ann.page.locator(".replies article.focus")).to_contain_text("I say so, two.")

    find_own_comment(ann)
    follow(ann.page, "Edit")
    ann.page.get_by_label("Your comment").fill("I say so, too.")
    press(ann, "Save")
    expect(ann.sees("I say so, too.")).to_contain_text("edited")

    respect = ann.sees("The first of all.").locator(".act-respect")
    for button, count in (("Respect", "Respect 1"), ("Take respect back", "Respect")):
        respect.click()
        press(ann, button)
        expect(respect).to_have_text(count)


def test_a_removed_comment_comes_back(live: Live, story: StoryId, open_page: Open) -> None:
    ann, cyd = signed_in(live, open_page, "Ann Lee"), signed_in(live, open_page, "Cyd Falk")
    mo = at_the_desk(live, open_page, "Mo Adeyemi")
    ola = at_the_desk(live, open_page, "Ola Berg")
    publish(live, story, "The first of all.")
    ann_writes(ann)
    publish(live, story, "The last of all.")

    cyd_reports(cyd)
    whole = ["The last of all.", INSULT, "The first of all."]
    assert texts_of(cyd.page) == whole
    mo_removes_and_warns(mo)
    cyd.goto(THREAD)
    assert texts_of(cyd.page) == ["The last of all.", "The first of all."]
    cyd_sees_the_outcome(cyd, "Upheld: the comment was removed")

    let_notices_go(live)
    wait_for_notice(ann, REASON)
    ann_acknowledges(ann)
    ann_appeals(ann)
    open_appeal(mo, "Ann Lee")
    expect(mo.page.get_by_role("button", name="Send the answer")).to_have_count(0)
    ola_upholds(ola)

    cyd.goto(THREAD)
    assert texts_of(cyd.page) == whole
    cyd_sees_the_outcome(cyd, "Looked at: the comment stays")
    let_notices_go(live)
    wait_for_notice(ann, "It is rude about a plan, and about nobody.")
    follow(ann.page, "My standing")
    expect(ann.page.locator("main")).to_contain_text("You are in good standing")
    expect(ann.page.locator("main")).to_contain_text("Appeal upheld")


def ann_writes(ann: Person) -> None:
    ann.goto(f"{THREAD}/write")
    ann.page.get_by_label("Your comment").fill(INSULT)
    press(ann, "Publish")
    expect(ann.sees(INSULT)).to_be_visible()


def cyd_reports(cyd: Person) -> None:
    """Report under a rule, see the receipt and the report among one's own, and go back."""
    cyd.goto(THREAD)
    follow(cyd.sees(INSULT), "Report")
    cyd.page.get_by_label("Anything that a moderator should know").fill(NOTE)
    press(cyd, "Send the report")
    expect(cyd.page.get_by_role("radio").first).to_be_focused()
    cyd.page.get_by_role("radio", name=re.compile(RULE)).check()
    press(cyd, "Send the report")
    expect_title(cyd, "Thank you. Your report is with the moderators.")
    expect(cyd.page.locator("dl.facts dd")).to_contain_text(["", RULE, NOTE])
    follow(cyd.page, "My reports")
    mine = cyd.page.locator("section", has_text="My reports")
    expect(mine).to_contain_text("Waits for an answer")
    cyd.goto(THREAD)


def cyd_sees_the_outcome(cyd: Person, outcome: str) -> None:
    follow(cyd.page, "My standing")
    mine = cyd.page.locator("section", has_text="My reports")
    expect(mine).to_contain_text(outcome)
    expect(mine).to_contain_text(RULE)


def mo_removes_and_warns(mo: Moderator) -> None:
    """Take the worst case of the queue, remove it by its forms, and impose what is proposed."""
    mo.goto(mo.desk)
    mo.page.locator(".case a").first.click()
    expect(mo.page.locator(".matter .words")).to_have_text(INSULT)
    expect(mo.page.locator("section", has_text="Reports").first).to_contain_text(NOTE)
    mo.remove(RULE, REASON)
    expect(mo.page.get_by_role("region", name="Just decided")).to_contain_text(RULE)
    mo.impose_what_is_proposed("Warning")
    expect(mo.page.get_by_text("The sanction is in force.")).to_be_visible()


def ann_acknowledges(ann: Person) -> None:
    """Be kept from writing by a warning that is unread, read why, and be let in again."""
    ann.goto(f"{THREAD}/write")
    expect(ann.page.get_by_role("button", name="Publish")).to_have_count(0)
    follow(ann.page, "My standing: why")
    warning = ann.page.get_by_role("region", name="A warning for you")
    expect(warning).to_contain_text(RULE)
    expect(warning).to_contain_text(REASON)
    press(ann, "I have read this warning")
    expect(warning).to_have_count(0)
    ann.goto(f"{THREAD}/write")
    expect(ann.page.get_by_role("button", name="Publish")).to_be_visible()


def ann_appeals(ann: Person) -> None:
    """See rule and reason of the removal on one's own page, and appeal against it."""
    follow(ann.page, "My standing")
    removal = ann.page.locator("[id^=decision-]", has_text="Your comment was removed")
    expect(removal).to_contain_text(RULE)
    expect(removal).to_contain_text(REASON)
    follow(removal, "Appeal")
    ann.page.get_by_label("Why is the decision wrong?").fill("I meant the plan.")
    press(ann, "Send the appeal")
    expect_title(ann, "Your appeal has arrived")


def ola_upholds(ola: Moderator) -> None:
    open_appeal(ola, "Ann Lee")
    expect(ola.page.locator("main")).to_contain_text("I meant the plan.")
    ola.page.get_by_role("radio", name=re.compile("^Uphold it")).check()
    ola.page.get_by_label("Reason to the reader").fill("It is rude about a plan, and about nobody.")
    ola.page.get_by_role("button", name=re.compile("^Send the answer")).click()
    expect(ola.page.get_by_text("The appeal is upheld.")).to_be_visible()
