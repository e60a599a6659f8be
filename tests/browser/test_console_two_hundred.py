"""A queue of two hundred mixed cases, cleared by hand on the keyboard, each key counted."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from playwright.sync_api import Browser, Page

from belowline.comments.model import Comment
from belowline.core.terms import CommentStatus, Finding, RuleKey, ScreenName, Verdict
from belowline.moderation import store as cases
from belowline.storage import tables
from tests import factories
from tests.browser.conftest import DESKTOP, Live

pytestmark = [pytest.mark.browser]

EACH = 50
RUDE = Verdict(ScreenName.WORDS, Finding.HOLD, code="listed_word", rule=RuleKey("obscenity"))
HASTY = Verdict(ScreenName.RATE, Finding.HOLD, code="too_fast")


def make_cases(live: Live) -> dict[int, str]:
    """Make four kinds of cases in turn; return by comment what somebody wants to do with it."""
    story = factories.make_story(live.db, live.site.id, "bridge")
    author = live.reader("Ada")
    wanted = {}

    def write(text: str, *verdicts: Verdict) -> Comment:
        return factories.make_comment(
            live.db, live.site.id, story_id=story, author_id=author, text=text, verdicts=verdicts
        )

    for number in range(EACH):
        wanted[write(f"In haste, number {number}.", HASTY).id] = "publish"
        wanted[write(f"Damn it, number {number}.", RUDE).id] = "remove"
        fine, foul = write(f"A fair point, {number}."), write(f"You fool, number {number}.")
        for one, rule in ((fine, "off-topic"), (foul, "personal-attack")):
            factories.make_report(live.db, one, rule=rule)
        wanted[fine.id], wanted[foul.id] = "keep", "remove"
    return wanted


def test_two_hundred_cases_take_one_key_or_two_each(live: Live, browser: Browser) -> None:
    wanted = make_cases(live)
    with live.db.read() as conn:
        assert len(cases.list_queue(conn, live.site.id, limit=500)) == len(wanted) == 4 * EACH
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    live.sign_in(context, factories.make_staff(live.db, live.site.id))
    page = context.new_page()
    page.goto(f"{live.url}/console/echo")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    pressed: Counter[str] = Counter()
    seen: set[int] = set()
    while "/cases/" in page.url or not seen:
        page.wait_for_url(re.compile(r"/cases/\d+"))
        page.wait_for_load_state()
        comment = case_of(page)
        assert comment not in seen, "nobody is led to a case twice"
        seen.add(comment)
        keys = keys_for(page, wanted[comment])
        before = page.url
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(lambda url, was=before: url != was)
        pressed[wanted[comment]] += len(keys)
    assert page.url.endswith("said=queue_empty")
    context.close()

    assert seen == set(wanted)
    assert pressed == {"publish": EACH, "keep": EACH, "remove": 2 * 2 * EACH}
    rows = {row.id: row.status for row in factories.rows_of(live.db, tables.comments)}
    assert {comment: rows[comment] for comment in wanted} == {
        comment: CommentStatus.REMOVED if what == "remove" else CommentStatus.PUBLISHED
        for comment, what in wanted.items()
    }


def case_of(page: Page) -> int:
    found = re.search(r"/cases/(\d+)", page.url)
    assert found is not None
    return int(found[1])


def keys_for(page: Page, what: str) -> list[str]:
    """Return the keys: one to publish or keep, and the rule's number and Send to remove."""
    if what != "remove":
        return ["p" if what == "publish" else "d"]
    asked = page.locator(".rule-choice.in-question kbd")
    return [asked.first.inner_text(), "Control+Enter"]
