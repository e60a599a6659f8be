"""Live streams over a real server, and the polling twin through the application."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from belowline.actions.comments import withdraw_comment
from belowline.actions.sites import ModeChange, set_story_mode
from belowline.comments.model import Comment
from belowline.core.settings import Settings
from belowline.core.terms import Role, StoryMode
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.web.app import make_app
from belowline.web.house import House, make_house
from belowline.web.network import network_of
from tests import factories
from tests.browser.serving import listen, serving
from tests.web.asking import SECRET, Asker


@dataclass
class Served:
    """A server with a site and a thread."""

    house: House
    base: str
    site: Site
    first: Comment

    @property
    def db(self) -> Database:
        return self.house.db

    @property
    def path(self) -> str:
        with self.db.read() as conn:
            story = stories.get_story_by_id(conn, self.site.id, self.first.story_id)
        return f"{self.base}/api/v1/sites/{self.site.key}/stories/{story.key}"

    def add(self, **given: Any) -> Comment:  # noqa: ANN401
        """Make a comment in the thread, and say so as posting does."""
        comment = factories.make_comment(
            self.db, self.site.id, story_id=self.first.story_id, **given
        )
        self.db.changed(comment.story_id)
        return comment


@contextmanager
def server(db: Database, **settings: Any) -> Iterator[Served]:  # noqa: ANN401
    listening, base = listen()
    made = make_house(replace(Settings(secret=SECRET, base_url=base), **settings), db=db)
    site = factories.make_site(db)
    first = factories.make_comment(db, site.id)
    with serving(make_app(made), listening, at_stop=made.live.end):
        yield Served(made, base, site, first)


@pytest.fixture
def served(db: Database) -> Iterator[Served]:
    with server(db) as one:
        yield one


class Stream:
    """An open stream, read message by message."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.lines = response.iter_lines()

    def next(self) -> dict[str, Any]:
        """Return the next message."""
        for line in self.lines:
            # A sign of life has data too, but no news.
            if line.startswith("data: {"):
                found: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return found
        raise EOFError


@contextmanager
def stream(path: str, **headers: str) -> Iterator[Stream]:
    with httpx.stream("GET", f"{path}/live", headers=headers, timeout=10) as response:
        yield Stream(response)


def told(message: dict[str, Any]) -> list[tuple[int, str]]:
    return [(one["id"], one["kind"]) for one in message["changes"]]


def test_a_stream_begins_with_what_was_missed_and_goes_on_with_what_happens(
    served: Served,
) -> None:
    with stream(served.path) as live:
        assert live.response.headers["content-type"].startswith("text/event-stream")
        first = live.next()
        assert told(first) == [(served.first.id, "new")]

        reply = served.add(parent=served.first)
        second = live.next()
        assert told(second) == [(reply.id, "new")]
        assert second["changes"][0]["parent"] == served.first.id
        assert second["comments"] == 2

        withdraw_comment(served.db, reply.id, site_id=served.site.id, by=reply.author_id)
        assert told(live.next()) == [(reply.id, "gone")]
    with stream(served.path, **{"Last-Event-ID": str(first["version"])}) as live:
        # What came and went meanwhile left nothing to tell.
        assert told(live.next()) == []


def test_another_process_is_heard_too(served: Served) -> None:
    other = Database(served.db.engine.url.render_as_string(hide_password=False))
    with stream(served.path) as live:
        live.next()
        comment = factories.make_comment(other, served.site.id, story_id=served.first.story_id)
        assert told(live.next()) == [(comment.id, "new")]
    other.close()


def test_nothing_is_said_of_what_waits(served: Served) -> None:
    with stream(served.path) as live:
        live.next()
        served.add(verdicts=[factories.HOLDING], text="Held words.")
        shown = served.add()
        message = live.next()
        while not message["changes"]:
            message = live.next()

        assert told(message) == [(shown.id, "new")]
        assert "words" not in json.dumps(message)


def test_a_suspended_story_ends_its_streams_with_a_neutral_word(served: Served) -> None:
    editor = factories.make_staff(served.db, served.site.id, Role.EDITOR)
    with stream(served.path) as live:
        live.next()
        change = ModeChange(StoryMode.SUSPENDED, "Not available.")
        set_story_mode(
            served.db, served.first.story_id, site_id=served.site.id, by=editor, change=change
        )
        last = live.next()
        assert (last["mode"], last["comments"], last["changes"]) == ("suspended", 0, [])
        with pytest.raises(EOFError):
            live.next()
    # No content is what tells a browser not to come back.
    assert httpx.get(f"{served.path}/live").status_code == 204


def test_the_bounds_are_answered_clearly_and_a_place_becomes_free_again(db: Database) -> None:
    with server(db, live_connections_each=1) as served:
        with stream(served.path) as live:
            live.next()
            refused = httpx.get(f"{served.path}/live", headers={"Origin": served.site.origins[0]})
            assert refused.status_code == 503
            assert refused.json()["error"]["code"] == "live_full"
            assert 20 <= int(refused.headers["retry-after"]) <= 60
            assert refused.headers["access-control-allow-origin"] == served.site.origins[0]
            # Polling goes on.
            assert httpx.get(f"{served.path}/changes?since=0").status_code == 200
        for _ in range(100):
            with stream(served.path) as live:
                if live.response.status_code == 200:
                    break
            time.sleep(0.05)
        assert live.response.status_code == 200


def test_a_stop_ends_the_streams_and_does_not_wait_for_them(db: Database) -> None:
    with server(db) as served, stream(served.path) as live:
        live.next()
        served.house.live.end()
        began = time.monotonic()
        with pytest.raises(EOFError):
            live.next()
        assert time.monotonic() - began < 2
        assert httpx.get(f"{served.path}/live").status_code == 503


def test_who_does_not_read_is_left_out_and_keeps_nobody_waiting(sqlite: Database) -> None:
    with server(sqlite) as served:
        deaf = socket.create_connection(("127.0.0.1", int(served.base.rpartition(":")[2])))
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        path = served.path.removeprefix(served.base)
        deaf.sendall(f"GET {path}/live HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        with stream(served.path) as live:
            live.next()
            for _ in range(5):
                served.add()
            seen: set[int] = set()
            while len(seen) < 5:
                seen |= {number for number, _ in told(live.next())}
        deaf.close()


def test_cross_origin_streams_follow_the_rule_of_the_api(served: Served) -> None:
    with stream(served.path, Origin=served.site.origins[0]) as live:
        assert live.response.headers["access-control-allow-origin"] == served.site.origins[0]
    with stream(served.path, Origin="https://elsewhere.example") as live:
        assert "access-control-allow-origin" not in live.response.headers


def test_changes_are_the_same_news_and_cost_nothing_when_there_are_none(echo: Asker) -> None:
    first = factories.make_comment(echo.db, echo.site.id)
    with echo.db.read() as conn:
        story = stories.get_story_by_id(conn, echo.site.id, first.story_id)
    path = f"stories/{story.key}/changes"
    answer = echo.ask("GET", f"{path}?since=0")
    assert told(answer.json()) == [(first.id, "new")]
    version = answer.json()["version"]
    current = echo.ask("GET", f"{path}?since={version}")
    again = echo.ask(
        "GET", f"{path}?since={version}", headers={"If-None-Match": current.headers["etag"]}
    )
    assert (current.json()["changes"], again.status_code) == ([], 304)
    assert echo.ask("GET", f"{path}?since={version + 7}").json()["resync"] is True
    assert echo.ask("GET", f"{path}?since=-1").status_code == 422
    assert echo.ask("GET", "stories/unknown/changes").json()["version"] == 0


def test_single_lines_are_bounded_and_only_what_everybody_may_see(echo: Asker) -> None:
    first = factories.make_comment(echo.db, echo.site.id)
    held = factories.make_comment(
        echo.db,
        echo.site.id,
        story_id=first.story_id,
        verdicts=[factories.HOLDING],
        text="Held words.",
    )
    with echo.db.read() as conn:
        story = stories.get_story_by_id(conn, echo.site.id, first.story_id)
    path = f"stories/{story.key}/comments.html"
    answer = echo.ask("GET", f"{path}?ids={held.id},{first.id},{first.id}")
    assert f'data-comment="{first.id}"' in answer.text
    assert "Held words" not in answer.text
    assert answer.headers["cache-control"].startswith("public")
    for wrong in ("", "x", "1,,2", ",".join(map(str, range(51)))):
        assert echo.ask("GET", f"{path}?ids={wrong}").status_code == 422


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("not an address", "not an address"),
    ],
)
def test_a_client_network_is_an_address_or_the_home_of_many(address: str, network: str) -> None:
    assert network_of(address) == network
