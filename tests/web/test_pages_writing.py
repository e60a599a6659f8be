"""Writing, reporting and appealing on pages, without a script: nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from belowline.actions.sanctions import SanctionDraft, impose
from belowline.comments import store as comments
from belowline.core.terms import CommentStatus, ReaderId, RuleKey, SanctionKind
from tests import factories
from tests.web.asking import BASE, Asker


@pytest.fixture
def story(echo: Asker) -> str:
    factories.make_story(echo.db, echo.site.id, "bridge")
    return "/s/echo/bridge"


def send(echo: Asker, path: str, token: str | None, **data: str) -> httpx.Response:
    given: dict[str, Any] = {"data": data, "origin": BASE}
    return echo.ask("POST", path, by=token, **given)


def suspended(echo: Asker, reader_id: ReaderId) -> None:
    factories.make_comment(echo.db, echo.site.id, author_id=reader_id)
    impose(
        echo.db,
        site_id=echo.site.id,
        reader_id=reader_id,
        by=factories.make_staff(echo.db, echo.site.id),
        sanction=SanctionDraft(
            SanctionKind.SUSPENSION, timedelta(days=3), "Three days of rest.", RuleKey("threat")
        ),
    )


def test_a_comment_is_published_once_however_often_its_form_is_sent(
    echo: Asker, story: str
) -> None:
    reader_id, token = echo.reader()
    form = echo.ask("GET", f"{story}/write", by=token).text
    key = re.search(r'name="client_key" value="([^"]+)"', form)
    assert key is not None

    answers = [
        send(echo, f"{story}/write", token, text="Keep the bridge.", client_key=key[1])
        for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    with echo.db.read() as conn:
        assert len(comments.list_by_author(conn, echo.site.id, reader_id)) == 1


def test_an_unfinished_form_keeps_what_was_typed(echo: Asker, story: str) -> None:
    _, token = echo.reader(accepts=False)
    typed = "A </textarea> long & careful text."

    refused = send(echo, f"{story}/write", token, text=typed)
    accepted = send(echo, f"{story}/write", token, text=typed, accepts="1")

    assert refused.status_code == 403
    assert "A &lt;/textarea&gt; long &amp; careful text." in refused.text
    assert accepted.status_code == 303


def test_a_text_that_is_too_long_comes_back_with_the_reason_beside_it(
    echo: Asker, story: str
) -> None:
    _, token = echo.reader()

    answer = send(echo, f"{story}/write", token, text="word " * 1100)

    assert answer.status_code == 422
    assert 'aria-describedby="text-error text-hint"' in answer.text
    assert "word word" in answer.text


def test_a_suspended_reader_is_told_until_when_instead_of_a_form(echo: Asker, story: str) -> None:
    reader_id, token = echo.reader()
    suspended(echo, reader_id)

    form = echo.ask("GET", f"{story}/write", by=token)
    sent = send(echo, f"{story}/write", token, text="Let me in.")
    standing = echo.ask("GET", "/me/echo", by=token).text

    assert "<textarea" not in form.text
    for page in (form.text, sent.text, standing):
        assert "5 March 2026, 09:00 UTC" in page
    assert sent.status_code == 403
    assert "Do not threaten or call for violence" in sent.text
    assert 'href="/me/echo"' in sent.text


def test_a_held_comment_is_explained_to_its_author_alone(echo: Asker) -> None:
    reader_id, token = echo.reader()
    held = factories.make_comment(
        echo.db, echo.site.id, author_id=reader_id, verdicts=[factories.HOLDING]
    )
    path = f"/me/echo/comments/{held.id}"
    _, another = echo.reader("Bea Cole")

    mine = echo.ask("GET", path, by=token)

    assert mine.status_code == 200
    assert "Keep the language clean" in mine.text
    assert echo.ask("GET", path, by=another).status_code == 404
    assert echo.ask("GET", path).headers["location"].startswith("/sign-in/echo")


def test_a_reply_to_a_held_comment_does_not_betray_it(echo: Asker, story: str) -> None:
    held = factories.make_comment(echo.db, echo.site.id, verdicts=[factories.HOLDING])
    _, token = echo.reader()

    assert echo.ask("GET", f"{story}/write?to={held.id}", by=token).status_code == 404
    assert echo.ask("GET", f"{story}/c/{held.id}/report", by=token).status_code == 404


def test_a_report_gets_a_receipt_and_the_same_page_tells_what_came_of_it(echo: Asker) -> None:
    story_id = factories.make_story(echo.db, echo.site.id, "weir")
    comment = factories.make_comment(echo.db, echo.site.id, story_id=story_id)
    _, token = echo.reader()
    path = f"/s/echo/weir/c/{comment.id}/report"

    empty = send(echo, path, token, note="It is about a neighbour.")
    sent = send(echo, path, token, rule="private-info", note="It is about a neighbour.")

    assert empty.status_code == 422
    assert "It is about a neighbour." in empty.text
    assert (sent.status_code, sent.headers["location"]) == (303, path)
    assert "with the moderators" in echo.ask("GET", path, by=token).text


def test_a_refused_comment_can_be_appealed_by_its_author_alone(echo: Asker) -> None:
    reader_id, token = echo.reader()
    refused = factories.make_comment(
        echo.db, echo.site.id, author_id=reader_id, verdicts=[factories.REFUSING]
    )
    page = echo.ask("GET", f"/me/echo/comments/{refused.id}", by=token).text
    link = re.search(r"/me/echo/appeal/\d+", page)
    assert link is not None
    _, another = echo.reader("Bea Cole")

    empty = send(echo, link[0], token, text=" ")
    filed = send(echo, link[0], token, text="I quoted it to object to it.")

    assert empty.status_code == 422
    assert filed.status_code == 303
    assert "I quoted it to object to it." in echo.ask("GET", link[0], by=token).text
    assert echo.ask("GET", link[0], by=another).status_code == 404
    assert send(echo, link[0], another, text="Me too.").status_code == 404


def test_taking_a_comment_back_needs_a_confirmation_and_only_ones_own(echo: Asker) -> None:
    story_id = factories.make_story(echo.db, echo.site.id, "weir")
    reader_id, token = echo.reader()
    mine = factories.make_comment(echo.db, echo.site.id, story_id=story_id, author_id=reader_id)
    path = f"/s/echo/weir/c/{mine.id}/withdraw"
    _, another = echo.reader("Bea Cole")

    assert send(echo, path, another).status_code == 404
    assert echo.ask("GET", path, by=token).status_code == 200
    assert factories.reread(echo.db, mine).status is CommentStatus.PUBLISHED
    assert send(echo, path, token).status_code == 303
    assert factories.reread(echo.db, mine).status is CommentStatus.WITHDRAWN


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"text": "Hello there.", "status": "published"}, id="a field of no form"),
        pytest.param({"text": ["Hello", "there"]}, id="a field twice"),
        pytest.param({"text": "Hello there.", "to": "9" * 30}, id="a number beyond all ids"),
    ],
)
def test_what_the_form_cannot_send_is_refused(
    echo: Asker, story: str, data: dict[str, str | list[str]]
) -> None:
    _, token = echo.reader()

    answer = echo.ask("POST", f"{story}/write", by=token, data=data, origin=BASE)

    assert answer.status_code == 422


def test_a_form_sent_from_another_origin_is_refused(echo: Asker, story: str) -> None:
    _, token = echo.reader()

    for origin in (echo.origin, "https://evil.example", "null", None):
        answer = echo.ask(
            "POST", f"{story}/write", by=token, data={"text": "Hello there."}, origin=origin
        )
        assert answer.status_code == 403
