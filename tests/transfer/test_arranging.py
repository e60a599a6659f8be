"""The order in which comments are stored: each after what it replies to, whatever the file was."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.core.terms import SiteId
from belowline.storage.tables import metadata
from belowline.transfer.arranging import arrange
from belowline.transfer.codes import Hide, ImportStatus, Repair, Skip
from belowline.transfer.joining import Joining, join_stories
from belowline.transfer.landing import Landing
from belowline.transfer.mapping import Rules
from belowline.transfer.shape import Record, SourceAuthor, SourceComment, SourceStory
from belowline.transfer.taking import take_all

START = datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
STORIES = [
    SourceStory(key, f"https://paper.example/{key}", key, None, None, open=True, visible=True)
    for key in "st"
]


def comment(
    source_id: str, parent: str | None = None, *, minute: int = 0, story: str = "s",
    hidden: Hide | None = None, status: ImportStatus = ImportStatus.REMOVED,
) -> SourceComment:  # fmt: skip
    return SourceComment(
        source_id=source_id,
        story_source_id=story,
        parent_source_id=parent,
        author=SourceAuthor(None, "Ada", None),
        html="x",
        text="x",
        created_at=START + timedelta(minutes=minute),
        status=status if hidden else ImportStatus.PUBLISHED,
        hidden_because=hidden,
    )


@cache
def nothing_here() -> sa.Engine:
    """Give a database in which nothing is."""
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    return engine


@contextmanager
def arranged(*records: Record) -> Iterator[Landing]:
    """Give a landing with these records in order, before anything of them is here."""
    with tempfile.TemporaryDirectory() as folder:
        landing = Landing(Path(folder) / "landing")
        take_all(landing, [*STORIES, *records], secret="made up", now=NOW, read=lambda _: None)
        with nothing_here().connect() as conn:
            join_stories(conn, landing, Joining(SiteId(1), "paper", Rules()))
        arrange(landing)
        yield landing
        landing.close()


def ids_and_parents(*comments: SourceComment) -> list[tuple[str, str | None]]:
    with arranged(*comments) as landing:
        rows = landing.run(
            "SELECT c.source_id, p.source_id FROM ordered o JOIN comments c ON c.id = o.id"
            " JOIN tree t ON t.id = o.id LEFT JOIN comments p ON p.id = t.parent ORDER BY o.place"
        )
        return list(rows)


def remarks(*comments: SourceComment) -> list[tuple[str, str]]:
    with arranged(*comments) as landing:
        return list(landing.run("SELECT source_id, why FROM remarks ORDER BY source_id, why"))


def test_a_parent_that_comes_later_in_the_file_is_put_first():
    given_in_reverse = (comment("2", "1", minute=2), comment("1", minute=1))
    assert ids_and_parents(*given_in_reverse) == [("1", None), ("2", "1")]
    assert remarks(*given_in_reverse) == []


def test_a_reply_dated_before_its_parent_still_comes_after_it():
    assert ids_and_parents(comment("1", minute=9), comment("2", "1"))[0] == ("1", None)


def test_a_reply_whose_parent_is_missing_becomes_a_root_and_the_report_says_so():
    assert ids_and_parents(comment("2", "1")) == [("2", None)]
    assert remarks(comment("2", "1")) == [("2", Repair.PARENT_MISSING)]


def test_a_reply_never_hangs_under_a_comment_of_another_story():
    pair = (comment("1"), comment("2", "1", story="t", minute=1))
    assert ids_and_parents(*pair) == [("1", None), ("2", None)]
    assert remarks(*pair) == [("2", Repair.PARENT_ELSEWHERE)]


def test_a_circle_is_cut_at_its_earliest_comment():
    circle = (comment("3", "2", minute=3), comment("1", "3", minute=1), comment("2", "1", minute=2))
    assert ids_and_parents(*circle) == [("1", None), ("2", "1"), ("3", "2")]
    assert remarks(*circle) == [("1", Repair.PARENT_CYCLE)]


def test_two_circles_and_what_hangs_on_them_are_all_kept():
    first = (comment("1", "2"), comment("2", "1", minute=1), comment("3", "2", minute=2))
    second = (comment("4", "5", minute=4), comment("5", "4", minute=3), comment("6", "4", minute=5))
    assert {one for one, _ in ids_and_parents(*first, *second)} == set("123456")
    cut = [("1", Repair.PARENT_CYCLE), ("5", Repair.PARENT_CYCLE)]
    assert remarks(*first, *second) == cut


def test_a_comment_that_answers_itself_becomes_a_root():
    assert remarks(comment("1", "1")) == [("1", Repair.PARENT_CYCLE)]


def test_a_comment_met_twice_counts_once_and_as_hidden_as_it_was_anywhere():
    for pair in (
        (comment("1"), comment("1", hidden=Hide.TRASHED)),
        (comment("1", hidden=Hide.TRASHED), comment("1")),
    ):
        with arranged(*pair) as landing:
            assert landing.run("SELECT status, hidden FROM comments").fetchall() == [
                (ImportStatus.REMOVED, Hide.TRASHED)
            ]


def test_a_deleted_comment_stays_only_to_hold_up_what_replies_to_it():
    gone = {"hidden": Hide.DELETED, "status": ImportStatus.DELETED}
    chain = (comment("1", **gone), comment("2", "1", **gone), comment("3", "2"))
    bare = (comment("4", **gone), comment("5", "4", **gone))
    assert ids_and_parents(*chain, *bare) == [("1", None), ("2", "1"), ("3", "2")]
    assert remarks(*chain, *bare) == [("4", Skip.DELETED), ("5", Skip.DELETED)]


def test_what_stands_under_a_story_that_is_not_there_is_left_out_and_named():
    assert ids_and_parents(comment("1", story="nowhere"), comment("2", "1")) == [("2", None)]
    assert remarks(comment("1", story="nowhere"), comment("2", "1")) == [
        ("1", Skip.STORY_MISSING),
        ("2", Repair.PARENT_MISSING),
    ]


def test_a_thread_deeper_than_python_goes_is_put_in_order():
    chain = [comment(f"{n:05}", f"{n - 1:05}" if n else None, minute=n) for n in range(5000)]
    shuffled = list(chain)
    Random(1).shuffle(shuffled)  # noqa: S311 - repeatable
    assert [one for one, _ in ids_and_parents(*shuffled)] == [one.source_id for one in chain]


@st.composite
def forests(draw: st.DrawFn) -> list[SourceComment]:
    size = draw(st.integers(0, 12))
    return [
        comment(
            str(number),
            draw(st.none() | st.integers(0, size).map(str)),
            minute=draw(st.integers(0, 5)),
            story=draw(st.sampled_from("st")),
        )
        for number in range(size)
    ]


@settings(deadline=None)
@given(forests(), st.randoms(use_true_random=False))
def test_every_comment_survives_parents_lead_and_the_files_order_does_not_matter(
    comments: list[SourceComment], random: Random
):
    ordered = ids_and_parents(*comments)
    shuffled = list(comments)
    random.shuffle(shuffled)
    assert ids_and_parents(*shuffled) == ordered
    assert {one for one, _ in ordered} == {c.source_id for c in comments}
    seen: set[str] = set()
    for source_id, parent in ordered:
        assert parent is None or parent in seen
        seen.add(source_id)
    wanted = {c.source_id: c.parent_source_id for c in comments}
    changed = {one for one, parent in ordered if parent != wanted[one]}
    assert changed == {source_id for source_id, _ in remarks(*comments)}
