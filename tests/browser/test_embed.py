"""The embed on a publisher's page and the same script on Belowline's own, in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from belowline.core.terms import ReaderId, SanctionKind
from tests import factories
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser


def published(live: Live, story: str, *texts: str, author: str = "Bob Okafor") -> list[int]:
    """Make a story with these comments, and return their ids."""
    author_id = live.reader(author)
    story_id = factories.make_story(live.db, live.site.id, story)
    return [
        factories.make_comment(
            live.db, live.site.id, story_id=story_id, author_id=author_id, text=text
        ).id
        for text in texts
    ]


def comment(page: Page, comment_id: int):
    return page.locator(f"[data-comment='{comment_id}']")


def code_of(live: Live) -> str:
    found = re.search(r"\b\d{3} \d{3}\b", live.mail.letters[-1].text)
    assert found is not None
    return found[0]


def write(page: Page, text: str) -> None:
    page.get_by_role("button", name="Write a comment").click()
    page.get_by_role("textbox", name="Your comment").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def sign_in_by_code(live: Live, page: Page, *, name: str) -> None:
    page.get_by_label("Your e-mail address").fill("ann@mail.example")
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_label("Code")).to_be_focused()
    page.get_by_label("Code").fill(code_of(live))
    page.get_by_label("Name to show with your comments").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("where", ["cross_site", "same_site"])
def test_a_stranger_signs_in_and_comments_where_they_read(
    live: Live, page: Page, where: str
) -> None:
    published(live, "bridge", "The first comment.")
    page.goto(getattr(live, where) + live.embed("bridge"))

    write(page, "Mine, *too*.")
    sign_in_by_code(live, page, name="Ann Lee")
    box = page.get_by_role("checkbox", name="I have read and accept the rules")
    expect(box).to_be_focused()
    expect(page.get_by_role("textbox", name="Your comment")).to_have_value("Mine, *too*.")
    box.check()
    page.get_by_role("button", name="Send", exact=True).click()

    mine = page.locator("[data-comment]", has_text="Mine, too.")
    expect(mine).to_be_focused()
    expect(mine.locator("em")).to_have_text("too")
    expect(page.locator(".thread-head h2 .count")).to_have_text("2")
    page.reload()
    expect(page.get_by_text("Signed in as Ann Lee")).to_be_visible()
    expect(mine.get_by_role("button", name="Take back")).to_be_visible()


def test_a_draft_outlives_a_reload_and_ends_with_the_comment(live: Live, page: Page) -> None:
    [root] = published(live, "bridge", "The first comment.")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("bridge"))

    comment(page, root).get_by_role("button", name="Reply").click()
    reply = page.get_by_role("textbox", name="Your reply to Bob Okafor")
    expect(reply).to_be_focused()
    reply.fill("I have begun to say")
    page.reload()
    expect(reply).to_have_value("I have begun to say")
    expect(reply).not_to_be_focused()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".replies", has_text="I have begun to say")).to_be_visible()
    expect(reply).to_have_count(0)
    page.reload()
    expect(page.locator(".replies", has_text="I have begun to say")).to_be_visible()
    expect(page.get_by_text("Signed in as")).to_be_visible()
    expect(reply).to_have_count(0)


def test_respect_is_shown_at_once_and_kept(live: Live, page: Page) -> None:
    [root] = published(live, "bridge", "The first comment.")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("bridge"))
    respect = comment(page, root).get_by_role("button", name="Respect")

    expect(respect).to_have_attribute("aria-pressed", "false")
    respect.focus()
    with page.expect_response("**/respect"):
        page.keyboard.press("Space")
        expect(respect).to_have_attribute("aria-pressed", "true")
    # In a comment's first hour the number is not told.
    expect(respect.locator(".count")).to_have_count(0)
    page.reload()
    expect(respect).to_have_attribute("aria-pressed", "true")
    respect.click()
    expect(respect).to_have_attribute("aria-pressed", "false")
    expect(respect.locator(".count")).to_have_count(0)


def test_a_report_is_made_by_keyboard_and_the_focus_comes_back(live: Live, page: Page) -> None:
    [root] = published(live, "bridge", "You fool.")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("bridge"))
    report = comment(page, root).get_by_role("button", name="Report")
    expect(page.get_by_text("Signed in as")).to_be_visible()

    report.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Report this comment")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("Choose the rule that it breaks.")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("A moderator will look at it")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(report).to_be_focused()


def test_what_waits_is_seen_by_its_author_with_the_reason(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    ann = live.reader("Ann Lee")
    live.sign_in(page.context, ann)
    page.goto(live.same_site + live.embed("bridge"))

    write(page, "SHOUTING IS HOW I MAKE MYSELF HEARD IN THIS TOWN")
    page.get_by_role("button", name="Send as it is").click()
    mine = page.locator("[data-comment]", has_text="SHOUTING IS HOW")
    expect(mine).to_be_focused()
    expect(mine).to_contain_text("Only you can see this.")
    expect(mine).to_contain_text("capital letters")
    expect(mine.get_by_role("link", name="what you can do")).to_have_attribute(
        "href", re.compile(re.escape(live.url) + r"/me/echo/comments/\d+")
    )
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_text("The first comment.")).to_be_visible()
    expect(mine).to_have_count(0)


def test_somebody_suspended_is_told_until_when(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    ann = live.reader("Ann Lee")
    suspend(live, ann)
    live.sign_in(page.context, ann)
    page.goto(live.same_site + live.embed("bridge"))

    told = page.get_by_role("note").filter(has_text="suspended")
    expect(told).to_contain_text("Until")
    expect(told.get_by_role("link", name="My standing")).to_be_visible()
    expect(page.get_by_role("button", name="Write a comment")).to_be_hidden()


def suspend(live: Live, reader_id: ReaderId) -> None:
    from belowline.actions.sanctions import SanctionDraft, impose  # noqa: PLC0415
    from belowline.core.terms import Role, RuleKey  # noqa: PLC0415

    moderator = factories.make_staff(live.db, live.site.id, Role.EDITOR)
    impose(
        live.db,
        site_id=live.site.id,
        reader_id=reader_id,
        by=moderator,
        sanction=SanctionDraft(
            SanctionKind.SUSPENSION,
            lasts_for=timedelta(days=3),
            reason="For this test.",
            rule=RuleKey("personal-attack"),
            based_on=None,
        ),
    )


def test_editing_and_taking_back_happen_in_place(live: Live, page: Page) -> None:
    [mine] = published(live, "bridge", "At last.", author="Ann Lee")
    with live.db.read() as conn:
        from belowline.comments.store import get_comment  # noqa: PLC0415

        ann = get_comment(conn, live.site.id, factories.CommentId(mine)).author_id
    live.sign_in(page.context, ann)
    page.goto(live.same_site + live.embed("bridge"))

    comment(page, mine).get_by_role("button", name="Edit").click()
    area = page.get_by_role("textbox", name="Edit your comment")
    expect(area).to_have_value("At last.")
    area.fill("First of all.")
    page.get_by_role("button", name="Save").click()
    expect(comment(page, mine)).to_contain_text("First of all.")
    expect(comment(page, mine)).to_contain_text("edited")
    comment(page, mine).get_by_role("button", name="Take back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    expect(comment(page, mine)).to_have_count(0)
    expect(page.locator(".thread-head h2 .count")).to_have_text("0")


def test_more_comments_come_in_place_with_the_focus(live: Live, page: Page) -> None:
    texts = [f"Comment number {number}." for number in range(52)]
    published(live, "bridge", *texts)
    page.goto(live.same_site + live.embed("bridge"))

    more = page.get_by_role("link", name="More comments")
    more.click()
    expect(page.locator(".branch")).to_have_count(52)
    expect(page.locator("[data-comment]:focus")).to_contain_text("Comment number 1.")
    expect(more).to_have_count(0)
    page.get_by_role("link", name="Oldest").click()
    expect(page.locator("[data-comment]").first).to_contain_text("Comment number 0.")
    expect(page.get_by_role("link", name="Oldest")).to_be_focused()
    assert page.url.startswith(live.same_site)


def test_more_replies_come_in_place(live: Live, page: Page) -> None:
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    root = factories.make_comment(live.db, live.site.id, story_id=story_id)
    for number in range(13):
        factories.make_comment(live.db, live.site.id, parent=root, text=f"Reply {number}.")
    page.goto(live.same_site + live.embed("bridge"))

    page.get_by_role("link", name="More replies").click()
    expect(page.locator(".replies [data-comment]")).to_have_count(13)
    expect(page.locator("[data-comment]:focus")).to_contain_text("Reply 10.")


def test_a_thread_far_down_waits_until_the_reader_comes_near(live: Live, page: Page) -> None:
    [first] = published(live, "bridge", "The first comment.")
    path = live.embed("bridge", before="<div style='height:6000px'></div>")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(live.cross_site + path)
    page.wait_for_function("customElements.get('belowline-comments') !== undefined")
    page.wait_for_timeout(300)
    assert not any("/api/" in url for url in asked)
    page.locator("belowline-comments").scroll_into_view_if_needed()
    expect(page.get_by_text("The first comment.")).to_be_visible()
    page.goto("about:blank")
    page.goto(f"{live.cross_site}{path}#belowline-c{first}")
    expect(comment(page, first)).to_be_focused()
    expect(comment(page, first)).to_be_in_viewport()


def test_a_comment_of_an_earlier_page_is_found_by_its_address(live: Live, page: Page) -> None:
    ids = published(live, "bridge", *[f"Comment number {number}." for number in range(52)])
    page.goto(f"{live.cross_site}{live.embed('bridge')}#c{ids[0]}")

    expect(comment(page, ids[0])).to_be_focused()
    expect(comment(page, ids[0])).to_contain_text("Comment number 0.")


def test_a_failure_is_calm_and_can_be_tried_again(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    page.route("**/thread.html*", lambda route: route.abort())
    page.goto(live.cross_site + live.embed("bridge"))

    told = page.get_by_role("status").filter(has_text="could not be loaded")
    expect(told).to_be_visible()
    expect(told.get_by_role("link")).to_have_attribute("href", f"{live.url}/s/echo/bridge")
    page.unroute("**/thread.html*")
    told.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The first comment.")).to_be_visible()


def test_what_was_written_survives_a_failure(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("bridge"))
    expect(page.get_by_text("Signed in as")).to_be_visible()
    page.route("**/comments", lambda route: route.abort())

    write(page, "This took me an hour.")
    expect(page.get_by_role("alert")).to_contain_text("Nothing is lost")
    page.unroute("**/comments")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-comment]", has_text="This took me an hour.")).to_have_count(1)


def test_a_story_that_nobody_knew_begins_with_its_first_comment(live: Live, page: Page) -> None:
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("new-story"))

    write(page, "I am the first one here.")
    expect(page.locator("[data-comment]")).to_contain_text("I am the first one here.")
    page.goto(f"{live.url}/s/echo/new-story")
    expect(page.get_by_role("heading", name="A story")).to_be_visible()


def test_a_whole_page_can_do_what_the_embed_can(live: Live, page: Page) -> None:
    [root] = published(live, "bridge", "The first comment.")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(f"{live.url}/s/echo/bridge")

    respect = comment(page, root).get_by_role("button", name="Respect")
    respect.click()
    expect(respect).to_have_attribute("aria-pressed", "true")
    write(page, "Said on the page itself.")
    expect(page.locator("[data-comment]", has_text="Said on the page itself.")).to_be_focused()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    expect(respect).to_have_attribute("aria-pressed", "false")


def test_a_ticket_from_anywhere_but_the_window_is_ignored(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    page.goto(live.cross_site + live.embed("bridge"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_role("button", name="Sign in").click()
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Continue in a window").click()
    popup.value.wait_for_load_state()
    page.evaluate("postMessage({type: 'belowline:ticket', ticket: 'forged'}, '*')")
    page.wait_for_timeout(300)

    assert not any(url.endswith("/sign-in/ticket") for url in asked)


def test_the_window_signs_in_where_cookies_are_third_party(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.cross_site + live.embed("bridge"))

    page.get_by_role("button", name="Sign in").click()
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Continue in a window").click()
    popup.value.get_by_role("button", name=re.compile("Continue as")).click()
    expect(page.get_by_text("Signed in as Ann Lee", exact=True)).to_be_visible()
