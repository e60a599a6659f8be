"""The page for one conversation's pace, and what readers and programs are told of it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from belowline.core.terms import StoryId
from belowline.stories import store as stories
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import Asker
from tests.web.test_console import Desk, make_desk

WHY = "The same points go round & round."
SLOWLY = {"between": "180", "lasts": "2", "reason": WHY}


@pytest.fixture
def desk(echo_on_both: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo_on_both, clock)


@pytest.fixture
def story_id(desk: Desk) -> StoryId:
    return factories.make_story(desk.asker.db, desk.asker.site.id, "bridge")


def slowed(desk: Desk, story_id: StoryId) -> bool:
    with desk.asker.db.read() as conn:
        found = stories.get_story_by_id(conn, desk.asker.site.id, story_id)
    return found.slowed is not None


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_a_moderator_slows_a_conversation_and_readers_see_why(
    desk: Desk, story_id: StoryId
) -> None:
    before = desk.asker.ask("GET", "/s/echo/bridge").text
    answer = desk.send(f"/stories/{story_id}/pace", **SLOWLY)
    assert answer.status_code == 303
    where = answer.headers["location"].removeprefix("/console/echo")
    page = words(desk.get(where).text)
    assert "The conversation is slowed down." in page
    assert "once every 3 minutes" in page

    read = words(desk.asker.ask("GET", "/s/echo/bridge").text)
    assert "has been slowed down" not in before
    assert "Everybody can write here once every 3 minutes" in read
    assert WHY in read
    story = desk.asker.ask("GET", "stories/bridge/thread").json()["story"]
    until = (desk.clock.now.replace(microsecond=0) + timedelta(hours=2)).isoformat()
    assert story["pace"] | {"until": None} == {
        "seconds": 180, "until": None, "by_hand": True, "reason": WHY
    }  # fmt: skip
    assert story["pace"]["until"].replace("Z", "+00:00") == until
    news = desk.asker.ask("GET", "stories/bridge/changes?since=0").json()
    assert (news["pace_seconds"], news["paced_until"]) == (180, story["paced_until"])
    for path in ("", "/stories"):
        assert "slowed down" in words(desk.get(path, by=desk.owner).text)


def test_a_reader_is_told_when_and_keeps_what_they_wrote(desk: Desk, story_id: StoryId) -> None:
    desk.send(f"/stories/{story_id}/pace", **SLOWLY)
    _, token = desk.asker.reader()
    sent = {"text": "A first word about the bridge.", "accepts": 1}
    assert desk.asker.ask("POST", "stories/bridge/comments", by=token, json=sent).is_success

    again = sent | {"text": "And a second one right away."}
    refused = desk.asker.ask("POST", "stories/bridge/comments", by=token, json=again)

    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (403, "story_slowed")
    assert WHY in error["message"]
    assert error["context"]["until"].startswith(
        (desk.clock.now + timedelta(minutes=3)).isoformat()[:16]
    )
    form = words(desk.asker.ask("GET", "/s/echo/bridge/write", by=token, origin=None).text)
    assert "once every 3 minutes" in form


def test_it_is_let_go_again_and_both_are_in_the_log(desk: Desk, story_id: StoryId) -> None:
    desk.send(f"/stories/{story_id}/pace", **SLOWLY | {"lasts": ""})
    assert "until somebody lifts it" in words(desk.get(f"/stories/{story_id}/pace").text)
    assert "has been slowed down for now" in words(desk.asker.ask("GET", "/s/echo/bridge").text)

    answer = desk.send(f"/stories/{story_id}/pace", lift="1")

    assert answer.status_code == 303
    assert not slowed(desk, story_id)
    assert "has been slowed down" not in words(desk.asker.ask("GET", "/s/echo/bridge").text)
    assert desk.asker.ask("GET", "stories/bridge/thread").json()["story"]["pace"] is None
    log = words(desk.get("/log?kind=story_slowed", by=desk.owner).text)
    assert "Conversation slowed down" in log
    assert "Conversation no longer slowed down" in log
    desk.clock.advance(timedelta(minutes=2))
    public = words(desk.asker.ask("GET", "/log/echo").text)
    assert "A conversation was slowed down" in public
    assert "A conversation is no longer slowed down" in public


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"between": "7"}, "between", id="a wait that is not to choose"),
        pytest.param({"between": "9" * 30}, "between", id="a wait beyond every clock"),
        pytest.param({"between": ""}, "between", id="no wait"),
        pytest.param({"lasts": "3"}, "lasts", id="a time that is not to choose"),
        pytest.param({"reason": " "}, "reason", id="no reason"),
        pytest.param({"reason": "x" * 301}, "reason", id="too long a reason"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    desk: Desk, story_id: StoryId, fields: dict[str, str], field: str
) -> None:
    answer = desk.send(f"/stories/{story_id}/pace", **SLOWLY | fields)

    assert answer.status_code == 422
    assert not slowed(desk, story_id)
    marked = re.search(rf'<(?:select|input)[^>]*id="{field}"[^>]*aria-invalid="true"', answer.text)
    assert marked is not None
    if field != "reason":
        assert "round &amp; round." in answer.text


def test_another_sites_story_is_not_there(desk: Desk) -> None:
    other = factories.make_site(desk.asker.db, "other")
    theirs = factories.make_story(desk.asker.db, other.id)

    assert desk.get(f"/stories/{theirs}/pace").status_code == 404
    assert desk.send(f"/stories/{theirs}/pace", **SLOWLY).status_code == 404
    assert desk.send(f"/stories/{theirs}/pace", lift="1").status_code == 404
