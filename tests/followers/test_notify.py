"""Who is told what, exactly once, and what becomes of it when a decision is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.comments.store import get_comment, set_status
from belowline.core.terms import Actor, CommentStatus, NoticeKind, Outcome
from belowline.events import kinds
from belowline.notifications import store
from belowline.storage.database import Database
from belowline.storage.tables import cursors, decisions, readers, stories
from tests.conftest import SettableClock
from tests.followers.newsroom import SYSTEM, UNDO, Newsroom


@pytest.fixture
def room(db: Database) -> Newsroom:
    return Newsroom(db)


def test_the_author_of_a_comment_is_told_of_a_reply(room: Newsroom) -> None:
    room.comment("replier", under=room.comment("author"))
    room.notify()
    assert room.told() == [("author", "reply")]


def test_nobody_is_told_of_their_own_reply_or_of_one_that_is_held(room: Newsroom) -> None:
    root = room.comment("author")
    room.comment("author", under=root)
    room.comment("replier", under=root, status=CommentStatus.HELD)
    room.notify()
    assert room.told() == []


def test_nobody_is_told_of_a_reply_on_a_suspended_story(room: Newsroom) -> None:
    room.comment("replier", under=room.comment("author"))
    with room.db.write(SYSTEM) as tx:
        tx.conn.execute(sa.update(stories).values(mode="suspended"))
    room.notify()
    assert room.told() == []


def test_an_erased_author_is_told_nothing(room: Newsroom) -> None:
    room.comment("replier", under=room.comment("author"))
    with room.db.write(SYSTEM) as tx:
        tx.conn.execute(
            sa.update(readers)
            .where(readers.c.id == room.people["author"])
            .values(erased_at=tx.now, email=None)
        )
    room.notify()
    assert room.told() == []


def test_a_held_reply_is_told_of_once_it_is_published(room: Newsroom) -> None:
    root = room.comment("author")
    reply = room.comment("replier", under=root, status=CommentStatus.HELD)
    room.notify()
    room.decide(reply, Outcome.PUBLISH)
    room.notify()
    assert sorted(room.told()) == [("author", "reply"), ("replier", "comment_decided")]


def test_a_reply_is_told_of_once_however_often_it_comes_and_goes(room: Newsroom) -> None:
    reply = room.comment("replier", under=room.comment("author"))
    room.notify()
    with room.db.write(SYSTEM) as tx:
        current = get_comment(tx.conn, room.site, reply.id)
        set_status(tx, current, CommentStatus.HELD)
    room.decide(reply, Outcome.PUBLISH)
    room.notify()
    assert [kind for name, kind in room.told() if name == "author"] == ["reply"]


def test_reporters_hear_that_a_comment_was_taken_back(room: Newsroom) -> None:
    comment = room.comment("author")
    report = room.report(comment)
    room.append(kinds.CommentWithdrawn(comment.id, comment.story_id, (report,)), by="author")
    room.notify()
    room.notify()
    assert room.told() == [("reporter", "report_answered")]


@pytest.mark.parametrize("outcome", [Outcome.REMOVE, Outcome.KEEP])
def test_reporters_hear_what_came_of_it_and_authors_only_of_removals(
    room: Newsroom, outcome: Outcome
) -> None:
    comment = room.comment("author")
    room.decide(comment, outcome, answers=(room.report(comment),))
    room.notify()
    expected = [("author", "comment_decided")] if outcome is Outcome.REMOVE else []
    assert room.told() == [*expected, ("reporter", "report_answered")]


def test_notices_are_written_once_however_often_the_log_is_read(
    room: Newsroom, clock: SettableClock
) -> None:
    root = room.comment("author")
    room.comment("replier", under=root)
    undone = room.decide(root, Outcome.REMOVE, answers=(room.report(root),))
    room.notify()
    room.undo(undone, root)
    room.notify()
    room.decide(room.comment("author"), Outcome.REMOVE)
    _, sanctioned_by = room.sanction()
    room.append(kinds.AppealFiled(1, sanctioned_by, room.people["author"]), by="author")
    room.notify()
    told = room.told()
    clock.advance(timedelta(hours=1))
    with room.db.write(SYSTEM) as tx:
        tx.conn.execute(sa.delete(cursors))
    room.notify()
    assert room.told() == told
    assert len(told) == 4


def test_a_decision_is_told_when_it_can_no_longer_be_taken_back(
    room: Newsroom, clock: SettableClock
) -> None:
    room.decide(room.comment("author"), Outcome.REMOVE)
    room.notify()
    author = room.people["author"]
    with room.db.read() as conn:
        assert store.list_for_reader(conn, author, site_id=room.site, now=clock()) == []
        assert store.count_unread(conn, author, site_id=room.site, now=clock()) == 0
    clock.advance(UNDO)
    with room.db.read() as conn:
        (notice,) = store.list_for_reader(conn, author, site_id=room.site, now=clock())
        assert store.count_unread(conn, author, site_id=room.site, now=clock()) == 1
    assert notice.kind is NoticeKind.COMMENT_DECIDED
    assert notice.moment("appeal_until") is not None
    with room.db.write(Actor(author)) as tx:
        assert store.mark_read(tx, author, site_id=room.site) == 1
        assert store.mark_read(tx, author, site_id=room.site) == 0


def test_what_is_taken_back_in_time_was_never_told(room: Newsroom, clock: SettableClock) -> None:
    root = room.comment("author")
    reply = room.comment("replier", under=root, status=CommentStatus.HELD)
    decision = room.decide(reply, Outcome.PUBLISH, answers=(room.report(reply),))
    room.notify()
    assert len(room.told()) == 3
    clock.advance(UNDO / 2)
    room.undo(decision, reply)
    room.notify()
    assert room.told() == []


def test_whoever_was_told_of_what_was_taken_back_is_told_of_that(
    room: Newsroom, clock: SettableClock
) -> None:
    comment = room.comment("author")
    decision = room.decide(comment, Outcome.REMOVE, answers=(room.report(comment),))
    room.notify()
    clock.advance(UNDO)
    room.undo(decision, comment)
    room.notify()
    assert sorted(room.told()) == [
        ("author", "comment_decided"),
        ("author", "comment_decided"),
        ("reporter", "report_answered"),
        ("reporter", "report_answered"),
    ]


@pytest.mark.parametrize(
    ("cause", "after", "expected"),
    [
        pytest.param("lifted", UNDO * 2, ["sanction_imposed", "sanction_lifted"], id="lifted"),
        pytest.param("undone", UNDO / 2, [], id="taken back in time"),
        pytest.param(
            "overturned", UNDO * 2, ["sanction_imposed"], id="the appeal's answer says so"
        ),
    ],
)
def test_the_end_of_a_sanction_is_told_to_who_knew_of_it(
    room: Newsroom, clock: SettableClock, cause: str, after: timedelta, expected: list[str]
) -> None:
    sanction_id, decision_id = room.sanction()
    room.notify()
    clock.advance(after)
    room.append(kinds.SanctionLifted(sanction_id, room.people["author"], cause, decision_id))
    room.notify()
    assert [kind for _, kind in room.told()] == expected


def test_an_upheld_appeal_is_told_to_the_reporters_too(room: Newsroom) -> None:
    comment = room.comment("author")
    report = room.report(comment)
    decision = room.decide(comment, Outcome.REMOVE, answers=(report,))
    room.append(
        kinds.AppealDecided(
            1,
            decision,
            room.people["author"],
            True,  # noqa: FBT003
            comment.id,
            room.story,
            (room.people["reporter"],),
        ),
        by="editor",
    )
    room.notify()
    assert room.told()[2:] == [("author", "appeal_decided"), ("reporter", "report_answered")]


def test_a_refusal_by_the_screens_is_told_at_once_and_without_a_letter(
    room: Newsroom, clock: SettableClock
) -> None:
    comment = room.comment("author", status=CommentStatus.REFUSED)
    room.decide(comment, Outcome.REFUSE, by=None)
    room.notify()
    with room.db.read() as conn:
        (notice,) = store.list_for_reader(
            conn, room.people["author"], site_id=room.site, now=clock()
        )
        assert conn.execute(sa.select(decisions.c.decided_by)).scalar() is None
    assert notice.mail == "none"


@pytest.mark.parametrize(
    ("values", "works"),
    [
        pytest.param({"email": None}, True, id="no address"),
        pytest.param({"mail_notices": False}, True, id="not wanted"),
        pytest.param({}, False, id="mail is off"),
    ],
)
def test_a_notice_without_a_letter_is_there_all_the_same(
    room: Newsroom, values: dict[str, object], *, works: bool
) -> None:
    if values:
        with room.db.write(SYSTEM) as tx:
            tx.conn.execute(sa.update(readers).values(**values))
    room.comment("replier", under=room.comment("author"))
    room.notify(mail_works=works)
    with room.db.read() as conn:
        (notice,) = store.list_for_reader(
            conn, room.people["author"], site_id=room.site, now=room.db.clock()
        )
    assert notice.mail == "none"
