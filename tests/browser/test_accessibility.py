"""Nothing stands in anybody's way, on any page and in any state of the embed.

The whole demo newspaper, each page seen by ``looking.look``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from belowline.storage.tables import (
    appeals,
    comments,
    decisions,
    readers,
    reports,
    rulebooks,
    stories,
)
from tests.browser.courier import QUIET, Courier
from tests.browser.looking import DESK, look
from tests.browser.settling import settle, watch

pytestmark = pytest.mark.browser

READER = "Alan Pickersgill"
MODERATOR = "Owen Tully"
OWNER = "Hester Lonsdale"
SUSPENDED = "Angry of Haybeck"
WITHDRAWN = "Skelderby Deals"
ASKED_AGAIN = "Geoff, dad of two"
TOLD_NO = "Big Kev"

BY_AUTHOR = appeals.c.report_id.is_(None)
BYPASS = stories.c.key == "western-bypass"
NUMBERS: dict[str, sa.Select[tuple[int]]] = {
    "published": sa.select(comments.c.id)
    .join(stories, stories.c.id == comments.c.story_id)
    .where(BYPASS, comments.c.status == "published", comments.c.depth == 0),
    "featured": sa.select(comments.c.id).where(comments.c.featured_at.is_not(None)),
    "held": sa.select(comments.c.id).where(comments.c.status == "held"),
    "removed": sa.select(comments.c.id).where(comments.c.status == "removed"),
    "withdrawn": sa.select(comments.c.id).where(comments.c.status == "withdrawn"),
    "edited": sa.select(comments.c.id).where(comments.c.revision > 1),
    "open_appeal": sa.select(appeals.c.id).where(BY_AUTHOR, appeals.c.state == "open"),
    "reporters_appeal": sa.select(appeals.c.id).where(appeals.c.report_id.is_not(None)),
    "asked_again": sa.select(appeals.c.report_id).where(appeals.c.report_id.is_not(None)),
    "told_no": sa.select(reports.c.id)
    .join(readers, readers.c.id == reports.c.reporter_id)
    .where(readers.c.name == TOLD_NO, reports.c.state == "dismissed"),
    "answered_appeal": sa.select(appeals.c.id).where(appeals.c.state == "rejected"),
    "suspension": sa.select(decisions.c.id)
    .join(readers, readers.c.id == decisions.c.reader_id)
    .where(readers.c.name == SUSPENDED, decisions.c.outcome == "sanction"),
    "appealed": sa.select(appeals.c.decision_id).where(BY_AUTHOR, appeals.c.state == "open"),
    "suspended_reader": sa.select(readers.c.id).where(readers.c.name == SUSPENDED),
    "held_own": sa.select(comments.c.id)
    .join(readers, readers.c.id == comments.c.author_id)
    .where(comments.c.status == "held", readers.c.name == "Bex"),
    "removed_own": sa.select(comments.c.id)
    .join(readers, readers.c.id == comments.c.author_id)
    .where(comments.c.status == "removed", readers.c.name == "Trev"),
    "rulebook": sa.select(rulebooks.c.version),
}
"""What addresses name by number: any one of its kind."""

Act = Callable[[Page], None]


def nothing(page: Page) -> None:
    """Only look."""


def press(name: str | re.Pattern[str], *, fill: dict[str, str] | None = None) -> Act:
    """Return the act of filling in fields and pressing a button."""

    def act(page: Page) -> None:
        for label, value in (fill or {}).items():
            page.get_by_label(label).fill(value)
        # What a browser would stop is sent all the same, to see what the server says of it.
        page.evaluate("for (const one of document.forms) one.noValidate = true")
        page.get_by_role("button", name=name).first.click()
        settle(page)

    return act


def in_turn(*acts: Act) -> Act:
    """Return these acts as one."""

    def act(page: Page) -> None:
        for one in acts:
            one(page)

    return act


@dataclass(frozen=True)
class Stop:
    """A page to look at: who looks, where, and what they do there first."""

    name: str
    path: str
    who: str | None = None
    first: Act = nothing
    status: int = 200


def open_own(page: Page, what: str) -> None:
    """Write a comment, and open what can be done about it."""
    page.get_by_label("Your comment").fill(f"I am writing this so that I can choose “{what}”.")
    page.get_by_role("button", name="Publish").click()
    page.goto(re.sub(r"/s/([^/]+)/.*", r"/me/\1/comments", page.url))
    page.get_by_role("link", name=re.compile("^What became of it")).first.click()
    page.get_by_role("link", name=what).click()


def open_all(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def open_first(page: Page) -> None:
    page.locator("[data-open]").first.click()
    page.wait_for_load_state()


def preview(page: Page) -> None:
    page.get_by_label("The paragraph above the rules").fill("Another paragraph.")
    page.get_by_role("button", name="Save the draft").first.click()
    page.get_by_role("link", name="Preview and publish").click()
    page.wait_for_load_state()


def choose_all(page: Page) -> None:
    """Choose all lines, and see all that can be done with them."""
    page.get_by_role("button", name=re.compile("^Choose all shown")).click()
    page.locator("form#together > details").evaluate("one => { one.open = true; }")


def choose_some(page: Page) -> None:
    """Choose some lines of what is held; the others are left to the other stops."""
    page.locator("form#together > details").evaluate("one => { one.open = true; }")
    for name in ("Wendwatch", "Jenny L", "Grumpy of Ravensgate"):
        page.get_by_label(f"Choose the comment by {name}").first.check()


def keep_together(page: Page) -> None:
    """See what publishing or keeping all that is chosen would do."""
    page.get_by_role("button", name=re.compile("^Publish or keep them")).click()
    expect(page.get_by_role("heading", name="Decide together")).to_be_visible()


def remove_together(page: Page) -> None:
    """See what removing all that is chosen would do."""
    page.get_by_label("Rule that they break").select_option(label="Do not advertise")
    remove_under_none(page)
    expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()


def remove_under_none(page: Page) -> None:
    """Ask what removing would do, with what the form holds."""
    page.get_by_role("button", name=re.compile("^Show what would happen")).click()
    expect(page.get_by_role("heading", name="Decide together")).to_be_visible()


def try_links(page: Page) -> None:
    page.get_by_label("Links that pass").fill("0")
    page.get_by_role("button", name="Try on the last 30 days").click()
    expect(page.get_by_role("heading", name="Tried, not saved")).to_be_visible()


def decide_in_thread(page: Page) -> None:
    page.get_by_role("link", name="Decide").first.click()
    expect(page.get_by_role("region", name="Decide about this comment")).to_be_visible()


def remove_nothing_in_thread(page: Page) -> None:
    decide_in_thread(page)
    page.evaluate("for (const one of document.forms) one.noValidate = true")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Choose the rule that it breaks.")).to_be_visible()


def follow(name: str) -> Act:
    """Follow the first link of this name that is in the page itself."""

    def go(page: Page) -> None:
        page.locator("main").get_by_role("link", name=name).first.click()
        page.wait_for_load_state()

    return go


def give_notice(page: Page) -> None:
    """Say that a comment is illegal, and come to the receipt."""
    page.get_by_role("radio").first.check()
    page.get_by_role("checkbox", name=re.compile("in good faith")).check()
    press("Give notice", fill={"Why is it illegal?": "It threatens a whole street."})(page)
    expect(page.get_by_text("Your notice has arrived.")).to_be_visible()


S, D, ME = "/s/{site}", "/console/{site}", "/me/{site}"
ON = S + "/western-bypass"

READING = [
    Stop("home", "/"),
    Stop("stories", S),
    Stop("thread", ON),
    Stop("thread without a comment", S + "/" + QUIET),
    Stop("thread read by a moderator first", S + "/walter-ashgill"),
    Stop("thread with tombstones, closed", S + "/parking-scheme"),
    Stop("thread with a question", S + "/bus-cuts"),
    Stop("thread suspended", S + "/packing-plant-fire"),
    Stop("thread, signed in", S + "/chip-shop", READER),
    Stop("thread, read by a moderator", S + "/chip-shop", MODERATOR),
    Stop("deciding in the thread", S + "/chip-shop", MODERATOR, decide_in_thread),
    Stop("removing in the thread", S + "/chip-shop", MODERATOR, remove_nothing_in_thread),
    Stop("permalink", ON + "/c/{published}", READER),
    Stop("page of a comment", ON + "?at={published}"),
    Stop("why here", ON + "/c/{published}/why"),
    *(Stop(f"only {one}", f"{ON}?filter={one}") for one in ("newsroom", "answered", "picks")),
    Stop("replies", ON + "/c/{published}/replies"),
    Stop("public page of a reader", ON + "/c/{published}/by"),
    Stop("rules", "/rules/{site}"),
    Stop("log", "/log/{site}"),
    Stop("transparency report", "/sites/{site}/transparency"),
    Stop("not there", S + "/no-such-story", status=404),
    Stop("no role", D, READER, status=403),
    Stop("outbox", "/outbox"),
    Stop("letter", "/outbox", first=lambda page: page.locator("main .list a").first.click()),
    Stop("who is who", "/demo"),
]

WRITING = [
    Stop("write", ON + "/write", READER),
    Stop("reply", ON + "/write?to={published}", READER),
    Stop("write, empty", ON + "/write", READER, press("Publish")),
    Stop("write, suspended", ON + "/write", SUSPENDED),
    Stop("respect", ON + "/c/{published}/respect", READER),
    Stop("report", ON + "/c/{published}/report", READER),
    Stop("report, no rule", ON + "/c/{published}/report", READER, press("Send the report")),
    Stop(
        "receipt",
        ON + "/c/{published}/report",
        "Brenda Ostler",
        in_turn(
            lambda page: page.get_by_role("radio").first.check(),
            press("Send the report"),
        ),
    ),
    Stop("sign in", "/sign-in/{site}"),
    Stop("sign in, wrong", "/sign-in/{site}", first=press("Send me a code")),
    Stop(
        "code",
        "/sign-in/{site}",
        first=press("Send me a code", fill={"Your e-mail address": "new.one@mail.example"}),
    ),
    Stop("window", "/window/{site}?origin={paper}", READER),
    Stop("ways to report", ON + "/c/{published}/report"),
    Stop("illegal", ON + "/c/{published}/report/illegal", first=open_all),
    Stop("illegal, signed in", ON + "/c/{published}/report/illegal", READER),
    Stop("illegal, empty", ON + "/c/{published}/report/illegal", first=press("Give notice")),
    Stop("illegal, a child", ON + "/c/{published}/report/illegal?about=child_abuse"),
    Stop("illegal, given", ON + "/c/{published}/report/illegal", first=give_notice),
    Stop("edit", ON + "/write", READER, lambda page: open_own(page, "Edit")),
    Stop("take back", ON + "/write", READER, lambda page: open_own(page, "Take it back")),
]

OWN = [
    Stop("standing", ME, READER),
    Stop("standing, warned", ME, "Lenny"),
    Stop("standing, suspended", ME, SUSPENDED),
    Stop("standing, withdrawn", ME, WITHDRAWN),
    Stop("standing, held first", ME, "FactsOnly"),
    Stop("own comments", ME + "/comments", "Trev"),
    Stop("held", ME + "/comments/{held_own}", "Bex"),
    Stop("removed", ME + "/comments/{removed_own}", "Trev"),
    Stop("notices", ME + "/notices", "Trev"),
    Stop("notices, none", ME + "/notices", "Just Moved Here"),
    Stop("appeal", ME + "/appeal/{suspension}", SUSPENDED),
    Stop("appeal, empty", ME + "/appeal/{suspension}", SUSPENDED, press("Send the appeal")),
    Stop("appeal, waiting", ME + "/appeal/{appealed}", "Trev"),
    Stop("report, told no", ME + "/reports/{told_no}", TOLD_NO),
    Stop(
        "report, empty",
        ME + "/reports/{told_no}",
        TOLD_NO,
        press("Ask for another look"),
    ),
    Stop("report, asked again", ME + "/reports/{asked_again}", ASKED_AGAIN),
    Stop("account", ME + "/account", READER),
    Stop("my data", ME + "/data/page", READER),
    Stop("muted, nobody", ME + "/muted", READER),
    Stop("follow", ON + "/follow", READER),
    Stop("following nothing", ME + "/following", READER),
    Stop("following", ON + "/follow", "Brenda Ostler", press("Follow")),
    Stop("name", ME + "/name", READER),
    Stop("name, taken", ME + "/name", READER, press("Use this name", fill={"Your name": OWNER})),
    Stop("comments from before", ME + "/before", READER),
    Stop("comments from before, none", ME + "/before", "Brenda Ostler"),
    Stop(
        "comments from before, not ticked",
        ME + "/before",
        READER,
        press(re.compile("^Yes, they are mine")),
    ),
    Stop("erase", ME + "/erase", READER),
    Stop("erase, unconfirmed", ME + "/erase", READER, press("Erase my account for good")),
]

CONSOLE = [
    Stop("queue", D, MODERATOR),
    Stop("queue of all sites", "/desk", MODERATOR),
    Stop("search", D + "/search", MODERATOR),
    Stop("search, found", D + "/search?q=bypass+status%3Aodd", MODERATOR),
    Stop("search in reasons", "/desk/search?q=comment&kind=decisions", MODERATOR),
    Stop("search for readers", D + "/search?q=an&kind=readers", MODERATOR),
    Stop("queue, chosen", D, MODERATOR, choose_all),
    Stop("decide together", D, MODERATOR, in_turn(choose_all, remove_together)),
    Stop("decide together over all sites", "/desk", MODERATOR, in_turn(choose_all, keep_together)),
    Stop("decide together, no rule", D, MODERATOR, in_turn(choose_all, remove_under_none)),
    Stop(
        "decided together",
        D + "?view=held",
        MODERATOR,
        in_turn(choose_some, keep_together, press(re.compile("^Publish or keep them"))),
    ),
    Stop("queue, appealed", D + "?view=appealed", MODERATOR),
    Stop("case, reported", D + "?view=reported", MODERATOR, open_first),
    Stop("case, held", D + "/cases/{held}?view=held", MODERATOR),
    Stop("case, removed", D + "/cases/{removed}", MODERATOR),
    Stop("case, edited", D + "/cases/{edited}", MODERATOR),
    Stop("case, withdrawn", D + "/cases/{withdrawn}", MODERATOR),
    Stop("case, featured", D + "/cases/{featured}", OWNER),
    Stop("case, nothing chosen", D + "/cases/{held}", MODERATOR, press(re.compile("^Remove"))),
    Stop("readers", D + "/readers?q=ang", MODERATOR),
    Stop("reader", D + "/readers/{suspended_reader}", MODERATOR),
    Stop(
        "reader, no reason",
        D + "/readers/{suspended_reader}",
        MODERATOR,
        press("Impose"),
    ),
    Stop("appeals", D + "/appeals", MODERATOR),
    Stop("an appeal", D + "/appeals/{open_appeal}", "Maggie Sproat"),
    Stop("an appeal of who reported", D + "/appeals/{reporters_appeal}", "Maggie Sproat"),
    Stop(
        "an appeal of who reported, no reason",
        D + "/appeals/{reporters_appeal}",
        "Maggie Sproat",
        press(re.compile("^Send the answer")),
    ),
    Stop("an answered appeal", D + "/appeals/{answered_appeal}", MODERATOR),
    Stop("stories to manage", D + "/stories", OWNER),
    Stop("stories to manage, all forms", D + "/stories", OWNER, open_all),
    Stop("rules to write", D + "/rules", OWNER),
    Stop("rules to preview", D + "/rules", OWNER, preview),
    Stop("screens", D + "/screens", OWNER),
    Stop("screens, tried", D + "/screens", OWNER, try_links),
    Stop("pace of a story", D + "/stories", OWNER, follow("Slow this conversation down")),
    Stop("screens of a story", D + "/stories", OWNER, in_turn(open_all, follow("Its screens"))),
    Stop("law", D + "/court?q=the", OWNER),
    Stop("law of a story", D + "/stories", OWNER, in_turn(open_all, follow("Law"))),
    Stop("evidence to keep", D + "/cases/{held}", OWNER, follow("Keep as evidence")),
    Stop("how we decide", D + "/rules/guide", MODERATOR),
    Stop("ladder", D + "/ladder", OWNER),
    Stop("ladder, tried", D + "/ladder", OWNER, press(re.compile("^Try"))),
    Stop("withdrawals", D + "/withdrawals", MODERATOR),
    Stop("staff", D + "/staff", OWNER),
    Stop("what was done", D + "/log", OWNER),
    Stop("quality", D + "/quality", OWNER),
    Stop("legal profile", D + "/legal-profile", OWNER),
    Stop("report before it is published", D + "/transparency", OWNER),
    Stop("report of a year that is not over", D + "/transparency?year=2026", OWNER),
    Stop("second looks, none", D + "/second-look", MODERATOR),
    Stop("case, said to be illegal", D, MODERATOR, in_turn(open_first, open_all)),
    Stop("danger", D + "/cases/{removed}", MODERATOR, press("Yes, see to it")),
    Stop(
        "danger, evidence",
        D + "/cases/{edited}",
        MODERATOR,
        in_turn(press("Yes, see to it"), press("Look at the evidence"), open_all),
    ),
    Stop(
        "danger, nobody told",
        D + "/cases/{held}",
        MODERATOR,
        in_turn(press("Yes, see to it"), press("Note that they were told")),
    ),
    Stop(
        "queue with a danger",
        D + "/cases/{withdrawn}",
        MODERATOR,
        in_turn(
            press("Yes, see to it"),
            lambda page: page.get_by_role("link", name="Queue").first.click(),
        ),
    ),
    Stop("orders, all forms", D + "/orders", OWNER, open_all),
    Stop("order, empty", D + "/orders", OWNER, in_turn(open_all, press("Enter it"))),
    Stop("trusted reporters", D + "/trusted", OWNER),
    Stop("imports", D + "/imports", OWNER),
    Stop("old links", D + "/imports", OWNER, follow("courier-2019.jsonl")),
    Stop("keys", D + "/help", MODERATOR),
    Stop("keys in a dialog", D, MODERATOR, lambda page: page.keyboard.press("?")),
]


def write_in_embed(page: Page) -> None:
    page.get_by_role("button", name="Write a comment").click()
    page.get_by_role("textbox", name="Your comment").fill("I have begun")


def shout_in_embed(page: Page) -> None:
    page.get_by_role("button", name="Write a comment").click()
    page.get_by_role("textbox", name="Your comment").fill("THIS IS HOW I MAKE MYSELF HEARD")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".bl-advice")).to_be_visible()


def mute_in_embed(page: Page) -> None:
    if not page.locator(".bl-muted").count():
        report_in_embed(page)
        page.get_by_role("button", name="Mute this reader").click()
    expect(page.locator(".bl-muted").first).to_be_visible()


def see_muted(page: Page) -> None:
    page.goto(page.get_by_role("link", name="My standing").first.get_attribute("href") + "/muted")
    expect(page.get_by_role("button", name="Read again")).to_be_visible()


def reply_in_embed(page: Page) -> None:
    page.get_by_role("button", name="Reply").first.click()


def report_in_embed(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Report")).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def report_nothing(page: Page) -> None:
    report_in_embed(page)
    page.get_by_role("dialog").get_by_role("button", name="Report").click()
    expect(page.get_by_role("alert")).to_be_visible()


def sign_in_in_embed(page: Page) -> None:
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Your e-mail address")).to_be_visible()


def code_in_embed(page: Page) -> None:
    sign_in_in_embed(page)
    page.get_by_label("Your e-mail address").fill("another.one@mail.example")
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_label("Code")).to_be_visible()


def embed_quiet(page: Page) -> None:
    """Put the thread of a story that nobody has commented on under a story of the paper's."""
    page.goto(page.url.replace("/quiet", "/life/chip-shop"))
    page.evaluate("document.querySelector('belowline-comments').remove()")
    page.evaluate(
        """story => {
          const thread = document.createElement("belowline-comments");
          thread.setAttribute("site", "skelderby-courier");
          thread.setAttribute("story", story);
          document.querySelector("#comments").append(thread);
        }""",
        QUIET,
    )
    show_embed(page)


def fail_in_embed(page: Page) -> None:
    page.route("**/thread.html*", lambda route: route.abort())
    page.reload()
    show_embed(page)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute("**/thread.html*")


EMBED = [
    Stop("embed", "/news/western-bypass"),
    Stop("embed, closed", "/news/parking-scheme"),
    Stop("embed, suspended", "/courts/packing-plant-fire"),
    Stop("embed, question and rules at first", "/news/bus-cuts", "Just Moved Here", write_in_embed),
    Stop("embed, advice", "/news/bus-cuts", READER, shout_in_embed),
    Stop("embed, muted", "/news/western-bypass", "Brenda Ostler", mute_in_embed),
    Stop(
        "muted, somebody",
        "/news/western-bypass",
        "Brenda Ostler",
        in_turn(mute_in_embed, see_muted),
    ),
    Stop("embed, held first", "/obituaries/walter-ashgill", "Bex"),
    Stop("embed, write", "/news/bus-cuts", READER, write_in_embed),
    Stop("embed, reply", "/life/chip-shop", READER, reply_in_embed),
    Stop("embed, ways to report", "/life/chip-shop", first=report_in_embed),
    Stop("embed, report", "/life/chip-shop", READER, report_in_embed),
    Stop("embed, report nothing", "/life/chip-shop", READER, report_nothing),
    Stop("embed, keys", "/life/chip-shop", first=press("Keys")),
    Stop("embed, sign in", "/life/chip-shop", first=sign_in_in_embed),
    Stop("embed, code", "/life/chip-shop", first=code_in_embed),
    Stop("embed, told of a suspension", "/life/chip-shop", SUSPENDED),
    Stop("embed, read by a moderator", "/life/chip-shop", MODERATOR),
    Stop("embed, warned", "/life/chip-shop", "Lenny"),
    Stop("embed, failed", "/life/chip-shop", first=fail_in_embed),
    Stop("embed without a comment", "/quiet", first=embed_quiet, status=404),
    Stop("front page", "/"),
]


@pytest.fixture(scope="module")
def eyes(browser: Browser) -> Iterator[Page]:
    """Give one page for all that is looked at: a new one for each costs more than looking."""
    # A colour that is on its way to another is not yet the one that people read.
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    context.set_default_timeout(8000)
    page = watch(context.new_page())
    yield page
    context.close()


def show_embed(page: Page) -> None:
    page.locator("belowline-comments").scroll_into_view_if_needed()
    expect(page.locator("belowline-comments .thread")).to_be_visible()
    settle(page)


def visit(courier: Courier, page: Page, stop: Stop, *, base: str) -> None:
    """Go to a page as somebody and do what there is to do first."""
    courier.sign_in(page.context, stop.who)
    names = re.findall(r"{(\w+)}", stop.path)
    values = {name: courier.find(NUMBERS[name]) for name in names if name in NUMBERS}
    # What an earlier stop began to write would be open here already.
    page.evaluate("if (origin !== 'null') localStorage.clear()")
    path = stop.path.format(site=courier.key, paper=courier.paper, **values)
    answer = page.goto(base + path)
    assert answer is not None
    assert answer.status == stop.status, f"{path}: {answer.status}"
    if page.locator("belowline-comments").count():
        show_embed(page)
    else:
        settle(page)
    stop.first(page)


def of(stops: list[Stop]) -> list[object]:
    return [pytest.param(stop, id=stop.name) for stop in stops]


@pytest.mark.parametrize("stop", of(READING + WRITING + OWN + CONSOLE))
def test_nothing_is_wrong_with_a_page(courier: Courier, eyes: Page, stop: Stop) -> None:
    visit(courier, eyes, stop, base=courier.url)
    wrong = "\n".join(look(eyes))
    assert not wrong, wrong


@pytest.mark.parametrize("stop", of(EMBED))
def test_nothing_is_wrong_with_the_embed(courier: Courier, eyes: Page, stop: Stop) -> None:
    visit(courier, eyes, stop, base=courier.paper)
    wrong = "\n".join(look(eyes))
    assert not wrong, wrong


def tab_through(page: Page, times: int) -> list[tuple[float, float, str]]:
    """Press Tab so often; return where the focus went, and fail where it cannot be seen."""
    found: list[tuple[float, float, str]] = []
    for _ in range(times):
        page.keyboard.press("Tab")
        box = page.evaluate(WHERE)
        if box is None:
            break
        clip = {name: box[name] for name in ("x", "y", "width", "height")}
        focused = page.screenshot(clip=clip)
        page.evaluate("focused = document.activeElement; focused.blur()")
        plain = page.screenshot(clip=clip)
        page.evaluate("focused.focus({preventScroll: true})")
        assert focused != plain, f"nobody can see the focus on {box['name']}"
        found.append((box["top"], box["left"], box["name"]))
    return found


WHERE = """
() => {
  let one = document.activeElement;
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (one === document.body) return null;
  one.scrollIntoView({block: "center", behavior: "instant"});
  const {left, top, width, height} = one.getBoundingClientRect();
  const x = Math.max(left - 8, 0), y = Math.max(top - 8, 0);
  return {
    x, y,
    width: Math.min(width + 16, innerWidth - x), height: Math.min(height + 16, innerHeight - y),
    top: top + scrollY, left: left + scrollX, name: one.outerHTML.slice(0, 120),
  };
}
"""


@pytest.mark.parametrize(
    "stop",
    of(
        [
            Stop("thread", S + "/chip-shop", READER),
            Stop("standing", ME, READER),
            Stop("queue", D, MODERATOR),
            Stop("case", D + "/cases/{held}?view=held", MODERATOR),
        ]
    ),
)
def test_the_focus_can_be_seen_and_goes_down_the_page(
    courier: Courier, eyes: Page, stop: Stop
) -> None:
    visit(courier, eyes, stop, base=courier.url)
    way = tab_through(eyes, 16)
    assert "skip" in way[0][2]
    # From one column to the next the way leads up once; within a column it never does.
    ups = [(before[2], after[2]) for before, after in pairwise(way) if after[0] < before[0] - 40]
    assert len(ups) <= (1 if stop.name == "case" else 0), ups
