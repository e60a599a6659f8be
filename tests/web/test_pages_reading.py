"""Pages that everybody may read: stories, rules, the log, and what a suspended story hides."""

from __future__ import annotations

from belowline.actions.sites import ModeChange, set_story_mode
from belowline.core.terms import Role, StoryId, StoryMode
from tests import factories
from tests.web.asking import Asker


def suspend(echo: Asker, story_id: StoryId) -> None:
    editor = factories.make_staff(echo.db, echo.site.id, Role.EDITOR)
    set_story_mode(
        echo.db,
        story_id,
        site_id=echo.site.id,
        by=editor,
        change=ModeChange(StoryMode.SUSPENDED, "Comments here rest for now."),
    )


def test_the_start_leads_straight_to_the_only_site(echo: Asker) -> None:
    answer = echo.ask("GET", "/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/s/echo")


def test_a_suspended_story_hides_its_thread_and_headline_everywhere(echo: Asker) -> None:
    story_id = factories.make_story(echo.db, echo.site.id, "harbour-trial")
    comment = factories.make_comment(
        echo.db, echo.site.id, story_id=story_id, text="What a verdict."
    )
    there = f"/s/echo/harbour-trial/c/{comment.id}"
    pages = ["/s/echo", "/s/echo/harbour-trial", there, f"{there}/replies"]
    api = [
        "stories/harbour-trial/thread",
        "stories/harbour-trial/thread.html",
        f"stories/harbour-trial/comments/{comment.id}/replies.html",
    ]
    assert "What a verdict." in echo.ask("GET", there).text

    suspend(echo, story_id)

    for path in (*pages, *api):
        answer = echo.ask("GET", path)
        assert answer.status_code == 200
        assert "What a verdict." not in answer.text
    for path in pages:
        assert "Harbour-Trial" not in echo.ask("GET", path).text
    _, token = echo.reader()
    for path in ("/s/echo/harbour-trial/write", f"{there}/report", f"{there}/respect"):
        assert echo.ask("GET", path, by=token).status_code == 404


def test_a_number_leads_to_the_comments_place_only_if_it_has_one(echo: Asker) -> None:
    shown = factories.make_comment(echo.db, echo.site.id)
    held = factories.make_comment(echo.db, echo.site.id, verdicts=[factories.HOLDING])

    answer = echo.ask("GET", f"/c/echo/{shown.id}")

    assert answer.headers["location"].endswith(f"/c/{shown.id}#c{shown.id}")
    assert echo.ask("GET", f"/c/echo/{held.id}").status_code == 404


def test_the_rules_name_each_rule_by_an_anchor_and_keep_their_guidance_inside(echo: Asker) -> None:
    page = echo.ask("GET", "/rules/echo").text

    assert 'id="personal-attack"' in page
    assert "Suspension" in page
    assert "waste of space" not in page
    assert echo.ask("GET", "/rules/echo/1").status_code == 200
    assert echo.ask("GET", "/rules/echo/2").status_code == 404


def test_another_sites_comment_is_not_found_here(echo: Asker) -> None:
    other = factories.make_site(echo.db, "packet")
    reader_id, token = echo.reader()
    elsewhere = factories.make_comment(echo.db, other.id, author_id=reader_id)
    factories.make_story(echo.db, echo.site.id, "bridge")

    for path in (
        f"/c/echo/{elsewhere.id}",
        f"/s/echo/bridge/c/{elsewhere.id}",
        f"/s/echo/bridge/c/{elsewhere.id}/report",
        f"/s/echo/bridge/c/{elsewhere.id}/edit",
        f"/s/echo/bridge/write?to={elsewhere.id}",
        f"/me/echo/comments/{elsewhere.id}",
    ):
        assert echo.ask("GET", path, by=token).status_code == 404, path
    assert echo.ask("GET", f"/me/packet/comments/{elsewhere.id}", by=token).status_code == 200
