"""What came in is what would be here had it been sent here, also if it was stopped on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from belowline.actions.cases import rescore_cases
from belowline.actions.sites import create_site
from belowline.comments import store as comments_store
from belowline.comments.model import NewComment
from belowline.core.terms import CommentId, CommentStatus, ReaderId, StoryId
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.imports import ImportState, SourceFile, list_imports
from belowline.storage.tables import cases, comments, imported, places, readers, revisions, stories
from belowline.transfer import storing
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.intake import Intake, take_in
from belowline.transfer.shape import Record, SourceComment, SourceReaction
from belowline.transfer.statuses import STATUS
from belowline.transparency.counts import find_disagreements
from tests.conftest import SettableClock
from tests.factories import SYSTEM
from tests.transfer.made import AT, account, forest, said, story

SECRET = "made up for the tests of storing"
FILE = SourceFile("paper", "export.xml", "0" * 64, {})


@pytest.fixture
def site(db: Database) -> Site:
    return create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])


@pytest.fixture
def intake(db: Database, site: Site, tmp_path: Path) -> Intake:
    return Intake(db, site, "paper", SECRET, folder=tmp_path)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let replies and what they reply to fall into different transactions."""
    monkeypatch.setattr(storing, "BATCH", 7)


def tell(db: Database) -> dict[str, dict[str, Any]]:
    """Return what every comment says, with the source's ids in place of ours."""
    with db.read() as conn:
        names = {
            row.target_id: row.source_id
            for row in conn.execute(sa.select(imported).where(imported.c.kind == "comment"))
        }
        placed = set(conn.execute(sa.select(places.c.comment_id)).scalars())
        rows = conn.execute(
            sa.select(comments, stories.c.key.label("story"), revisions.c.text)
            .join(stories, stories.c.id == comments.c.story_id)
            .join(revisions, revisions.c.comment_id == comments.c.id)
        ).all()
    return {names[row.id]: told(row, names, placed) for row in rows}


def told(row: sa.Row[Any], names: dict[int, str], placed: set[int]) -> dict[str, Any]:
    kept = ("story", "depth", "status", "shown", "html", "text", "created_at", "published_at",
            "reply_count", "change", "revision", "version", "respect_count")  # fmt: skip
    segments = [row.path[start : start + 9] for start in range(0, len(row.path), 9)]
    return {
        **{name: getattr(row, name) for name in kept},
        "parent": names.get(row.parent_id),
        "root": names.get(row.root_id),
        "path": [names[int(segment, 36)] for segment in segments],
        "appeared": row.appeared_in > 0,
        "changed": row.changed_in > 0,
        "placed": row.id in placed,
    }


def post(db: Database, site: Site, landing_order: list[SourceComment]) -> None:
    """Send comments one after the other, each after what it replies to."""
    with db.write(SYSTEM) as tx:
        by_key: dict[str, StoryId] = {}
        made: dict[str, CommentId] = {}
        author = ReaderId(
            tx.conn.execute(
                sa.insert(readers).values(
                    name="Ada", name_key="ada", mail_notices=True, created_at=AT
                )
            ).inserted_primary_key[0]  # type: ignore[index]
        )
        for one in landing_order:
            key = one.story_source_id
            if key not in by_key:
                values = {"site_id": site.id, "key": key, "title": key, "url": key,
                          "created_at": AT}  # fmt: skip
                added = tx.conn.execute(sa.insert(stories).values(values))
                by_key[key] = StoryId(added.inserted_primary_key[0])  # type: ignore[index]
            parent = made.get(one.parent_source_id or "")
            deleted = one.status is ImportStatus.DELETED
            comment = comments_store.add_comment(
                tx,
                NewComment(
                    site.id,
                    by_key[key],
                    comments_store.get_comment(tx.conn, site.id, parent) if parent else None,
                    author,
                    None,
                    "" if deleted else one.text,
                    "" if deleted else f"<p>{one.text}</p>",
                    STATUS[one.status],
                    created_at=one.created_at,
                ),
            )
            made[one.source_id] = comment.id
            tx.conn.execute(
                sa.insert(imported).values(
                    site_id=site.id,
                    source="sent",
                    kind="comment",
                    source_id=one.source_id,
                    target_id=comment.id,
                )
            )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("small_batches")
def test_a_thread_that_came_in_is_the_thread_that_would_have_been_sent(
    db: Database, intake: Intake, seed: int
) -> None:
    records = [replace(one, respect=0) if isinstance(one, SourceComment) else one
               for one in forest(90, seed=seed)]  # fmt: skip
    take_in(intake, records)
    came = tell(db)
    with db.read() as conn:
        assert find_disagreements(conn) == []
        order = list(conn.execute(
            sa.select(imported.c.source_id).where(imported.c.kind == "comment")
            .order_by(imported.c.target_id)
        ).scalars())  # fmt: skip
    other = create_site(db, key="post", name="The Post", origins=["https://post.example"])
    by_id = {one.source_id: one for one in records if isinstance(one, SourceComment)}
    with db.write(SYSTEM) as tx:
        tx.conn.execute(sa.delete(imported).where(imported.c.kind == "comment"))
    with db.read() as conn:
        before = set(conn.execute(sa.select(comments.c.id)).scalars())
    post(db, other, [by_id[source_id] for source_id in order])
    sent = tell_of(db, before)

    assert came == sent


def tell_of(db: Database, besides: set[int]) -> dict[str, dict[str, Any]]:
    with db.write(SYSTEM) as tx:
        for table in (places, revisions, cases, comments):
            column = table.c.id if table is comments else table.c.comment_id
            tx.conn.execute(sa.delete(table).where(column.in_(besides)))
    return tell(db)


@pytest.mark.usefixtures("small_batches")
def test_a_later_export_puts_replies_under_what_is_here(db: Database, intake: Intake) -> None:
    hidden = said("a", status=ImportStatus.REMOVED, why=Hide.TRASHED)
    take_in(intake, [story(), hidden])
    assert not tell(db)["a"]["shown"]
    take_in(intake, [story(), hidden, said("b", parent="a", minutes=1)])
    # A file that only has what is new.
    take_in(intake, [story(), said("c", parent="b", minutes=2)])

    found = tell(db)
    assert found["a"]["shown"]
    assert (found["b"]["parent"], found["c"]["parent"]) == ("a", "b")
    assert found["a"]["reply_count"] == 2
    with db.read() as conn:
        assert find_disagreements(conn) == []


@pytest.mark.usefixtures("small_batches")
def test_replies_bring_up_a_long_line_of_hidden_comments(db: Database, intake: Intake) -> None:
    chain = [
        said(f"{n:04}", parent=f"{n - 1:04}" if n else None, minutes=n,
             status=ImportStatus.REMOVED, why=Hide.TRASHED)
        for n in range(60)
    ]  # fmt: skip
    take_in(intake, [story(), *chain, said("z", parent="0059", minutes=99)])

    assert all(one["shown"] for one in tell(db).values())
    with db.read() as conn:
        assert find_disagreements(conn) == []


def test_what_the_source_has_hidden_since_is_hidden_here_and_never_shown_again(
    db: Database, intake: Intake
) -> None:
    take_in(intake, [story(), said("a"), said("b", parent="a", minutes=1)])
    report = take_in(
        intake,
        [story(), said("a", status=ImportStatus.REMOVED, why=Hide.TRASHED),
         said("b", parent="a", minutes=1)],
    )  # fmt: skip
    assert (report.merged, report.tightened) == (2, 1)
    assert tell(db)["a"]["status"] == CommentStatus.REMOVED
    take_in(intake, [story(), said("a"), said("b", parent="a", minutes=1)])

    assert tell(db)["a"]["status"] == CommentStatus.REMOVED
    with db.read() as conn:
        assert find_disagreements(conn) == []


def test_what_moderators_here_published_is_not_held_again(db: Database, intake: Intake) -> None:
    held = said("a", status=ImportStatus.HELD, why=Hide.PENDING)
    take_in(intake, [story(), held])
    with db.write(SYSTEM) as tx:
        [comment_id] = tx.conn.execute(sa.select(comments.c.id)).scalars()
        comment = comments_store.get_comment(tx.conn, intake.site.id, CommentId(comment_id))
        comments_store.set_status(tx, comment, CommentStatus.PUBLISHED)
    report = take_in(intake, [story(), held])

    assert report.tightened == 0
    assert tell(db)["a"]["status"] == CommentStatus.PUBLISHED


@pytest.mark.usefixtures("small_batches")
def test_a_stopped_import_goes_on_from_where_it_was(
    db: Database, intake: Intake, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if total and done > 20:
            raise KeyboardInterrupt

    whole = replace(intake, file=FILE)
    with pytest.raises(KeyboardInterrupt):
        take_in(replace(whole, progress=stop), forest(60, seed=1))
    [landing] = tmp_path.glob("*.landing")
    assert landing.stat().st_mode & 0o777 == 0o600

    def unread() -> Iterator[Record]:
        raise AssertionError("what has been read is not read again")
        yield

    report = take_in(whole, unread())
    assert report.merged == 0
    assert list(tmp_path.glob("*.landing")) == []
    with db.read() as conn:
        [one] = list_imports(conn)
        assert find_disagreements(conn) == []
    assert one.state is ImportState.DONE
    assert one.counts["comment"] == len(tell(db)) == report.would_import


@pytest.mark.usefixtures("small_batches")
def test_a_stopped_import_without_its_landing_reads_again(
    db: Database, intake: Intake, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if total and done > 20:
            raise KeyboardInterrupt

    whole = replace(intake, file=FILE)
    with pytest.raises(KeyboardInterrupt):
        take_in(replace(whole, progress=stop), forest(60, seed=1))
    for landing in tmp_path.glob("*.landing"):
        landing.unlink()
    take_in(whole, forest(60, seed=1))
    with db.read() as conn:
        [one] = list_imports(conn)
        assert find_disagreements(conn) == []
    assert one.counts["comment"] == len(tell(db))


@pytest.mark.usefixtures("small_batches")
def test_another_import_meanwhile_makes_a_stopped_one_read_again(
    db: Database, intake: Intake
) -> None:
    def stop(done: int, total: int) -> None:
        if total and done > 20:
            raise KeyboardInterrupt

    whole = replace(intake, file=FILE)
    with pytest.raises(KeyboardInterrupt):
        take_in(replace(whole, progress=stop), forest(60, seed=1))
    take_in(intake, forest(60, seed=1))
    take_in(whole, forest(60, seed=1))

    with db.read() as conn:
        assert find_disagreements(conn) == []
        known = sa.select(sa.func.count()).where(imported.c.kind == "comment")
        assert conn.execute(known).scalar() == len(tell(db))


def test_stories_that_are_one_page_become_one_thread(db: Database, intake: Intake) -> None:
    same = story("s2", "http://www.old.example/news/s1/?utm=1")
    take_in(intake, [story(), same, said("a"), said("b", parent="a", story="s2", minutes=1)])

    found = tell(db)
    assert found["a"]["story"] == found["b"]["story"] == "s1"
    assert found["b"]["parent"] == "a"


def test_the_case_of_what_came_in_held_is_as_if_it_were_looked_at_anew(
    db: Database, intake: Intake
) -> None:
    take_in(intake, forest(80, seed=2))

    def queue() -> list[tuple[object, ...]]:
        with db.read() as conn:
            return [tuple(row) for row in conn.execute(sa.select(cases).order_by(cases.c.id))]

    before = queue()
    assert before
    rescore_cases(db, intake.site.id)
    assert queue() == before


ODD = "\0\ud800" + "é" * 4000


def test_nothing_is_too_odd_to_be_kept_or_named(db: Database, intake: Intake) -> None:
    """Ids as long as a page, halves of characters, and numbers without measure."""
    strange = story(ODD, f"https://old.example/{ODD}")
    records = [
        strange,
        said(ODD, story=ODD, by=ODD, respect=10**30, text=f"Words {ODD[2:50]}"),
        said("b", parent=ODD, story=ODD, by=ODD, minutes=10**8, respect=-3),
        said("c", story=ODD, text="half \ud800 of it"),
        said("d", story=ODD, text="<script>alert(1)</script> &#0; \u202eover"),
        said("e", story=ODD, text="\0\u200b"),
    ]
    report = take_in(intake, records)
    again = take_in(intake, records)

    assert (report.would_import, again.would_import, again.merged) == (3, 0, 3)
    assert sorted(why for _, why in report.skipped) == [Skip.DAMAGED, Skip.EMPTY]
    with db.read() as conn:
        found = conn.execute(sa.select(comments).order_by(comments.c.created_at)).all()
        assert find_disagreements(conn) == []
    assert all(row.created_at <= db.clock() for row in found)
    assert "<script" not in "".join(row.html for row in found)
    assert {row.respect_count for row in found} == {0, 1_000_000_000}


def test_another_systems_comment_with_the_same_number_is_not_taken_for_it(
    db: Database, intake: Intake
) -> None:
    """Two blogs that both count from one; what is said about the other's is let go as well."""
    take_in(intake, [story(), said("1"), said("2", minutes=1)])
    day = 24 * 60

    report = take_in(
        intake,
        [
            story(),
            said("1", minutes=2, text="The same, with another zone"),
            said("2", minutes=900 * day, text="Another blog's"),
            said("3", parent="2", minutes=901 * day, text="A reply there"),
            account("cy"),
            SourceReaction("2", "cy", None),
        ],
    )

    assert (report.would_import, report.merged) == (1, 1)
    assert report.skipped[RecordKind.COMMENT, Skip.OTHER_COMMENT] == 1
    assert report.repaired[RecordKind.COMMENT, Repair.PARENT_MISSING] == 1
    with db.read() as conn:
        rows = conn.execute(sa.select(comments.c.parent_id, comments.c.respect_count)).all()
    assert [tuple(row) for row in rows] == [(None, 0)] * 3


def test_a_time_after_now_makes_no_other_comment(intake: Intake, clock: SettableClock) -> None:
    ahead = [story(), said("1", minutes=60 * 24 * 365 * 30)]
    take_in(intake, ahead)
    clock.now += timedelta(days=9)

    assert take_in(intake, ahead).merged == 1
