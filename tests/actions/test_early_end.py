"""Comments are held first only until enough of them were fine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.early_end import end_what_was_earned
from belowline.actions.facts import standing_facts
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.records import record_of
from belowline.actions.sanctions import SanctionDraft, impose
from belowline.core.terms import (
    Finding,
    Outcome,
    ReaderId,
    RuleKey,
    SanctionKind,
    ScreenName,
    Verdict,
)
from belowline.events import kinds
from belowline.followers.upkeep import Rescore
from belowline.moderation.model import Decision
from belowline.readers.standing import holds_first
from belowline.sites.model import Site
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import events_of, make_comment, make_reader, make_site, make_staff, reread

HELD = Verdict(ScreenName.NEWCOMER, Finding.HOLD, "newcomer")
DAY = timedelta(days=1)


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def moderator(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id)


@pytest.fixture
def author(db: Database, site: Site, moderator: ReaderId, clock: SettableClock) -> ReaderId:
    """Make a reader whose comments are held first since an hour ago."""
    author = make_reader(db)
    approve(db, site, author, moderator)
    clock.advance(timedelta(minutes=1))
    impose(
        db,
        site_id=site.id,
        reader_id=author,
        by=moderator,
        sanction=SanctionDraft(
            SanctionKind.HOLD_FIRST, 14 * DAY, "Again and again.", RuleKey("spam")
        ),
    )
    clock.advance(timedelta(hours=1))
    return author


def approve(
    db: Database,
    site: Site,
    author: ReaderId,
    moderator: ReaderId,
    outcome: Outcome = Outcome.PUBLISH,
) -> Decision:
    comment = make_comment(db, site.id, author_id=author, verdicts=[HELD])
    rule = RuleKey("spam") if outcome is Outcome.REMOVE else None
    draft = DecisionDraft(outcome, rule, "Read.", reread(db, comment).version)
    return decide(db, comment.id, site_id=site.id, by=moderator, decision=draft)


def is_held(db: Database, site: Site, author: ReaderId) -> bool:
    with db.read() as conn:
        return holds_first(standing_facts(conn, site.id, author), now=db.clock())


def test_five_that_were_fine_are_enough_once_nobody_can_take_that_back(
    db: Database, site: Site, author: ReaderId, moderator: ReaderId, clock: SettableClock
) -> None:
    for _ in range(5):
        approve(db, site, author, moderator)
    assert end_what_was_earned(db, site.id) == 0
    clock.advance(timedelta(hours=1))

    Rescore(db).work()
    Rescore(db).work()

    assert not is_held(db, site, author)
    (event,) = events_of(db, kinds.SanctionLifted)
    assert (event.actor, event.data["cause"]) == ("system:upkeep", "earned")
    # It was served and not lifted: the ladder remembers it.
    with db.read() as conn:
        (past,) = record_of(conn, site.id, author, now=clock.now).sanctions
    assert (past.lifted, past.ends_at) == (False, clock.now)


@pytest.mark.parametrize("case", ["four", "one removed", "one taken back"])
def test_less_than_that_is_not_enough(
    db: Database, site: Site, author: ReaderId, clock: SettableClock, case: str
) -> None:
    moderator = make_staff(db, site.id)
    made = [approve(db, site, author, moderator) for _ in range(4)][-1]
    if case != "four":
        made = approve(db, site, author, moderator)
    if case == "one removed":
        approve(db, site, author, moderator, Outcome.REMOVE)
    if case == "one taken back":
        undo(db, made.id, site_id=site.id, by=moderator, undo_for=timedelta(minutes=1))

    clock.advance(DAY)
    assert end_what_was_earned(db, site.id) == 0
    assert is_held(db, site, author)
