"""Checking a draft before it is sent: the rule and nothing more, nothing kept, not without end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.checking import PER_READER
from belowline.actions.sites import ModeChange, change_site, set_story_mode
from belowline.core.terms import Role, StoryMode
from belowline.sites.model import ListedWord, SiteSettings
from belowline.storage import tables
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import Asker

WORD = "zqgobbledegook"
BAD = {"text": f"You {WORD}, the lot of you."}
GOOD = {"text": "The bridge at the mill needs a footpath."}
CHECK = "stories/bridge/check"


@pytest.fixture(params=["hold", "refuse"])
def asker(echo: Asker, request: pytest.FixtureRequest) -> Asker:
    """Give a site on whose list the word is, to be held or to be refused."""
    words = (ListedWord(WORD, "personal-attack", request.param),)
    change_site(echo.db, echo.site, settings=SiteSettings(words=words))
    factories.make_story(echo.db, echo.site.id, "bridge")
    return echo


def test_the_rule_is_named_and_not_the_word(asker: Asker) -> None:
    _, token = asker.reader()

    answer = asker.ask("POST", CHECK, by=token, json=BAD)
    clean = asker.ask("POST", CHECK, by=token, json=GOOD)

    assert answer.status_code == 200
    told = answer.json()
    assert set(told) == {"rule", "message"}
    assert set(told["rule"]) == {"key", "title", "text"}
    assert told["rule"]["key"] == "personal-attack"
    assert WORD not in answer.text
    assert "send it as it is" in told["message"]
    assert clean.json() == {"rule": None, "message": None}
    assert asker.ask("POST", CHECK, by=token, json={"text": " "}).json()["rule"] is None


def test_nothing_of_the_draft_is_kept(asker: Asker) -> None:
    _, token = asker.reader()
    watched = (tables.comments, tables.revisions, tables.screenings, tables.events, tables.cases)
    before = [factories.rows_of(asker.db, table) for table in watched]

    asker.ask("POST", CHECK, by=token, json=BAD)

    assert [factories.rows_of(asker.db, table) for table in watched] == before
    sent = asker.ask("POST", "stories/bridge/comments", by=token, json=BAD)
    assert sent.status_code == 201, "it may be sent all the same"


def test_it_is_for_whoever_might_send_it(asker: Asker) -> None:
    _, token = asker.reader()
    assert asker.ask("POST", CHECK, json=GOOD).status_code == 401
    assert asker.ask("POST", CHECK, by=token, json=GOOD).status_code == 200
    editor = factories.make_staff(asker.db, asker.site.id, Role.EDITOR)
    story_id = factories.make_story(asker.db, asker.site.id, "ferry")
    closed = ModeChange(StoryMode.CLOSED, "Enough.")
    set_story_mode(asker.db, story_id, site_id=asker.site.id, by=editor, change=closed)

    assert asker.ask("POST", "stories/ferry/check", by=token, json=GOOD).status_code == 403


def test_nobody_finds_a_list_by_trying(asker: Asker, clock: SettableClock) -> None:
    _, token = asker.reader()
    _, other = asker.reader("Bea Day")
    for _ in range(PER_READER.most):
        assert asker.ask("POST", CHECK, by=token, json=GOOD).status_code == 200

    refused = asker.ask("POST", CHECK, by=token, json=GOOD)

    assert refused.status_code == 429
    assert asker.ask("POST", CHECK, by=other, json=GOOD).status_code == 200
    clock.advance(PER_READER.within + timedelta(seconds=1))
    assert asker.ask("POST", CHECK, by=token, json=GOOD).status_code == 200


def test_a_reader_who_never_wrote_here_is_known_as_one(asker: Asker) -> None:
    _, token = asker.reader()
    assert asker.ask("GET", "stories/bridge/me").json()["first_time"] is False
    assert asker.ask("GET", "stories/bridge/me", by=token).json()["first_time"] is True

    asker.ask("POST", "stories/bridge/comments", by=token, json=GOOD)

    assert asker.ask("GET", "stories/bridge/me", by=token).json()["first_time"] is False
