"""Kept counts are the recount's, and where they are not, the recount puts them right."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from belowline.comments.reactions import add_reaction
from belowline.comments.store import get_comment, set_status
from belowline.core.terms import CommentStatus, Outcome
from belowline.storage.database import Database
from belowline.storage.tables import cases, comments, stories
from belowline.transparency.counts import Disagreement, find_disagreements, put_right
from tests.followers.newsroom import SYSTEM, Newsroom


@pytest.fixture
def room(db: Database) -> Newsroom:
    """Give a thread with replies of every kind, made by the stores themselves."""
    room = Newsroom(db)
    root = room.comment("author")
    reply = room.comment("replier", under=root)
    room.comment("author", under=reply)
    room.comment("author", under=reply, status=CommentStatus.HELD)
    room.comment("replier", status=CommentStatus.REFUSED)
    room.decide(reply, Outcome.REMOVE)
    with db.write(SYSTEM) as tx:
        add_reaction(tx, get_comment(tx.conn, room.site, root.id), room.people["replier"])
        set_status(tx, get_comment(tx.conn, room.site, root.id), CommentStatus.WITHDRAWN)
        tx.conn.execute(
            sa.insert(cases).values(
                site_id=room.site,
                comment_id=root.id,
                state="open",
                priority=1.0,
                held=False,
                reported=0,
                opened_at=tx.now,
            )
        )
    return room


def test_what_the_stores_keep_is_what_a_recount_finds(room: Newsroom) -> None:
    with room.db.read() as conn:
        assert find_disagreements(conn) == []


def test_a_wrong_count_is_named_and_put_right(room: Newsroom) -> None:
    room.report(room.comment("author"))
    with room.db.read() as conn:
        before = conn.execute(sa.select(comments).order_by(comments.c.id)).all()
        version = conn.execute(sa.select(stories.c.thread_version)).scalar_one()
    with room.db.write(SYSTEM) as tx:
        tx.conn.execute(sa.update(stories).values(comment_count=99))
        tx.conn.execute(sa.update(cases).values(reported=5))
        tx.conn.execute(sa.update(comments).values(reply_count=7, respect_count=8, shown=False))
    with room.db.read() as conn:
        found = find_disagreements(conn)
        assert len(find_disagreements(conn, at_most=3)) == 3
    assert Disagreement("stories", room.story, "comment_count", 99, 2) in found
    assert {one.column for one in found} == {
        "comment_count",
        "reported",
        "reply_count",
        "respect_count",
        "shown",
        # Whether a root that is not shown has places all the same.
        "comment_id",
    }
    for _ in range(6):
        with room.db.write(SYSTEM) as tx:
            if not put_right(tx):
                break
    with room.db.read() as conn:
        assert find_disagreements(conn) == []
        after = conn.execute(sa.select(comments).order_by(comments.c.id)).all()
        assert conn.execute(sa.select(stories.c.thread_version)).scalar_one() > version
    assert after == before


def test_a_small_limit_still_comes_to_an_end(room: Newsroom) -> None:
    with room.db.write(SYSTEM) as tx:
        tx.conn.execute(sa.update(comments).values(reply_count=3, shown=True))
    for _ in range(40):
        with room.db.write(SYSTEM) as tx:
            if not put_right(tx, at_most=1):
                break
    with room.db.read() as conn:
        assert find_disagreements(conn) == []
