"""Waiting until a page asks for nothing more.

Playwright's own ``networkidle`` waits for half a second of silence at every page, which was a
quarter of the time that looking at all pages took.
"""

from __future__ import annotations

import time
from weakref import WeakKeyDictionary

from playwright.sync_api import Frame, Page, Request

SILENCE = 0.1
LONGEST = 15.0
"""Seconds."""

_asked: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


def watch(page: Page) -> Page:
    """Keep account of what a page asks for, from now on; return the page."""
    asked: set[Request] = set()
    _asked[page] = asked

    def begun(request: Request) -> None:
        # A stream of news stays open for as long as the page does.
        if request.resource_type != "eventsource":
            asked.add(request)

    def done(request: Request) -> None:
        asked.discard(request)

    def left(frame: Frame) -> None:
        # What a page was still asking for when it was left is not always said to have failed.
        if frame == page.main_frame:
            asked.intersection_update({one for one in asked if one.is_navigation_request()})

    page.on("request", begun)
    page.on("framenavigated", left)
    page.on("requestfinished", done)
    page.on("requestfailed", done)
    return page


def settle(page: Page) -> None:
    """Wait until a watched page is loaded and has been silent for a while.

    Raises:
        AssertionError: it never is.
    """
    page.wait_for_load_state()
    asked = _asked[page]
    start = silent_since = time.monotonic()
    while time.monotonic() - silent_since < SILENCE:
        page.wait_for_timeout(20)
        if asked:
            silent_since = time.monotonic()
            assert silent_since - start < LONGEST, [one.url for one in asked]
