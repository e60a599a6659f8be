"""What somebody hears who goes through a thread with a screen reader, in the order they hear it.

It is read from the tree that Chromium hands to assistive technology, not from the markup, and
while Chromium takes it that such technology is running: otherwise it leaves out of the tree what is
far from the window.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from belowline.comments.model import Comment
from belowline.storage.tables import comments
from tests import factories
from tests.browser.conftest import Live
from tests.conftest import open_chromium

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a Chromium that behaves as it does for a screen reader."""
    with open_chromium("--force-renderer-accessibility") as chromium:
        yield chromium


SPOKEN = {"heading", "article", "button", "link", "StaticText", "navigation", "region"}


@dataclass(frozen=True)
class Heard:
    """One thing that is read out."""

    role: str
    name: str
    level: int | None


def listen(page: Page) -> list[Heard]:
    """Return everything that is read out, from the top of the page to its end."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}

    def walk(node: dict[str, Any]) -> Iterator[Heard]:
        role = node["role"]["value"]
        if not node.get("ignored") and role in SPOKEN:
            told = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
            yield Heard(role, node.get("name", {}).get("value", ""), told.get("level"))
        for child in node.get("childIds", ()):
            if child in by_id:
                yield from walk(by_id[child])

    return list(walk(nodes[0]))


def thread(live: Live) -> list[Comment]:
    """Make 16 branches of three comments, each answering the one before; return all as read."""
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    people = [live.reader(name) for name in ("Ann Lee", "Bob Okafor", "Cara Diaz")]
    found = []
    for number in range(16):
        above = None
        for depth, author in enumerate(people):
            where = {"parent": above} if above else {"story_id": story_id}
            above = factories.make_comment(
                live.db, live.site.id, author_id=author, text=f"Said {number} {depth}.", **where
            )
            found.append(above)
    return found


def said(heard: list[Heard]) -> list[str]:
    return [one.name for one in heard if re.fullmatch(r"Said \d+ \d\.", one.name)]


@pytest.mark.parametrize("where", ["whole page", "embed"])
def test_a_thread_is_heard_in_the_order_in_which_it_is_seen(
    live: Live, page: Page, where: str
) -> None:
    thread(live)
    if where == "embed":
        page.goto(live.same_site + live.embed("bridge", attributes="order=oldest"))
    else:
        page.goto(f"{live.url}/s/echo/bridge?order=oldest")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    heard = listen(page)

    # Branches far below the window are heard as the first ones are.
    assert said(heard) == [f"Said {number} {depth}." for number in range(16) for depth in range(3)]

    names = [one.name for one in heard]
    order = names.index("Order")
    assert names.index("Write a comment") < order < names.index("Said 0 0.")
    # Who speaks is heard before what they say, and what one can do about it afterwards.
    first = [one for one in heard[order:] if one.role != "StaticText" or "Said" in one.name]
    start = next(at for at, one in enumerate(first) if one.role == "article")
    end = next(at for at in range(start + 1, len(first)) if first[at].role == "article")
    branch = [one.name for one in first[start:end]]
    assert branch[:2] == ["Ann Lee", "Ann Lee"], branch
    assert branch.index("Said 0 0.") < branch.index("Respect") < branch.index("Reply")
    assert "Report comment by Ann Lee" in branch

    levels = [one.level for one in heard if one.role == "heading" and one.name == "Bob Okafor"]
    assert levels == [4] * 16, "a reply stands one level below what the story was told"


def test_what_is_folded_or_gone_is_not_heard(live: Live, page: Page) -> None:
    made = thread(live)
    page.goto(f"{live.url}/s/echo/bridge?order=oldest")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()

    first = page.locator(f"[data-comment='{made[0].id}']")
    first.locator(".bl-fold").click()
    heard = listen(page)
    assert said(heard)[:2] == ["Said 0 0.", "Said 1 0."]
    assert any(one.role == "button" and one.name == "2 replies" for one in heard)
    assert len(factories.rows_of(live.db, comments)) == 48
