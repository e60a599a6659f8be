"""The pictures in the documentation, taken anew when ``BELOWLINE_SCREENSHOTS`` names a folder.

Otherwise they are only taken, so that they still can be.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.courier import Courier
from tests.browser.settling import settle, watch

pytestmark = pytest.mark.browser

DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}


THEME = """
body belowline-comments {
  --belowline-font: Georgia, "DejaVu Serif", serif; --belowline-accent: #0b6e4f;
  --belowline-text: #23302b; --belowline-radius: 1.5rem; --belowline-line: #b9d8cc;
}
belowline-comments::part(pick) { background: #eef8f3; padding: .75rem; }
belowline-comments::part(byline) { font-variant-caps: small-caps; }
"""
"""What a publisher's own sheet might say."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a page as sharp as documentation wants it."""
    context = browser.new_context(viewport=DESK, device_scale_factor=2, reduced_motion="reduce")
    yield watch(context.new_page())
    context.close()


def keep(page: Page, name: str) -> None:
    """Take the picture, and keep it where one is wanted."""
    settle(page)
    picture = page.screenshot()
    folder = os.environ.get("BELOWLINE_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / name).write_bytes(picture)
    assert picture


def test_a_thread_under_a_story(courier: Courier, page: Page) -> None:
    page.goto(f"{courier.paper}/life/chip-shop")
    thread = page.locator("belowline-comments")
    thread.scroll_into_view_if_needed()
    expect(thread.get_by_role("button", name="Sign in")).to_be_visible()
    # Some of the story stays in sight, so that one sees where the comments are.
    page.evaluate(
        "scrollTo(0, document.querySelector('belowline-comments').getBoundingClientRect().top"
        " + scrollY - 150)"
    )
    keep(page, "thread.png")


def test_a_thread_in_a_publishers_own_look(courier: Courier, page: Page) -> None:
    page.goto(f"{courier.paper}/life/chip-shop")
    # The demo's paper has a policy for styles, which a sheet made by a script is not subject to.
    page.evaluate(
        """theme => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(theme);
            document.adoptedStyleSheets.push(sheet);
        }""",
        THEME,
    )
    thread = page.locator("belowline-comments")
    thread.scroll_into_view_if_needed()
    expect(thread.get_by_role("button", name="Sign in")).to_be_visible()
    page.evaluate(
        "scrollTo(0, document.querySelector('belowline-comments').getBoundingClientRect().top"
        " + scrollY - 20)"
    )
    keep(page, "theme.png")


def test_the_queue_of_the_moderators(courier: Courier, page: Page) -> None:
    courier.sign_in(page.context, "Owen Tully")
    page.goto(f"{courier.url}/console/{courier.key}")
    page.keyboard.press("j")
    keep(page, "queue.png")


def test_a_thread_on_a_phone(courier: Courier, page: Page) -> None:
    page.set_viewport_size(PHONE)
    courier.sign_in(page.context, "Alan Pickersgill")
    page.goto(f"{courier.url}/s/{courier.key}/chip-shop")
    expect(page.get_by_text("Signed in as")).to_be_visible()
    keep(page, "phone.png")
