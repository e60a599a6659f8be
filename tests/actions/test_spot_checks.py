"""A spot check is drawn by lot from what nobody brought up, is blind, and removes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from belowline.actions.comments import withdraw_comment
from belowline.actions.holds import HoldDraft, place_hold
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.reactions import react
from belowline.actions.readers import erase_account
from belowline.actions.spot_checks import CheckDraft, take_spot_check, waiting_checks
from belowline.comments.adding import add_comments
from belowline.comments.model import Comment, NewComment
from belowline.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion
from belowline.core.settings import Settings
from belowline.core.terms import CommentId, CommentStatus, Outcome, ReaderId, Role, RuleKey
from belowline.events import kinds
from belowline.moderation.spot_checks import MOST_WAITING, OLDEST, ONE_IN, YOUNGEST, draw, is_drawn
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.transparency.recount import find_differences
from tests.conftest import SettableClock
from tests.factories import (
    HOLDING,
    SYSTEM,
    at_once,
    events_of,
    make_comment,
    make_notice,
    make_reader,
    make_report,
    make_site,
    make_staff,
    make_story,
    reread,
    rows_of,
)

RULE = RuleKey("personal-attack")
DAY = timedelta(days=1)


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def moderator(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id)


def write_many(db: Database, site: Site, number: int) -> list[CommentId]:
    """Have so many comments published at once."""
    story, author = make_story(db, site.id), make_reader(db)
    new = NewComment(
        site.id, story, None, author, None, "Said.", "<p>Said.</p>", CommentStatus.PUBLISHED
    )
    with db.write(SYSTEM) as tx:
        return [one.id for one in add_comments(tx, [new] * number)]


def drawing(comment: Comment) -> Settings:
    """Find a secret under which the lot falls on a comment."""
    for number in count():
        secret = f"a-secret-for-tests-alone-{number:016}"
        if is_drawn(secret, comment.id):
            return Settings(secret=secret)
    raise AssertionError


class Lot:
    """A published comment of somebody's on which the lot has fallen."""

    def __init__(self, db: Database, site: Site, moderator: ReaderId) -> None:
        self.db, self.site, self.moderator = db, site, moderator
        self.above = make_comment(db, site.id)
        self.comment = make_comment(db, site.id, parent=self.above)
        self.settings = drawing(self.comment)

    def waits(self, *, by: ReaderId | None = None) -> bool:
        found = waiting_checks(
            self.db, site_id=self.site.id, by=by or self.moderator, settings=self.settings
        )
        return self.comment.id in {one.comment_id for one in found}

    def check(
        self,
        *,
        by: ReaderId | None = None,
        outcome: Outcome = Outcome.KEEP,
        rule: RuleKey | None = None,
        seen: int = 1,
    ) -> None:
        take_spot_check(
            self.db,
            site_id=self.site.id,
            by=by or self.moderator,
            settings=self.settings,
            draft=CheckDraft(self.comment.id, seen, outcome, rule),
        )

    def decide(self, outcome: Outcome) -> None:
        rule = RULE if outcome is Outcome.REMOVE else None
        version = reread(self.db, self.comment).version
        decision = DecisionDraft(outcome, rule, "It goes for the person.", version)
        decide(
            self.db,
            self.comment.id,
            site_id=self.site.id,
            by=self.moderator,
            decision=decision,
        )


@pytest.fixture
def lot(db: Database, site: Site, moderator: ReaderId, clock: SettableClock) -> Lot:
    made = Lot(db, site, moderator)
    clock.advance(2 * DAY)
    return made


def test_one_of_each_hundred_is_drawn_and_another_secret_draws_others() -> None:
    ids = [CommentId(number) for number in range(40_000)]
    chosen = {one for one in ids if is_drawn("a-secret", one)}
    others = {one for one in ids if is_drawn("another-secret", one)}
    assert Counter(one // ONE_IN for one in chosen) == dict.fromkeys(range(400), 1)
    assert len(chosen & others) < 20
    # Anywhere in the hundred: four each are expected, and 17 or more come once in a million.
    assert max(Counter(one % ONE_IN for one in chosen).values()) < 17


def test_a_drawn_comment_waits_from_its_second_day_on_for_four_weeks(
    db: Database, site: Site, moderator: ReaderId, clock: SettableClock
) -> None:
    lot = Lot(db, site, moderator)
    clock.advance(YOUNGEST - timedelta(seconds=1))
    assert not lot.waits()
    with pytest.raises(NotAllowed, match="does not wait"):
        lot.check()
    clock.advance(timedelta(seconds=1))
    assert lot.waits()
    clock.advance(OLDEST - YOUNGEST)
    assert lot.waits()
    clock.advance(timedelta(seconds=1))
    assert not lot.waits()
    with pytest.raises(NotAllowed, match="does not wait"):
        lot.check()


def test_five_wait_at_a_time_by_their_lots_alone(
    db: Database, site: Site, moderator: ReaderId, clock: SettableClock
) -> None:
    """Nobody gets another because of who looks, of what was left, or of when it was written."""
    secret = "a-secret-for-tests-alone-0123456789abcdef"
    settings = Settings(secret=secret)
    ids = write_many(db, site, 450)
    clock.advance(DAY)
    ids += write_many(db, site, 450)
    write_many(db, make_site(db, "other"), ONE_IN)
    clock.advance(2 * DAY)
    drawn = sorted(
        (one for one in ids if is_drawn(secret, one)), key=lambda one: _turn(secret, one)
    )
    assert len(drawn) > MOST_WAITING + 1

    def waiting(by: ReaderId) -> list[CommentId]:
        found = waiting_checks(db, site_id=site.id, by=by, settings=settings)
        return [one.comment_id for one in found]

    assert waiting(moderator) == drawn[:MOST_WAITING]
    with pytest.raises(NotAllowed, match="does not wait"):
        _check(db, site, moderator, settings, drawn[MOST_WAITING])
    react(db, drawn[0], site_id=site.id, by=moderator, respects=True)
    assert waiting(moderator) == drawn[1:MOST_WAITING], "no other comes in its place"
    colleague = make_staff(db, site.id)
    _check(db, site, colleague, settings, drawn[0])
    assert waiting(moderator) == waiting(colleague) == drawn[1 : MOST_WAITING + 1]


def _turn(secret: str, comment_id: CommentId) -> int:
    return draw(secret, comment_id // ONE_IN)[1]


def _check(
    db: Database, site: Site, by: ReaderId, settings: Settings, comment_id: CommentId
) -> None:
    draft = CheckDraft(comment_id, 1, Outcome.KEEP)
    take_spot_check(db, site_id=site.id, by=by, settings=settings, draft=draft)


def _report_and_dismiss(lot: Lot) -> None:
    make_report(lot.db, lot.comment)
    lot.decide(Outcome.KEEP)


def _keep_as_evidence(lot: Lot) -> None:
    editor = make_staff(lot.db, lot.site.id, Role.EDITOR)
    draft = HoldDraft("A claim.", editor, lot.db.clock() + 30 * DAY)
    place_hold(lot.db, lot.site.id, lot.comment.id, by=editor, draft=draft)


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda lot: make_report(lot.db, lot.comment), id="reported"),
        pytest.param(_report_and_dismiss, id="reported, and it stays"),
        pytest.param(lambda lot: make_notice(lot.db, lot.comment), id="said to be illegal"),
        pytest.param(lambda lot: lot.decide(Outcome.KEEP), id="looked at on own initiative"),
        pytest.param(_keep_as_evidence, id="kept as evidence"),
        pytest.param(lambda lot: erase_account(lot.db, lot.comment.author_id), id="erased"),
        pytest.param(
            lambda lot: withdraw_comment(
                lot.db, lot.comment.id, site_id=lot.site.id, by=lot.comment.author_id
            ),
            id="taken back",
        ),
    ],
)
def test_what_somebody_brought_up_or_took_back_does_not_wait(
    lot: Lot, act: Callable[[Lot], object]
) -> None:
    assert lot.waits()
    act(lot)
    assert not lot.waits()
    with pytest.raises(NotAllowed, match="does not wait"):
        lot.check()
    assert rows_of(lot.db, tables.spot_checks) == []


def test_what_was_held_or_is_of_the_newsroom_does_not_wait(
    db: Database, site: Site, moderator: ReaderId, clock: SettableClock
) -> None:
    held = make_comment(db, site.id, verdicts=[HOLDING])
    decision = DecisionDraft(Outcome.PUBLISH, None, "", held.version)
    decide(db, held.id, site_id=site.id, by=moderator, decision=decision)
    ours = make_comment(db, site.id, author_id=make_staff(db, site.id))
    clock.advance(2 * DAY)
    for one in (held, ours):
        assert waiting_checks(db, site_id=site.id, by=moderator, settings=drawing(one)) == []


def test_nobody_checks_what_they_had_a_part_in(lot: Lot) -> None:
    db, site = lot.db, lot.site
    author, above = lot.comment.author_id, lot.above.author_id
    replied = make_comment(db, site.id, parent=lot.comment).author_id
    respected = make_reader(db)
    react(db, lot.comment.id, site_id=site.id, by=respected, respects=True)
    for one in (author, above, replied, respected):
        with db.write(SYSTEM) as tx:
            sites.put_staff(tx, site.id, reader_id=one, role=Role.MODERATOR)
        assert not lot.waits(by=one)
        with pytest.raises(NotAllowed, match="does not wait"):
            lot.check(by=one)
    lot.check()
    with pytest.raises(NotAllowed, match="does not wait"):
        lot.check(by=author)


def test_what_would_go_is_noted_and_nothing_else_changes(lot: Lot) -> None:
    db = lot.db
    tables_of = (tables.comments, tables.decisions, tables.cases, tables.notices, tables.reports)
    before = [rows_of(db, one) for one in tables_of]

    lot.check(outcome=Outcome.REMOVE, rule=RULE)

    assert before == [rows_of(db, one) for one in tables_of]
    (row,) = rows_of(db, tables.spot_checks)
    assert (row.comment_id, row.revision, row.reader_id) == (lot.comment.id, 1, lot.moderator)
    assert (row.outcome, row.rule_key, row.looked_at) == ("remove", RULE, db.clock())
    (event,) = events_of(db, kinds.SpotCheckTaken)
    assert event.data == {"comment_id": lot.comment.id, "outcome": "remove", "rule": RULE}
    assert event.actor_id() == lot.moderator
    assert not lot.waits()
    lot.decide(Outcome.REMOVE)
    assert reread(db, lot.comment).status is CommentStatus.REMOVED
    with db.read() as conn:
        assert find_differences(conn, lot.site.id) == []


def test_it_is_asked_once_and_of_two_at_once_one_is_kept(lot: Lot) -> None:
    others = [make_staff(lot.db, lot.site.id) for _ in range(2)]
    results = at_once(*(lambda by=one: lot.check(by=by) for one in others))
    assert [type(one) for one in results if one is not None] == [Conflict]
    (row,) = rows_of(lot.db, tables.spot_checks)
    lot.check(by=ReaderId(row.reader_id))
    with pytest.raises(Conflict):
        lot.check(by=ReaderId(row.reader_id), outcome=Outcome.REMOVE, rule=RULE)
    with pytest.raises(Conflict):
        lot.check()
    assert len(events_of(lot.db, kinds.SpotCheckTaken)) == 1


def test_an_answer_is_of_those_who_may_about_what_they_saw(lot: Lot) -> None:
    with pytest.raises(InvalidInput, match="cites a rule"):
        lot.check(outcome=Outcome.REMOVE)
    with pytest.raises(InvalidInput, match="no such rule"):
        lot.check(outcome=Outcome.REMOVE, rule=RuleKey("made-up"))
    with pytest.raises(NotAllowed, match="stays or goes"):
        lot.check(outcome=Outcome.SANCTION)
    with pytest.raises(StaleVersion):
        lot.check(seen=2)
    with pytest.raises(NotAllowed):
        lot.check(by=make_reader(lot.db))
    other = make_site(lot.db, "other")
    with pytest.raises(NotAllowed):
        lot.check(by=make_staff(lot.db, other.id))
    lot.site = other
    with pytest.raises(NotFound):
        lot.check(by=make_staff(lot.db, other.id))
    assert rows_of(lot.db, tables.spot_checks) == []
