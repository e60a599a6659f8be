"""How fast and how calm a thread of 200 comments feels: no shift, and an answer at once.

Chromium measures both itself, with its processor slowed down to a quarter. The machine that runs
the tests may be busy, so what is asked of an interaction is that its best of a few goes is fast.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from belowline.core.terms import ReaderId
from tests import factories
from tests.browser.conftest import Live
from tests.browser.looking import FIND_WIDE

pytestmark = pytest.mark.browser

SLOWER = 4
TRIES = 5
ROOM = "style='display: block; min-height: 100vh'"
"""What the guide asks publishers to keep free until the script comes."""
FAST = 100
"""Milliseconds from an interaction to the next paint."""

WATCH = """
globalThis.felt = {shift: 0, slowest: 0, moved: []};
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    felt.shift += one.value;
    felt.moved.push(...one.sources.map(({node, previousRect: a, currentRect: b}) =>
      `${node?.nodeName} ${a.y}>${b.y} ${a.height}>${b.height} ${one.value}`));
  }
}).observe({type: "layout-shift", buffered: true});
new PerformanceObserver((list) => {
  for (const {interactionId, duration} of list.getEntries()) {
    if (interactionId) felt.slowest = Math.max(felt.slowest, duration);
  }
}).observe({type: "event", durationThreshold: 16, buffered: true});
"""


def make_thread(live: Live) -> ReaderId:
    """Make 40 branches of five comments, and return who wrote two of them."""
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    people = [live.reader(name) for name in ("Ann Lee", "Bob Okafor", "Cara Diaz")]
    text = "The bridge has been closed since May, and nobody says until when. " * 4
    for number in range(40):
        above = factories.make_comment(
            live.db, live.site.id, story_id=story_id, author_id=people[number > 1], text=text
        )
        for author in (2, 1, 2, 1):
            above = factories.make_comment(
                live.db, live.site.id, parent=above, author_id=people[author], text=text
            )
    return people[0]


def open_slowed(live: Live, page: Page, before: str) -> None:
    """Open a page with something below the thread too, as a reader of long standing."""
    page.add_init_script(WATCH)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    path = live.embed("bridge", before=before, attributes=ROOM)
    live.pages[path] += "<footer><p>What stands below the thread.</p></footer>"
    page.goto(live.same_site + path)


@pytest.mark.parametrize("height", [0, 700, 3000], ids=["at the top", "in sight", "further down"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_embed_shifts_nothing(live: Live, page: Page, height: int, width: int) -> None:
    live.sign_in(page.context, make_thread(live))
    page.set_viewport_size({"width": width, "height": 800})
    open_slowed(live, page, f"<p style='height:{height}px'>The story.</p>")

    page.mouse.wheel(0, height)
    expect(page.get_by_text("Signed in as Ann Lee")).to_be_visible()
    expect(page.locator("[data-comment]")).to_have_count(200)
    page.wait_for_timeout(500)
    felt = page.evaluate("felt")
    assert felt["shift"] == 0, felt


def interactions(page: Page) -> dict[str, Callable[[], None]]:
    """Return what readers do most, each of which can be done again."""
    comment = page.locator("[data-comment]").nth(7)

    def write() -> None:
        comment.get_by_role("button", name="Reply").click()
        page.keyboard.type("No.")
        page.get_by_role("button", name="Cancel").click()

    def report() -> None:
        comment.get_by_role("button", name="Report").click()
        page.get_by_role("dialog").get_by_role("radio").first.click()
        page.keyboard.press("Escape")

    def keys() -> None:
        page.keyboard.press("?")
        page.get_by_role("dialog").get_by_role("checkbox").wait_for()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)

    return {
        "next": lambda: page.keyboard.press("j"),
        "fold": page.locator(".bl-fold").first.click,
        "fold by key": lambda: page.keyboard.press("c"),
        "respect": lambda: comment.get_by_role("button", name="Respect").click(),
        "write": write,
        "report": report,
        "keys": keys,
    }


def test_interactions_are_painted_at_once(live: Live, page: Page) -> None:
    make_thread(live)
    live.sign_in(page.context, live.reader("Dan Moss"))
    open_slowed(live, page, "<p>The story.</p>")
    expect(page.get_by_text("Signed in as Dan Moss")).to_be_visible()
    page.locator(".comment-body").first.click()

    best: dict[str, float] = {}
    for name, act in interactions(page).items():
        for _ in range(TRIES):
            page.evaluate("felt.slowest = 0")
            act()
            page.wait_for_timeout(250)
            best[name] = min(best.get(name, 9999), page.evaluate("felt.slowest"))
            if best[name] < FAST:
                break
    assert {name: took for name, took in best.items() if took >= FAST} == {}


@pytest.mark.parametrize("width", [320, 256])
def test_a_thread_fits_where_little_room_is(live: Live, page: Page, width: int) -> None:
    """A window of 1,280 by 1,024 at 400 % is one of 320 by 256."""
    make_thread(live)
    page.set_viewport_size({"width": width, "height": 256})
    page.goto(f"{live.url}/s/echo/bridge")

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.evaluate(FIND_WIDE) == []
