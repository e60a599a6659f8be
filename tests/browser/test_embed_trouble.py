"""What goes wrong while somebody reads and writes, and what must not be lost or hidden then."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Route, expect

from belowline.actions.comments import EditDraft, edit_comment
from belowline.core.terms import Actor, CommentId, ReaderId, StoryMode
from belowline.rules import store as rules
from belowline.storage import tables
from tests import factories
from tests.browser.conftest import Live
from tests.browser.test_embed import code_of, comment, published, sign_in_by_code, write

pytestmark = pytest.mark.browser

LONG_NAME = "Bartholomew Featherstonehaugh-Cholmondeley"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def ann_by_mail(live: Live) -> ReaderId:
    """Make a reader who can be sent a code, and who has accepted the rules."""
    ann = factories.make_reader(live.db, "Ann Lee", email="ann@mail.example")
    with live.db.write(Actor(ann)) as tx:
        rules.accept(tx, ann, rules.get_current_rulebook(tx.conn, live.site.id).id)
    return ann


def begin(page: Page, text: str) -> None:
    """Begin a comment, without sending it."""
    page.get_by_role("button", name="Write a comment").click()
    page.get_by_role("textbox", name="Your comment").fill(text)


def hold(page: Page, address: str) -> list[Route]:
    """Let requests to this address wait; they are kept in the list that is returned."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(address, keep)
    return held


@pytest.mark.parametrize("where", ["cross_site", "same_site"])
def test_a_session_that_ended_while_writing_is_taken_up_again(
    live: Live, page: Page, where: str
) -> None:
    published(live, "bridge", "The first comment.")
    ann_by_mail(live)
    page.goto(getattr(live, where) + live.embed("bridge"))
    page.get_by_role("button", name="Sign in").click()
    sign_in_by_code(live, page, name="")
    expect(page.locator(".bl-me")).to_contain_text("Ann Lee")
    begin(page, "This took me an hour.")
    with live.db.write(Actor.of_system("test")) as tx:
        tx.conn.execute(sa.delete(tables.sessions))

    page.get_by_role("button", name="Send", exact=True).click()
    dialog = page.get_by_role("dialog", name="Sign in")
    expect(dialog.get_by_role("status")).to_contain_text("Nothing of what you wrote is lost")
    sign_in_by_code(live, page, name="")

    mine = page.locator("[data-comment]", has_text="This took me an hour.")
    expect(mine).to_have_count(1)
    expect(mine).to_be_focused()


def test_a_mistyped_code_is_said_beside_it_and_a_new_one_is_a_click_away(
    live: Live, page: Page
) -> None:
    published(live, "bridge", "The first comment.")
    ann_by_mail(live)
    page.goto(live.same_site + live.embed("bridge"))
    page.get_by_role("button", name="Sign in").click()
    dialog = page.get_by_role("dialog", name="Sign in")
    dialog.get_by_label("Your e-mail address").fill("ann@mail.example")
    page.keyboard.press("Enter")
    code = dialog.get_by_label("Code", exact=True)
    expect(code).to_be_focused()
    first = code_of(live)

    code.fill("000000" if first != "000 000" else "111111")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Look at it again")
    expect(code).to_be_focused()
    expect(code).to_have_attribute("aria-invalid", "true")
    expect(dialog.locator("input.bl-code + [role=alert]")).to_be_visible()

    dialog.get_by_role("button", name="Send a new code").click()
    expect(dialog.get_by_role("status")).to_contain_text("A new code is on its way")
    expect(code).to_be_focused()
    page.keyboard.type(code_of(live))
    page.keyboard.press("Enter")
    expect(page.locator(".bl-me")).to_contain_text("Ann Lee")
    # The button that was pressed is gone; the focus is where it was, not at the page's top.
    expect(page.locator(".bl-me").get_by_role("link", name="My standing")).to_be_focused()


def test_whoever_signs_out_leaves_no_draft_to_the_next(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("bridge"))
    begin(page, "Something of mine alone.")
    page.reload()
    area = page.get_by_role("textbox", name="Your comment")
    expect(area).to_have_value("Something of mine alone.")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    page.reload()
    page.get_by_role("button", name="Write a comment").click()
    expect(area).to_have_value("")


def test_a_draft_that_was_put_away_comes_back_when_asked_for(live: Live, page: Page) -> None:
    [root] = published(live, "bridge", "The first comment.")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("bridge"))
    reply = comment(page, root).get_by_role("button", name="Reply")
    reply.click()
    area = page.get_by_role("textbox", name="Your reply to Bob Okafor")
    area.fill("On second thoughts")

    page.get_by_role("button", name="Cancel").click()
    expect(reply).to_be_focused()
    page.reload()
    expect(page.get_by_text("Signed in as Ann Lee")).to_be_visible()
    expect(area).to_have_count(0)
    reply.click()
    expect(area).to_have_value("On second thoughts")


def test_a_report_quotes_what_its_reader_saw(live: Live, page: Page) -> None:
    [root] = published(live, "bridge", "You are a fool.", author="Bob Okafor")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("bridge"))
    expect(page.get_by_text("Signed in as Ann Lee")).to_be_visible()
    with live.db.read() as conn:
        bob = conn.execute(
            sa.select(tables.comments.c.author_id).where(tables.comments.c.id == root)
        ).scalar_one()
    edit_comment(
        live.db,
        EditDraft(live.site, CommentId(root), "You are a fine man."),
        by=bob,
        classifier=live.house.classifier,
    )

    for _ in range(2):
        comment(page, root).get_by_role("button", name="Report").click()
        dialog = page.get_by_role("dialog", name="Report this comment")
        dialog.get_by_role("radio").first.check()
        dialog.get_by_role("button", name="Report", exact=True).click()
        expect(dialog.get_by_role("status")).to_contain_text("Thank you")
        page.reload()
        expect(page.get_by_text("You are a fine man.")).to_be_visible()
        expect(page.get_by_text("Signed in as Ann Lee")).to_be_visible()

    assert [one.revision for one in factories.rows_of(live.db, tables.reports)] == [1, 2]


def test_the_rules_are_short_in_a_report_until_one_is_chosen(live: Live, page: Page) -> None:
    [root] = published(live, "bridge", "You are a fool.")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("bridge"))
    with live.db.read() as conn:
        first, second, *_ = rules.get_current_rulebook(conn, live.site.id).rules

    comment(page, root).get_by_role("button", name="Report").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(first.text)).to_be_hidden()
    dialog.get_by_role("radio", name=first.title).check()
    expect(dialog.get_by_text(first.text)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_text(second.text)).to_be_visible()
    expect(dialog.get_by_text(first.text)).to_be_hidden()


@pytest.mark.parametrize("signed_in", [False, True])
def test_nothing_moves_when_the_readers_own_things_come(
    live: Live, page: Page, *, signed_in: bool
) -> None:
    [root] = published(live, "bridge", "The first comment.")
    if signed_in:
        live.sign_in(page.context, live.reader("Ann Lee"))
    held = hold(page, "**/me")
    page.goto(live.same_site + live.embed("bridge"))
    expect(comment(page, root)).to_be_visible()
    before = comment(page, root).bounding_box()

    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator(".bl-me button").first).to_be_visible()
    assert comment(page, root).bounding_box() == before


def test_a_form_that_does_not_come_says_so(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    page.route("**/write.js", lambda route: route.abort())
    page.goto(live.same_site + live.embed("bridge"))

    page.get_by_role("button", name="Write a comment").click()
    expect(page.get_by_role("alert")).to_contain_text("No answer came")


def test_what_is_the_readers_own_may_come_late(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.route("**/me", lambda route: route.abort())
    page.goto(live.same_site + live.embed("bridge"))

    write(page, "Sent while the line was bad.")
    expect(page.get_by_role("alert")).to_contain_text("No answer came")
    page.unroute("**/me")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-comment]", has_text="Sent while")).to_be_focused()


def test_a_second_click_while_it_is_sent_sends_nothing_more(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    live.sign_in(page.context, live.reader("Ann Lee"))
    page.goto(live.same_site + live.embed("bridge"))
    expect(page.locator(".bl-me")).to_contain_text("Ann Lee")
    begin(page, "Said once.")

    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method + request.url))
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(page.locator("[data-comment]", has_text="Said once.")).to_have_count(1)
    assert sum(re.match(r"POST.*/comments$", one) is not None for one in sent) == 1


def test_a_link_stands_where_the_script_does_not_come(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    path = live.embed("bridge")
    inside = f"<a href='{live.url}/s/echo/bridge'>Read the comments</a></belowline-comments>"
    live.pages[path] = live.pages[path].replace("</belowline-comments>", inside)
    link = page.get_by_role("link", name="Read the comments")

    page.route("**/embed.js", lambda route: route.abort())
    page.goto(live.cross_site + path)
    expect(link).to_be_visible()
    page.unroute("**/embed.js")
    page.reload()
    expect(page.get_by_text("The first comment.")).to_be_visible()
    expect(link).to_be_hidden()


def test_a_slow_thread_says_that_it_is_coming(live: Live, page: Page) -> None:
    published(live, "bridge", "The first comment.")
    held = hold(page, "**/thread.html*")
    page.goto(live.cross_site + live.embed("bridge"))

    expect(page.get_by_role("status")).to_have_text("The comments are on their way …")
    held[0].continue_()
    expect(page.get_by_text("The first comment.")).to_be_visible()
    expect(page.get_by_text("on their way")).to_have_count(0)


def test_a_suspended_thread_asks_nobody_to_sign_in(live: Live, page: Page) -> None:
    factories.make_story(live.db, live.site.id, "trial", mode=StoryMode.SUSPENDED)
    with page.expect_response("**/me"):
        page.goto(live.same_site + live.embed("trial"))

    expect(page.get_by_role("note")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in")).to_have_count(0)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_long_names_and_words_stay_inside_a_small_phone(
    live: Live, page: Page, direction: str
) -> None:
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    author = factories.make_reader(live.db, LONG_NAME)
    above = None
    for _ in range(6):
        above = factories.make_comment(
            live.db,
            live.site.id,
            story_id=None if above else story_id,
            parent=above,
            author_id=author,
            text=f"> {LONG_WORD}\n\n`{LONG_WORD}` https://example.com/{LONG_WORD}",
        )
    live.sign_in(page.context, author)
    page.set_viewport_size({"width": 320, "height": 700})
    path = live.embed("bridge")
    live.pages[path] = live.pages[path].replace("<body", f"<body dir={direction}")
    page.goto(live.same_site + path)
    expect(page.get_by_text("Signed in as")).to_be_visible()
    page.get_by_role("button", name="Reply").last.click()
    expect(page.get_by_role("textbox")).to_be_focused()

    room, width = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
    )
    assert width <= room
    body = page.locator(".indent-4 .comment-body").last.bounding_box()
    assert body is not None
    assert body["width"] > 200
