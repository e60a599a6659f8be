"""Writing, reporting and appealing over the API: shapes and refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.core.terms import Actor, CommentStatus, StoryMode
from belowline.stories import store as stories
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import Asker

TOO_BIG = 2**63


def test_a_comment_is_answered_with_its_line(echo: Asker) -> None:
    _, token = echo.reader()
    factories.make_story(echo.db, echo.site.id, "bridge")

    answer = echo.ask(
        "POST", "stories/bridge/comments", by=token, json={"text": "Keep *it* open, please."}
    )

    told = answer.json()
    assert answer.status_code == 201
    assert told["status"] == "published"
    assert f'data-comment="{told["id"]}"' in told["html"]
    assert "<em>it</em>" in told["html"]
    assert told["editable_until"] is not None
    assert "<em>it</em>" in echo.ask("GET", "stories/bridge/thread.html", origin=None).text


def test_the_same_client_key_is_the_same_comment(echo: Asker) -> None:
    _, token = echo.reader()
    factories.make_story(echo.db, echo.site.id, "bridge")
    sent = {"text": "Keep it open, please.", "client_key": "0123456789abcdef"}

    first = echo.ask("POST", "stories/bridge/comments", by=token, json=sent)
    again = echo.ask("POST", "stories/bridge/comments", by=token, json=sent)

    assert first.json()["id"] == again.json()["id"]
    assert echo.ask("GET", "counts?story=bridge").json() == {"counts": {"bridge": 1}}


def test_the_rules_are_accepted_with_the_first_comment(echo: Asker) -> None:
    _, token = echo.reader(accepts=False)
    factories.make_story(echo.db, echo.site.id, "bridge")
    sent = {"text": "Keep it open, please."}

    refused = echo.ask("POST", "stories/bridge/comments", by=token, json=sent)
    version = refused.json()["error"]["context"]["version"]
    taken = echo.ask("POST", "stories/bridge/comments", by=token, json={**sent, "accepts": version})

    assert refused.json()["error"]["code"] == "rules_not_accepted"
    assert taken.status_code == 201
    assert echo.ask("GET", "stories/bridge/me", by=token).json()["rulebook"]["accepted"] is True


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        pytest.param("stories/bridge/comments", {"status": "published"}, id="a status"),
        pytest.param("stories/bridge/comments", {"author": 1}, id="an author"),
        pytest.param("stories/bridge/comments", {"html": "<b>x</b>"}, id="HTML"),
    ],
)
def test_a_field_that_is_not_allowed_is_refused(
    echo: Asker, path: str, sent: dict[str, object]
) -> None:
    _, token = echo.reader()
    factories.make_story(echo.db, echo.site.id, "bridge")
    good = {"text": "Keep it open, please."}

    refused = echo.ask("POST", path, by=token, json={**good, **sent})

    assert refused.status_code == 400
    assert echo.ask("POST", path, by=token, json=good).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        pytest.param("GET", f"comments/{TOO_BIG}", None, id="in a path"),
        pytest.param("PUT", f"comments/{10**40}/respect", None, id="far too long"),
        pytest.param("GET", f"rules/{TOO_BIG}", None, id="a version"),
        pytest.param("GET", f"log?before={TOO_BIG}", None, id="a cursor"),
        pytest.param(
            "POST", "stories/s/comments", {"text": "Hello.", "parent": TOO_BIG}, id="a parent"
        ),
        pytest.param(
            "POST", "stories/s/comments", {"text": "Hello.", "accepts": TOO_BIG}, id="accepted"
        ),
        pytest.param("POST", f"sanctions/{TOO_BIG}/acknowledge", None, id="a sanction"),
        pytest.param("GET", f"stories/s/comments/{TOO_BIG}/replies.html", None, id="a fragment"),
        pytest.param("GET", "stories/s%00/me", None, id="NUL in a story"),
        pytest.param("GET", "counts?story=s%00", None, id="NUL in a query"),
        pytest.param("GET", "stories/s/thread?after=%00", None, id="NUL in a cursor"),
        pytest.param(
            "POST",
            "stories/s/comments",
            {"text": "Hello.", "client_key": "12345678\0"},
            id="NUL in a client key",
        ),
        pytest.param(
            "POST",
            "stories/new/comments",
            {"text": "Hello.", "story": {"title": "A\0", "url": "https://www.echo.example/\0"}},
            id="NUL in an address",
        ),
        pytest.param(
            "POST",
            "stories/s/comments",
            {"text": "\0"},
            id="nothing but NUL",
        ),
    ],
)
def test_what_no_database_can_hold_is_refused_before_it(
    echo_on_both: Asker, method: str, path: str, sent: dict[str, object] | None
) -> None:
    echo = echo_on_both
    _, token = echo.reader()
    factories.make_story(echo.db, echo.site.id, "s")

    answer = echo.ask(method, path, by=token, json=sent)

    assert answer.status_code in {400, 404, 422}, answer.text
    assert set(answer.json()["error"]) == {"code", "message", "context"}


def test_a_held_comment_is_its_authors_alone(echo: Asker) -> None:
    ann, anns = echo.reader("Ann Lee")
    _, bobs = echo.reader("Bob Okafor")
    story = factories.make_story(echo.db, echo.site.id, "bridge")
    held = factories.make_comment(
        echo.db,
        echo.site.id,
        story_id=story,
        author_id=ann,
        verdicts=[factories.HOLDING],
        text="Words that are held.",
    )

    [own] = echo.ask("GET", "stories/bridge/me", by=anns).json()["own"]

    assert (own["id"], own["status"]) == (held.id, "held")
    assert own["rule"]["key"] == "obscenity"
    assert own["reason"]
    assert "Words that are held." in own["html"]
    assert echo.ask("GET", "stories/bridge/me", by=bobs).json()["own"] == []
    assert echo.ask("GET", f"comments/{held.id}", by=bobs).status_code == 404
    assert "Words that are held." not in echo.ask("GET", "stories/bridge/thread.html").text


def test_a_suspended_thread_hides_ones_own_too(echo: Asker) -> None:
    ann, token = echo.reader()
    story = factories.make_story(echo.db, echo.site.id, "bridge")
    factories.make_comment(
        echo.db, echo.site.id, story_id=story, author_id=ann, verdicts=[factories.HOLDING]
    )
    assert echo.ask("GET", "stories/bridge/me", by=token).json()["own"] != []

    with echo.db.write(Actor.of_system("test")) as tx:
        stories.set_mode(tx, story, mode=StoryMode.SUSPENDED, reason="")

    assert echo.ask("GET", "stories/bridge/me", by=token).json()["own"] == []
    assert echo.ask("GET", "counts?story=bridge").json() == {"counts": {"bridge": 0}}


def test_editing_and_taking_back_are_for_the_author(echo: Asker) -> None:
    ann, anns = echo.reader("Ann Lee")
    _, bobs = echo.reader("Bob Okafor")
    comment = factories.make_comment(echo.db, echo.site.id, author_id=ann)
    path = f"comments/{comment.id}"

    assert echo.ask("PATCH", path, by=bobs, json={"text": "Mine now."}).status_code == 403
    edited = echo.ask("PATCH", path, by=anns, json={"text": "Better said."}).json()
    assert "Better said." in edited["html"]
    assert echo.ask("GET", path, by=anns).json()["text"] == "Better said."
    assert echo.ask("DELETE", path, by=bobs).status_code == 403
    assert echo.ask("DELETE", path, by=anns).json()["status"] == CommentStatus.WITHDRAWN
    assert echo.ask("DELETE", path, by=anns).json()["html"] == ""


def test_respect_is_given_and_taken_back_once(echo: Asker, clock: SettableClock) -> None:
    _, token = echo.reader()
    comment = factories.make_comment(echo.db, echo.site.id)
    path = f"comments/{comment.id}/respect"
    clock.advance(timedelta(hours=1))

    given = [echo.ask("PUT", path, by=token).json()["respect"] for _ in range(2)]
    taken = [echo.ask("DELETE", path, by=token).json()["respect"] for _ in range(2)]

    assert (given, taken) == ([1, 1], [0, 0])


def test_a_report_gives_a_receipt_and_shows_in_ones_standing(echo: Asker) -> None:
    _, token = echo.reader()
    comment = factories.make_comment(echo.db, echo.site.id)
    path = f"comments/{comment.id}/report"

    receipt = echo.ask(
        "PUT", path, by=token, json={"rule": "personal-attack", "note": "See there."}
    )
    again = echo.ask("PUT", path, by=token, json={"rule": "personal-attack", "note": "See there."})
    unknown = echo.ask("PUT", path, by=token, json={"rule": "no-such-rule"})

    assert receipt.json()["state"] == "open"
    assert receipt.json() == again.json()
    assert unknown.status_code == 422
    [report] = echo.ask("GET", "standing", by=token).json()["reports"]
    assert (report["comment"], report["rule"]) == (comment.id, "personal-attack")
    assert "weight" not in receipt.text


def test_a_refusal_can_be_appealed_once(echo: Asker) -> None:
    ann, token = echo.reader()
    factories.make_comment(echo.db, echo.site.id, author_id=ann, verdicts=[factories.REFUSING])
    [decision] = echo.ask("GET", "standing", by=token).json()["decisions"]
    path = f"decisions/{decision['id']}/appeal"
    _, bobs = echo.reader("Bob Okafor")

    assert decision["appealable"] is True
    assert (decision["rule"], decision["automated"]) == ("hate", True)
    assert echo.ask("POST", path, by=bobs, json={"text": "I object."}).status_code == 403
    filed = echo.ask("POST", path, by=token, json={"text": "It was a quotation."})
    assert filed.status_code == 201
    assert echo.ask("POST", path, by=token, json={"text": "Again."}).status_code == 403
    [decision] = echo.ask("GET", "standing", by=token).json()["decisions"]
    assert (decision["appealable"], decision["appeal"]["state"]) == (False, "open")


def test_the_rules_say_nothing_that_is_for_moderators(echo: Asker) -> None:
    current = echo.ask("GET", "rules").json()
    first = echo.ask("GET", "rules/1").json()

    assert current == first
    assert current["is_current"] is True
    assert {"key", "title", "text", "severity", "eu_category"} == set(current["rules"][0])
    assert current["ladder"]
    assert echo.ask("GET", "rules/2").status_code == 404


def test_counts_may_be_cached_and_know_no_more_than_a_hundred(echo: Asker) -> None:
    factories.make_comment(
        echo.db, echo.site.id, story_id=factories.make_story(echo.db, echo.site.id, "bridge")
    )

    answer = echo.ask("GET", "counts?story=bridge&story=unknown&story=%20")

    assert answer.json() == {"counts": {"bridge": 1, "unknown": 0, " ": 0}}
    assert answer.headers["cache-control"].startswith("public")
    many = "&".join(f"story=s{number}" for number in range(101))
    assert echo.ask("GET", f"counts?{many}").status_code in {400, 422}
