"""Muting over the API and on the page: folded for one reader, the same thread for everybody."""

from __future__ import annotations

import re

from tests import factories
from tests.web.asking import BASE, Asker


def test_what_a_muted_reader_wrote_is_folded_for_one_reader_alone(echo: Asker) -> None:
    _, token = echo.reader()
    _, other = echo.reader("Bea Day")
    story_id = factories.make_story(echo.db, echo.site.id, "bridge")
    loud = factories.make_reader(echo.db, "Loud <i>Larry</i>")
    first, second = (
        factories.make_comment(echo.db, echo.site.id, story_id=story_id, author_id=loud)
        for _ in range(2)
    )
    factories.make_comment(echo.db, echo.site.id, story_id=story_id)
    held = factories.make_comment(
        echo.db, echo.site.id, story_id=story_id, author_id=loud, verdicts=[factories.HOLDING]
    )
    thread = echo.ask("GET", "stories/bridge/thread.html").content

    muted = echo.ask("PUT", f"comments/{first.id}/mute", by=token)

    assert muted.json() == {"folded": [second.id, first.id]}
    assert echo.ask("GET", "stories/bridge/me", by=token).json()["folded"] == [second.id, first.id]
    assert echo.ask("GET", "stories/bridge/me", by=other).json()["folded"] == []
    assert echo.ask("GET", "stories/bridge/me").json()["folded"] == []
    assert echo.ask("GET", "stories/bridge/thread.html", by=token).content == thread
    assert held.id not in muted.json()["folded"]
    assert echo.ask("DELETE", f"comments/{second.id}/mute", by=token).json() == {"folded": []}


def test_whom_i_muted_stands_on_my_page_with_a_way_back(echo: Asker) -> None:
    _, token = echo.reader()
    _, other = echo.reader("Bea Day")
    loud = factories.make_reader(echo.db, "Loud <i>Larry</i>")
    comment = factories.make_comment(echo.db, echo.site.id, author_id=loud)
    echo.ask("PUT", f"comments/{comment.id}/mute", by=token)
    there = "/me/echo/muted"

    page = echo.ask("GET", there, by=token).text

    assert "Loud &lt;i&gt;Larry&lt;/i&gt;" in page
    assert "Larry" not in echo.ask("GET", there, by=other).text
    assert there in echo.ask("GET", "/me/echo/account", by=token).text
    number = re.search(r'name="mute" value="(\d+)"', page)
    assert number is not None
    echo.ask("POST", there, by=other, origin=BASE, data={"mute": number[1]})
    assert "Larry" in echo.ask("GET", there, by=token).text
    answer = echo.ask("POST", there, by=token, origin=BASE, data={"mute": number[1]})
    assert (answer.status_code, answer.headers["location"]) == (303, there)
    assert "Larry" not in echo.ask("GET", there, by=token).text
