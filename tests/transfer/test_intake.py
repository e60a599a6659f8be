"""Taking records in: once, in order, and never more public than they were at the source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.sites import create_site
from belowline.core.errors import InvalidInput
from belowline.core.terms import CommentStatus, StoryMode
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.tables import cases, comments, events, readers, revisions, stories
from belowline.transfer.codes import Hide, ImportStatus
from belowline.transfer.intake import BATCH, Intake, take_in
from belowline.transfer.shape import (
    Record,
    SourceAuthor,
    SourceComment,
    SourceRevision,
    SourceStory,
)
from belowline.transparency.counts import find_disagreements

SECRET = "made up for the tests of the intake"
AT = datetime(2020, 2, 1, 12, tzinfo=UTC)
STORY = SourceStory("s1", "https://old.example/news/one", "One", None, AT, open=True, visible=True)
ADA = SourceAuthor(None, "Ada", "ada@reader.example")


@pytest.fixture
def site(db: Database) -> Site:
    return create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])


@pytest.fixture
def intake(db: Database, site: Site) -> Intake:
    return Intake(db, site, "wordpress", SECRET)


def said(source_id: str, *, parent: str | None = None, minutes: int = 0) -> SourceComment:
    return SourceComment(
        source_id,
        "s1",
        parent,
        ADA,
        f"<p>Words {source_id}</p>",
        f"Words {source_id}",
        AT + timedelta(minutes=minutes),
        ImportStatus.PUBLISHED,
    )


def hidden(source_id: str, status: ImportStatus, why: Hide) -> SourceComment:
    return replace(said(source_id), status=status, hidden_because=why)


def rows(db: Database, table: sa.Table) -> list[sa.Row[tuple[object, ...]]]:
    with db.read() as conn:
        return list(conn.execute(sa.select(table).order_by(*table.primary_key)))


def test_a_thread_comes_in_with_its_times_and_replies(db: Database, intake: Intake) -> None:
    report = take_in(intake, [STORY, said("b", parent="a", minutes=5), said("a")])

    root, reply = rows(db, comments)
    [story] = rows(db, stories)
    assert report.would_import == 2
    assert (root.created_at, root.published_at) == (AT, AT)
    assert reply.parent_id == root.id
    assert root.reply_count == 1
    assert (story.key, story.comment_count, story.mode) == ("one", 2, StoryMode.OPEN)
    with db.read() as conn:
        assert find_disagreements(conn) == []


def test_a_second_run_changes_nothing(db: Database, intake: Intake) -> None:
    records = [STORY, said("a"), said("b", parent="a")]
    take_in(intake, records)
    before = [rows(db, table) for table in (stories, comments, readers, events)]
    report = take_in(intake, records)

    assert (report.would_import, report.merged) == (0, 2)
    assert [rows(db, table) for table in (stories, comments, readers, events)] == before


def test_a_later_export_adds_what_is_new_under_what_is_here(db: Database, intake: Intake) -> None:
    take_in(intake, [STORY, said("a")])
    take_in(intake, [STORY, said("a"), said("b", parent="a", minutes=9)])

    root, reply = rows(db, comments)
    assert reply.parent_id == root.id
    assert len(rows(db, stories)) == 1
    assert len(rows(db, readers)) == 1


def test_an_interrupted_run_goes_on_where_it_stopped(db: Database, intake: Intake) -> None:
    records = [STORY, *(said(f"c{number}", minutes=number) for number in range(BATCH + 20))]

    def stop(_done: int, total: int) -> None:
        if total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_in(replace(intake, progress=stop), records)
    assert len(rows(db, comments)) == BATCH
    report = take_in(intake, records)

    assert (report.would_import, report.merged) == (20, BATCH)
    assert len(rows(db, comments)) == BATCH + 20
    assert rows(db, stories)[0].comment_count == BATCH + 20


def test_a_dry_run_says_the_same_and_stores_nothing(db: Database, intake: Intake) -> None:
    records = [STORY, said("a"), hidden("b", ImportStatus.HELD, Hide.PENDING)]
    before = rows(db, events)
    dry = take_in(replace(intake, dry_run=True), records)

    assert rows(db, comments) == rows(db, stories) == []
    assert rows(db, events) == before
    assert dry == take_in(intake, records)


@pytest.mark.parametrize(
    ("status", "why", "becomes"),
    [
        (ImportStatus.HELD, Hide.PENDING, CommentStatus.HELD),
        (ImportStatus.HIDDEN, Hide.STORY_NOT_PUBLIC, CommentStatus.WITHDRAWN),
        (ImportStatus.REMOVED, Hide.TRASHED, CommentStatus.REMOVED),
    ],
)
def test_what_was_hidden_there_is_not_shown_here(
    db: Database, intake: Intake, status: ImportStatus, why: Hide, becomes: CommentStatus
) -> None:
    take_in(intake, [STORY, hidden("a", status, why)])

    [comment] = rows(db, comments)
    assert comment.status == becomes
    assert not comment.shown
    assert comment.published_at is None
    assert [case.comment_id for case in rows(db, cases)] == (
        [comment.id] if becomes is CommentStatus.HELD else []
    )


def test_a_story_that_was_not_public_is_suspended(db: Database, intake: Intake) -> None:
    take_in(intake, [replace(STORY, visible=False)])

    assert rows(db, stories)[0].mode == StoryMode.SUSPENDED


def test_foreign_html_is_never_shown(db: Database, intake: Intake) -> None:
    bad = replace(said("a"), html="<script>x</script>", text='<img src=x onerror="x()"> **bold**')
    take_in(intake, [STORY, bad])

    [revision] = rows(db, revisions)
    assert "<img" not in revision.html
    assert "<strong>bold</strong>" in revision.html


def test_a_typed_address_makes_one_author_and_is_kept_as_a_hash_only(
    db: Database, intake: Intake
) -> None:
    again = SourceAuthor(None, "Ada B.", "ADA@reader.example")
    unknown = SourceAuthor(None, "Ada", None)
    account = SourceAuthor("12", "Ada", "ada@reader.example")
    take_in(
        intake,
        [
            STORY,
            said("a"),
            *(
                replace(said(name), author=author)
                for name, author in (("b", again), ("c", unknown), ("d", account))
            ),
        ],
    )

    authors = {row.source_id: row.author_id for row in _by_source(db)}
    assert authors["a"] == authors["b"]
    assert len({authors["a"], authors["c"], authors["d"]}) == 3
    assert all(reader.email is None for reader in rows(db, readers))


def _by_source(db: Database) -> list[sa.Row[tuple[str, int]]]:
    with db.read() as conn:
        return list(
            conn.execute(
                sa.text(
                    "SELECT i.source_id, c.author_id FROM imported i "
                    "JOIN comments c ON c.id = i.target_id WHERE i.kind = 'comment'"
                )
            )
        )


def test_two_stories_whose_addresses_end_alike_stay_two(db: Database, intake: Intake) -> None:
    other = replace(STORY, source_id="s2", url="https://old.example/sport/one")
    take_in(intake, [STORY, other, said("a"), replace(said("b"), story_source_id="s2")])

    first, second = rows(db, stories)
    assert first.key == "one"
    assert second.key == "one-wordpress-s2"
    assert [row.story_id for row in rows(db, comments)] == [first.id, second.id]


def test_what_cannot_be_kept_is_left_out_with_its_reason(db: Database, intake: Intake) -> None:
    empty = replace(said("a"), text=" \u200b ")
    long = replace(said("b"), text="x" * 30_000)
    report = take_in(intake, [STORY, empty, long, said("c", parent="b")])

    assert sorted(reason for _, reason in report.skipped) == ["empty", "too_long"]
    [comment] = rows(db, comments)
    assert comment.parent_id is None


def test_a_file_that_breaks_off_leaves_nothing(db: Database, intake: Intake) -> None:
    def broken() -> Iterator[Record]:
        yield STORY
        yield said("a")
        raise InvalidInput("The file is not well-formed.", field="file")

    with pytest.raises(InvalidInput):
        take_in(intake, broken())
    assert rows(db, stories) == rows(db, comments) == []


def test_two_sites_take_the_same_export_apart(db: Database, intake: Intake) -> None:
    other = create_site(db, key="post", name="The Post", origins=["https://post.example"])
    for one in (intake, replace(intake, site=other)):
        assert take_in(one, [STORY, said("a")]).would_import == 1

    assert len(rows(db, stories)) == len(rows(db, comments)) == 2


def test_what_is_once_whole_and_once_deleted_keeps_no_words(db: Database, intake: Intake) -> None:
    whole = replace(said("1"), earlier=(SourceRevision("", "What I said first", AT),))
    deleted = replace(said("1"), status=ImportStatus.DELETED, hidden_because=Hide.DELETED)
    take_in(intake, [STORY, whole, deleted, said("2", parent="1", minutes=1)])

    assert [row.text for row in rows(db, revisions)] == ["", "Words 2"]
    assert rows(db, comments)[0].html == ""
