"""Who looks at a case has it for a while, and nobody else is led to it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from belowline.actions.leases import give_back_case, take_case
from belowline.actions.moderation import DecisionDraft, decide
from belowline.comments.model import Comment
from belowline.core.errors import NotAllowed, NotFound
from belowline.core.terms import CommentId, Outcome, ReaderId
from belowline.followers.upkeep import Upkeep
from belowline.moderation.leases import LEASE, find_leases
from belowline.storage.database import Database
from belowline.storage.tables import leases
from tests.conftest import SettableClock
from tests.factories import (
    at_once,
    make_comment,
    make_reader,
    make_report,
    make_site,
    make_staff,
    reread,
    rows_of,
)


@pytest.fixture
def case(db: Database) -> Comment:
    comment = make_comment(db, make_site(db).id, text="A bridge to nowhere.")
    make_report(db, comment)
    return comment


def holder(db: Database, comment: Comment) -> ReaderId | None:
    with db.read() as conn:
        found = find_leases(conn, [comment.id], now=db.clock())
    return found[comment.id].reader_id if found else None


def take(db: Database, comment: Comment, by: ReaderId) -> bool:
    return take_case(db, comment.id, site_id=comment.site_id, by=by)


def test_of_many_who_open_a_case_at_once_one_has_it(db: Database, case: Comment) -> None:
    desk = [make_staff(db, case.site_id) for _ in range(6)]

    got = at_once(*(partial(take, db, case, one) for one in desk))

    assert sorted(map(bool, got)) == [False] * 5 + [True]
    assert holder(db, case) == desk[got.index(True)]


def test_a_lease_ends_by_itself_and_opening_again_keeps_it(
    db: Database, case: Comment, clock: SettableClock
) -> None:
    one, other = make_staff(db, case.site_id), make_staff(db, case.site_id)
    assert take(db, case, one)
    clock.advance(LEASE - timedelta(seconds=1))
    assert take(db, case, one)
    clock.advance(LEASE - timedelta(seconds=1))
    assert not take(db, case, other)

    clock.advance(timedelta(seconds=1))

    assert holder(db, case) is None
    assert take(db, case, other)
    assert holder(db, case) == other


def test_it_can_be_given_back_by_who_has_it_alone(db: Database, case: Comment) -> None:
    one, other = make_staff(db, case.site_id), make_staff(db, case.site_id)
    take(db, case, one)

    give_back_case(db, case.id, site_id=case.site_id, by=other)
    assert holder(db, case) == one

    give_back_case(db, case.id, site_id=case.site_id, by=one)
    give_back_case(db, case.id, site_id=case.site_id, by=one)
    assert take(db, case, other)


def test_a_decision_ends_it_whoever_decides(db: Database, case: Comment) -> None:
    """A lease is a courtesy: who decides all the same is not refused."""
    one, other = make_staff(db, case.site_id), make_staff(db, case.site_id)
    take(db, case, one)
    draft = DecisionDraft(Outcome.KEEP, None, "", reread(db, case).version)

    decide(db, case.id, site_id=case.site_id, by=other, decision=draft)

    assert holder(db, case) is None
    # Nothing waits any more, so there is nothing to take.
    assert not take(db, case, one)


def test_there_is_nothing_to_take_of_ones_own_or_where_nothing_waits(db: Database) -> None:
    site = make_site(db)
    moderator = make_staff(db, site.id)
    own = make_comment(db, site.id, author_id=moderator, text="My own words about it.")
    make_report(db, own)
    quiet = make_comment(db, site.id, text="Nobody has anything against this.")

    assert not take(db, own, moderator)
    assert not take(db, quiet, moderator)
    assert rows_of(db, leases) == []


def test_it_is_for_moderators_of_the_site(db: Database, case: Comment) -> None:
    elsewhere = make_site(db, "tribune")
    with pytest.raises(NotAllowed):
        take(db, case, make_reader(db))
    with pytest.raises(NotAllowed):
        take(db, case, make_staff(db, elsewhere.id))
    moderator = make_staff(db, case.site_id)
    with pytest.raises(NotFound):
        take_case(db, CommentId(case.id + 100), site_id=case.site_id, by=moderator)


def test_what_is_over_is_forgotten(db: Database, case: Comment, clock: SettableClock) -> None:
    take(db, case, make_staff(db, case.site_id))
    clock.advance(LEASE)
    Upkeep(db).work()
    assert rows_of(db, leases) == []
