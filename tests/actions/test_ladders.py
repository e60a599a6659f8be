"""A site's own ladder: tried on its past without a trace, and put in force by editors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from belowline.actions.early_end import end_what_was_earned
from belowline.actions.ladders import publish_ladder, try_ladder
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.records import proposal_for
from belowline.actions.sanctions import SanctionDraft, impose
from belowline.core.errors import Conflict, InvalidInput, NotAllowed, StaleVersion
from belowline.core.terms import Outcome, ReaderId, Role, RuleKey, SanctionKind, SiteId
from belowline.events import kinds
from belowline.sanctions.ladders import get_ladder, list_ladders
from belowline.sanctions.thresholds import USUAL
from belowline.storage import tables
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import (
    HOLDING,
    at_once,
    events_of,
    make_comment,
    make_reader,
    make_site,
    make_staff,
    rows_of,
)

DAY = timedelta(days=1)
OBSCENE = RuleKey("obscenity")
ATTACK = RuleKey("personal-attack")


@pytest.fixture
def site_id(db: Database) -> SiteId:
    return make_site(db).id


def remove(db: Database, site_id: SiteId, author: ReaderId, *, rule: RuleKey = OBSCENE) -> None:
    comment = make_comment(db, site_id, author_id=author)
    draft = DecisionDraft(Outcome.REMOVE, rule, "Such words.", comment.version)
    decide(db, comment.id, site_id=site_id, by=make_staff(db, site_id), decision=draft)


def test_the_numbers_in_force_decide_what_is_proposed(
    db: Database, site_id: SiteId, clock: SettableClock
) -> None:
    author, editor = make_reader(db), make_staff(db, site_id, Role.EDITOR)
    for _ in range(2):
        remove(db, site_id, author)
        clock.advance(DAY)

    def proposed() -> SanctionKind | None:
        with db.read() as conn:
            return proposal_for(conn, site_id, author, now=clock()).kind

    assert proposed() is None
    publish_ladder(db, site_id, replace(USUAL, minor_breaches=2), by=editor, seen=0)
    assert proposed() is SanctionKind.WARNING
    published = events_of(db, kinds.LadderPublished)
    assert [(one.actor, one.data) for one in published] == [(f"reader:{editor}", {"version": 1})]


def test_trying_says_who_would_have_been_met_and_leaves_no_trace(
    db: Database, site_id: SiteId, clock: SettableClock
) -> None:
    twice, thrice, once, long_ago = (make_reader(db) for _ in range(4))
    remove(db, site_id, long_ago)
    clock.advance(40 * DAY)
    for author, number in ((twice, 2), (thrice, 3), (once, 1)):
        for _ in range(number):
            remove(db, site_id, author)
            clock.advance(DAY)
    moderator = make_staff(db, site_id)
    impose(
        db,
        site_id=site_id,
        reader_id=once,
        by=moderator,
        sanction=SanctionDraft(SanctionKind.SUSPENSION, DAY, "Enough.", ATTACK),
    )
    before = len(rows_of(db, tables.events))

    with db.read() as conn:
        trial = try_ladder(conn, site_id, replace(USUAL, minor_breaches=2), now=clock())

    assert len(rows_of(db, tables.events)) == before
    found = {one.reader_id: one for one in trial.readers}
    assert set(found) == {twice, thrice, once}
    assert trial.readers[0].differs
    assert found[twice].hardest is SanctionKind.WARNING
    assert found[twice].hardest_in_force is None
    assert found[once].hardest is None
    assert found[once].hardest_imposed is SanctionKind.SUSPENSION
    # For three breaches both ladders warn, the one that is tried a day earlier.
    assert found[thrice].differs
    assert trial.counts()[SanctionKind.SUSPENSION] == (0, 0, 1)
    assert trial.is_whole


def test_another_sites_past_is_not_looked_at(db: Database, site_id: SiteId) -> None:
    remove(db, make_site(db, "elsewhere").id, make_reader(db))
    with db.read() as conn:
        assert try_ladder(conn, site_id, USUAL, now=db.clock()).readers == ()


def test_only_editors_and_owners_publish(db: Database, site_id: SiteId) -> None:
    stricter = replace(USUAL, first_days=2)
    for by in (make_staff(db, site_id), make_reader(db)):
        with pytest.raises(NotAllowed):
            publish_ladder(db, site_id, stricter, by=by, seen=0)
    owner = make_staff(db, site_id, Role.OWNER)
    assert publish_ladder(db, site_id, stricter, by=owner, seen=0).version == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"minor_breaches": 1}, "minor_breaches"),
        ({"suspensions": 7}, "suspensions"),
        ({"first_days": 5, "second_days": 4}, "second_days"),
        ({"further_days": 91}, "further_days"),
    ],
)
def test_numbers_outside_of_the_published_bounds_are_refused(
    db: Database, site_id: SiteId, changed: dict[str, int], field: str
) -> None:
    editor = make_staff(db, site_id, Role.EDITOR)
    with pytest.raises(InvalidInput) as refused:
        publish_ladder(db, site_id, replace(USUAL, **changed), by=editor, seen=0)
    assert refused.value.field == field


def test_of_two_editors_at_once_one_publishes(db: Database, site_id: SiteId) -> None:
    editors = [make_staff(db, site_id, Role.EDITOR) for _ in range(4)]
    results = at_once(
        *(
            partial(
                publish_ladder,
                db,
                site_id,
                replace(USUAL, hold_first_days=20 + number),
                by=editor,
                seen=0,
            )
            for number, editor in enumerate(editors)
        )
    )
    assert sum(isinstance(one, StaleVersion) for one in results) == 3
    with db.read() as conn:
        assert [one.version for one in list_ladders(conn, site_id)] == [1]


def test_publishing_what_is_in_force_is_refused(db: Database, site_id: SiteId) -> None:
    editor = make_staff(db, site_id, Role.EDITOR)
    with pytest.raises(Conflict):
        publish_ladder(db, site_id, USUAL, by=editor, seen=0)
    with db.read() as conn:
        assert get_ladder(conn, site_id).version == 0


def test_holding_first_ends_when_as_many_were_approved_as_the_ladder_says(
    db: Database, site_id: SiteId, clock: SettableClock
) -> None:
    author, moderator = make_reader(db), make_staff(db, site_id)
    editor = make_staff(db, site_id, Role.EDITOR)
    make_comment(db, site_id, author_id=author)
    impose(
        db,
        site_id=site_id,
        reader_id=author,
        by=moderator,
        sanction=SanctionDraft(SanctionKind.HOLD_FIRST, 14 * DAY, "Again.", ATTACK),
    )
    for _ in range(3):
        clock.advance(timedelta(minutes=5))
        comment = make_comment(db, site_id, author_id=author, verdicts=[HOLDING])
        draft = DecisionDraft(Outcome.PUBLISH, None, "", comment.version)
        decide(db, comment.id, site_id=site_id, by=moderator, decision=draft)
    clock.advance(timedelta(hours=2))

    assert end_what_was_earned(db, site_id) == 0
    publish_ladder(db, site_id, replace(USUAL, approved_to_end=3), by=editor, seen=0)
    assert end_what_was_earned(db, site_id) == 1
