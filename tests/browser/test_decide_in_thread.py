"""A moderator reads a story and decides where the comment stands; readers notice nothing of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from belowline.actions.moderation import DecisionDraft, decide
from belowline.comments.model import Comment
from belowline.core.terms import CommentStatus, Outcome, ReaderId, StoryId
from belowline.moderation.leases import find_leases
from tests import factories
from tests.browser.conftest import Live
from tests.browser.looking import look
from tests.browser.people import employ
from tests.browser.serving import wait_for

pytestmark = pytest.mark.browser

RULE = "Argue with the point, not the person"
THREAD = "/s/echo/bridge?order=oldest"
MODERATORS = re.compile(r"/static/moderate\.(js|css)")


@dataclass
class Story:
    """A story with comments, and the moderator who reads it."""

    live: Live
    moderator: ReaderId
    id: StoryId
    fair: Comment
    rude: Comment
    reply: Comment

    def status(self, comment: Comment) -> CommentStatus:
        return factories.reread(self.live.db, comment).status

    def keep(self, comment: Comment, *, by: ReaderId) -> None:
        """Decide beside the page that is open."""
        version = factories.reread(self.live.db, comment).version
        draft = DecisionDraft(Outcome.KEEP, None, "", version)
        decide(self.live.db, comment.id, site_id=comment.site_id, by=by, decision=draft)

    def holder(self, comment: Comment) -> ReaderId | None:
        with self.live.db.read() as conn:
            lease = find_leases(conn, [comment.id], now=self.live.db.clock()).get(comment.id)
        return lease.reader_id if lease else None


@pytest.fixture
def story(live: Live) -> Story:
    """Make a story with two comments, of which one is reported and answered, and a held one."""
    story_id = factories.make_story(live.db, live.site.id, "bridge")

    def write(text: str, **given: object) -> Comment:
        where = {} if "parent" in given else {"story_id": story_id}
        return factories.make_comment(live.db, live.site.id, text=text, **where, **given)  # type: ignore[arg-type]

    fair = write("The bridge should stay open.")
    rude = write("You are a waste of space.")
    reply = write("That is no argument.", parent=rude)
    write("Damn it all.", verdicts=[factories.HOLDING])
    factories.make_report(live.db, rude)
    return Story(live, factories.make_staff(live.db, live.site.id), story_id, fair, rude, reply)


def line(page: Page, comment: Comment) -> Locator:
    return page.locator(f"[data-comment='{comment.id}']")


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Decide about this comment")


def decided(page: Page) -> Locator:
    return page.locator("[data-decided]")


def read(story: Story, page: Page, path: str = THREAD) -> None:
    # A colour that is on its way to another is not yet the one that people read.
    page.emulate_media(reduced_motion="reduce")
    story.live.sign_in(page.context, story.moderator)
    page.goto(story.live.url + path)
    expect(page.get_by_role("link", name="1 comment waits for you here")).to_be_visible()


def test_a_comment_is_removed_by_keys_where_it_stands_and_undone(story: Story, page: Page) -> None:
    read(story, page)
    for _ in range(2):
        page.keyboard.press("j")
    expect(line(page, story.rude)).to_be_focused()
    page.keyboard.press("m")
    expect(panel(page)).to_contain_text(f"1 report: {RULE}")
    assert story.holder(story.rude) == story.moderator
    rule = panel(page).get_by_label("Remove, because it breaks this rule")
    expect(rule).to_have_value("personal-attack")
    reason = panel(page).get_by_label("Reason to the author")
    expect(reason).not_to_have_value("")
    reason.fill("This goes for the person.")
    # Letters that are typed decide nothing.
    page.keyboard.type(" mjk?")
    expect(reason).to_have_value("This goes for the person. mjk?")
    page.keyboard.press("Control+Enter")

    expect(line(page, story.rude)).to_contain_text("This comment was removed under the rule")
    expect(decided(page)).to_contain_text(f"Removed under “{RULE}”.")
    assert story.status(story.rude) is CommentStatus.REMOVED
    assert story.holder(story.rude) is None
    page.get_by_role("button", name=re.compile("^Undo")).click()

    expect(decided(page)).to_contain_text("Undone. Everything is as it was before.")
    expect(line(page, story.rude)).to_contain_text("You are a waste of space.")
    expect(page.get_by_role("button", name=re.compile("^Undo"))).to_have_count(0)
    assert story.status(story.rude) is CommentStatus.PUBLISHED


def test_what_is_removed_with_the_mouse_comes_back_to_its_place(story: Story, page: Page) -> None:
    read(story, page)
    line(page, story.fair).get_by_role("link", name="Decide").click()
    panel(page).get_by_label("Remove, because it breaks this rule").select_option("off-topic")
    panel(page).get_by_label("Reason to the author").fill("This is about another bridge.")
    panel(page).get_by_role("button", name="Remove").click()

    expect(line(page, story.fair)).to_contain_text("This comment was removed under the rule")
    undo = page.get_by_role("button", name=re.compile("^Undo"))
    expect(undo).to_be_visible()
    undo.click()
    expect(line(page, story.fair)).to_contain_text("The bridge should stay open.")
    order = page.locator("[data-comment]").evaluate_all(
        "all => all.map((one) => Number(one.dataset.comment))"
    )
    assert order == [story.fair.id, story.rude.id, story.reply.id]


def test_reports_are_dismissed_with_one_press_and_the_comment_stays(
    story: Story, page: Page
) -> None:
    read(story, page)
    line(page, story.rude).get_by_role("link", name="Decide").click()
    panel(page).get_by_role("button", name="Keep, dismiss reports").click()

    expect(decided(page)).to_contain_text("Kept.")
    expect(line(page, story.rude)).to_contain_text("You are a waste of space.")
    assert story.status(story.rude) is CommentStatus.PUBLISHED
    with_case = page.get_by_role("link", name="Open the case")
    expect(with_case).to_have_attribute(
        "href", re.compile(rf"/console/echo/cases/{story.rude.id}\?did=")
    )


def test_a_colleague_was_faster_and_nothing_that_was_typed_is_lost(
    story: Story, page: Page
) -> None:
    read(story, page)
    line(page, story.rude).get_by_role("link", name="Decide").click()
    reason = panel(page).get_by_label("Reason to the author")
    reason.fill("Words that took me a while.")
    # Escape does not throw away what somebody has written.
    page.keyboard.press("Escape")
    expect(panel(page).get_by_role("button", name="Cancel")).to_be_focused()
    story.keep(story.rude, by=factories.make_staff(story.live.db, story.live.site.id))

    panel(page).get_by_role("button", name="Remove").click()

    expect(panel(page).get_by_role("alert")).to_contain_text("The latest decision: Kept")
    expect(reason).to_have_value("Words that took me a while.")
    assert story.status(story.rude) is CommentStatus.PUBLISHED
    panel(page).get_by_role("button", name="Remove").click()
    expect(decided(page)).to_contain_text(f"Removed under “{RULE}”.")


def test_leaving_gives_the_case_back_and_the_focus_to_the_comment(story: Story, page: Page) -> None:
    read(story, page)
    line(page, story.rude).get_by_role("link", name="Decide").click()
    expect(panel(page)).to_be_visible()
    assert story.holder(story.rude) == story.moderator
    page.keyboard.press("Escape")

    expect(panel(page)).to_have_count(0)
    expect(line(page, story.rude)).to_be_focused()
    wait_for(lambda: story.holder(story.rude) is None)


def test_a_session_that_has_ended_loses_no_word(story: Story, page: Page) -> None:
    read(story, page)
    line(page, story.rude).get_by_role("link", name="Decide").click()
    reason = panel(page).get_by_label("Reason to the author")
    reason.fill("Words that took me a while.")
    page.context.clear_cookies()

    panel(page).get_by_role("button", name="Remove").click()

    expect(panel(page).get_by_role("alert")).to_contain_text("You are not signed in any more.")
    expect(reason).to_have_value("Words that took me a while.")


def test_the_keys_sheet_names_the_key_for_the_desk_alone(
    story: Story, page: Page, browser: Browser
) -> None:
    read(story, page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("decide about the comment")

    context = browser.new_context()
    live = story.live
    live.sign_in(context, live.reader("Ann Lee"))
    theirs = context.new_page()
    asked: list[str] = []
    theirs.on("request", lambda one: asked.append(one.url))
    theirs.goto(live.url + THREAD)
    expect(theirs.get_by_text("Signed in as")).to_be_visible()
    theirs.keyboard.press("j")
    theirs.keyboard.press("m")
    theirs.keyboard.press("?")
    expect(theirs.get_by_role("dialog")).to_contain_text("next comment")
    expect(theirs.get_by_role("dialog")).not_to_contain_text("decide about the comment")
    expect(theirs.get_by_role("link", name="Decide")).to_have_count(0)
    assert not [one for one in asked if MODERATORS.search(one) or "/console/" in one]
    context.close()


def test_from_a_publishers_page_the_thread_opens_at_the_comment(
    story: Story, page: Page, context: BrowserContext
) -> None:
    live = story.live
    live.sign_in(context, story.moderator)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(live.same_site + live.embed("bridge", attributes="order=oldest"))
    expect(page.get_by_role("link", name="1 comment waits for you here")).to_be_visible()
    line(page, story.reply).get_by_text("That is no argument.").click()

    with context.expect_page() as opened:
        page.keyboard.press("m")
    whole = opened.value

    expect(panel(whole)).to_be_visible()
    expect(whole).to_have_url(re.compile(rf"/s/echo/bridge\?at={story.reply.id}#decide-"))
    assert whole.evaluate("opener") is None
    assert not [one for one in asked if "/console/" in one]
    panel(whole).get_by_label("Remove, because it breaks this rule").select_option("off-topic")
    panel(whole).get_by_label("Reason to the author").fill("It says nothing of the bridge.")
    panel(whole).get_by_role("button", name="Remove").click()
    # The paper's page hears of it as every reader's does.
    expect(line(page, story.reply)).to_contain_text("This comment was removed under the rule")
    assert story.status(story.reply) is CommentStatus.REMOVED


def test_nothing_stands_in_anybodys_way_in_the_panel(story: Story, page: Page) -> None:
    read(story, page)
    line(page, story.rude).get_by_role("link", name="Decide").click()
    expect(panel(page)).to_be_visible()
    assert look(page) == []
    panel(page).get_by_role("button", name="Keep, dismiss reports").click()
    expect(decided(page)).to_contain_text("Kept.")
    assert look(page) == []


def test_the_desk_slows_a_conversation_from_its_thread(
    story: Story, page: Page, browser: Browser
) -> None:
    live = story.live
    context = browser.new_context()
    live.sign_in(context, live.reader("Ann Lee"))
    ann = context.new_page()
    ann.goto(live.url + THREAD)
    expect(ann.get_by_text("Signed in as")).to_be_visible()
    read(story, page)

    page.get_by_role("link", name="Pace of the conversation").click()
    page.get_by_label("Each reader writes once every").select_option("180")
    page.get_by_label("Reason, shown to readers").fill("It goes round in circles.")
    page.get_by_role("button", name="Slow it down").click()
    expect(page.get_by_text("The conversation is slowed down.")).to_be_visible()
    assert look(page) == []

    # It comes to the reader's open page by itself.
    expect(ann.locator(".bl-pace")).to_contain_text("It goes round in circles.")
    expect(ann.locator(".bl-pace")).not_to_contain_text("until in")
    for text in ("A first word.", "And a second one."):
        ann.get_by_role("button", name="Write a comment").click()
        ann.get_by_role("textbox", name="Your comment").fill(text)
        ann.get_by_role("button", name="Send", exact=True).click()
    expect(ann.get_by_role("alert")).to_contain_text("once every 3 minutes")
    expect(ann.get_by_role("textbox", name="Your comment")).to_have_value("And a second one.")
    page.get_by_role("button", name="Let it go again").click()
    # She is writing, so nothing moves before she asks; what she has written stays.
    ann.get_by_role("button", name="This conversation has changed. Show it").click()
    expect(ann.locator(".bl-pace")).to_have_count(0)
    expect(ann.get_by_role("textbox", name="Your comment")).to_have_value("And a second one.")
    context.close()


def test_without_a_script_the_way_leads_to_the_case_and_back(live: Live, browser: Browser) -> None:
    story_id = factories.make_story(live.db, live.site.id, "bridge")
    comment = factories.make_comment(live.db, live.site.id, story_id=story_id)
    mo = employ(live, browser, "Mo Adeyemi", scripts=False)
    live.sign_in(mo.page.context, live.find_reader(mo.email))

    mo.goto("/s/echo/bridge")
    mo.sees("The bridge should stay open.").get_by_role("link", name="Report").click()
    mo.page.get_by_role("link", name="Decide about this comment").click()
    expect(mo.page).to_have_url(re.compile(rf"/console/echo/cases/{comment.id}$"))
    mo.page.get_by_role("link", name="Back to the thread").click()
    expect(mo.page).to_have_url(re.compile(rf"/s/echo/bridge\?at={comment.id}#c{comment.id}$"))
    expect(mo.sees("The bridge should stay open.")).to_be_visible()
    mo.close()
