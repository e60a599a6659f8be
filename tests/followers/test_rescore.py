"""A case that nobody touches becomes more urgent by waiting."""

from __future__ import annotations

from datetime import timedelta

from belowline.core.terms import Finding, ScreenName, Verdict
from belowline.followers.upkeep import Rescore
from belowline.moderation import store as cases
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import make_comment, make_site

HELD = Verdict(ScreenName.LINKS, Finding.HOLD, "too_many_links")


def test_waiting_makes_a_case_more_urgent(db: Database, clock: SettableClock) -> None:
    site = make_site(db)
    comment = make_comment(db, site.id, verdicts=[HELD])
    with db.read() as conn:
        before = cases.find_case(conn, comment.id)

    clock.advance(timedelta(days=2))
    Rescore(db).work()

    with db.read() as conn:
        after = cases.find_case(conn, comment.id)
    assert before is not None
    assert after is not None
    assert after.priority > before.priority
