"""Two browsers side by side: what happens in one is seen in the other, without a reload."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.sites import ModeChange, set_story_mode
from belowline.core.terms import CommentId, Outcome, Role, RuleKey, StoryMode
from belowline.storage.database import Database
from belowline.stories import store as stories
from tests import factories
from tests.browser.conftest import Live
from tests.browser.people import Person, arrive
from tests.browser.serving import wait_for

pytestmark = pytest.mark.browser
STORY = "bridge"


@pytest.fixture
def people(live: Live, browser: Browser) -> Iterator[tuple[Person, Person]]:
    """Give two readers at the same thread, of whom the first is signed in."""
    story_id = factories.make_story(live.db, live.site.id, STORY)
    factories.make_comment(live.db, live.site.id, story_id=story_id, text="The first comment.")
    ann, bob = (arrive(live, browser, name) for name in ("Ann Lee", "Bob Okafor"))
    live.sign_in(ann.page.context, live.reader("Ann Lee"))
    ann.read(STORY)
    bob.read(STORY)
    expect(ann.page.get_by_text("Signed in as")).to_be_visible()
    wait_for(lambda: len(live.house.live._watched) == 1)  # noqa: SLF001 - both are connected
    yield ann, bob
    ann.close()
    bob.close()


def offer(page: Page, number: int):
    name = "1 new comment" if number == 1 else f"{number} new comments"
    return page.get_by_role("button", name=name, exact=True)


def find(live: Live, text: str) -> CommentId:
    from belowline.storage.tables import revisions  # noqa: PLC0415

    [row] = [one for one in factories.rows_of(live.db, revisions) if text in one.text]
    return CommentId(row.comment_id)


def test_what_one_posts_edits_and_takes_back_the_other_sees(
    people: tuple[Person, Person],
) -> None:
    ann, bob = people
    ann.write("A word about the footpath.")
    expect(offer(bob.page, 1)).to_be_visible()
    expect(bob.sees("A word about the footpath.")).to_have_count(0)
    expect(bob.page.locator(".thread-head h2 .count")).to_have_text("2")
    # A reply to what is already there waits too.
    ann.reply("The first comment.", "And about the railings.")
    offer(bob.page, 2).click()
    expect(bob.sees("A word about the footpath.")).to_be_focused()
    expect(bob.page.locator(".replies").get_by_text("And about the railings.")).to_be_visible()

    mine = ann.sees("A word about the footpath.")
    mine.get_by_role("button", name="Edit").click()
    ann.page.get_by_role("textbox", name=re.compile("comment")).fill("A word about the ferry.")
    ann.page.get_by_role("button", name="Save").click()
    expect(ann.sees("A word about the ferry.")).to_be_visible()
    expect(bob.sees("A word about the ferry.")).to_be_visible()
    expect(bob.sees("A word about the footpath.")).to_have_count(0)

    ann.sees("A word about the ferry.").get_by_role("button", name="Take back").click()
    ann.page.get_by_role("button", name="Take it back").click()
    expect(bob.sees("A word about the ferry.")).to_have_count(0)
    expect(bob.page.locator(".thread-head h2 .count")).to_have_text("2")


def test_what_is_removed_leaves_a_neutral_line_at_once_and_comes_back_in_its_place(
    live: Live, people: tuple[Person, Person]
) -> None:
    ann, bob = people
    ann.write("Something rude.")
    offer(bob.page, 1).click()
    expect(bob.sees("Something rude.")).to_be_visible()
    number, by = find(live, "Something rude."), factories.make_staff(live.db, live.site.id)
    draft = DecisionDraft(Outcome.REMOVE, RuleKey("personal-attack"), "It insults.", 1)
    made = decide(live.db, number, site_id=live.site.id, by=by, decision=draft)

    gone = bob.page.locator(f"[data-comment='{number}']")
    expect(gone).to_contain_text("removed under the rule")
    expect(bob.page.get_by_text("Something rude.")).to_have_count(0)
    undo(live.db, made.id, site_id=live.site.id, by=by, undo_for=live.house.settings.undo_for)
    expect(gone).to_contain_text("Something rude.")


def test_a_closed_and_a_suspended_story_say_so_without_a_reload(
    live: Live, people: tuple[Person, Person]
) -> None:
    _, bob = people
    editor = factories.make_staff(live.db, live.site.id, Role.EDITOR)
    with live.db.read() as conn:
        story = stories.get_story(conn, live.site.id, STORY)
    for mode, said in (
        (StoryMode.CLOSED, "Closed for the night."),
        (StoryMode.SUSPENDED, "Not available."),
    ):
        change = ModeChange(mode, said)
        set_story_mode(live.db, story.id, site_id=live.site.id, by=editor, change=change)
        expect(bob.page.get_by_role("note").filter(has_text=said)).to_be_visible()
    expect(bob.page.get_by_text("The first comment.")).to_have_count(0)


def test_nothing_moves_while_somebody_writes(live: Live, people: tuple[Person, Person]) -> None:
    ann, bob = people
    ann.page.get_by_role("button", name="Write a comment").click()
    box = ann.page.get_by_role("textbox", name="Your comment")
    box.fill("I am still thinking")
    with live.db.read() as conn:
        story = stories.get_story(conn, live.site.id, STORY)
    factories.make_comment(live.db, live.site.id, story_id=story.id, text="Meanwhile.")
    live.db.changed(story.id)

    expect(offer(ann.page, 1)).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("I am still thinking")
    offer(bob.page, 1).click()
    expect(bob.sees("Meanwhile.")).to_be_visible()


def test_without_streams_the_page_polls(live: Live, browser: Browser) -> None:
    story_id = factories.make_story(live.db, live.site.id, STORY)
    ann = arrive(live, browser, "Ann Lee")
    ann.page.clock.install()
    ann.page.route("**/live?*", lambda route: route.fulfill(status=503, body=""))
    ann.read(STORY)
    other = Database(live.db.engine.url.render_as_string(hide_password=False))
    factories.make_comment(other, live.site.id, story_id=story_id, text="Heard all the same.")
    other.close()
    for _ in range(20):
        ann.page.clock.run_for(10_000)
        if offer(ann.page, 1).count():
            break
    offer(ann.page, 1).click()
    expect(ann.sees("Heard all the same.")).to_be_visible()
    ann.close()
