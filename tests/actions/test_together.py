"""Many cases decided together: each as if it were alone, and all taken back at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from belowline.actions.appeals import file_appeal
from belowline.actions.considering import TogetherDraft, consider
from belowline.actions.dangers import open_danger
from belowline.actions.handing_on import hand_case_on
from belowline.actions.holds import HoldDraft, place_hold
from belowline.actions.leases import take_case
from belowline.actions.legal import LegalChange, set_legal_status
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.rules import publish_rulebook, save_draft
from belowline.actions.sanctions import SanctionDraft, impose
from belowline.actions.together import (
    decide_together,
    give_back_together,
    take_together,
    undo_together,
)
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotAllowed, NotFound
from belowline.core.terms import (
    CaseState,
    CommentStatus,
    Outcome,
    ReaderId,
    ReportState,
    Role,
    RuleKey,
    SanctionKind,
)
from belowline.events import kinds
from belowline.followers.upkeep import Upkeep
from belowline.moderation import batches
from belowline.moderation.batches import KEPT_FOR, BatchId, Member
from belowline.moderation.together import MOST, CommentChoice
from belowline.rules import store as rules
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.stories.legal import LegalStatus
from tests import factories
from tests.conftest import SettableClock
from tests.factories import HOLDING, SYSTEM, at_once, events_of, make_comment, make_report, rows_of

MINUTE = timedelta(minutes=1)
SPAM = RuleKey("spam")


@dataclass
class World:
    """A site's desk and somebody at it."""

    db: Database
    site: Site
    mo: ReaderId
    editor: ReaderId

    def held(self, **given: object) -> Comment:
        return make_comment(self.db, self.site.id, verdicts=[HOLDING], **given)  # type: ignore[arg-type]

    def reported(self, **given: object) -> Comment:
        comment = make_comment(self.db, self.site.id, **given)  # type: ignore[arg-type]
        make_report(self.db, comment)
        return comment

    def removal(self, *chosen: Comment, reason: str = "An advert.") -> TogetherDraft:
        return TogetherDraft(self.choose(*chosen), removes=True, rule=SPAM, reason=reason)

    def choose(self, *chosen: Comment) -> tuple[CommentChoice, ...]:
        """Choose comments as the queue shows them now."""
        waiting = rows_of(self.db, tables.reports)
        return tuple(
            CommentChoice(
                one.site_id,
                one.id,
                factories.reread(self.db, one).version,
                sum(row.comment_id == one.id and row.state == "open" for row in waiting),
            )
            for one in chosen
        )

    def decide(self, draft: TogetherDraft, *, key: str = "one") -> BatchId:
        return decide_together(self.db, draft, site_id=self.site.id, by=self.mo, key=key)

    def undo(self, batch: BatchId, *, by: ReaderId | None = None) -> None:
        undo_together(self.db, batch, site_id=self.site.id, by=by or self.mo, undo_for=MINUTE)

    def members(self, batch: BatchId) -> list[Member]:
        with self.db.read() as conn:
            return batches.list_members(conn, batch)

    def left(self, batch: BatchId) -> list[str]:
        return [one.left_for for one in self.members(batch)]

    def statuses(self, *comments: Comment) -> list[CommentStatus]:
        return [factories.reread(self.db, one).status for one in comments]

    def decide_alone(self, comment: Comment, outcome: Outcome = Outcome.KEEP) -> int:
        draft = DecisionDraft(
            outcome,
            SPAM if outcome is Outcome.REMOVE else None,
            "It is one.",
            factories.reread(self.db, comment).version,
        )
        return decide(self.db, comment.id, site_id=self.site.id, by=self.editor, decision=draft).id


@pytest.fixture
def world(db: Database) -> World:
    site = factories.make_site(db)
    mo, editor = (factories.make_staff(db, site.id, role) for role in (Role.MODERATOR, Role.EDITOR))
    return World(db, site, mo, editor)


def test_each_becomes_a_decision_like_any_other(world: World, db: Database) -> None:
    held, reported = world.held(), world.reported()
    draft = world.removal(held, reported, reason="{name}, under “{story}”: an advert.")

    batch = world.decide(draft)

    assert world.statuses(held, reported) == [CommentStatus.REMOVED] * 2
    made = rows_of(db, tables.decisions)
    assert [(row.comment_id, row.outcome, row.decided_by) for row in made] == [
        (held.id, Outcome.REMOVE, world.mo),
        (reported.id, Outcome.REMOVE, world.mo),
    ]
    assert len({row.reason for row in made}) == 2, "each author reads their own name"
    assert not any("{" in row.reason for row in made)
    assert [row.decision_id for row in world.members(batch)] == [row.id for row in made]
    assert [one.data["decision_id"] for one in events_of(db, kinds.DecisionMade)] == [
        row.id for row in made
    ]
    assert [row.state for row in rows_of(db, tables.reports)] == [ReportState.UPHELD]
    assert {row.state for row in rows_of(db, tables.cases)} == {CaseState.CLOSED}


def test_to_leave_them_publishes_what_is_held_and_keeps_what_is_reported(
    world: World, db: Database
) -> None:
    held, reported = world.held(), world.reported()

    world.decide(TogetherDraft(world.choose(held, reported), removes=False))

    assert [row.outcome for row in rows_of(db, tables.decisions)] == [Outcome.PUBLISH, Outcome.KEEP]
    assert [row.state for row in rows_of(db, tables.reports)] == [ReportState.DISMISSED]


def _leased(world: World, comment: Comment) -> None:
    assert take_case(world.db, comment.id, site_id=world.site.id, by=world.editor)


def _held_as_evidence(world: World, comment: Comment) -> None:
    until = world.db.clock() + timedelta(days=30)
    evidence = HoldDraft("A claim.", world.editor, until)
    place_hold(world.db, world.site.id, comment.id, by=world.editor, draft=evidence)


def _in_court(world: World, comment: Comment) -> None:
    change = LegalChange(LegalStatus.CHARGED)
    set_legal_status(world.db, world.site.id, [comment.story_id], by=world.editor, change=change)


def _handed_on(world: World, comment: Comment) -> None:
    hand_case_on(world.db, comment.id, site_id=world.site.id, by=world.editor, note="Is it?")


AFTER_A_LOOK: dict[str, Callable[[World, Comment], object]] = {
    "leased": _leased,
    "changed_meanwhile": lambda world, one: make_report(world.db, one, rule="off-topic"),
    "nothing_waits_now": lambda world, one: world.decide_alone(one),
    "danger_alone": lambda world, one: open_danger(
        world.db, one.id, site_id=world.site.id, by=world.editor
    ),
    "evidence_alone": _held_as_evidence,
    "court_alone": _in_court,
    "handed_on_alone": _handed_on,
}


@pytest.mark.parametrize("code", AFTER_A_LOOK)
def test_what_happened_since_leaves_one_and_no_other(world: World, db: Database, code: str) -> None:
    others = [world.reported(), world.held()]
    comment = world.reported()
    draft = world.removal(comment, *others)
    AFTER_A_LOOK[code](world, comment)
    before = len(rows_of(db, tables.decisions))

    batch = world.decide(draft)

    assert world.left(batch) == ["", "", code]
    assert len(rows_of(db, tables.decisions)) == before + 2
    assert world.statuses(*others) == [CommentStatus.REMOVED] * 2


BEFORE_A_LOOK: dict[str, Callable[[World, Comment], object]] = {
    "notice_alone": lambda world, one: factories.make_notice(world.db, one),
    "severe_alone": lambda world, one: make_report(world.db, one, rule="threat"),
}


@pytest.mark.parametrize("code", BEFORE_A_LOOK)
def test_what_wants_a_look_of_its_own_is_left_though_it_was_seen(world: World, code: str) -> None:
    comment, other = world.reported(), world.reported()
    BEFORE_A_LOOK[code](world, comment)

    batch = world.decide(world.removal(comment, other))

    assert world.left(batch) == [code, ""]


def test_an_appeal_is_decided_as_one(world: World, clock: SettableClock) -> None:
    author = factories.make_reader(world.db)
    comment = world.held(author_id=author)
    decision = world.decide_alone(comment, Outcome.REMOVE)
    clock.advance(MINUTE * 2)
    file_appeal(world.db, decision, site_id=world.site.id, by=author, text="Look again.")

    batch = world.decide(TogetherDraft(world.choose(comment), removes=False))

    assert world.left(batch) == ["appealed_alone"]


def test_ones_own_comment_is_for_others(world: World) -> None:
    mine = world.reported(author_id=world.mo)

    batch = world.decide(TogetherDraft(world.choose(mine), removes=False))

    assert world.left(batch) == ["own_comment"]


def test_no_removal_cites_what_was_not_shown_or_is_too_grave(world: World, db: Database) -> None:
    comment = world.reported()
    draft = world.removal(comment)
    with db.read() as conn:
        book = rules.get_current_rulebook(conn, world.site.id)
    shown = replace(draft, books={world.site.id: book.id})
    drafts = [replace(one, title=f"{one.title}!") for one in book.rules]
    found = save_draft(db, world.site.id, by=None, intro=book.intro, drafts=drafts)
    publish_rulebook(db, world.site.id, by=None, version=found.version)

    assert world.left(world.decide(shown, key="a")) == ["rules_changed"]
    assert world.left(world.decide(replace(draft, rule=RuleKey("threat")), key="b")) == [
        "grave_rule"
    ]
    assert world.left(world.decide(replace(draft, rule=RuleKey("no-such")), key="c")) == [
        "no_rule_here"
    ]
    assert world.statuses(comment) == [CommentStatus.PUBLISHED]


def test_the_whole_is_taken_back_and_nothing_is_left_of_it(
    world: World, db: Database, clock: SettableClock
) -> None:
    held, reported = world.held(), world.reported()
    batch = world.decide(world.removal(held, reported))
    decision = world.members(batch)[0].decision_id
    warning = SanctionDraft(SanctionKind.WARNING, None, "Enough adverts.", SPAM, based_on=decision)
    impose(db, site_id=world.site.id, reader_id=held.author_id, by=world.mo, sanction=warning)
    clock.advance(MINUTE / 2)

    world.undo(batch)
    world.undo(batch)

    assert world.statuses(held, reported) == [CommentStatus.HELD, CommentStatus.PUBLISHED]
    assert all(row.undone_at for row in rows_of(db, tables.decisions))
    assert [row.state for row in rows_of(db, tables.reports)] == [ReportState.OPEN]
    assert all(row.lifted_at for row in rows_of(db, tables.sanctions))
    assert {row.state for row in rows_of(db, tables.cases)} == {CaseState.OPEN}
    assert [one.kept_for for one in world.members(batch)] == ["", ""]
    assert len(events_of(db, kinds.DecisionUndone)) == 2
    # What is taken back can be decided again, together with others.
    again = world.decide(world.removal(held, reported), key="again")
    assert world.left(again) == ["", ""]


def test_what_somebody_decided_again_stays_and_the_rest_goes_back(world: World) -> None:
    first, second = world.reported(), world.reported()
    batch = world.decide(TogetherDraft(world.choose(first, second), removes=False))
    make_report(world.db, first, rule="threat")
    world.decide_alone(first, Outcome.REMOVE)

    world.undo(batch)

    assert [one.kept_for for one in world.members(batch)] == ["changed_since", ""]
    assert world.statuses(first, second) == [CommentStatus.REMOVED, CommentStatus.PUBLISHED]


def test_what_was_taken_back_alone_does_not_stand_in_the_way(world: World) -> None:
    first, second = world.held(), world.held()
    batch = world.decide(world.removal(first, second))
    decision = world.members(batch)[0].decision_id
    assert decision is not None
    undo(world.db, decision, site_id=world.site.id, by=world.mo, undo_for=MINUTE)

    world.undo(batch)

    assert [one.kept_for for one in world.members(batch)] == ["", ""]
    assert world.statuses(first, second) == [CommentStatus.HELD] * 2


def test_the_window_is_that_of_each_decision(world: World, clock: SettableClock) -> None:
    comment = world.held()
    batch = world.decide(world.removal(comment))
    clock.advance(MINUTE * 2)

    world.undo(batch)

    assert [one.kept_for for one in world.members(batch)] == ["undo_too_late"]
    assert world.statuses(comment) == [CommentStatus.REMOVED]


def test_nobody_takes_back_what_somebody_else_decided(world: World) -> None:
    comment = world.held()
    batch = world.decide(world.removal(comment))

    with pytest.raises(NotFound):
        world.undo(batch, by=world.editor)
    with pytest.raises(NotFound):
        undo_together(world.db, batch, site_id=None, by=world.mo, undo_for=MINUTE)
    assert world.statuses(comment) == [CommentStatus.REMOVED]


def test_who_has_lost_the_role_takes_nothing_back(world: World, db: Database) -> None:
    comment = world.held()
    batch = world.decide(world.removal(comment))
    with db.write(SYSTEM) as tx:
        tx.conn.execute(tables.staff.delete().where(tables.staff.c.reader_id == world.mo))

    world.undo(batch)

    assert world.statuses(comment) == [CommentStatus.REMOVED]
    assert world.members(batch)[0].kept_for
    with pytest.raises(NotAllowed):
        world.decide(world.removal(world.held()), key="late")


def test_sent_twice_at_once_it_counts_once(world: World, db: Database) -> None:
    found = [world.held() for _ in range(6)]
    draft = world.removal(*found)

    first, second = at_once(*[lambda: world.decide(draft)] * 2)

    assert first == second
    assert isinstance(first, int)
    assert len(rows_of(db, tables.decisions)) == 6
    assert world.left(BatchId(first)) == [""] * 6
    assert all(one.decision_id for one in world.members(BatchId(first)))


def test_sent_again_after_it_was_taken_back_it_changes_nothing(world: World, db: Database) -> None:
    """Somebody undoes all of it, goes back in the browser and presses the button again."""
    found = [world.held(), world.reported()]
    draft = world.removal(*found)
    batch = world.decide(draft)
    world.undo(batch)
    again = replace(draft, chosen=world.choose(*found))

    assert world.decide(again) == batch

    assert len(rows_of(db, tables.decisions)) == 2
    assert world.statuses(*found) == [CommentStatus.HELD, CommentStatus.PUBLISHED]


def test_the_rest_of_what_was_taken_back_is_not_decided_after_all(world: World) -> None:
    """The answer to the first was lost half-way; it is undone, and then the form comes again."""
    first, second = world.held(), world.held()
    batch = world.decide(world.removal(first))
    world.undo(batch)

    assert world.decide(world.removal(first, second)) == batch

    assert world.statuses(first, second) == [CommentStatus.HELD, CommentStatus.HELD]


def test_two_who_choose_the_same_decide_each_once(world: World, db: Database) -> None:
    found = [world.held() for _ in range(6)]
    draft = world.removal(*found)

    def act(by: ReaderId) -> Callable[[], object]:
        return lambda: decide_together(db, draft, site_id=world.site.id, by=by, key="mine")

    batch_ids = at_once(act(world.mo), act(world.editor))

    assert [
        row.comment_id
        for row in sorted(rows_of(db, tables.decisions), key=lambda row: row.comment_id)
    ] == [one.id for one in found]
    made = [one for batch in batch_ids for one in world.members(batch)]  # type: ignore[arg-type]
    assert sum(one.decision_id is not None for one in made) == 6
    assert {one.left_for for one in made if one.decision_id is None} <= {
        "nothing_waits_now",
        "stale_version",
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"chosen": ()}, "none_chosen", id="nothing"),
        pytest.param(
            {"chosen": tuple(CommentChoice(1, n, 1, 0) for n in range(MOST + 1))},  # type: ignore[arg-type]
            "too_many_chosen",
            id="too much",
        ),
        pytest.param({"rule": None}, "rule_needed", id="no rule"),
        pytest.param({"reason": " "}, "reason_needed", id="no reason"),
        pytest.param({"reason": "{nope}"}, "unknown_gap", id="a mistyped name in braces"),
    ],
)
def test_what_cannot_be_meant_is_refused_whole(
    world: World, db: Database, change: dict[str, object], code: str
) -> None:
    draft = replace(world.removal(world.held()), **change)  # type: ignore[arg-type]

    with pytest.raises(InvalidInput) as caught:
        world.decide(draft)

    assert caught.value.code == code
    assert rows_of(db, tables.decisions) == []
    assert rows_of(db, tables.batches) == []


def test_at_one_site_nothing_of_another_is_decided(world: World, db: Database) -> None:
    other = factories.make_site(db, "other")
    abroad = make_comment(db, other.id, verdicts=[HOLDING])
    smuggled = replace(world.choose(abroad)[0], site_id=world.site.id)

    batch = world.decide(replace(world.removal(), chosen=(*world.choose(abroad), smuggled)))

    assert world.members(batch) == []
    assert world.statuses(abroad) == [CommentStatus.HELD]


def test_over_all_sites_only_where_they_moderate(world: World, db: Database) -> None:
    other = factories.make_site(db, "other")
    here, abroad = world.held(), make_comment(db, other.id, verdicts=[HOLDING])
    draft = world.removal(here, abroad)

    decide_together(db, draft, site_id=None, by=world.mo, key="all")

    assert world.statuses(here, abroad) == [CommentStatus.REMOVED, CommentStatus.HELD]
    with pytest.raises(NotAllowed):
        decide_together(db, world.removal(abroad), site_id=None, by=world.mo, key="abroad")


def test_cases_are_taken_for_the_look_and_given_back(world: World, db: Database) -> None:
    found = [world.held(), world.held()]
    draft = world.removal(*found)
    with db.read() as conn:
        considered = [
            consider(conn, draft, one, by=world.mo, now=db.clock()) for one in draft.chosen
        ]
    _leased(world, found[0])

    assert take_together(db, considered, by=world.mo) == {found[0].id}
    give_back_together(db, [one.id for one in found], by=world.mo)

    assert [row.reader_id for row in rows_of(db, tables.leases)] == [world.editor]


def test_after_a_week_a_batch_is_forgotten_and_its_decisions_stay(
    world: World, db: Database, clock: SettableClock
) -> None:
    world.decide(world.removal(world.held()), key="old")
    clock.advance(KEPT_FOR)
    kept = world.decide(world.removal(world.held()), key="new")

    Upkeep(db).work()

    assert [row.id for row in rows_of(db, tables.batches)] == [kept]
    assert [row.batch_id for row in rows_of(db, tables.batch_members)] == [kept]
    assert len(rows_of(db, tables.decisions)) == 2
