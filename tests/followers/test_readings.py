"""Readings: what the embed is sent is counted by place, and nothing of who asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from litestar.types import Receive, Scope, Send

from belowline.core.settings import Settings
from belowline.core.terms import CommentId, ThreadOrder
from belowline.followers.readings import Readings
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.threads.readings import read_shown, visits_of
from belowline.threads.seen import READ_AT_ONCE, Shown, chance_at, guess, part_of_visits
from belowline.threads.store import read_page
from belowline.web.front import Front
from belowline.web.hot import Hot
from belowline.web.house import House, make_house
from belowline.web.security import Origins
from tests.factories import make_comment, make_site, make_story, rows_of

EMBED = "/api/v1/sites/echo/stories/bridge/thread.html"


async def framework(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand where the framework stands."""


class Reading:
    """A thread, whoever reads it, and the chore."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.house: House = make_house(Settings(secret="0123456789abcdef0123456789abcdef"), db=db)
        self.front = Front(framework, self.house)
        self.hot = Hot(self.house.pages, self.front.counted, Origins(db))
        self.site = make_site(db)
        self.story_id = make_story(db, self.site.id, "bridge")
        self.roots = [make_comment(db, self.site.id, story_id=self.story_id).id for _ in range(60)][
            ::-1
        ]
        """As they stand: before anybody reacts, the newest first."""

    def visit(self, query: str = "", *, path: str = EMBED, method: str = "GET") -> bytes:
        """Ask the front; return the page's tag."""
        sent: list[dict[str, object]] = []

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [],
        }
        asyncio.run(self.front(scope, None, send))  # type: ignore[arg-type]
        headers = dict(sent[0]["headers"]) if sent else {}  # type: ignore[call-overload]
        return bytes(headers.get(b"etag", b""))

    def add_up(self) -> None:
        Readings(self.db, self.house.pages).work()

    def shown(self) -> dict[CommentId, Shown]:
        with self.db.read() as conn:
            return read_shown(conn, self.story_id)

    def visits(self) -> float:
        with self.db.read() as conn:
            return visits_of(conn, self.story_id)


@pytest.fixture
def reading(db: Database) -> Iterator[Reading]:
    made = Reading(db)
    yield made
    made.house.pages.clear()


def test_what_is_sent_is_counted_by_where_each_root_stood(reading: Reading) -> None:
    for _ in range(4):
        reading.visit()
    assert reading.shown() == {}
    reading.add_up()

    assert reading.visits() == 4
    assert set(reading.shown()) == set(reading.roots[:50])
    for place, root in enumerate(reading.roots[:50]):
        assert reading.shown()[root] == Shown(pytest.approx(4 * chance_at(place)), 0)


def test_adding_up_again_adds_nothing(reading: Reading) -> None:
    reading.visit()
    reading.add_up()
    before = reading.shown(), reading.visits()
    reading.add_up()
    assert (reading.shown(), reading.visits()) == before


def test_answers_from_memory_and_unchanged_pages_are_visits_too(reading: Reading) -> None:
    tag = reading.visit()
    assert reading.hot.find(EMBED.encode(), []) is not None
    assert reading.hot.find(EMBED.encode(), [(b"if-none-match", tag)]) is not None
    reading.add_up()
    assert reading.visits() == 3


def test_what_was_sent_before_the_thread_changed_is_not_lost(reading: Reading) -> None:
    reading.visit()
    reading.visit()
    new = make_comment(reading.db, reading.site.id, story_id=reading.story_id).id
    reading.house.pages.clear()
    reading.visit()
    reading.add_up()
    assert reading.visits() == 3
    assert reading.shown()[new] == Shown(1.0, 0)
    assert reading.shown()[reading.roots[0]].met == pytest.approx(2 + chance_at(1))


@pytest.mark.parametrize(
    ("query", "path", "method"),
    [
        pytest.param("order=newest", EMBED, "GET", id="another order"),
        pytest.param("filter=picks", EMBED, "GET", id="a part of the thread"),
        pytest.param("", "/s/echo/bridge", "GET", id="the page that search engines fetch"),
        pytest.param("", EMBED.replace(".html", ""), "GET", id="programs"),
        pytest.param("", EMBED, "HEAD", id="only the head"),
    ],
)
def test_what_no_reader_comes_upon_by_reading_on_is_not_counted(
    reading: Reading, query: str, path: str, method: str
) -> None:
    reading.visit(query, path=path, method=method)
    reading.add_up()
    assert reading.visits() == 0
    assert reading.shown() == {}


def test_a_further_page_is_read_from_its_top_and_is_no_further_visit(reading: Reading) -> None:
    reading.visit()
    with reading.db.read() as conn:
        cursor = read_page(
            conn, reading.site.id, reading.story_id, order=ThreadOrder.BEST
        ).next_cursor
    reading.visit(f"order=best&after={cursor}")
    reading.add_up()
    assert reading.visits() == 1
    assert reading.shown()[reading.roots[50]].met == pytest.approx(1.0)


def test_many_threads_are_added_in_portions(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("tram", "ferry"):
        story_id = make_story(reading.db, reading.site.id, key)
        make_comment(reading.db, reading.site.id, story_id=story_id)
    monkeypatch.setattr("belowline.followers.readings.AT_ONCE", 1)
    for key in ("bridge", "tram", "ferry", "ferry"):
        reading.visit(path=EMBED.replace("bridge", key))
    reading.add_up()
    assert sorted(row.number for row in rows_of(reading.db, tables.visits)) == [1, 1, 2]


def test_nothing_is_kept_of_who_read(reading: Reading) -> None:
    reading.visit()
    reading.add_up()
    assert {column.name for column in tables.visits.c} == {"story_id", "number"}
    assert {column.name for column in tables.readings.c} == {
        "comment_id", "story_id", "met", "visits_before"
    }  # fmt: skip
    assert len(rows_of(reading.db, tables.visits)) == 1


# The arithmetic


def test_a_visit_comes_upon_as_many_as_it_is_taken_to_read() -> None:
    assert sum(chance_at(place) for place in range(2000)) == pytest.approx(READ_AT_ONCE)


@pytest.mark.parametrize(
    ("shown", "visits", "roots", "part"),
    [
        pytest.param(None, 900, 50, 0.5, id="nothing counted: the guess"),
        pytest.param(Shown(0, 0), 0, 50, 0.5, id="no visits: the guess"),
        pytest.param(Shown(0, 900), 900, 50, 0.5, id="none since it was there: the guess"),
        pytest.param(Shown(45, 0), 90, 50, 0.5, id="half of them"),
        pytest.param(Shown(0, 0), 990, 50, 0.005, id="hardly ever on a page that is sent"),
        pytest.param(Shown(900, 0), 90, 50, 1.0, id="never more than all"),
        pytest.param(Shown(900, 990), 90, 10, 1.0, id="nor are there fewer visits than none"),
    ],
)
def test_the_part_of_visits(shown: Shown | None, visits: float, roots: int, part: float) -> None:
    assert part_of_visits(shown, visits=visits, roots=roots) == pytest.approx(part)


def test_the_guess_is_what_one_visit_reads() -> None:
    assert (guess(0), guess(25), guess(250)) == (1.0, 1.0, 0.1)
