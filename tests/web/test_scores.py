"""The door for programs that asked Perspective, through the application and over the wire."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import googleapiclient.discovery
import httpx
import pytest
import sqlalchemy as sa
from googleapiclient.errors import HttpError

from belowline.core.settings import Settings
from belowline.followers.learning import Learning
from belowline.scoring.desks import SiteDesks
from belowline.scoring.linear import LinearScorer
from belowline.scoring.store import KEPT_FOR
from belowline.storage.database import Database
from belowline.storage.tables import suggested_scores
from belowline.web.app import make_app
from belowline.web.house import make_house
from belowline.web.scores.quota import AT_ONCE, MOST_WAITING, Quota
from tests.browser.serving import listen, serving
from tests.conftest import SettableClock
from tests.web.asking import SECRET, Asker, asking

KEY = "K3y-of-coral-for-the-tests-9Zx"
OTHER = "Another-key-of-a-forum-47fQ"
ANALYZE = "/v1alpha1/comments:analyze"
SUGGEST = "/v1alpha1/comments:suggestscore"
RUDE = "You are a fucking idiot. The weather is nice today."


KEYS = (f"coral={KEY}", f"forum={OTHER}")


@pytest.fixture
def door(sqlite: Database) -> Iterator[Asker]:
    """Give an application with the door open to two programs."""
    with asking(sqlite, scoring_keys=KEYS) as asker:
        yield asker


@pytest.fixture
def door_on_both(db: Database) -> Iterator[Asker]:
    """Give the same on SQLite and on PostgreSQL, for what is kept."""
    with asking(db, scoring_keys=KEYS) as asker:
        yield asker


def analyze(door: Asker, body: object, *, key: str = KEY, **given: Any) -> httpx.Response:  # noqa: ANN401
    return door.ask("POST", f"{ANALYZE}?key={key}", json=body, origin=None, **given)


def asked(text: str, **more: object) -> dict[str, object]:
    return {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}, **more}


def error(answer: httpx.Response) -> dict[str, Any]:
    told = answer.json()["error"]
    assert told["code"] == answer.status_code
    return dict(told)


def test_a_score_comes_in_perspectives_shape(door: Asker) -> None:
    answer = analyze(door, asked(RUDE, clientToken="abc", doNotStore=True, sessionId="x"))

    told = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert told["clientToken"] == "abc"
    assert told["languages"] == told["detectedLanguages"] == ["en"]
    score = told["attributeScores"]["TOXICITY"]
    assert score["summaryScore"]["type"] == "PROBABILITY"
    assert 0.8 < score["summaryScore"]["value"] <= 1
    (span,) = score["spanScores"]
    assert (span["begin"], span["end"]) == (0, len(RUDE))
    assert span["score"] == score["summaryScore"]


def test_spans_are_sentences_in_code_units_of_the_text_that_was_sent(door: Asker) -> None:
    text = "😀 You are a fucking idiot. The weather is nice today."

    told = analyze(door, asked(text, spanAnnotations=True)).json()

    spans = told["attributeScores"]["TOXICITY"]["spanScores"]
    units = text.encode("utf-16-le")
    said = [units[2 * one["begin"] : 2 * one["end"]].decode("utf-16-le") for one in spans]
    assert [one.strip() for one in said] == [
        "😀 You are a fucking idiot.",
        "The weather is nice today.",
    ]
    assert spans[0]["score"]["value"] > spans[1]["score"]["value"] + 0.3


def test_what_is_asked_for_comes_by_the_name_it_was_asked_by(door: Asker) -> None:
    names = {
        "TOXICITY": None,
        "SEVERE_TOXICITY_EXPERIMENTAL": {},
        "INSULT": {"scoreType": "PROBABILITY"},
    }

    told = analyze(door, {"comment": {"text": RUDE}, "requestedAttributes": names}).json()

    assert set(told["attributeScores"]) == set(names)


def test_only_scores_above_the_threshold_come(door: Asker) -> None:
    body = {
        "comment": {"text": "Thank you for this report."},
        "requestedAttributes": {"TOXICITY": {"scoreThreshold": 0.9}, "INSULT": {}},
    }

    assert set(analyze(door, body).json()["attributeScores"]) == {"INSULT"}


def test_tags_of_html_are_not_the_text_and_move_no_span(door: Asker) -> None:
    text = '<p class="idiot">Good <b>morning</b> to all of you.</p>'
    plain = analyze(door, asked("Good morning to all of you.")).json()

    told = analyze(
        door,
        {"comment": {"text": text, "type": "HTML"}, "requestedAttributes": {"TOXICITY": {}}},
    ).json()

    score = told["attributeScores"]["TOXICITY"]
    assert score["spanScores"][0]["end"] == len(text)
    before = plain["attributeScores"]["TOXICITY"]["summaryScore"]["value"]
    assert score["summaryScore"]["value"] == pytest.approx(before, abs=0.05)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param({"comment": {"text": "x"}}, "", id="no attributes"),
        pytest.param(asked(""), "COMMENT_EMPTY", id="no text"),
        pytest.param(asked("  \n "), "COMMENT_EMPTY", id="only space"),
        pytest.param(asked("x" * 20_481), "COMMENT_TOO_LONG", id="a long text"),
        pytest.param(asked("ä" * 10_241), "COMMENT_TOO_LONG", id="many bytes"),
        pytest.param(asked(5), "", id="a number for a text"),  # type: ignore[arg-type]
        pytest.param(asked("x", languages="en"), "", id="a language that is no list"),
        pytest.param(asked("x", clientToken=5), "", id="a token that is no string"),
        pytest.param(asked("x", requestedAttributes={"KINDNESS": {}}), "", id="an attribute"),
        pytest.param(asked("x", requestedAttributes={"TOXICITY": 5}), "", id="no object"),
        pytest.param(
            asked("x", requestedAttributes={"TOXICITY": {"scoreType": "STD_DEV_SCORE"}}),
            "",
            id="another type of score",
        ),
        pytest.param(
            asked("x", requestedAttributes={"TOXICITY": {"scoreThreshold": "high"}}),
            "",
            id="a threshold in words",
        ),
        pytest.param(
            {"comment": {"text": "x", "type": "PDF"}, "requestedAttributes": {"TOXICITY": {}}},
            "",
            id="a type",
        ),
        pytest.param([], "", id="a list"),
        pytest.param(None, "", id="null"),
    ],
)
def test_what_cannot_be_read_is_refused_in_googles_shape(
    door: Asker, body: object, kind: str
) -> None:
    answer = analyze(door, body)

    told = error(answer)
    assert answer.status_code == 400
    assert told["status"] == "INVALID_ARGUMENT"
    assert [one["errorType"] for one in told.get("details", [])] == ([kind] if kind else [])


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"comment":{"text":"\\ud800"},"requestedAttributes":{"TOXICITY":{}}}',
    ],
)
def test_what_is_no_json_is_refused(door: Asker, sent: bytes) -> None:
    answer = door.ask("POST", f"{ANALYZE}?key={KEY}", content=sent, origin=None)

    assert error(answer)["status"] == "INVALID_ARGUMENT"


def test_a_request_without_end_is_refused(door: Asker) -> None:
    answer = door.ask("POST", f"{ANALYZE}?key={KEY}", content=b" " * 300_000, origin=None)

    assert answer.status_code == 413


def test_a_language_that_no_model_knows_is_named(door: Asker) -> None:
    french = "Je ne pense pas que la mairie ait réfléchi à ce que cela veut dire pour nous."

    told = error(analyze(door, asked(french)))

    (detail,) = told["details"]
    assert detail["errorType"] == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    about = detail["languageNotSupportedByAttributeError"]
    assert about == {"detectedLanguages": ["fr"], "attribute": "TOXICITY"}


def test_without_a_language_the_texts_own_is_found(door: Asker) -> None:
    text = "Ich bin nicht der Meinung, dass die Straße gebaut werden sollte."

    assert analyze(door, asked(text)).json()["detectedLanguages"] == ["de"]


@pytest.mark.parametrize(
    ("key", "status", "name"),
    [
        ("", 403, "PERMISSION_DENIED"),
        ("wrong", 400, "INVALID_ARGUMENT"),
        ("ä", 400, "INVALID_ARGUMENT"),
    ],
)
def test_nobody_gets_in_without_a_key(door: Asker, key: str, status: int, name: str) -> None:
    for path in (ANALYZE, SUGGEST):
        answer = door.ask("POST", f"{path}?key={key}", json=asked(RUDE), origin=None)

        assert answer.status_code == status
        assert error(answer)["status"] == name


def test_a_key_may_stand_in_a_header(door: Asker) -> None:
    answer = door.ask(
        "POST", ANALYZE, json=asked(RUDE), origin=None, headers={"x-goog-api-key": OTHER}
    )

    assert answer.status_code == 200


def test_what_is_suggested_for_a_site_comes_back_in_its_scores(
    db: Database, clock: SettableClock
) -> None:
    keys = (f"coral={KEY}", f"echo={OTHER}")
    with asking(db, scoring_keys=keys, scoring_per_second=1000) as door:
        desks = door.house.beyond.desks
        assert isinstance(desks, SiteDesks)
        chore = Learning(db, classifier=door.house.models, desks=desks)
        chore.work()
        before = analyze(door, asked("Ask the townies.", communityId="echo")).json()
        for number in range(35):
            for who, value in (("townies", 1), ("farmers", 0)):
                told = {
                    "comment": {"text": f"Those {who} on the {number}th street never answer."},
                    "attributeScores": {"TOXICITY": {"summaryScore": {"value": value}}},
                    "communityId": "echo" if number % 2 else "Coral:https://x.example",
                }
                key = KEY if number % 2 else OTHER
                answer = door.ask("POST", f"{SUGGEST}?key={key}", json=told, origin=None)
                assert answer.status_code == 200
        clock.advance(timedelta(hours=1))
        chore.work()

        text = "Fine weather. Ask the townies."
        after, by_name, elsewhere = (
            analyze(door, asked(text, communityId=name, spanAnnotations=True), key=key).json()
            for key, name in ((KEY, "echo"), (OTHER, "Coral:"), (KEY, "other"))
        )

    alone = before["attributeScores"]["TOXICITY"]["summaryScore"]["value"]
    assert by_name == after
    told = after["attributeScores"]["TOXICITY"]
    assert elsewhere["attributeScores"]["TOXICITY"]["summaryScore"]["value"] < 0.3
    assert told["summaryScore"]["value"] > max(alone, 0.4)
    fine, townies = (one["score"]["value"] for one in told["spanScores"])
    assert townies > fine


def test_beyond_its_quota_a_client_is_refused_and_the_others_are_not(sqlite: Database) -> None:
    with asking(sqlite, scoring_keys=KEYS, scoring_per_second=1) as door:
        first, refused = analyze(door, asked("x")), analyze(door, asked("x"))

        assert (first.status_code, refused.status_code) == (200, 429)
        assert refused.headers["retry-after"] == "1"
        told = error(refused)
        assert told["status"] == "RESOURCE_EXHAUSTED"
        assert told["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
        assert told["details"][0]["metadata"]["consumer"] == "coral"
        assert KEY not in refused.text
        assert analyze(door, asked("x"), key=OTHER).status_code == 200
        assert door.ask("POST", f"{SUGGEST}?key={KEY}", json={}, origin=None).status_code == 429


def test_so_many_texts_wait_and_no_more(door: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are answered in the end, and what came too many is told so at once."""
    working, go_on = threading.Semaphore(0), threading.Event()
    at_once: list[int] = []

    def score(scorer: LinearScorer, text: str) -> Any:  # noqa: ANN401 - whatever it comes to
        at_once.append(1)
        working.release()
        go_on.wait(10)
        at_once.pop()
        return true_score(scorer, text)

    true_score = LinearScorer.score
    monkeypatch.setattr(LinearScorer, "score", score)
    waiting = [
        door.portal.start_task_soon(_post, door, f"{ANALYZE}?key={KEY}")
        for _ in range(AT_ONCE + MOST_WAITING)
    ]
    for _ in range(AT_ONCE):
        assert working.acquire(timeout=10)
    door.portal.call(anyio.wait_all_tasks_blocked)

    refused = analyze(door, asked("x"), key=OTHER)
    busy = len(at_once)
    go_on.set()

    assert refused.status_code == 429
    assert busy == AT_ONCE
    assert {one.result(10).status_code for one in waiting} == {200}


async def _post(door: Asker, url: str) -> httpx.Response:
    return await door.client.post(url, json=asked("x"))


def test_a_quota_fills_again_by_the_second() -> None:
    at = iter([0.0, *[0.0] * 3, 0.4, 0.6, 60.0, 60.0, 60.0])
    quota = Quota(2, stopwatch=lambda: next(at))

    assert [quota.take() for _ in range(8)] == [
        *(True, True, False),
        *(False, True),
        *(True, True, False),
    ]


def test_other_methods_are_refused(door: Asker) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert door.ask(method, f"{ANALYZE}?key={KEY}", origin=None).status_code == 405


def test_a_key_opens_nothing_else(door: Asker) -> None:
    assert door.ask("GET", f"/console/{door.site.key}?key={KEY}").status_code in {303, 401, 403}
    assert door.ask("GET", f"/api/v1/sites/{door.site.key}/standing", bearer=KEY).status_code == 401


def test_where_no_client_is_named_there_is_no_door(sqlite: Database) -> None:
    with asking(sqlite) as asker:
        for path in (ANALYZE, SUGGEST, "/$discovery/rest"):
            assert asker.ask("POST", f"{path}?key={KEY}", json={}, origin=None).status_code in {
                404,
                405,
            }


def rows(db: Database) -> list[tuple[Any, ...]]:
    with db.read() as conn:
        found = conn.execute(
            sa.select(
                suggested_scores.c.client,
                suggested_scores.c.community,
                suggested_scores.c.language,
                suggested_scores.c.attribute,
                suggested_scores.c.value,
                suggested_scores.c.text,
            ).order_by(suggested_scores.c.id)
        )
        return [tuple(row) for row in found]


def test_what_coral_suggests_is_kept_to_learn_from(door_on_both: Asker) -> None:
    body = {
        "comment": {"text": RUDE},
        "context": {"entries": [{"text": '{"url":"https://paper.example"}'}]},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
        "languages": ["EN"],
        "communityId": "Coral:https://coral.paper.example",
        "clientToken": "comment:7",
    }

    answer = door_on_both.ask("POST", f"{SUGGEST}?key={KEY}", json=body, origin=None)

    assert answer.json() == {"detectedLanguages": ["en"], "clientToken": "comment:7"}
    assert rows(door_on_both.db) == [
        ("coral", "Coral:https://coral.paper.example", "en", "toxicity", 1.0, RUDE)
    ]


@pytest.mark.parametrize("value", [2, -1, "high", True, None, float("nan")])
def test_a_suggestion_that_is_no_probability_is_refused_and_not_kept(
    door: Asker, value: object
) -> None:
    body = {
        "comment": {"text": "x"},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": value}}},
    }

    answer = door.ask(
        "POST", f"{SUGGEST}?key={KEY}", content=json.dumps(body).encode(), origin=None
    )

    assert answer.status_code == 400
    assert rows(door.db) == []


def test_an_analysis_keeps_nothing(door: Asker) -> None:
    analyze(door, asked(RUDE, doNotStore=False))

    assert rows(door.db) == []


def test_suggestions_are_forgotten_after_a_year(door_on_both: Asker, clock: SettableClock) -> None:
    from belowline.followers.upkeep import Upkeep  # noqa: PLC0415

    body = {
        "comment": {"text": "x\u0000y"},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}},
    }
    door_on_both.ask("POST", f"{SUGGEST}?key={KEY}", json=body, origin=None)
    Upkeep(door_on_both.db).work()
    assert len(rows(door_on_both.db)) == 1

    clock.now += KEPT_FOR
    Upkeep(door_on_both.db).work()

    assert rows(door_on_both.db) == []


@pytest.mark.enable_socket
def test_googles_own_client_analyses_and_suggests(migrated_sqlite: Path, tmp_path: Path) -> None:
    """Made from our description, over real connections, as a newsroom's script would."""
    listening, url = listen()
    shutil.copyfile(migrated_sqlite, tmp_path / "belowline.db")
    db = Database(f"sqlite:///{tmp_path / 'belowline.db'}")
    settings = Settings(
        secret=SECRET, base_url=url, scoring_keys=(f"script={KEY}",), scoring_per_second=5
    )
    house = make_house(settings, db=db)
    with (
        serving(make_app(house), listening, at_stop=house.live.end),
        googleapiclient.discovery.build(
            "commentanalyzer",
            "v1alpha1",
            developerKey=KEY,
            discoveryServiceUrl=f"{url}/$discovery/rest?version=v1alpha1",
            static_discovery=False,
        ) as client,
    ):
        told = client.comments().analyze(body=asked(RUDE)).execute()
        suggestion = {
            "comment": {"text": RUDE},
            "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
            "clientToken": "t",
        }
        thanked = client.comments().suggestscore(body=suggestion).execute()
        with pytest.raises(HttpError, match="Comment must be non-empty"):
            client.comments().analyze(body=asked("")).execute()
        many = (client.comments().analyze(body=asked("x")).execute() for _ in range(30))
        with pytest.raises(HttpError, match="Quota exceeded") as refused:
            list(many)
        assert refused.value.status_code == 429
        assert refused.value.error_details[0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert told["attributeScores"]["TOXICITY"]["summaryScore"]["value"] > 0.8
    assert thanked["clientToken"] == "t"
    db.close()
