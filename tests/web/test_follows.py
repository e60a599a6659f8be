"""Following over the API and on pages; the thread itself stays the same for everybody."""

from __future__ import annotations

from belowline.actions.follows import make_unfollow_token
from tests import factories
from tests.web.asking import BASE, Asker

THERE = "/s/echo/bridge/follow"


def test_the_overlay_says_whether_i_follow(echo: Asker) -> None:
    _, token = echo.reader()
    _, other = echo.reader("Bea Day")
    factories.make_story(echo.db, echo.site.id, "bridge")
    thread = echo.ask("GET", "stories/bridge/thread.html").content

    assert echo.ask("PUT", "stories/bridge/follow", by=token).json() == {"following": True}

    assert echo.ask("GET", "stories/bridge/me", by=token).json()["following"] is True
    assert echo.ask("GET", "stories/bridge/me", by=other).json()["following"] is False
    assert echo.ask("GET", "stories/bridge/me").json()["following"] is False
    assert echo.ask("GET", "stories/bridge/thread.html", by=token).content == thread
    assert echo.ask("DELETE", "stories/bridge/follow", by=token).json() == {"following": False}
    assert echo.ask("GET", "stories/bridge/me", by=token).json()["following"] is False
    assert echo.ask("PUT", "stories/bridge/follow").status_code == 401


def test_following_works_without_a_script(echo: Asker) -> None:
    _, token = echo.reader()
    factories.make_story(echo.db, echo.site.id, "bridge")
    assert THERE in echo.ask("GET", "/s/echo/bridge").text
    assert "Follow this conversation?" in echo.ask("GET", THERE, by=token).text

    answer = echo.ask("POST", THERE, by=token, origin=BASE, data={"follows": "yes"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/s/echo/bridge")
    assert "no more?" in echo.ask("GET", THERE, by=token).text
    mine = "/me/echo/following"
    assert mine in echo.ask("GET", "/me/echo/account", by=token).text
    assert "/s/echo/bridge" in echo.ask("GET", mine, by=token).text
    echo.ask("POST", mine, by=token, origin=BASE, data={"story": "bridge"})
    assert "/s/echo/bridge" not in echo.ask("GET", mine, by=token).text


def test_the_link_of_a_letter_asks_first_and_needs_no_sign_in(echo: Asker) -> None:
    reader, token = echo.reader()
    story_id = factories.make_story(echo.db, echo.site.id, "bridge")
    echo.ask("PUT", "stories/bridge/follow", by=token)
    link = f"/unsubscribe/story/{make_unfollow_token(echo.house.settings, reader, story_id)}"

    assert "<button" in echo.ask("GET", link).text
    assert echo.ask("GET", "stories/bridge/me", by=token).json()["following"] is True
    assert echo.ask("POST", link, origin=None).status_code == 200
    assert echo.ask("GET", "stories/bridge/me", by=token).json()["following"] is False
    assert echo.ask("GET", f"{link}x").status_code == 403
