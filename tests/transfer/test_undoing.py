"""An import can be taken back, but for what people here have touched."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from belowline.actions.sites import create_site
from belowline.comments import store as comments_store
from belowline.comments.model import NewComment
from belowline.comments.reactions import add_reaction
from belowline.core.errors import Conflict, NotFound
from belowline.core.terms import CommentId, CommentStatus, Outcome, ReaderId, StoryId
from belowline.followers.search import Search, read_all_again
from belowline.moderation.spot_checks import Checked, SpotCheck, add_spot_check
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.imported import ImportId
from belowline.storage.imports import ImportState, get_import, list_imports
from belowline.storage.tables import comments, events, imported, metadata, readers, stories
from belowline.stories import store as stories_store
from belowline.stories.model import StoryDraft
from belowline.transfer.intake import Intake, take_in
from belowline.transfer.shape import SourceAccount
from belowline.transfer.undoing import undo_import
from belowline.transparency.counts import find_disagreements
from tests.factories import SYSTEM, make_reader
from tests.transfer.made import forest, newsroom, said, story

SECRET = "made up for the tests of undoing"
ALWAYS_GROWS = {"events", "imports", "rankings"}


@pytest.fixture
def site(db: Database) -> Site:
    return create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])


@pytest.fixture
def intake(db: Database, site: Site) -> Intake:
    return Intake(db, site, "paper", SECRET)


def counted(db: Database) -> dict[str, int]:
    with db.read() as conn:
        return {
            table.name: conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name not in ALWAYS_GROWS
        }


def latest(db: Database) -> ImportId:
    with db.read() as conn:
        return list_imports(conn)[0].id


def target(db: Database, source_id: str) -> CommentId:
    with db.read() as conn:
        query = sa.select(imported.c.target_id).where(
            imported.c.kind == "comment", imported.c.source_id == source_id
        )
        return CommentId(conn.execute(query).scalar_one())


def reply(db: Database, site: Site, source_id: str) -> CommentId:
    by = make_reader(db)
    with db.write(SYSTEM) as tx:
        parent = comments_store.get_comment(tx.conn, site.id, target(db, source_id))
        new = NewComment(
            site.id, parent.story_id, parent, by, None, "Mine.", "<p>Mine.</p>",
            CommentStatus.PUBLISHED,
        )  # fmt: skip
        return comments_store.add_comment(tx, new).id


def test_everything_that_an_import_brought_goes(db: Database, intake: Intake) -> None:
    before = counted(db)
    take_in(intake, [*newsroom(), *list(forest(300, seed=5))[3:]])
    read_all_again(db)
    done = undo_import(db, latest(db))

    assert counted(db) == before
    assert dict(done.kept) == {}
    assert done.removed["comment"] > 0
    with db.read() as conn:
        one = get_import(conn, latest(db))
    assert one.state is ImportState.UNDONE
    with pytest.raises(Conflict):
        undo_import(db, one.id)


def test_what_readers_answered_and_respected_stays_with_what_it_hangs_on(
    db: Database, site: Site, intake: Intake
) -> None:
    chain = [said("a"), said("b", parent="a", minutes=1), said("c", parent="b", minutes=2)]
    take_in(intake, [story(), *chain, said("d", minutes=3), said("e", minutes=4)])
    mine = reply(db, site, "b")
    with db.write(SYSTEM) as tx:
        liked = comments_store.get_comment(tx.conn, site.id, target(db, "d"))
        add_reaction(tx, liked, make_reader_in(tx))
    kept = {name: target(db, name) for name in "abd"}
    done = undo_import(db, latest(db))

    with db.read() as conn:
        left = set(conn.execute(sa.select(comments.c.id)).scalars())
        assert find_disagreements(conn) == []
        [thread] = conn.execute(sa.select(stories)).all()
    assert left == {*kept.values(), mine}
    assert thread.comment_count == 4
    assert dict(done.kept) == {
        ("comment", "answered"): [kept["a"], kept["b"]],
        ("comment", "respected"): [kept["d"]],
        ("story", "has_comments"): [thread.id],
        ("author", "wrote_what_stays"): done.kept["author", "wrote_what_stays"],
    }


def make_reader_in(tx: object) -> ReaderId:
    conn = tx.conn  # type: ignore[attr-defined]
    values = {"name": "Zoe", "name_key": "zoe", "mail_notices": True, "created_at": tx.now}  # type: ignore[attr-defined]
    return ReaderId(conn.execute(sa.insert(readers).values(values)).inserted_primary_key[0])


def test_what_was_decided_about_here_stays(db: Database, site: Site, intake: Intake) -> None:
    take_in(intake, [story(), said("a")])
    with db.write(SYSTEM) as tx:
        comment = comments_store.get_comment(tx.conn, site.id, target(db, "a"))
        comments_store.set_status(tx, comment, CommentStatus.REMOVED)
    done = undo_import(db, latest(db))

    assert list(done.kept) == [
        ("comment", "changed"), ("story", "has_comments"), ("author", "wrote_what_stays"),
    ]  # fmt: skip


def test_what_was_drawn_and_checked_here_stays(db: Database, site: Site, intake: Intake) -> None:
    take_in(intake, [story(), said("a")])
    with db.write(SYSTEM) as tx:
        one = comments_store.get_comment(tx.conn, site.id, target(db, "a"))
        drawn = SpotCheck(one.id, None, one.story_id, "", one.revision, one.html, one.created_at)
        said_of = Checked(one.author_id, Outcome.KEEP, None)
        assert add_spot_check(tx, site.id, drawn, said=said_of)
    done = undo_import(db, latest(db))

    assert list(done.kept) == [
        ("comment", "decided_about"), ("story", "has_comments"), ("author", "wrote_what_stays"),
    ]  # fmt: skip


def test_a_story_that_was_here_before_stays(db: Database, site: Site, intake: Intake) -> None:
    with db.write(SYSTEM) as tx:
        draft = StoryDraft("s1", "One", "https://old.example/news/s1")
        mine: StoryId = stories_store.add_story(tx, site.id, draft)
    take_in(intake, [story(), said("a")])
    undo_import(db, latest(db))

    with db.read() as conn:
        [left] = conn.execute(sa.select(stories)).all()
    assert (left.id, left.comment_count) == (mine, 0)


def test_only_what_this_run_brought_goes(db: Database, intake: Intake) -> None:
    take_in(intake, [story(), said("a")])
    first = counted(db)
    take_in(intake, [story(), said("a"), said("b", parent="a", by="bo", minutes=1)])
    undo_import(db, latest(db))

    assert counted(db) == first
    with db.read() as conn:
        assert find_disagreements(conn) == []


def test_what_was_taken_back_can_come_in_again(db: Database, intake: Intake) -> None:
    take_in(intake, newsroom())
    whole = counted(db)
    undo_import(db, latest(db))
    take_in(replace(intake), newsroom())

    assert counted(db) == whole


def test_there_is_no_such_import(db: Database, site: Site) -> None:
    assert site
    with pytest.raises(NotFound):
        undo_import(db, ImportId(77))


def test_followers_take_the_news(db: Database, intake: Intake) -> None:
    take_in(intake, [story(), said("a")])
    undo_import(db, latest(db))
    with db.read() as conn:
        told = conn.execute(sa.select(events.c.kind).order_by(events.c.seq)).scalars().all()
    assert told.count("ImportUndone") == 2
    with db.write(SYSTEM) as tx:
        Search().handle(tx, [])


def test_what_is_being_undone_is_not_stored_on(db: Database, intake: Intake) -> None:
    """Two people at two machines: one takes back what the other is still bringing in."""

    def undo_half_way(_done: int, total: int) -> None:
        if not total:  # still being read; nothing is on record yet
            return
        with db.read() as conn:
            running = list_imports(conn)[0]
        if running.state is ImportState.RUNNING:
            undo_import(db, running.id)

    with pytest.raises(Conflict):
        take_in(replace(intake, progress=undo_half_way), newsroom())

    with db.read() as conn:
        assert list_imports(conn)[0].state is ImportState.UNDONE


def test_proofs_go_also_where_the_author_came_before(db: Database, intake: Intake) -> None:
    records = newsroom()
    plain = [one for one in records if not isinstance(one, SourceAccount)]
    take_in(intake, plain)
    before = counted(db)
    take_in(intake, records)
    assert counted(db)["past_proofs"] > before["past_proofs"]

    undo_import(db, latest(db))

    assert counted(db)["past_proofs"] == before["past_proofs"]


def test_what_had_to_stay_goes_when_nothing_holds_it_any_more(db: Database, intake: Intake) -> None:
    take_in(intake, [story(), said("a")])
    first = latest(db)
    take_in(intake, [story(), said("a"), said("b", parent="a", by="bo", minutes=1)])
    second = latest(db)

    assert ("comment", "answered") in undo_import(db, first).kept
    undo_import(db, second)
    again = undo_import(db, first)

    assert again.removed["comment"] == 1
    with db.read() as conn:
        assert conn.execute(sa.select(comments.c.id)).all() == []
    with pytest.raises(Conflict):
        undo_import(db, first)
