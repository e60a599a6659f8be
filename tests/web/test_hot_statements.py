"""No statement behind what readers ask for reads a table, or a whole index, on either database.

What is looked at is everything that the anonymous renderings of a long thread send, its last page
and a comment deep in it among them, and counts, news and feeds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from belowline.core.terms import CommentId, ThreadOrder
from belowline.followers.counts import CountCache
from belowline.followers.live import read_news
from belowline.readers.store import add_reader
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.authors import add_author
from belowline.stories.model import StoryDraft
from belowline.stories.questions import put_question
from belowline.threads.latest import list_latest
from belowline.threads.model import ThreadFilter
from belowline.web.pages.thread import Asked, build
from tests.conftest import SettableClock
from tests.factories import SYSTEM, make_comment, make_reader
from tests.filled import BOTH, Filled
from tests.threads.plans import plan_of, statements_of
from tests.threads.test_store import Thread

# A site's rules and who waits where in the log are a handful of rows.
FEW_ROWS = {"sites", "rulebooks", "rules", "cursors"}
# PostgreSQL joins small tables by reading them, and takes in at once who wrote which story as long
# as that is quicker than fifty looks into the index. What it does with large ones is asked here.
SMALL_HABITS = ("enable_mergejoin", "enable_hashjoin", "enable_bitmapscan")
TAKEN_IN_AT_ONCE = "pk_story_authors"
# What a statement makes for itself.
NO_TABLES = re.compile(r"SCAN (?:json_each|CONSTANT|\(subquery|anon_)")


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest, filled: Filled, clock: SettableClock) -> Iterator[Thread]:
    """Give a thread among others, in a database that knows how much of what it has."""
    with filled.copy(request.param, grow_world, clock=clock) as (db, thread):
        yield thread.moved(db)


def grow_world(db: Database) -> Thread:
    thread = Thread(db)
    for one in (thread, *(Thread(db, thread.site) for _ in range(2))):
        made = one.grow(110, lambda _: None, minutes=1)
        # A quarrel too deep to be indented, and more replies than a page has.
        one.grow(30, lambda before, made=made: before[-1] if before else made[-2])  # type: ignore[misc]
        one.grow(60, lambda _, made=made: made[60])  # type: ignore[misc]
    with db.write(SYSTEM) as tx:
        # Empty tables are read as a whole whatever is asked of them.
        for number in range(150):
            draft = StoryDraft(f"other-{number}", "Other", "https://www.echo.example/other")
            other = stories.add_story(tx, thread.site_id, draft)
            reader = add_reader(tx, name=f"Other {number}")
            add_author(tx, thread.site_id, other, reader)
            put_question(tx, thread.site_id, other, text="What now?", by=reader)
    with db.engine.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    return thread


def asked(thread: Thread) -> Asked:
    with thread.db.read() as conn:
        key = stories.get_story_by_id(conn, thread.site_id, thread.story_id).key
    return Asked(thread.site.key, key, "page")


def last_page(thread: Thread, order: ThreadOrder) -> Asked:
    """Follow the links to the end."""
    here, cursor = replace(asked(thread), order=order), "-"
    while cursor:
        link = re.search(r'after=([^"]+)" data-act="more"', build(thread.db, here).body.decode())
        cursor = link[1] if link is not None else ""
        here = replace(here, after=cursor) if cursor else here
    assert here.after
    return here


@pytest.mark.parametrize("order", ThreadOrder)
def test_first_last_and_middle_pages_are_found_by_index(world: Thread, order: ThreadOrder) -> None:
    first, last = replace(asked(world), order=order), last_page(world, order)
    deep = comments_of(world)[100]
    for one in (first, last, replace(first, comment=deep)):
        for form in ("page", "fragment", "json"):
            assert_by_index(
                world.db, lambda one=one, form=form: build(world.db, replace(one, form=form))
            )  # type: ignore[misc]


@pytest.mark.parametrize("form", ["permalink", "replies", "branch"])
def test_one_comment_and_what_is_around_it_is_found_by_index(world: Thread, form: str) -> None:
    ids = comments_of(world)
    for comment in (ids[60], ids[150], ids[-1]):
        one = replace(asked(world), form=form, comment=comment)
        assert_by_index(world.db, lambda one=one: build(world.db, one))  # type: ignore[misc]


@pytest.mark.parametrize("only", ThreadFilter)
@pytest.mark.parametrize("is_named", [False, True])
def test_parts_of_a_thread_are_found_by_index(
    world: Thread, only: ThreadFilter, *, is_named: bool
) -> None:
    writer = make_reader(world.db)
    make_comment(world.db, world.site_id, story_id=world.story_id, author_id=writer)
    if is_named:
        with world.db.write(SYSTEM) as tx:
            add_author(tx, world.site_id, world.story_id, writer)
    assert_by_index(world.db, lambda: build(world.db, replace(asked(world), only=only)))


def test_news_lines_and_counts_are_found_by_index(world: Thread) -> None:
    ids = comments_of(world)
    story = asked(world)
    some = ",".join(map(str, sorted(ids[-40:])))
    counts = CountCache(world.db)

    def news() -> None:
        with world.db.read() as conn:
            for since in (0, 100, 229):
                read_news(conn, world.site_id, world.story_id, since=since)

    def feeds() -> None:
        with world.db.read() as conn:
            list_latest(conn, world.site_id, story_id=world.story_id)
            list_latest(conn, world.site_id)

    def look() -> None:
        counts.look()

    acts: list[Callable[[], object]] = [
        lambda: build(world.db, replace(story, form="lines", after=some)),
        lambda: build(world.db, replace(story, form="changes", after="200")),
        lambda: counts.read(world.site.key, [story.story, *(f"story-{n}" for n in range(49))]),
        look,
        news,
        feeds,
    ]
    for act in acts:
        assert_by_index(world.db, act)


def comments_of(thread: Thread) -> list[CommentId]:
    with thread.db.read() as conn:
        found = conn.exec_driver_sql(
            f"SELECT id FROM comments WHERE story_id = {thread.story_id} ORDER BY id"  # noqa: S608
        )
        return [CommentId(row.id) for row in found]


def assert_by_index(db: Database, act: Callable[[], object]) -> None:
    asked = statements_of(db, act)
    assert asked
    for statement in asked:
        plan = plan_of(db, statement, off=SMALL_HABITS)
        whole = whole_reads(plan, sqlite=db.is_sqlite)
        assert whole == [], f"{whole}\n{statement[0]}\n{plan}"


def whole_reads(plan: str, *, sqlite: bool) -> list[str]:
    """Return the parts of a plan that read all of a table, or all of an index."""
    lines = plan.splitlines()
    if sqlite:
        # With "USING INDEX" it is still all of the index.
        return [
            line
            for line in lines
            if line.startswith("SCAN")
            and not NO_TABLES.match(line)
            and line.split()[1] not in FEW_ROWS
        ]
    found = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        scan = re.search(
            r"(Seq Scan|Index Scan|Index Only Scan|Bitmap Index Scan).* on (\w+)", line
        )
        if scan is None or scan[2] in FEW_ROWS or TAKEN_IN_AT_ONCE in line:
            continue
        if scan[1] == "Seq Scan" or "Index Cond" not in following:
            found.append(line)
    return found
