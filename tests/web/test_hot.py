"""The short way through the protocol says what the usual way says, to the byte."""

from __future__ import annotations

import itertools
import os
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from belowline.actions.comments import withdraw_comment
from belowline.actions.sites import change_site
from belowline.core.settings import Settings
from belowline.storage.database import Database
from belowline.storage.tables import comments
from belowline.web.app import make_app
from belowline.web.embed.counts import read_keys
from belowline.web.hot import Hot
from belowline.web.house import make_house
from tests.browser.serving import listen, serving
from tests.factories import make_comment, make_reader, make_site, make_story, rows_of

LISTED = "https://www.echo.example"
PAGES = (
    "/s/echo/bridge",
    "/s/echo/bridge?order=oldest",
    "/s/echo/bridge?order=sideways",
    "/s/echo/bridge?after=nonsense",
    "/s/echo/bridge?at=1",
    "/s/echo/bridge?filter=newsroom",
    "/s/echo/bridge?filter=nonsense",
    "/s/echo/bridge?filter=",
    "/s/echo/bridge?at=999999",
    "/s/echo/bridge?at=nonsense",
    "/s/echo/bridge?at=-1",
    "/s/echo/bri%64ge",
    "/s/echo/nothing",
    "/api/v1/sites/echo/stories/bridge/thread",
    "/api/v1/sites/echo/stories/bridge/thread.html",
    "/api/v1/sites/echo/counts?story=bridge",
    "/api/v1/sites/echo/counts?story=%62ridge&story=ferry&story=bridge",
    "/api/v1/sites/echo/counts?story=bridge&" + "&".join(f"story=ferry-{n}" for n in range(60)),
    "/api/v1/sites/echo/counts?" + "&".join(f"story=ferry-{n}" for n in range(101)),
    "/api/v1/sites/echo/counts?story=a%00b",
    "/api/v1/sites/echo/counts",
    "/api/v1/sites/nowhere/counts?story=bridge",
    "/static/thread.css",
    "/healthz",
)
COUNTED = "/api/v1/sites/echo/counts?story=bridge&story=ferry"
ENCODINGS = (None, "gzip", "br", "zstd", "gzip, br;q=0", "identity", "nonsense")
ORIGINS = (None, LISTED, "https://elsewhere.example", "null")


@dataclass
class Twins:
    """One Belowline behind two ports: with the short way, and without."""

    db: Database
    hot: Hot
    short: int
    usual: int


def ask(port: int, *requests: bytes, patience: float = 10) -> bytes:
    """Send requests as they are, in one piece, and return all that comes back until the end."""
    with socket.create_connection(("127.0.0.1", port), patience) as conn:
        conn.sendall(b"".join(requests))
        got = b""
        while piece := conn.recv(65536):
            got += piece
    return re.sub(rb"\r\ndate: [^\r]+", b"\r\ndate: now", got)


def request(path: str, *, method: str = "GET", close: bool = False, **headers: str | None) -> bytes:
    """Spell out a request; one that closes goes the usual way at any rate."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value]
    lines += ["connection: close"] if close else []
    return "\r\n".join([*lines, "", ""]).encode()


LAST = request("/healthz-not", close=True)
MOST_MEMORY = 48 * 1024 * 1024
MOST_CALLS = 50
"""Bytes. Without a bound it was half a gigabyte within seconds."""


@pytest.fixture
def twins(sqlite: Database) -> Iterator[Twins]:
    db = sqlite
    settings = Settings(secret="0123456789abcdef0123456789abcdef")
    site = change_site(db, make_site(db, "echo"), origins=[LISTED])
    story = make_story(db, site.id, "bridge")
    for number in range(3):
        make_comment(
            db, site.id, story_id=story, author_id=make_reader(db), text=f"Comment {number}. " * 200
        )
    short, usual = (make_app(make_house(settings, db=db)) for _ in range(2))
    with ExitStack() as stack:
        ports = []
        for one in (short, usual.asgi):
            listening, url = listen()
            stack.enter_context(serving(one, listening))
            ports.append(urlsplit(url).port or 0)
        yield Twins(db, short.hot, *ports)


def test_both_ways_say_the_same(twins: Twins) -> None:
    for path, accepts, origin in itertools.product(PAGES, ENCODINGS, ORIGINS):
        asked = request(path, accept_encoding=accepts, origin=origin)
        # Once to have it built, once more to have it from memory.
        theirs = ask(twins.usual, asked, LAST)
        assert ask(twins.short, asked, asked, LAST).endswith(theirs), asked


def test_what_the_reader_has_is_not_sent_again(twins: Twins) -> None:
    for accepts in ENCODINGS:
        first = ask(twins.short, request("/s/echo/bridge", accept_encoding=accepts), LAST)
        tag = re.search(rb"etag: ([^\r]+)", first)
        assert tag is not None
        for known in (
            tag[1].decode(),
            f"W/{tag[1].decode()}",
            "*",
            '"other"',
            f'"a", {tag[1].decode()}',
        ):
            asked = request("/s/echo/bridge", accept_encoding=accepts, if_none_match=known)
            answer = ask(twins.short, asked, LAST)
            assert answer == ask(twins.usual, asked, LAST)
            assert answer.startswith(b"HTTP/1.1 200" if known == '"other"' else b"HTTP/1.1 304")


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "DELETE"])
def test_other_methods_go_the_usual_way(twins: Twins, method: str) -> None:
    ask(twins.short, request("/s/echo/bridge"), LAST)
    asked = request("/s/echo/bridge", method=method)
    assert ask(twins.short, asked, LAST) == ask(twins.usual, asked, LAST)


def test_requests_sent_in_one_piece_are_answered_in_their_order(twins: Twins) -> None:
    hot, slow = request("/s/echo/bridge"), request("/rules/echo")
    ask(twins.short, hot, LAST)
    row = [hot, slow, hot, hot, slow, hot]
    assert ask(twins.short, *row, LAST) == ask(twins.usual, *row, LAST)


def test_a_body_that_nobody_asked_for_is_passed_over(twins: Twins) -> None:
    ask(twins.short, request("/s/echo/bridge"), LAST)
    asked = request("/s/echo/bridge", content_length="5") + b"GET /x"[:5]
    assert ask(twins.short, asked, LAST) == ask(twins.usual, asked, LAST)


def test_a_change_shows_at_once(twins: Twins) -> None:
    asked = request("/s/echo/bridge")
    before = ask(twins.short, asked, LAST)
    assert ask(twins.short, asked, LAST) == before
    row = rows_of(twins.db, comments)[0]
    withdraw_comment(twins.db, row.id, site_id=row.site_id, by=row.author_id)
    after = ask(twins.short, asked, LAST)
    assert after != before
    assert after == ask(twins.usual, asked, LAST)


def test_counts_come_from_memory_until_one_of_them_changes(twins: Twins) -> None:
    asked = request(COUNTED)
    assert twins.hot.find(COUNTED.encode(), []) is None
    assert b'{"bridge":3,"ferry":0}' in ask(twins.short, asked, LAST)
    assert twins.hot.find(COUNTED.encode(), []) is not None
    row = rows_of(twins.db, comments)[0]
    withdraw_comment(twins.db, row.id, site_id=row.site_id, by=row.author_id)
    assert twins.hot.find(COUNTED.encode(), []) is None
    assert b'{"bridge":2,"ferry":0}' in ask(twins.short, asked, LAST)


def test_answers_about_counts_are_remembered_within_bounds(twins: Twins) -> None:
    lately = b""
    for number in range(2100):
        lately = f"story=bridge&story=ferry-{number % 7}&not={number}".encode()
        ask_counts(twins, lately)
    assert twins.hot.find(b"/api/v1/sites/echo/counts?" + lately, []) is not None
    assert len(twins.hot._counted._answers) <= 1000  # noqa: SLF001 - no door shows it
    long = b"story=bridge&not=" + b"a" * 9000
    ask_counts(twins, long)
    assert twins.hot.find(b"/api/v1/sites/echo/counts?" + long, []) is None


def ask_counts(twins: Twins, query: bytes) -> None:
    """Have counts answered and remembered, as the front does."""
    keys = read_keys(query)
    assert keys is not None
    assert twins.hot._counted.read("echo", query, keys) is not None  # noqa: SLF001


def memory() -> int:
    """Return the bytes that this process, in which the server runs too, holds in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_who_asks_for_pages_and_does_not_read_fills_no_memory(twins: Twins) -> None:
    asked = request("/s/echo/bridge")
    size = len(ask(twins.short, asked, asked, LAST))
    before, sent = memory(), 0
    with ExitStack() as still_open:
        # Whoever asks for too much at once is hung up on, sooner or later, and comes again.
        for _ in range(MOST_CALLS):
            conn = still_open.enter_context(
                socket.create_connection(("127.0.0.1", twins.short), timeout=10)
            )
            conn.settimeout(0.5)
            with suppress(OSError):
                while sent // len(asked) * size < 1000 * MOST_MEMORY:
                    sent += conn.send(asked * 200)
            if sent // len(asked) * size > 2 * MOST_MEMORY:
                break
        assert sent // len(asked) * size > 2 * MOST_MEMORY, "a larger page is needed for this test"
        assert memory() - before < MOST_MEMORY


def test_addresses_are_remembered_within_bounds(twins: Twins) -> None:
    for number in range(5000):
        twins.hot.find(f"/s/echo/story-{number}".encode(), [])
    assert len(twins.hot._read) <= 4096  # noqa: SLF001 - no door shows it
    assert twins.hot.find(b"/s/echo/" + b"a" * 4000, []) is None
