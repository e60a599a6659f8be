"""What editors do at the desk, and that two of them do not undo each other's work unseen."""

from __future__ import annotations

import re

import pytest

from belowline.core.terms import StoryMode
from belowline.readers.store import get_reader
from belowline.rules import store as rules
from belowline.stories import store as stories
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import Asker
from tests.web.test_console import Desk, make_desk, sheet


@pytest.fixture
def desk(echo_on_both: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo_on_both, clock)


def mode_of(desk: Desk, story_id: int) -> StoryMode:
    with desk.asker.db.read() as conn:
        found = stories.list_stories(conn, desk.asker.site.id)
    return next(story.mode for story in found if story.id == story_id)


def draft_intro(desk: Desk) -> str | None:
    with desk.asker.db.read() as conn:
        draft = rules.find_draft(conn, desk.asker.site.id)
    return draft.intro if draft is not None else None


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found[1]


# Stories


def test_a_page_from_before_a_suspension_does_not_open_the_story_again(desk: Desk) -> None:
    """A colleague suspends for a court; my page still says open when I word another reason."""
    story_id = desk.comment().story_id
    mode = f"/stories/{story_id}/mode"
    desk.send(mode, by=desk.owner, mode="suspended", reason="", seen="open")

    stale = desk.send(mode, by=desk.owner, mode="open", reason="Come <in>.", seen="open")

    assert stale.status_code == 409
    assert mode_of(desk, story_id) is StoryMode.SUSPENDED
    assert "A colleague has changed this story meanwhile" in stale.text
    assert 'value="Come &lt;in&gt;."' in stale.text
    assert 'name="seen" value="suspended"' in stale.text


def test_a_story_opens_again_from_a_page_that_is_fresh(desk: Desk) -> None:
    story_id = desk.comment().story_id
    mode = f"/stories/{story_id}/mode"
    desk.send(mode, by=desk.owner, mode="suspended", reason="", seen="open")

    fresh = desk.send(mode, by=desk.owner, mode="open", reason="", seen="suspended")

    assert (fresh.status_code, mode_of(desk, story_id)) == (303, StoryMode.OPEN)


def test_what_was_refused_is_shown_also_for_a_story_far_down(desk: Desk) -> None:
    oldest = desk.comment().story_id
    for _ in range(51):
        factories.make_story(desk.asker.db, desk.asker.site.id)

    answer = desk.send(
        f"/stories/{oldest}/mode", by=desk.owner, mode="closed", reason="x" * 501, seen="open"
    )

    assert answer.status_code == 422
    assert f'id="story-{oldest}"' in answer.text
    assert 'class="error"' in answer.text


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        pytest.param("BRIDGE", True, id="in any case"),
        pytest.param("50%", True, id="a sign that databases read as anything"),
        pytest.param("5_%", False, id="another"),
        pytest.param("harbour", False, id="not there"),
    ],
)
def test_a_story_is_found_by_its_headline(desk: Desk, sought: str, found: bool) -> None:  # noqa: FBT001 - a row of the table
    origin = desk.asker.site.origins[0]
    desk.send(
        "/stories", by=desk.owner, key="", title="Bridge tolls up 50%", url=f"{origin}/tolls/1"
    )

    page = desk.asker.ask(
        "GET",
        "/console/echo/stories",
        by=desk.tokens[desk.owner],
        origin=None,
        params={"q": sought},
    ).text

    assert ("Bridge tolls up 50%" in page) is found


# Rules


def test_a_draft_that_a_colleague_saved_is_not_overwritten_unseen(desk: Desk) -> None:
    began = seen(desk.get("/rules", by=desk.owner).text)
    desk.send("/rules", by=desk.owner, intro="Theirs.", do="save", seen=began, **sheet("Fair"))

    stale = desk.send(
        "/rules", by=desk.owner, intro="Mine.", do="save", seen=began, **sheet("Kind")
    )
    kept = draft_intro(desk)
    again = desk.send(
        "/rules", by=desk.owner, intro="Mine.", do="save", seen=seen(stale.text), **sheet("Kind")
    )

    assert (stale.status_code, kept) == (409, "Theirs.")
    assert ">Mine.</textarea>" in stale.text
    assert 'value="Kind"' in stale.text
    assert (again.status_code, draft_intro(desk)) == (303, "Mine.")


def test_moving_a_rule_keeps_in_mind_what_the_form_began_with(desk: Desk) -> None:
    began = seen(desk.get("/rules", by=desk.owner).text)
    desk.send("/rules", by=desk.owner, intro="Theirs.", do="save", seen=began, **sheet("Fair"))

    moved = desk.send("/rules", by=desk.owner, intro="Mine.", do="add", seen=began, **sheet("Kind"))

    assert seen(moved.text) == began


def test_only_the_draft_that_was_read_is_put_in_force(desk: Desk) -> None:
    desk.send("/rules", by=desk.owner, intro="Read.", do="save", **sheet("Fair"))
    read = seen(desk.get("/rules/preview", by=desk.owner).text)
    desk.send("/rules", by=desk.owner, intro="Changed.", do="save", **sheet("Kind"))

    answer = desk.send("/rules/publish", by=desk.owner, version="2", confirm="1", seen=read)

    assert answer.status_code == 409
    assert "Kind matters." in answer.text
    with desk.asker.db.read() as conn:
        assert rules.get_current_rulebook(conn, desk.asker.site.id).version == 1


def test_the_rule_that_is_not_complete_is_named(desk: Desk) -> None:
    lines = sheet("Fair", "Kind")
    lines["text"][1] = ""

    answer = desk.send("/rules", by=desk.owner, intro="Be fair.", do="save", **lines)

    assert answer.status_code == 422
    assert "Rule 2: each rule has a title, a sentence and a severity" in answer.text


# Questions


def test_a_question_is_pinned_in_the_console_and_stands_above_the_thread(desk: Desk) -> None:
    story_id = desk.comment().story_id
    with desk.asker.db.read() as conn:
        key = stories.get_story_by_id(conn, desk.asker.site.id, story_id).key
    there = f"/stories/{story_id}/question"

    too_long = desk.send(there, by=desk.owner, question="x" * 301)
    assert too_long.status_code == 422
    assert "x" * 301 in too_long.text, "what was typed is kept"
    sent = desk.send(there, by=desk.owner, question="What <b>would</b> you change?")

    assert sent.status_code == 303
    page = desk.asker.ask("GET", f"/s/echo/{key}").text
    assert "What &lt;b&gt;would&lt;/b&gt; you change?" in page
    answer = desk.asker.ask("GET", f"stories/{key}/thread").json()
    assert answer["story"]["question"]["text"] == "What <b>would</b> you change?"
    console = desk.asker.ask("GET", "/console/echo/stories", by=desk.tokens[desk.owner])
    assert 'value="What &lt;b&gt;would&lt;/b&gt; you change?"' in console.text
    desk.send(there, by=desk.owner, question="")
    assert "The newsroom asks" not in desk.asker.ask("GET", f"/s/echo/{key}").text


# Authors


def test_who_wrote_a_story_is_named_in_the_console_and_marked_in_the_thread(desk: Desk) -> None:
    comment = desk.comment()
    there = f"/stories/{comment.story_id}/authors"
    with desk.asker.db.read() as conn:
        key = stories.get_story_by_id(conn, desk.asker.site.id, comment.story_id).key
        name = get_reader(conn, comment.author_id).name
    wrong = desk.send(there, by=desk.owner, author="Nobody At All")
    assert wrong.status_code == 422
    assert 'value="Nobody At All"' in wrong.text
    assert "Wrote the story" not in desk.asker.ask("GET", f"/s/echo/{key}").text

    assert desk.send(there, by=desk.owner, author=name).status_code == 303

    assert "Wrote the story" in desk.asker.ask("GET", f"/s/echo/{key}").text
    answer = desk.asker.ask("GET", f"stories/{key}/thread").json()
    assert answer["comments"][0]["by_author"] is True
    desk.send(there, by=desk.owner, drop=str(comment.author_id))
    assert "Wrote the story" not in desk.asker.ask("GET", f"/s/echo/{key}").text
