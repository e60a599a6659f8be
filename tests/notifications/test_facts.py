"""What notices say is looked up in a few statements, in the words of the version cited."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.core.terms import NoticeKind, Outcome, SanctionKind
from belowline.events import kinds
from belowline.notifications import store
from belowline.notifications.facts import read_facts
from belowline.notifications.messages import compose
from belowline.storage.database import Database
from belowline.storage.tables import stories
from tests.conftest import SettableClock
from tests.followers.newsroom import SYSTEM, Newsroom


@pytest.fixture
def room(db: Database) -> Newsroom:
    room = Newsroom(db)
    root = room.comment("author")
    room.comment("replier", under=root)
    decision = room.decide(root, Outcome.REMOVE, answers=(room.report(root),))
    room.sanction()
    room.append(kinds.AppealFiled(1, decision, room.people["author"]))
    room.notify()
    return room


def test_the_facts_of_many_notices_take_few_statements(
    room: Newsroom, clock: SettableClock
) -> None:
    clock.advance(timedelta(hours=1))
    counted: list[str] = []
    with room.db.read() as conn:
        found = store.list_for_reader(conn, room.people["author"], site_id=room.site, now=clock())
        sa.event.listen(conn, "before_cursor_execute", lambda *args: counted.append(args[2]))
        facts = read_facts(conn, found)
    assert len(counted) <= 6
    by_kind = {notice.kind: facts[notice.id] for notice in found}
    assert set(by_kind) == {
        NoticeKind.REPLY,
        NoticeKind.COMMENT_DECIDED,
        NoticeKind.SANCTION_IMPOSED,
        NoticeKind.APPEAL_RECEIVED,
    }
    decided = by_kind[NoticeKind.COMMENT_DECIDED]
    assert decided.rule is not None
    assert (decided.rule.title, decided.rule.version) == ("Argue with the point", 1)
    assert (decided.story_title, decided.was_published) == ("Bus cuts", True)
    assert by_kind[NoticeKind.SANCTION_IMPOSED].sanction is SanctionKind.SUSPENSION
    assert (
        "Bus cuts"
        in compose(NoticeKind.APPEAL_RECEIVED, by_kind[NoticeKind.APPEAL_RECEIVED]).paragraphs[0]
    )


def test_a_suspended_storys_headline_is_not_told(room: Newsroom, clock: SettableClock) -> None:
    with room.db.write(SYSTEM) as tx:
        tx.conn.execute(sa.update(stories).values(mode="suspended"))
    clock.advance(timedelta(hours=1))
    with room.db.read() as conn:
        found = store.list_for_reader(conn, room.people["author"], site_id=room.site, now=clock())
        assert {one.story_title for one in read_facts(conn, found).values()} == {""}
