"""The moderation log tells everybody what was decided and why, and nobody whom it was about."""

from __future__ import annotations

from dataclasses import astuple

import pytest
import sqlalchemy as sa

from belowline.core.terms import CommentStatus, Outcome, SanctionKind, Source
from belowline.events import kinds
from belowline.sites.store import add_site
from belowline.storage.database import Database
from belowline.storage.tables import stories
from belowline.transparency.log import public_log, staff_log
from tests.conftest import SettableClock
from tests.followers.newsroom import RULE, SYSTEM, UNDO, Newsroom


@pytest.fixture
def room(db: Database) -> Newsroom:
    return Newsroom(db)


def test_a_removal_is_logged_with_its_rule_and_without_names(
    room: Newsroom, clock: SettableClock
) -> None:
    comment = room.comment("author")
    room.decide(comment, Outcome.REMOVE, answers=(room.report(comment),))
    with room.db.read() as conn:
        assert public_log(conn, room.site, until=clock() - UNDO) == [], "it can still be undone"
    clock.advance(UNDO)
    with room.db.read() as conn:
        (line,) = public_log(conn, room.site, until=clock() - UNDO)
    assert (line.code, line.outcome, line.by) == ("comment_decided", "remove", "moderator")
    assert (line.rule_key, line.rule_title, line.rulebook_version) == (
        RULE,
        "Argue with the point",
        1,
    )
    assert (line.story_key, line.story_title) == ("bus", "Bus cuts")
    assert (line.automated, line.source) == (False, Source.REPORT)
    everything = repr(astuple(line))
    assert not any(f"'{name}'" in everything for name in ("author", "reporter"))
    assert "Secret" not in everything
    assert "mocks" not in everything


def test_what_was_taken_back_is_for_staff_alone(room: Newsroom, clock: SettableClock) -> None:
    comment = room.comment("author")
    decision = room.decide(comment, Outcome.REMOVE)
    room.undo(decision, comment)
    clock.advance(UNDO)
    with room.db.read() as conn:
        assert public_log(conn, room.site, until=clock()) == []
        (line,) = staff_log(conn, room.site)
    assert line.undone_at is not None
    assert (line.actor_name, line.actor_id) == ("moderator", room.people["moderator"])
    assert (line.reader_id, line.comment_id) == (room.people["author"], comment.id)
    assert line.decision_id == decision


def test_a_sanction_an_appeal_and_a_refusal_are_one_line_each(
    room: Newsroom, clock: SettableClock
) -> None:
    comment = room.comment("author", status=CommentStatus.REFUSED)
    refusal = room.decide(comment, Outcome.REFUSE, by=None)
    sanction_id, _ = room.sanction()
    room.append(
        kinds.AppealDecided(1, refusal, room.people["author"], True, comment.id, room.story),  # noqa: FBT003
        by="editor",
    )
    room.append(kinds.SanctionLifted(sanction_id, room.people["author"], "lifted"))
    with room.db.read() as conn:
        lifted, appeal, sanction, refused = public_log(conn, room.site, until=clock())
    assert (lifted.code, lifted.sanction) == ("sanction_lifted", SanctionKind.SUSPENSION)
    assert (appeal.code, appeal.outcome, appeal.by) == ("appeal_decided", "upheld", "editor")
    assert appeal.rule_key == RULE
    assert (sanction.code, sanction.sanction) == ("sanction_imposed", SanctionKind.SUSPENSION)
    assert (refused.automated, refused.source) == (True, Source.SCREEN)


def test_a_suspended_storys_headline_is_for_staff_alone(
    room: Newsroom, clock: SettableClock
) -> None:
    room.decide(room.comment("author"), Outcome.REMOVE)
    with room.db.write(SYSTEM) as tx:
        tx.conn.execute(sa.update(stories).values(mode="suspended"))
    with room.db.read() as conn:
        (line,) = public_log(conn, room.site, until=clock())
        (full,) = staff_log(conn, room.site)
    assert (line.story_key, line.story_title) == (None, None)
    assert full.line.story_title == "Bus cuts"


def test_a_page_is_one_statement_and_pages_join_without_gap(
    room: Newsroom, clock: SettableClock
) -> None:
    for _ in range(5):
        room.decide(room.comment("author"), Outcome.REMOVE)
    statements: list[str] = []
    with room.db.read() as conn:
        sa.event.listen(conn, "before_cursor_execute", lambda *args: statements.append(args[2]))
        first = public_log(conn, room.site, until=clock(), limit=3)
        rest = public_log(conn, room.site, until=clock(), before=first[-1].seq, limit=3)
    assert len(statements) == 2
    assert [len(first), len(rest)] == [3, 2]
    assert len({line.seq for line in (*first, *rest)}) == 5


def test_another_sites_log_is_its_own(room: Newsroom, clock: SettableClock) -> None:
    room.decide(room.comment("author"), Outcome.REMOVE)
    with room.db.write(SYSTEM) as tx:
        other = add_site(tx, key="other", name="Other")
    with room.db.read() as conn:
        assert public_log(conn, other, until=clock()) == []
        assert staff_log(conn, other) == []
