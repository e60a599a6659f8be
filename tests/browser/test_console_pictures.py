"""A picture of each screen of the console, on a desk and on a phone, for the moderators' guide.

They are kept when ``BELOWLINE_SCREENSHOTS`` names a folder; otherwise they are only taken, so that
they still can be. Which screens there are, the console's own routes say.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, ViewportSize

from belowline.storage import tables
from belowline.web.desk_routes import DESK_ROUTES
from tests.browser.courier import Courier, publish_courier
from tests.browser.settling import settle, watch
from tests.browser.test_accessibility import (
    Act,
    Stop,
    choose_all,
    choose_some,
    decide_in_thread,
    follow,
    in_turn,
    keep_together,
    nothing,
    open_all,
    press,
    preview,
    remove_together,
    try_links,
)

pytestmark = pytest.mark.browser

DESK: ViewportSize = {"width": 1160, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 860}
D = "/console/{site}"
MODERATOR, EDITOR, OWNER = "Owen Tully", "Callum Braithwaite", "Hester Lonsdale"

# Pages without a screen of their own: one leads on, one is a part of another, one is another's twin
# for all sites, the others are files.
NO_SCREEN = {
    "/console",
    "/console/{site:str}/quality.csv",
    "/console/{site:str}/cases/{comment:int}/here",
    "/desk/together/{batch:int}",
    "/console/{site:str}/stories/{story:int}/comments",
    "/console/{site:str}/statements",
    "/console/{site:str}/legal-profile/self-assessment",
    "/console/{site:str}/imports/{number:int}/redirects",
}

NUMBERS: dict[str, sa.Select[tuple[int]]] = {
    "reported": sa.select(tables.reports.c.comment_id)
    .join(tables.comments, tables.comments.c.id == tables.reports.c.comment_id)
    .where(tables.reports.c.rule_key == "disruption", tables.reports.c.state == "open"),
    "illegal": sa.select(tables.reports.c.comment_id).where(
        tables.reports.c.legal_notice_id.is_not(None)
    ),
    "published": sa.select(tables.comments.c.id).where(tables.comments.c.status == "published"),
    "suspended": sa.select(tables.sanctions.c.reader_id).where(
        tables.sanctions.c.kind == "suspension"
    ),
    "appeal": sa.select(tables.appeals.c.id).where(
        tables.appeals.c.report_id.is_(None), tables.appeals.c.state == "open"
    ),
    "reporters_appeal": sa.select(tables.appeals.c.id).where(
        tables.appeals.c.report_id.is_not(None)
    ),
    "notice": sa.select(tables.defamation_notices.c.id),
    "story": sa.select(tables.legal_statuses.c.story_id),
    "hold": sa.select(tables.legal_holds.c.id),
    "danger": sa.select(tables.dangers.c.id),
    "order": sa.select(tables.authority_orders.c.id),
}


def choose(page: Page) -> None:
    """Go to the first line of the list by the keyboard."""
    page.keyboard.press("j")


SCREENS = {
    "queue": (D, MODERATOR, choose),
    "queue-everywhere": ("/desk", MODERATOR, nothing),
    "together": (D, MODERATOR, in_turn(choose_all, remove_together)),
    "keys": (D + "/help", MODERATOR, nothing),
    "case": (D + "/cases/{reported}", MODERATOR, nothing),
    "case-illegal": (D + "/cases/{illegal}", MODERATOR, nothing),
    "search": (D + "/search?q=bypass", MODERATOR, nothing),
    "search-everywhere": ("/desk/search?q=comment&kind=decisions", MODERATOR, nothing),
    "readers": (D + "/readers?q=an", MODERATOR, nothing),
    "reader": (D + "/readers/{suspended}", MODERATOR, nothing),
    "withdrawals": (D + "/withdrawals", EDITOR, nothing),
    "appeals": (D + "/appeals", MODERATOR, nothing),
    "appeal": (D + "/appeals/{appeal}", "Maggie Sproat", nothing),
    "appeal-reporter": (D + "/appeals/{reporters_appeal}", "Maggie Sproat", nothing),
    "second-looks": (D + "/second-look", MODERATOR, nothing),
    "danger": (D + "/dangers/{danger}", MODERATOR, nothing),
    "saved-reasons": (D + "/reasons", MODERATOR, nothing),
    "guide": (D + "/rules/guide", MODERATOR, nothing),
    "log": (D + "/log", MODERATOR, nothing),
    "legal": (D + "/legal", MODERATOR, nothing),
    "legal-notice": (D + "/legal/{notice}", EDITOR, nothing),
    "legal-record": (D + "/cases/{published}/legal", MODERATOR, nothing),
    "orders": (D + "/orders", EDITOR, nothing),
    "order": (D + "/orders/{order}", EDITOR, nothing),
    "court": (D + "/court", EDITOR, nothing),
    "court-story": (D + "/court/{story}", EDITOR, nothing),
    "keep-evidence": (D + "/comments/{published}/hold", EDITOR, nothing),
    "evidence": (D + "/holds/{hold}", EDITOR, nothing),
    "stories": (D + "/stories", EDITOR, nothing),
    "pace": (D + "/stories", EDITOR, follow("Slow this conversation down")),
    "decide-in-thread": ("/s/{site}/chip-shop", MODERATOR, decide_in_thread),
    "rules": (D + "/rules", OWNER, nothing),
    "rules-preview": (D + "/rules", OWNER, preview),
    "screens": (D + "/screens", OWNER, try_links),
    "screens-story": (D + "/stories", OWNER, in_turn(open_all, follow("Its screens"))),
    "ladder": (D + "/ladder", OWNER, press(re.compile("^Try"))),
    "trusted": (D + "/trusted", EDITOR, nothing),
    "staff": (D + "/staff", OWNER, nothing),
    "quality": (D + "/quality", OWNER, nothing),
    "transparency": (D + "/transparency", OWNER, nothing),
    "legal-profile": (D + "/legal-profile", OWNER, nothing),
    "imports": (D + "/imports", OWNER, nothing),
    "old-links": (D + "/imports", OWNER, follow("courier-2019.jsonl")),
    "decided-together": (
        D + "?view=held",
        MODERATOR,
        in_turn(choose_some, keep_together, press(re.compile("^Publish or keep them"))),
    ),
}
"""Every screen: the picture's name, where it is, who looks, and what they do first."""

BESIDE = """async (pictures) => {
  const sheets = await Promise.all(pictures.map(async (one) =>
    createImageBitmap(await (await fetch("data:image/png;base64," + one)).blob())));
  const gap = 12, canvas = document.createElement("canvas");
  canvas.width = sheets.reduce((sum, one) => sum + one.width + gap, gap);
  canvas.height = Math.max(...sheets.map((one) => one.height)) + 2 * gap;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#d9dde2";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  let at = gap;
  for (const one of sheets) {
    pen.drawImage(one, at, gap);
    at += one.width + gap;
  }
  return canvas.toDataURL("image/webp", 0.8).split(",")[1];
}"""
"""Puts pictures side by side into one small file; run in the browser."""


@pytest.fixture(scope="module")
def courier(ram_folder: Path) -> Iterator[Courier]:
    """Give a newspaper of its own: what other tests do to theirs would stand in the pictures."""
    with publish_courier(ram_folder / "pictures") as made:
        yield made


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Give one page for all pictures."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    context.set_default_timeout(8000)
    yield watch(context.new_page())
    context.close()


def show(courier: Courier, page: Page, name: str) -> str:
    """Go to a screen, and return the path that it has."""
    where, who, first = SCREENS[name]
    stop = Stop(name, where, who, first)
    courier.sign_in(page.context, stop.who)
    known = {key: courier.find(asked) for key, asked in NUMBERS.items() if f"{{{key}}}" in where}
    page.goto(courier.url + stop.path.format(site=courier.key, **known))
    act: Act = stop.first
    act(page)
    settle(page)
    return page.url.removeprefix(courier.url).partition("?")[0]


def route_of(path: str, site: str) -> str | None:
    """Return the pattern of the console's route that a path belongs to."""
    for route in DESK_ROUTES:
        pattern = route.path.replace("{site:str}", re.escape(site))
        if re.fullmatch(re.sub(r"{\w+:int}", r"\\d+", pattern), path):
            return route.path
    return None


def test_each_screen_has_its_picture(courier: Courier, page: Page) -> None:
    seen: set[str] = set()
    folder = os.environ.get("BELOWLINE_SCREENSHOTS")
    for name in SCREENS:
        page.set_viewport_size(DESK)
        path = show(courier, page, name)
        if path.startswith(("/console", "/desk")):
            route = route_of(path, courier.key)
            assert route is not None, f"{name}: {page.url}"
            seen.add(route)
        wide = page.screenshot()
        page.set_viewport_size(PHONE)
        narrow = page.screenshot()
        if folder:
            keep(page, wide, narrow, Path(folder) / "console" / f"{name}.webp")
    asked = {route.path for route in DESK_ROUTES if route.method == "GET"}
    assert asked - seen - NO_SCREEN == {
        "/console/{site:str}/second-look/{decision:int}",
        "/console/{site:str}/spot-checks/{comment:int}",
    }


def keep(page: Page, wide: bytes, narrow: bytes, file: Path) -> None:
    """Put the two pictures side by side in one file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    own = page.context.new_page()
    pictures = [base64.b64encode(one).decode() for one in (wide, narrow)]
    file.write_bytes(base64.b64decode(own.evaluate(BESIDE, pictures)))
    own.close()


def test_the_guide_for_moderators_shows_every_screen() -> None:
    guide = (Path(__file__).parents[2] / "docs/how-to/moderate.md").read_text()
    shown = set(re.findall(r"\.\./images/console/([\w-]+)\.webp", guide))
    assert shown == set(SCREENS)
