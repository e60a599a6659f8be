"""Reading threads: whole, in order, in bounded pages, by index, and nothing that is not public."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from copy import copy
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from belowline.actions.comments import CommentDraft, post_comment
from belowline.comments import store as comments
from belowline.comments.model import Comment, NewComment
from belowline.comments.paths import path_below
from belowline.comments.recent import own_recent_texts
from belowline.core.errors import InvalidInput
from belowline.core.terms import (
    Actor,
    CommentId,
    CommentStatus,
    ReaderId,
    SiteId,
    StoryId,
    ThreadOrder,
)
from belowline.outside.classifier import NullClassifier
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.threads import places
from belowline.threads import store as threads
from belowline.threads.cursors import Place, check_path, read_place
from belowline.threads.facts import Due, read_facts
from belowline.threads.model import MORE_REPLIES, PAGE, REPLIES, Branch, ThreadComment
from tests.conftest import START, SettableClock
from tests.factories import SYSTEM, make_reader, make_site, make_story
from tests.filled import BOTH, Filled
from tests.threads.plans import plan_of, statements_of

NEWEST, OLDEST = ThreadOrder.NEWEST, ThreadOrder.OLDEST
BEST, REPLIED, NEWSROOM = ThreadOrder.BEST, ThreadOrder.REPLIED, ThreadOrder.NEWSROOM
PUBLISHED = CommentStatus.PUBLISHED


class Thread:
    """A story whose comments are written straight into the store, in one transaction."""

    def __init__(self, db: Database, site: Site | None = None) -> None:
        self.db = db
        self.site = site or make_site(db)
        self.site_id: SiteId = self.site.id
        self.story_id: StoryId = make_story(db, self.site_id)
        self.author: ReaderId = make_reader(db)

    def grow(
        self, number: int, parent: Callable[[list[Comment]], Comment | None], minutes: int = 0
    ) -> list[Comment]:
        """Add that many comments, each below what ``parent`` names among those before it."""
        made: list[Comment] = []
        with self.db.write(Actor(self.author)) as tx:
            for each in range(number):
                at = START + timedelta(minutes=minutes * (each // 3))
                text = f"Comment number {each}."
                new = NewComment(
                    self.site_id,
                    self.story_id,
                    parent(made),
                    self.author,
                    None,
                    text,
                    f"<p>{text}</p>",
                    PUBLISHED,
                    created_at=at,
                )
                made.append(comments.add_comment(tx, new))
        return made

    def moved(self, db: Database) -> Thread:
        """Return the same in a copy of its database."""
        same = copy(self)
        same.db = db
        return same

    def settle(self, comment: Comment, *statuses: CommentStatus) -> None:
        with self.db.write(SYSTEM) as tx:
            for status in statuses:
                current = comments.get_comment(tx.conn, self.site_id, comment.id)
                comments.set_status(tx, current, status, rule_key="threat", reason="Because.")

    def branches(self, order: ThreadOrder) -> Iterator[Branch]:
        """Walk every page."""
        after = None
        while True:
            with self.db.read() as conn:
                page = threads.read_page(
                    conn, self.site_id, self.story_id, order=order, after=after
                )
            assert len(page.branches) <= PAGE
            assert all(len(branch.replies) <= REPLIES for branch in page.branches)
            yield from page.branches
            if page.next_cursor is None:
                return
            assert page.branches
            after = page.next_cursor

    def replies(self, root: Comment, after: str = "") -> list[ThreadComment]:
        """Walk every reply of a root."""
        found: list[ThreadComment] = []
        while True:
            branch = self.branch(root, after)
            assert len(branch.replies) <= MORE_REPLIES
            found += branch.replies
            if branch.more_after is None:
                return found
            after = check_path(branch.more_after)

    def branch(self, root: Comment, after: str = "") -> Branch:
        with self.db.read() as conn:
            branch = threads.read_branch(conn, self.site_id, root.id, after=after)
        assert branch is not None
        return branch


def reading_order(made: list[Comment]) -> list[CommentId]:
    """Return what a reader sees below the first: each reply after what it answers, then by age."""
    below: dict[CommentId | None, list[Comment]] = {}
    for comment in made:
        below.setdefault(comment.parent_id, []).append(comment)

    def all_below(one: Comment) -> Iterator[Comment]:
        for child in below.get(one.id, []):
            yield child
            yield from all_below(child)

    def walk(one: Comment, depth: int) -> Iterator[CommentId]:
        for child in below.get(one.id, []):
            yield child.id
            if depth == 2:
                # From here on indentation ends, and replies stand in the order of arrival.
                yield from sorted(deeper.id for deeper in all_below(child))
            else:
                yield from walk(child, depth + 1)

    return list(walk(made[0], 0))


@pytest.mark.parametrize("order", ThreadOrder)
def test_the_pages_of_a_thread_hold_every_shown_root_exactly_once(
    db: Database, order: ThreadOrder
) -> None:
    thread = Thread(db)
    # Three at the same instant each, so that pages break between equals.
    made = thread.grow(2 * PAGE + 33, lambda _: None, minutes=1)
    for gone in made[::7]:
        thread.settle(gone, CommentStatus.WITHDRAWN)
    for removed in made[3::7]:
        thread.settle(removed, CommentStatus.REMOVED)
    Thread(db, thread.site).grow(5, lambda _: None)

    shown = [one.id for number, one in enumerate(made) if number % 7]
    walked = [branch.root.id for branch in thread.branches(order)]
    assert walked == (shown if order is OLDEST else shown[::-1])


@pytest.mark.parametrize("full", [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE])
def test_the_last_page_of_a_thread_says_that_it_is_the_last(db: Database, full: int) -> None:
    thread = Thread(db)
    thread.grow(full, lambda _: None)

    assert len(list(thread.branches(NEWEST))) == full


def test_a_new_root_between_two_pages_repeats_and_hides_nothing(db: Database) -> None:
    thread = Thread(db)
    made = thread.grow(PAGE + 5, lambda _: None, minutes=1)
    walk = thread.branches(NEWEST)
    first = [next(walk).root.id for _ in range(PAGE)]
    thread.grow(3, lambda _: None)

    assert [*first, *(branch.root.id for branch in walk)][:PAGE] == [one.id for one in made[::-1]][
        :PAGE
    ]


def test_replies_stand_in_reading_order_and_each_on_exactly_one_page(db: Database) -> None:
    thread = Thread(db)
    chances = random.Random(20260302)  # noqa: S311 - the same tree every time
    made = thread.grow(
        400, lambda before: chances.choice(before[-30:]) if before else None, minutes=1
    )
    thread.settle(made[200], CommentStatus.WITHDRAWN)
    thread.settle(made[-1], CommentStatus.WITHDRAWN)

    expected = [one for one in reading_order(made) if one != made[-1].id]
    if not has_replies(made, made[200]):
        expected.remove(made[200].id)
    assert [one.id for one in thread.replies(made[0])] == expected


def has_replies(made: list[Comment], one: Comment) -> bool:
    return any(other.parent_id == one.id for other in made[:-1])


def test_a_thousand_replies_to_one_root_are_walked_in_bounded_pages(db: Database) -> None:
    thread = Thread(db)
    made = thread.grow(1001, lambda before: before[0] if before else None)
    (branch,) = thread.branches(NEWEST)

    assert branch.root.reply_count == 1000
    assert [one.id for one in branch.replies] == [one.id for one in made[1 : REPLIES + 1]]
    assert branch.more_after is not None
    rest = thread.replies(made[0], check_path(branch.more_after))
    assert [one.id for one in (*branch.replies, *rest)] == [one.id for one in made[1:]]


def test_a_quarrel_two_hundred_deep_is_indented_four_times_and_names_whom_it_answers(
    db: Database,
) -> None:
    thread = Thread(db)
    made = thread.grow(201, lambda before: before[-1] if before else None)
    replies = thread.replies(made[0])

    assert [one.id for one in replies] == [one.id for one in made[1:]]
    assert [one.indent for one in replies[:6]] == [1, 2, 3, 4, 4, 4]
    assert [one.answers is None for one in replies[:6]] == [True] * 4 + [False] * 2
    assert max(len(one.path) for one in replies) == 36


@pytest.mark.parametrize("shape", ["wide", "deep"])
def test_a_permalink_opens_at_its_comment(db: Database, shape: str) -> None:
    thread = Thread(db)
    chances = random.Random(7)  # noqa: S311 - the same tree every time
    made = thread.grow(
        150,
        lambda before: (
            None if not before else before[-1] if shape == "deep" else chances.choice(before[:3])
        ),
    )
    # Ids that end in the digit 0 have nothing to take one from.
    assert any(one.path.endswith("0") for one in made)
    for one in made[1:]:
        with db.read() as conn:
            line = threads.find_line(conn, thread.site_id, one.id)
        assert line is not None
        before = threads.path_before(line)
        assert thread.branch(made[0], before).replies[0].id == one.id
    with db.read() as conn:
        root = threads.find_line(conn, thread.site_id, made[0].id)
    assert root is not None
    assert threads.path_before(root) == ""


@given(
    ids=st.lists(st.integers(1, 36**4), min_size=2, max_size=2, unique=True),
    above=st.lists(st.integers(1, 36**4), max_size=3),
)
def test_the_cursor_before_a_path_lies_between_it_and_every_earlier_one(
    ids: list[int], above: list[int]
) -> None:
    parent = ""
    for one in above:
        parent = path_below(parent, CommentId(one))
    earlier, later = (path_below(parent, CommentId(one)) for one in sorted(ids))
    deepest = path_below(earlier, CommentId(36**8))
    before = threads.path_before(line_at(later))

    assert earlier <= before < later
    assert set(before) <= set("0123456789abcdefghijklmnopqrstuvwxyz")
    if len(above) < 3:
        assert deepest < before


def line_at(path: str) -> ThreadComment:
    return ThreadComment(
        CommentId(1),
        None,
        None,
        1,
        path,
        PUBLISHED,
        "A",
        None,
        "",
        None,
        START,
        None,
        0,
        0,
        None,
        "",
        1,
    )


def test_paths_sort_by_their_characters_in_every_language(db: Database) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite compares bytes unless told otherwise")
    with db.read() as conn:
        collation = conn.execute(
            sa.text(
                "SELECT collation_name FROM information_schema.columns"
                " WHERE table_name = 'comments' AND column_name = 'path'"
            )
        ).scalar_one()
    assert collation == "C"


@pytest.mark.parametrize(
    "statuses",
    [
        pytest.param([CommentStatus.HELD], id="held"),
        pytest.param([CommentStatus.REMOVED], id="removed"),
        pytest.param([CommentStatus.WITHDRAWN], id="withdrawn"),
        pytest.param([CommentStatus.REFUSED], id="refused"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 5])
def test_nothing_is_shown_of_a_comment_that_is_not_public(
    db: Database, statuses: list[CommentStatus], place: int
) -> None:
    thread = Thread(db)
    secret = Thread(db, thread.site)
    secret.story_id, secret.author = thread.story_id, make_reader(db, "Ottoline Fairweather")
    made: list[Comment] = []
    for each in range(8):
        by = secret if each == place else thread
        made += by.grow(1, lambda _, before=made: before[-1] if before else None)  # type: ignore[misc]
    with db.write(SYSTEM) as tx:
        hidden = comments.get_comment(tx.conn, thread.site_id, made[place].id)
        comments.set_featured(tx, hidden, reason="Well said by Fairweather", featured=True)
        hidden = comments.get_comment(tx.conn, thread.site_id, hidden.id)
        comments.add_revision(tx, hidden, text="Sesquipedalian.", html="<p>Sesquipedalian.</p>")

    def everything() -> str:
        with db.read() as conn:
            lines = [threads.find_line(conn, thread.site_id, one.id) for one in made]
            page = threads.read_page(conn, thread.site_id, thread.story_id, order=NEWEST)
            return f"{lines} {page} {thread.branch(made[0])}"

    assert "Fairweather" in everything()
    assert "Sesquipedalian" in everything()
    thread.settle(made[place], *statuses)
    text = everything()
    assert "Fairweather" not in text
    assert "Sesquipedalian" not in text
    assert "Because." not in text
    assert ("threat" in text) is (statuses == [CommentStatus.REMOVED])
    with db.read() as conn:
        line = threads.find_line(conn, thread.site_id, made[place].id)
    assert line is not None
    assert (line.html, line.author_name, line.respect_count, line.edited_at) == ("", "", 0, None)


def test_a_comment_that_never_was_public_has_no_line(db: Database) -> None:
    thread = Thread(db)
    (one,) = thread.grow(1, lambda _: None)
    thread.settle(one, CommentStatus.WITHDRAWN)

    with db.read() as conn:
        assert threads.find_line(conn, thread.site_id, one.id) is None
        assert threads.read_branch(conn, thread.site_id, one.id) is None
    assert list(thread.branches(NEWEST)) == []


def test_another_site_s_thread_is_not_read(db: Database) -> None:
    thread, other = Thread(db), make_site(db, "packet")
    root, reply = thread.grow(2, lambda before: before[0] if before else None)

    with db.read() as conn:
        assert threads.read_page(conn, other.id, thread.story_id, order=NEWEST).branches == ()
        assert threads.read_branch(conn, other.id, root.id) is None
        assert threads.find_line(conn, other.id, reply.id) is None
        # A reply is no root, whoever asks.
        assert threads.read_branch(conn, thread.site_id, reply.id) is None


HOSTILE = [
    "", ".", "1.", ".1", "-1.1", "1.-1", "1.1.1", " 1.1", "1.1\n", "1e5.1", "0x1.1", "١.١", "½.1",
    "9" * 18 + ".1", "1." + "9" * 19, "1.1'--", "1.1;DROP TABLE comments", "1.1\x00", "\ud800.1",
    "1" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("cursor", HOSTILE, ids=lambda one: ascii(one)[:20])
def test_a_hostile_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        read_place(cursor)


@pytest.mark.parametrize(
    "cursor", ["A", "%", "'", "a b", "a\n", "é", "١", "z" * 37, "\x00", "../"], ids=ascii
)
def test_a_hostile_place_among_replies_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        check_path(cursor)


@pytest.mark.parametrize("cursor", ["0.0", "9" * 17 + "." + "9" * 18, "00000.000000"])
def test_a_cursor_that_nobody_was_given_is_harmless(db: Database, cursor: str) -> None:
    thread = Thread(db)
    thread.grow(2, lambda _: None)
    with db.read() as conn:
        for order in (NEWEST, OLDEST):
            page = threads.read_page(
                conn, thread.site_id, thread.story_id, order=order, after=cursor
            )
            assert len(page.branches) in {0, 2}
        for path in ("z" * 36, "0"):
            assert threads.read_branch(conn, thread.site_id, CommentId(1), after=path) is not None


@given(
    at=st.datetimes(datetime(1970, 1, 1), datetime(5000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    number=st.integers(1, 10**17),
)
def test_a_cursor_leads_back_to_its_place(at: datetime, number: int) -> None:
    assert read_place(str(Place(at, number))) == Place(at, number)


# How the databases find it


@pytest.fixture(params=BOTH)
def grown(request: pytest.FixtureRequest, filled: Filled, clock: SettableClock) -> Iterator[Thread]:
    """Give a thread among others, in a database that knows how much of what it has."""
    with filled.copy(request.param, grow_many, clock=clock) as (db, thread):
        yield thread.moved(db)


def grow_many(db: Database) -> Thread:
    thread = Thread(db)
    for one in (thread, *(Thread(db, thread.site) for _ in range(6))):
        made = one.grow(120, lambda _: None, minutes=1)
        one.grow(40, lambda before, made=made: before[-1] if before else made[-1])  # type: ignore[misc]
        one.grow(3, lambda _, made=made: made[-2])  # type: ignore[misc]
    with db.write(SYSTEM) as tx:
        # The order of one thread has changed once, so that there is a ranking before.
        ranked = tables.rankings.c.story_id == thread.story_id
        tx.conn.execute(sa.update(tables.rankings).where(ranked).values(number=1))
    with db.engine.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    return thread


HOT: dict[str, tuple[Callable[[Thread, sa.Connection], object], set[str]]] = {
    "first page": (
        lambda one, conn: threads.read_page(conn, one.site_id, one.story_id, order=NEWEST),
        {"ix_comments_roots", "ix_comments_replies"},
    ),
    "next page, oldest first": (
        lambda one, conn: threads.read_page(
            conn, one.site_id, one.story_id, order=OLDEST, after=str(Place(START, 5))
        ),
        {"ix_comments_roots"},
    ),
    "best, first page": (
        lambda one, conn: threads.read_page(conn, one.site_id, one.story_id, order=BEST),
        {"ix_places_key"},
    ),
    "most replied, next page": (
        lambda one, conn: threads.read_page(
            conn, one.site_id, one.story_id, order=REPLIED, after="0.2.40"
        ),
        {"ix_places_key"},
    ),
    "newsroom, next page by the ranking before": (
        lambda one, conn: threads.read_page(
            conn, one.site_id, one.story_id, order=NEWSROOM, after="0.0.40"
        ),
        {"ix_places_key_before"},
    ),
    "what is due to be ranked": (
        lambda _, conn: places.find_due(conn, now=START + timedelta(days=1)),
        {"ix_rankings_due_at"},
    ),
    "what a ranking rests on": (
        lambda one, conn: read_facts(
            conn, Due(one.site_id, one.story_id, START, None), now=START + timedelta(days=1)
        ),
        {"ix_places_key", "ix_comments_roots", "ix_comments_newsroom", "ix_reactions_story_id"},
    ),
    "branch": (
        lambda one, conn: threads.read_branch(conn, one.site_id, CommentId(120), after="0"),
        {"ix_comments_replies"},
    ),
    "thread versions": (
        lambda one, conn: stories.thread_versions(conn, [one.story_id, StoryId(3)]),
        {"pk_stories"},
    ),
    "own recent texts": (
        lambda one, conn: own_recent_texts(
            conn, one.site_id, one.author, since=START - timedelta(days=1)
        ),
        {"ix_comments_author"},
    ),
}


@pytest.mark.parametrize("name", HOT)
def test_what_is_read_most_is_found_by_index(grown: Thread, name: str) -> None:
    read, indexes = HOT[name]

    def act() -> None:
        with grown.db.read() as conn:
            read(grown, conn)

    assert_by_index(grown.db, act, indexes)


def test_posting_reads_nothing_as_a_whole(grown: Thread) -> None:
    with grown.db.read() as conn:
        key = stories.get_story_by_id(conn, grown.site_id, grown.story_id).key
    draft = CommentDraft(
        grown.site, key, "What I think of it.", CommentId(120), client_key="key-0001", accepts=1
    )

    def act() -> None:
        post_comment(grown.db, draft, by=make_reader(grown.db), classifier=NullClassifier())

    assert_by_index(grown.db, act, {"ix_comments_author"})


def assert_by_index(db: Database, act: Callable[[], object], indexes: set[str]) -> None:
    plans = [plan_of(db, statement) for statement in statements_of(db, act)]
    together = "\n".join(plans)
    scan = "SCAN" if db.is_sqlite else "Seq Scan on"

    assert plans
    whole = r"(?:comments|stories|revisions|events|cases|places|rankings|reactions)\b"
    assert re.findall(rf"{scan} {whole}(?! USING)", together) == []
    for index in indexes:
        assert index in together or (db.is_sqlite and index.startswith("pk_"))


def test_no_order_sorts_what_it_does_not_show(grown: Thread) -> None:
    """The roots of a page come from the index as they stand, so a page costs what it shows."""
    for order in ThreadOrder:
        with grown.db.read() as conn:
            first = threads.read_page(conn, grown.site_id, grown.story_id, order=order)
        for cursor in (None, first.next_cursor):

            def act(order: ThreadOrder = order, cursor: str | None = cursor) -> None:
                with grown.db.read() as conn:
                    threads.read_page(
                        conn, grown.site_id, grown.story_id, order=order, after=cursor
                    )

            asked = statements_of(grown.db, act)
            plan = plan_of(
                grown.db,
                next(one for one in asked if "LIMIT" in one[0] and "JOIN readers" in one[0]),
                # A few rows are quickest sorted; of many, one would notice.
                off=("enable_sort", "enable_bitmapscan"),
            )
            assert "TEMP B-TREE" not in plan
            assert not re.search(r"Sort\b(?!ed)", plan)
