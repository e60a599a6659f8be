"""Comments that come while others are answered are answered together, each as if alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from belowline.storage.tables import comments
from belowline.web import direct
from belowline.web.embed import comments as view
from tests import factories
from tests.web.asking import Asker

ADDRESS = "/api/v1/sites/echo/stories/bridge/comments"


def ask_at_once(echo: Asker, asked: Sequence[tuple[str, Any]]) -> list[httpx.Response]:
    """Post all of these, each by the token of its reader, before any is answered."""

    async def go() -> list[httpx.Response]:
        return await asyncio.gather(
            *(
                echo.client.post(
                    ADDRESS,
                    json=body,
                    headers={"origin": echo.origin, "authorization": f"Bearer {token}"},
                )
                for token, body in asked
            )
        )

    answers: list[httpx.Response] = echo.portal.call(go)
    return answers


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many were answered together."""
    sizes: list[int] = []
    answer = direct._answer  # noqa: SLF001 - no door shows it

    def hear(house: Any, line: Any, group: Any, acted: Any) -> Any:  # noqa: ANN401
        sizes.append(len(group))
        return answer(house, line, group, acted)

    monkeypatch.setattr(direct, "_answer", hear)
    return sizes


def test_all_are_answered_in_few_groups(echo_on_both: Asker, groups: list[int]) -> None:
    echo = echo_on_both
    factories.make_story(echo.db, echo.site.id, "bridge")
    asked: list[tuple[str, Any]] = [
        (echo.reader(f"Reader {n}")[1], {"text": f"Voice {n} speaks of the bridge."})
        for n in range(20)
    ]
    asked.insert(3, ("no-such-token", {"text": "Nobody."}))
    asked.insert(5, (asked[0][0], {"text": 7}))
    asked.insert(7, (asked[1][0], {"text": "Reader 1 once more, at the same moment."}))

    answers = ask_at_once(echo, asked)

    statuses = [answer.status_code for answer in answers]
    assert (statuses.pop(3), statuses.pop(4), set(statuses)) == (401, 400, {201})
    assert sum(groups) == len(asked)
    assert len(groups) <= 5
    ids = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    assert len(set(ids)) == len(factories.rows_of(echo.db, comments)) == 21
    for (_, body), answer in zip(asked, answers, strict=True):
        assert answer.status_code != 201 or body["text"] in answer.json()["html"]


def test_a_mistake_about_one_is_not_the_others_misfortune(
    echo: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_story(echo.db, echo.site.id, "bridge")
    asked = [
        (echo.reader(f"Reader {n}")[1], {"text": f"Voice {n} speaks of the bridge."})
        for n in range(6)
    ]
    draft = view._draft  # noqa: SLF001 - where a mistake is made for the test

    def stumble(visitor: Any, story: str, data: Any) -> Any:  # noqa: ANN401
        if data.text.startswith("Voice 3"):
            raise ZeroDivisionError
        return draft(visitor, story, data)

    monkeypatch.setattr(view, "_draft", stumble)

    answers = ask_at_once(echo, asked)

    assert [answer.status_code for answer in answers] == [201, 201, 201, 500, 201, 201]
    assert len(factories.rows_of(echo.db, comments)) == 5


def test_a_mistake_in_telling_does_not_store_anything_twice(
    echo: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a key of their own the comments could not be known again."""
    factories.make_story(echo.db, echo.site.id, "bridge")
    asked = [
        (echo.reader(f"Reader {n}")[1], {"text": f"Voice {n} speaks of the bridge."})
        for n in range(6)
    ]

    def stumble(*_: Any) -> Any:  # noqa: ANN401
        raise ZeroDivisionError

    monkeypatch.setattr(view, "answer_comments", stumble)

    answers = ask_at_once(echo, asked)

    assert {answer.status_code for answer in answers} <= {201, 500}
    assert len(factories.rows_of(echo.db, comments)) == 6


def test_where_a_classifier_takes_its_time_each_is_asked_about_alone(
    echo: Asker, groups: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_story(echo.db, echo.site.id, "bridge")
    monkeypatch.setattr(type(echo.house.classifier), "waits", True)
    asker = direct.Direct(echo.client, echo.house, ())  # type: ignore[arg-type]

    assert (asker._most, asker._at_once) == (1, direct.PATIENT)  # noqa: SLF001
    assert groups == []
