"""A second look is blind, drawn by lot, and changes nothing for anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.readers import erase_account
from belowline.actions.second_looks import Answer, take_second_look, waiting_looks
from belowline.comments.model import Comment
from belowline.comments.store import get_comment
from belowline.core.errors import Conflict, InvalidInput, NotAllowed
from belowline.core.settings import Settings
from belowline.core.terms import CommentStatus, DecisionId, Outcome, ReaderId, RuleKey
from belowline.events import kinds
from belowline.moderation import second_looks
from belowline.moderation.second_looks import SHARE, is_chosen
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import (
    at_once,
    events_of,
    make_comment,
    make_reader,
    make_report,
    make_site,
    make_staff,
    reread,
    rows_of,
)

SETTINGS = Settings(secret="a-secret-for-tests-alone-0123456789abcdef")
RULE = RuleKey("personal-attack")


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def people(db: Database, site: Site) -> tuple[ReaderId, ReaderId]:
    return make_staff(db, site.id), make_staff(db, site.id)


def judge(db: Database, comment: Comment, by: ReaderId, outcome: Outcome) -> DecisionId:
    rule = RULE if outcome is Outcome.REMOVE else None
    version = reread(db, comment).version
    draft = DecisionDraft(outcome, rule, "It goes for the person.", version)
    return decide(db, comment.id, site_id=comment.site_id, by=by, decision=draft).id


def drawn(db: Database, site: Site, by: ReaderId, outcome: Outcome = Outcome.REMOVE) -> DecisionId:
    """Decide about comments until the lot falls on one."""
    story = None
    for _ in range(2000):
        comment = make_comment(db, site.id, story_id=story, author_id=make_reader(db))
        story = comment.story_id
        made = judge(db, comment, by, outcome)
        if is_chosen(SETTINGS.secret, made):
            return made
    raise AssertionError("two in a hundred, and none of two thousand")


def waiting(db: Database, site: Site, by: ReaderId) -> list[DecisionId]:
    found = waiting_looks(db, site_id=site.id, by=by, settings=SETTINGS)
    return [one.decision_id for one in found]


def look(db: Database, site: Site, by: ReaderId, made: DecisionId, **given: object) -> None:
    answer = Answer(made, **{"outcome": Outcome.KEEP, **given})  # type: ignore[arg-type]
    take_second_look(db, site_id=site.id, by=by, settings=SETTINGS, answer=answer)


def test_two_in_a_hundred_are_drawn_and_another_secret_draws_others() -> None:
    ids = [DecisionId(number) for number in range(1, 20_001)]
    chosen = {one for one in ids if is_chosen(SETTINGS.secret, one)}
    others = {one for one in ids if is_chosen("another-secret", one)}
    # Three standard deviations are sixty.
    assert abs(len(chosen) - SHARE * len(ids)) < 60
    assert len(chosen & others) < 30


def test_somebody_else_looks_again_and_nothing_changes(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId], clock: SettableClock
) -> None:
    first, second = people
    made = drawn(db, site, first)
    assert waiting(db, site, second) == [], "it can still be taken back"
    clock.advance(timedelta(minutes=2))
    assert waiting(db, site, first) == [], "they decided themselves"
    assert waiting(db, site, second) == [made]
    before = rows_of(db, tables.comments), rows_of(db, tables.decisions), rows_of(db, tables.cases)

    look(db, site, second, made, outcome=Outcome.REMOVE, rule=RULE)

    (row,) = rows_of(db, tables.second_looks)
    assert (row.decision_id, row.reader_id, row.outcome, row.rule_key) == (
        made,
        second,
        "remove",
        RULE,
    )
    (event,) = events_of(db, kinds.SecondLookTaken)
    assert event.data == {"decision_id": made, "outcome": "remove", "rule": RULE}
    assert event.actor_id() == second
    assert before == (
        rows_of(db, tables.comments),
        rows_of(db, tables.decisions),
        rows_of(db, tables.cases),
    )
    assert waiting(db, site, second) == []


def test_a_look_shows_the_case_as_it_was(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId], clock: SettableClock
) -> None:
    first, second = people
    made = drawn(db, site, first)
    clock.advance(timedelta(minutes=2))
    (found,) = waiting_looks(db, site_id=site.id, by=second, settings=SETTINGS)
    assert (found.decision_id, found.status_before) == (made, CommentStatus.PUBLISHED)
    assert "The bridge should stay open." in found.html
    told = {name for name in dir(found) if not name.startswith("_")}
    assert not told & {"outcome", "rule", "reason", "decided_by"}


def test_nobody_looks_again_who_had_a_part_in_the_case(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId], clock: SettableClock
) -> None:
    first, second = people
    made = drawn(db, site, first, Outcome.KEEP)
    (row,) = (one for one in rows_of(db, tables.decisions) if one.id == made)
    (comment,) = (one for one in rows_of(db, tables.comments) if one.id == row.comment_id)
    clock.advance(timedelta(minutes=2))
    assert waiting(db, site, second) == [made]

    with db.read() as conn:
        found = get_comment(conn, site.id, comment.id)
    make_report(db, found, by=second)

    assert waiting(db, site, second) == []
    with pytest.raises(NotAllowed, match="does not wait"):
        look(db, site, second, made)
    with pytest.raises(NotAllowed, match="does not wait"):
        look(db, site, first, made)


def test_only_what_was_drawn_is_looked_at_again(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId], clock: SettableClock
) -> None:
    first, second = people
    comment = make_comment(db, site.id)
    made = judge(db, comment, first, Outcome.KEEP)
    while is_chosen(SETTINGS.secret, made):
        made = judge(db, make_comment(db, site.id), first, Outcome.KEEP)
    clock.advance(timedelta(minutes=2))
    with pytest.raises(NotAllowed, match="does not wait"):
        look(db, site, second, made)
    assert rows_of(db, tables.second_looks) == []


def test_what_was_taken_back_or_erased_or_is_long_ago_does_not_wait(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId], clock: SettableClock
) -> None:
    first, second = people
    undone = drawn(db, site, first)
    undo(db, undone, site_id=site.id, by=first, undo_for=timedelta(minutes=1))
    erased, old = drawn(db, site, first), None
    (row,) = (one for one in rows_of(db, tables.decisions) if one.id == erased)
    erase_account(db, ReaderId(row.reader_id))
    old = drawn(db, site, first)
    clock.advance(timedelta(minutes=2))
    assert waiting(db, site, second) == [old]
    clock.advance(second_looks.WAITS_FOR)
    assert waiting(db, site, second) == []


def test_a_removal_needs_a_rule_and_an_answer_must_be_one(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId], clock: SettableClock
) -> None:
    first, second = people
    made = drawn(db, site, first)
    clock.advance(timedelta(minutes=2))
    with pytest.raises(InvalidInput, match="cites a rule"):
        look(db, site, second, made, outcome=Outcome.REMOVE)
    with pytest.raises(InvalidInput, match="no such rule"):
        look(db, site, second, made, outcome=Outcome.REMOVE, rule=RuleKey("made-up"))
    with pytest.raises(NotAllowed, match="stays or goes"):
        look(db, site, second, made, outcome=Outcome.SANCTION)
    with pytest.raises(NotAllowed):
        look(db, site, make_reader(db), made)
    other = make_site(db, "other")
    with pytest.raises(NotAllowed):
        look(db, site, make_staff(db, other.id), made)


def test_of_two_at_once_one_is_kept(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId], clock: SettableClock
) -> None:
    first, second = people
    third = make_staff(db, site.id)
    made = drawn(db, site, first)
    clock.advance(timedelta(minutes=2))
    results = at_once(lambda: look(db, site, second, made), lambda: look(db, site, third, made))
    assert [isinstance(one, NotAllowed | Conflict) for one in sorted(results, key=str)].count(
        True
    ) == 1
    assert len(rows_of(db, tables.second_looks)) == 1
    assert len(events_of(db, kinds.SecondLookTaken)) == 1
