"""Threats to life: the evidence stays as it was, the clock is seen, and who did what is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.cases import rescore_cases
from belowline.actions.comments import withdraw_comment
from belowline.actions.dangers import (
    close_danger,
    look_at_evidence,
    open_danger,
    tell_authority,
)
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.readers import erase_account
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from belowline.core.markup import render
from belowline.core.terms import Actor, CaseState, Outcome, ReaderId, RuleKey
from belowline.events import legal_kinds
from belowline.followers.upkeep import Upkeep
from belowline.moderation import dangers
from belowline.moderation import store as cases
from belowline.moderation.dangers import Danger, Told
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import (
    at_once,
    events_of,
    make_comment,
    make_notice,
    make_reader,
    make_report,
    make_site,
    make_staff,
    reread,
    rows_of,
)

THREAT = "I know where you live and I am coming tonight."
POLICE = Told("North Yorkshire Police", "999", "Log 412")


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def moderator(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id)


@pytest.fixture
def comment(db: Database, site: Site) -> Comment:
    author = make_reader(db, "Pat Doe", email="pat@paper.example")
    return make_comment(db, site.id, author_id=author, text=THREAT)


def open_one(db: Database, comment: Comment, by: ReaderId) -> Danger:
    return open_danger(db, comment.id, site_id=comment.site_id, by=by)


def test_the_evidence_survives_an_edit_a_withdrawal_and_an_erasure(
    db: Database, site: Site, moderator: ReaderId, comment: Comment
) -> None:
    danger = open_one(db, comment, moderator)
    with db.write(Actor(comment.author_id)) as tx:
        comments.add_revision(tx, comment, text="Never mind.", html=render("Never mind."))
    withdraw_comment(db, comment.id, site_id=site.id, by=comment.author_id)
    erase_account(db, comment.author_id)

    kept = look_at_evidence(db, danger.id, site_id=site.id, by=moderator)

    assert kept is not None
    assert kept["author"] == {
        "id": comment.author_id,
        "name": "Pat Doe",
        "email": "pat@paper.example",
    }
    assert [one["text"] for one in kept["revisions"]] == [THREAT]


def test_who_looked_at_the_evidence_is_written_down(
    db: Database, site: Site, moderator: ReaderId, comment: Comment
) -> None:
    danger, colleague = open_one(db, comment, moderator), make_staff(db, site.id)
    for one in (moderator, colleague, moderator):
        look_at_evidence(db, danger.id, site_id=site.id, by=one)

    assert [row.reader_id for row in rows_of(db, tables.evidence_looks)] == [
        moderator,
        colleague,
        moderator,
    ]
    assert len(events_of(db, legal_kinds.EvidenceLookedAt)) == 3
    for stranger in (make_reader(db), make_staff(db, make_site(db, "elsewhere").id)):
        with pytest.raises(NotAllowed):
            look_at_evidence(db, danger.id, site_id=site.id, by=stranger)
    assert len(rows_of(db, tables.evidence_looks)) == 3


def test_the_log_holds_nothing_of_what_was_written(
    db: Database, site: Site, moderator: ReaderId, comment: Comment
) -> None:
    danger = open_one(db, comment, moderator)
    tell_authority(db, danger.id, site_id=site.id, by=moderator, told=POLICE)
    close_danger(db, danger.id, site_id=site.id, by=moderator, outcome="They went there.")

    told = events_of(db, legal_kinds.DangerOpened, legal_kinds.DangerTold, legal_kinds.DangerClosed)
    assert [set(event.data) for event in told] == [
        {"danger_id", "comment_id", "story_id"},
        {"danger_id", "comment_id"},
        {"danger_id", "comment_id"},
    ]
    assert all(isinstance(value, int) for event in told for value in event.data.values())


def test_it_stands_at_the_top_of_the_queue_until_it_is_closed(
    db: Database, site: Site, moderator: ReaderId, comment: Comment, clock: SettableClock
) -> None:
    worse = make_comment(db, site.id)
    for _ in range(3):
        make_report(db, worse, rule="threat")
    make_notice(db, worse, kind="threat")
    danger = open_one(db, comment, moderator)

    def queue() -> list[int]:
        with db.read() as conn:
            return [card.case.comment_id for card in cases.list_queue(conn, site.id)]

    assert queue() == [comment.id, worse.id]
    draft = DecisionDraft(Outcome.REMOVE, RuleKey("threat"), "A threat.", comment.version)
    decide(db, comment.id, site_id=site.id, by=moderator, decision=draft)
    clock.advance(timedelta(hours=1))
    rescore_cases(db, site.id)
    assert queue() == [comment.id, worse.id], "the decision is not all that is to be done"
    close_danger(db, danger.id, site_id=site.id, by=moderator, outcome="They went there.")
    assert queue() == [worse.id]


def test_the_clock_says_how_long_it_took_and_who_did_what(
    db: Database, site: Site, moderator: ReaderId, comment: Comment, clock: SettableClock
) -> None:
    danger, colleague = open_one(db, comment, moderator), make_staff(db, site.id)
    clock.advance(timedelta(minutes=7))
    tell_authority(db, danger.id, site_id=site.id, by=colleague, told=POLICE)
    clock.advance(timedelta(hours=2))
    close_danger(db, danger.id, site_id=site.id, by=moderator, outcome="They went there.")

    with db.read() as conn:
        (found,) = dangers.list_for_comment(conn, site.id, comment.id)
    assert found.told_at is not None
    assert found.told_at - found.opened_at == timedelta(minutes=7)
    assert (found.authority, found.channel, found.reference) == (
        "North Yorkshire Police",
        "999",
        "Log 412",
    )
    assert (found.opened_by, found.told_by, found.closed_by) == (moderator, colleague, moderator)


def test_one_at_a_time_is_open_also_when_two_press_at_once(
    db: Database, site: Site, moderator: ReaderId, comment: Comment
) -> None:
    colleague = make_staff(db, site.id)
    results = at_once(
        *[lambda by=by: open_one(db, comment, by) for by in (moderator, colleague) * 2]
    )

    assert len({one.id for one in results if isinstance(one, Danger)}) == 1
    assert len(rows_of(db, tables.dangers)) == 1
    (row,) = rows_of(db, tables.cases)
    assert row.state == CaseState.OPEN


def test_what_a_colleague_has_noted_is_not_written_over(
    db: Database, site: Site, moderator: ReaderId, comment: Comment
) -> None:
    danger = open_one(db, comment, moderator)
    tell_authority(db, danger.id, site_id=site.id, by=moderator, told=POLICE)
    tell_authority(db, danger.id, site_id=site.id, by=moderator, told=POLICE)
    with pytest.raises(Conflict):
        tell_authority(db, danger.id, site_id=site.id, by=moderator, told=Told("Europol", "Form"))
    close_danger(db, danger.id, site_id=site.id, by=moderator, outcome="Done.")
    for again in (
        lambda: close_danger(db, danger.id, site_id=site.id, by=moderator, outcome="Done."),
        lambda: tell_authority(db, danger.id, site_id=site.id, by=moderator, told=POLICE),
    ):
        with pytest.raises(Conflict):
            again()


def test_what_is_needed_is_asked_for(
    db: Database, site: Site, moderator: ReaderId, comment: Comment
) -> None:
    danger = open_one(db, comment, moderator)
    for told in (Told("", "999"), Told("Police", " ")):
        with pytest.raises(InvalidInput):
            tell_authority(db, danger.id, site_id=site.id, by=moderator, told=told)
    with pytest.raises(InvalidInput):
        close_danger(db, danger.id, site_id=site.id, by=moderator, outcome=" ")
    other = make_site(db, "elsewhere")
    with pytest.raises(NotFound):
        close_danger(db, danger.id, site_id=other.id, by=make_staff(db, other.id), outcome="Done.")
    assert reread(db, comment).status == "published"


def test_the_evidence_is_forgotten_a_year_after_it_was_closed(
    db: Database, site: Site, moderator: ReaderId, comment: Comment, clock: SettableClock
) -> None:
    closed, still_open = open_one(db, comment, moderator), make_comment(db, site.id)
    close_danger(db, closed.id, site_id=site.id, by=moderator, outcome="Done.")
    open_one(db, still_open, moderator)
    clock.advance(timedelta(days=366))
    Upkeep(db).work()

    with db.read() as conn:
        kept = conn.execute(
            sa.select(tables.dangers.c.evidence.is_not(None)).order_by(tables.dangers.c.id)
        ).scalars()
        assert list(kept) == [False, True]
    assert look_at_evidence(db, closed.id, site_id=site.id, by=moderator) is None
