"""A comment that is answered before the framework is answered as the framework would answer it.

A query, even an empty one of no meaning, sends a request the framework's way.
"""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from belowline.core.terms import StoryMode
from belowline.web.addresses import ROUTES
from belowline.web.direct import LONGEST_BODY, Direct
from tests import factories
from tests.web.asking import Asker

PATH = "stories/bridge/comments"
USUAL = "?usual=1"
WORDS = "Keep the bridge open to buses, please."


@pytest.fixture
def passed_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the paths that were found to be answered directly."""
    found: list[str] = []
    find = Direct._find  # noqa: SLF001 - there is no other sign of which way was taken

    def hear(self: Direct, scope: Any) -> Any:  # noqa: ANN401
        line = find(self, scope)
        if line is not None:
            found.append(scope["path"])
        return line

    monkeypatch.setattr(Direct, "_find", hear)
    return found


def told(answer: httpx.Response) -> tuple[int, list[tuple[str, str]], str]:
    """Return an answer without what no two comments have in common."""
    text = re.sub("Reader [AB]", "X", re.sub("[0-9]+", "N", answer.text))
    headers = [pair for pair in answer.headers.items() if pair[0] != "content-length"]
    return answer.status_code, sorted(headers), text


ASKED = (
    pytest.param({"json": {"text": WORDS}}, id="a comment"),
    pytest.param({"json": {"text": "Look: \u0411\u0443\u0441 \U0001f68c & <b>"}}, id="any letters"),
    pytest.param({"json": {"text": WORDS, "client_key": "0123456789"}}, id="with a key"),
    pytest.param({"json": {"text": WORDS, "client_key": "short"}}, id="a bad key"),
    pytest.param({"json": {"text": WORDS, "status": "published"}}, id="a field too many"),
    pytest.param({"json": {"text": 7}}, id="no text"),
    pytest.param({"json": {"text": "  "}}, id="an empty text"),
    pytest.param({"json": {"text": WORDS, "parent": 999}}, id="no such parent"),
    pytest.param({"json": {"text": WORDS, "parent": -1}}, id="no possible parent"),
    pytest.param({"json": [WORDS]}, id="a list"),
    pytest.param({"content": b"{", "type": "application/json"}, id="half of it"),
    pytest.param({"content": b"[" * 20_000, "type": "application/json"}, id="too deep"),
    pytest.param({"content": b"\xff\xfe", "type": "application/json"}, id="no letters"),
    pytest.param({"content": b"text=hello", "type": "text/plain"}, id="another kind"),
    pytest.param({"json": {"text": "x" * LONGEST_BODY}}, id="very long"),
    pytest.param({"json": {"text": WORDS}, "origin": "https://else.example"}, id="elsewhere"),
    pytest.param({"json": {"text": WORDS}, "origin": None}, id="without an origin"),
    pytest.param({"json": {"text": WORDS}, "by": "nobody"}, id="a dead session"),
    pytest.param({"json": {"text": WORDS}, "by": ""}, id="nobody"),
    pytest.param({"json": {"text": WORDS}, "bearer": "nobody"}, id="a dead token"),
    pytest.param({"json": {"text": WORDS}, "path": "stories/none/comments"}, id="no story"),
    pytest.param({"json": {"text": WORDS}, "path": "stories/shut/comments"}, id="a closed story"),
    pytest.param(
        {"json": {"text": WORDS}, "path": "/api/v1/sites/none/stories/bridge/comments"},
        id="no site",
    ),
    pytest.param({"json": {"text": WORDS}, "accepts": False}, id="rules not accepted"),
)


@pytest.mark.parametrize("asked", ASKED)
def test_both_ways_say_the_same(echo: Asker, passed_on: list[str], asked: dict[str, Any]) -> None:
    given = dict(asked)
    factories.make_story(echo.db, echo.site.id, "bridge")
    factories.make_story(echo.db, echo.site.id, "shut", mode=StoryMode.CLOSED)
    path = given.pop("path", PATH)
    kind = given.pop("type", None)
    accepts = given.pop("accepts", True)
    answers = []
    for name, way in (("Reader A", ""), ("Reader B", USUAL)):
        _, token = echo.reader(name, accepts=accepts)
        headers = {"content-type": kind} if kind else {}
        sent = {"headers": headers, "by": token, **given}
        answers.append(told(echo.ask("POST", path + way, **sent)))
    assert answers[0] == answers[1]
    assert len(passed_on) <= 1


def test_a_plain_comment_takes_the_short_way(echo: Asker, passed_on: list[str]) -> None:
    factories.make_story(echo.db, echo.site.id, "bridge")
    _, token = echo.reader()
    assert echo.ask("POST", PATH, by=token, json={"text": WORDS}).status_code == 201
    assert passed_on == ["/api/v1/sites/echo/stories/bridge/comments"]


def test_what_is_refused_is_stored_by_neither_way(echo: Asker) -> None:
    factories.make_story(echo.db, echo.site.id, "bridge")
    _, token = echo.reader()
    echo.ask("POST", PATH, by=token, json={"text": WORDS, "status": "published"})
    echo.ask("POST", PATH, by=token, json={"text": WORDS}, origin="https://else.example")
    assert echo.ask("GET", "counts?story=bridge").json() == {"counts": {"bridge": 0}}


def test_a_mistake_in_a_view_is_answered_and_logged_as_everywhere(
    echo: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_story(echo.db, echo.site.id, "bridge")
    _, token = echo.reader()

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("belowline.actions.comments.post_comment", fail)
    monkeypatch.setattr("belowline.actions.comments.post_comments", fail)
    short = echo.ask("POST", PATH, by=token, json={"text": WORDS})
    usual = echo.ask("POST", PATH + USUAL, by=token, json={"text": WORDS})
    assert short.status_code == 500
    assert told(short) == told(usual)


def test_what_is_answered_directly_is_a_plain_view_of_a_payload() -> None:
    direct = [route for route in ROUTES if route.together]
    assert [route.path for route in direct] == [
        "/api/v1/sites/{site:str}/stories/{story:str}/comments"
    ]
    assert all(route.method == "POST" for route in direct)
