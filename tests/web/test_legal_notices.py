"""The form for a notice of illegal content, and its receipt, as anybody without an account asks."""

from __future__ import annotations

import pytest

from belowline.actions.legal_notices import AN_HOUR
from belowline.core.terms import Role
from tests import factories
from tests.web.asking import BASE, Asker

FORM = "application/x-www-form-urlencoded"
WHY = "It calls for <script>alert(1)</script> & worse."
SAID = {"kind": "hate", "why": WHY, "good_faith": "yes", "name": "<b>Ann</b>", "email": ""}


@pytest.fixture
def place(echo: Asker) -> tuple[str, int]:
    story = factories.make_story(echo.db, echo.site.id, "bridge")
    comment = factories.make_comment(echo.db, echo.site.id, story_id=story)
    return f"/s/echo/bridge/c/{comment.id}/report", comment.id


def send(echo: Asker, path: str, **said: str) -> str:
    answer = echo.ask(
        "POST", f"{path}/illegal", data=SAID | said, origin=BASE, headers={"content-type": FORM}
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_what_was_typed_is_text_wherever_it_is_shown(echo: Asker, place: tuple[str, int]) -> None:
    path, comment = place
    receipt = echo.ask("GET", send(echo, path))
    moderator = echo.token(factories.make_staff(echo.db, echo.site.id, Role.MODERATOR))
    case = echo.ask("GET", f"/console/echo/cases/{comment}", by=moderator)

    for page in (receipt.text, case.text):
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; worse." in page
        assert "<script>alert" not in page
    assert "&lt;b&gt;Ann&lt;/b&gt;" in case.text


def test_a_receipt_is_for_who_has_its_address_and_stored_nowhere(
    echo: Asker, place: tuple[str, int]
) -> None:
    address = send(echo, place[0], email="ann@paper.example")
    receipt = echo.ask("GET", address)

    assert receipt.headers["cache-control"] == "private, no-store"
    assert "noindex" in receipt.headers["x-robots-tag"]
    assert "ann@paper.example" not in receipt.text
    number = address.rpartition("/")[2].rpartition("-")[0]
    for wrong in (number, f"{number}-{'0' * 22}", address[:-1] + "x", "R-2222-22-"):
        assert echo.ask("GET", f"/notice/echo/{wrong.rpartition('/')[2]}").status_code == 404
    factories.make_site(echo.db, "elsewhere")
    assert echo.ask("GET", address.replace("/echo/", "/elsewhere/")).status_code == 404


def test_a_notice_comes_from_our_own_page_alone(echo: Asker, place: tuple[str, int]) -> None:
    for origin in (None, "https://evil.example", echo.origin):
        answer = echo.ask(
            "POST",
            f"{place[0]}/illegal",
            data=SAID,
            origin=origin,
            headers={"content-type": FORM},
        )
        assert answer.status_code == 403


def test_whoever_sends_too_many_is_told_so_and_loses_nothing(
    echo: Asker, place: tuple[str, int]
) -> None:
    for _ in range(AN_HOUR.most):
        send(echo, place[0])
    answer = echo.ask(
        "POST", f"{place[0]}/illegal", data=SAID, origin=BASE, headers={"content-type": FORM}
    )

    assert answer.status_code == 429
    assert "That was too often." in answer.text
    assert "It calls for &lt;script&gt;" in answer.text


def test_the_lane_about_oneself_is_shown_only_where_the_site_takes_it(
    echo: Asker, place: tuple[str, int]
) -> None:
    shown = echo.ask("GET", place[0]).text

    assert "I believe it is illegal" in shown
    takes = getattr(echo.site.settings, "defamation_s5", False)
    assert ("It is about me" in shown) is takes
