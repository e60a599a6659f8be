"""The cache of anonymous pages: never older than what this process knows, built once, bounded."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import brotli
import pytest
import sqlalchemy as sa
import zstandard
from litestar.types import Receive, Scope, Send

from belowline.actions.comments import withdraw_comment
from belowline.actions.reactions import react
from belowline.actions.sites import ModeChange, change_site, set_story_mode
from belowline.core.settings import Settings
from belowline.core.terms import Actor, Role, StoryId, StoryMode
from belowline.followers.pages import Page, PageCache
from belowline.rules import store as rules
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.web.front import Front, build_page, read_address
from belowline.web.house import House, make_house
from tests.factories import SYSTEM, make_comment, make_reader, make_site, make_staff, make_story

PATH = "/s/echo/bridge"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


async def framework(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """Stand where the framework stands, and say that the front has passed the request on."""
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


class Kiosk:
    """A site with a story and a comment, and the front before it."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.house: House = make_house(Settings(secret="0123456789abcdef0123456789abcdef"), db=db)
        self.front = Front(framework, self.house)
        self.site = make_site(db)
        self.story_id = make_story(db, self.site.id, "bridge")
        self.reader = make_reader(db)
        self.comment = self.say("The bridge should stay open.")

    def say(self, text: str, db: Database | None = None):  # type: ignore[no-untyped-def]
        """Let the reader comment, as a change without an event."""
        made = make_comment(
            db or self.db, self.site.id, story_id=self.story_id, author_id=self.reader, text=text
        )
        (db or self.db).changed(self.story_id)
        return made

    def ask(self, path: str = PATH, method: str = "GET", **headers: str) -> Answer:
        return asyncio.run(self.go(path, method, **headers))

    async def go(self, path: str = PATH, method: str = "GET", **headers: str) -> Answer:
        sent: list[dict[str, object]] = []

        async def send(message: object) -> None:
            assert isinstance(message, dict)
            sent.append(message)

        address, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": address,
            "query_string": query.encode(),
            "headers": [
                (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
            ],
        }
        await self.front(scope, None, send)  # type: ignore[arg-type]
        start, body = sent
        pairs = start["headers"]
        assert isinstance(pairs, list)
        assert isinstance(body["body"], bytes)
        return Answer(
            int(str(start["status"])),
            {name.decode(): value.decode() for name, value in pairs},
            body["body"],
        )

    def is_kept(self) -> bool:
        asked = read_address(PATH, b"")
        assert asked is not None
        return self.house.pages.find(asked.key) is not None

    @contextmanager
    def counted(self) -> Iterator[list[int]]:
        """Count the transactions that begin."""
        begun: list[int] = []

        def hear(_: object) -> None:
            begun.append(1)

        sa.event.listen(self.db.engine, "begin", hear)
        try:
            yield begun
        finally:
            sa.event.remove(self.db.engine, "begin", hear)


@pytest.fixture
def kiosk(db: Database) -> Kiosk:
    return Kiosk(db)


def test_a_page_is_built_once_and_then_answered_without_the_database(kiosk: Kiosk) -> None:
    first = kiosk.ask()
    with kiosk.counted() as begun:
        again = kiosk.ask()

    assert b"The bridge should stay open." in first.body
    assert again == first
    assert begun == []


def test_two_hundred_who_ask_at_the_same_time_have_a_page_built_once(kiosk: Kiosk) -> None:
    async def everybody() -> list[Answer]:
        return await asyncio.gather(*[kiosk.go() for _ in range(200)])

    with kiosk.counted() as begun:
        answers = asyncio.run(everybody())

    assert len(begun) == 1
    assert {one.status for one in answers} == {200}
    assert len({one.body for one in answers}) == 1


def moderator_decides(kiosk: Kiosk) -> None:
    withdraw_comment(kiosk.db, kiosk.comment.id, site_id=kiosk.site.id, by=kiosk.reader)


def reader_respects(kiosk: Kiosk) -> None:
    # In its first hour nobody sees how much respect a comment has.
    with kiosk.db.write(SYSTEM) as tx:
        long_ago = tx.now - timedelta(hours=2)
        tx.conn.execute(sa.update(tables.comments).values(created_at=long_ago))
    by = make_reader(kiosk.db)
    react(kiosk.db, kiosk.comment.id, site_id=kiosk.site.id, by=by, respects=True)


def site_changes(kiosk: Kiosk) -> None:
    change_site(kiosk.db, kiosk.site, name="The Evening Echo")


@pytest.mark.parametrize("change", [moderator_decides, reader_respects, site_changes])
def test_a_change_of_this_process_shows_at_once(
    kiosk: Kiosk, change: Callable[[Kiosk], None]
) -> None:
    before = kiosk.ask()
    assert kiosk.is_kept()
    change(kiosk)

    assert not kiosk.is_kept()
    assert kiosk.ask().body != before.body


@pytest.mark.parametrize("change", [moderator_decides, reader_respects])
def test_a_change_of_another_process_shows_after_the_next_look(
    kiosk: Kiosk, database_url: str, change: Callable[[Kiosk], None]
) -> None:
    before = kiosk.ask()
    kiosk.house.pages.look()
    assert kiosk.is_kept()
    here, kiosk.db = kiosk.db, Database(database_url, clock=kiosk.db.clock)
    change(kiosk)
    kiosk.db.close()
    kiosk.db = here

    assert kiosk.is_kept()
    here_pages = kiosk.house.pages
    here_pages.look()
    assert not kiosk.is_kept()
    assert kiosk.ask().body != before.body


def test_who_looks_by_itself_sees_another_process_s_change(kiosk: Kiosk, database_url: str) -> None:
    pages = kiosk.house.pages
    pages.start()
    try:
        kiosk.ask()
        other = Database(database_url, clock=kiosk.db.clock)
        kiosk.say("From another process.", db=other)
        other.close()

        until = time.monotonic() + 10
        while kiosk.is_kept() and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        pages.stop()
    assert b"From another process." in kiosk.ask().body


def test_a_change_of_one_story_keeps_the_pages_of_others(kiosk: Kiosk) -> None:
    kiosk.ask()
    other = make_story(kiosk.db, kiosk.site.id, "ferry")
    make_comment(kiosk.db, kiosk.site.id, story_id=other)
    kiosk.db.changed(other)
    with kiosk.db.write(Actor(kiosk.reader)) as tx:
        rules.accept(tx, kiosk.reader, rules.get_current_rulebook(tx.conn, kiosk.site.id).id)

    assert kiosk.is_kept()


def test_a_page_that_was_built_during_a_change_is_not_kept(kiosk: Kiosk) -> None:
    """The change comes when the page's moment is fixed already; whoever asked gets that one."""
    changes = [moderator_decides]

    def hear(_conn: object, _cursor: object, sql: str, *_: object) -> None:
        if "FROM comments" in sql and changes:
            changes.pop()(kiosk)

    sa.event.listen(kiosk.db.engine, "before_cursor_execute", hear)
    built = kiosk.ask()
    sa.event.remove(kiosk.db.engine, "before_cursor_execute", hear)

    assert changes == []
    assert b"The bridge should stay open." in built.body
    assert not kiosk.is_kept()
    assert b"The bridge should stay open." not in kiosk.ask().body
    assert kiosk.is_kept()


def test_a_suspended_story_leaves_the_cache_at_once(kiosk: Kiosk) -> None:
    editor = make_staff(kiosk.db, kiosk.site.id, Role.EDITOR)
    addresses = [
        PATH,
        "/api/v1/sites/echo/stories/bridge/thread",
        "/api/v1/sites/echo/stories/bridge/thread.html?order=oldest",
    ]
    for address in addresses:
        assert b"The bridge should stay open." in kiosk.ask(address).body
    change = ModeChange(StoryMode.SUSPENDED, "This thread is not available at the moment.")
    set_story_mode(kiosk.db, kiosk.story_id, site_id=kiosk.site.id, by=editor, change=change)

    for address in addresses:
        answer = kiosk.ask(address)
        assert b"The bridge should stay open." not in answer.body
        assert b"This thread is not available" in answer.body


# How it is answered


def test_the_same_page_again_is_not_sent_twice(kiosk: Kiosk) -> None:
    tag = kiosk.ask().headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        answer = kiosk.ask(if_none_match=known)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
    assert kiosk.ask(if_none_match='"other"').status == 200

    moderator_decides(kiosk)
    changed = kiosk.ask(if_none_match=tag)
    assert changed.status == 200
    assert changed.headers["etag"] != tag


def test_head_says_the_same_without_a_body(kiosk: Kiosk) -> None:
    got, head = kiosk.ask(), kiosk.ask(method="HEAD")

    assert (head.status, head.headers, head.body) == (200, got.headers, b"")
    assert int(head.headers["content-length"]) == len(got.body) > 0


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("zstd; q=0, br; q=0, gzip; q=0", ""),
        ("nonsense;;;,,", ""),
    ],
)
def test_a_page_comes_in_an_encoding_that_the_client_takes(
    kiosk: Kiosk, accepts: str, encoding: str
) -> None:
    plain = kiosk.ask()
    answer = kiosk.ask(accept_encoding=accepts)
    decode: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    }

    assert answer.headers.get("content-encoding", "") == encoding
    assert decode[encoding](answer.body) == plain.body
    assert answer.headers["vary"] == "Accept-Encoding"
    assert (answer.headers["etag"] == plain.headers["etag"]) is (encoding == "")
    # A repeat comes from what was compressed before.
    assert kiosk.ask(accept_encoding=accepts) == answer


@pytest.mark.parametrize(
    "path",
    [
        "/s/echo/unknown",
        "/s/nowhere/bridge",
        "/s/echo/bridge/",
        "/s/echo/bridge?order=worst",
        "/s/echo/bridge?after=nonsense",
        "/healthz",
    ],
)
def test_what_the_front_does_not_know_is_passed_on(kiosk: Kiosk, path: str) -> None:
    assert kiosk.ask(path).status == 418
    assert kiosk.ask(path).status == 418


def test_what_changes_something_is_passed_on(kiosk: Kiosk) -> None:
    assert kiosk.ask(method="POST").status == 418


def test_a_story_that_nobody_knows_is_not_kept(kiosk: Kiosk) -> None:
    path = "/api/v1/sites/echo/stories/ferry/thread.html"
    assert kiosk.ask(path).status == 200
    make_comment(
        kiosk.db,
        kiosk.site.id,
        story_id=make_story(kiosk.db, kiosk.site.id, "ferry"),
        text="All aboard.",
    )
    assert b"All aboard." in kiosk.ask(path).body


# The cache alone


def page(story: int = 1, version: int = 0, size: int = 10) -> Page:
    return Page(StoryId(story), version, b"x" * size, "text/html", "tag")


def test_the_oldest_used_pages_go_when_there_is_no_more_room(db: Database) -> None:
    pages = PageCache(db, most_bytes=2 * 100)  # A page counts twice: plain and compressed.
    for number in range(10):
        pages.put((str(number),), page(number), mark=pages.mark())
    assert pages.find(("0",)) is not None
    pages.put(("10",), page(10), mark=pages.mark())

    assert pages.find(("0",)) is not None
    assert pages.find(("1",)) is None
    pages.put(("huge",), page(11, size=1000), mark=pages.mark())
    assert pages.find(("huge",)) is None
    # What went is not counted any more.
    pages.put(("after",), page(12, size=100), mark=pages.mark())
    assert pages.find(("after",)) is not None


def test_a_page_in_place_of_another_is_counted_once(db: Database) -> None:
    pages = PageCache(db, most_bytes=2 * 100)  # A page counts twice: plain and compressed.
    for _ in range(50):
        pages.put(("same",), page(size=60), mark=pages.mark())
    assert pages.find(("same",)) is not None
    pages.drop(StoryId(1))
    pages.put(("one",), page(2, size=100), mark=pages.mark())
    assert pages.find(("one",)) is not None


def test_a_page_marked_before_everything_was_forgotten_is_not_kept(db: Database) -> None:
    pages = PageCache(db)
    mark = pages.mark()
    pages.clear()
    pages.put(("a",), page(), mark=mark)

    assert pages.find(("a",)) is None


def test_pages_of_a_story_that_is_gone_are_dropped(db: Database) -> None:
    pages = PageCache(db)
    pages.put(("a",), page(999), mark=pages.mark())
    pages.look()

    assert pages.find(("a",)) is None


def test_a_page_carries_the_version_that_it_shows(kiosk: Kiosk) -> None:
    asked = read_address(PATH, b"")
    assert asked is not None
    built = build_page(kiosk.house, asked)
    assert built is not None
    with kiosk.db.read() as conn:
        now = stories.thread_versions(conn, [kiosk.story_id])
    assert now == {kiosk.story_id: built.version}
