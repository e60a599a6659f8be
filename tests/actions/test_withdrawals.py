"""A withdrawal: proposed by one, answered by another, and looked at again after six months."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from belowline.actions.appeals import Ruling, decide_appeal, file_appeal
from belowline.actions.facts import standing_facts
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.reviews import Found, decide_review, open_due_reviews
from belowline.actions.sanctions import SanctionDraft, lift
from belowline.actions.withdrawals import (
    confirm_withdrawal,
    decline_withdrawal,
    lapse_proposals,
    propose_withdrawal,
)
from belowline.core.errors import BelowlineError, Conflict, InvalidInput, NotAllowed, NotFound
from belowline.core.terms import (
    DecisionId,
    Outcome,
    Privilege,
    ReaderId,
    Role,
    RuleKey,
    SanctionKind,
)
from belowline.events import kinds
from belowline.readers.standing import may
from belowline.sanctions import reviews
from belowline.sanctions.model import (
    ProposalId,
    ReviewId,
    ReviewOutcome,
    Sanction,
    WithdrawalProposal,
    WithdrawalReview,
)
from belowline.sanctions.withdrawal import PROPOSAL_LASTS, REVIEW_AFTER, SLEEP_ON_IT
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import (
    at_once,
    events_of,
    make_comment,
    make_site,
    make_staff,
    rows_of,
    withdraw,
)

DAY = timedelta(days=1)
THREAT = RuleKey("threat")


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def author(db: Database, site: Site) -> ReaderId:
    return make_comment(db, site.id).author_id


@pytest.fixture
def moderator(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id)


@pytest.fixture
def editor(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id, Role.EDITOR)


def propose(
    db: Database,
    site: Site,
    reader_id: ReaderId,
    by: ReaderId,
    *,
    based_on: DecisionId | None = None,
    reason: str = "It was a threat.",
) -> WithdrawalProposal:
    draft = SanctionDraft(SanctionKind.WITHDRAWAL, None, reason, THREAT, based_on)
    return propose_withdrawal(db, site_id=site.id, reader_id=reader_id, by=by, draft=draft)


def confirm(db: Database, found: WithdrawalProposal, by: ReaderId) -> Sanction:
    return confirm_withdrawal(db, found.id, site_id=found.site_id, by=by)


def decline(db: Database, found: WithdrawalProposal, by: ReaderId) -> None:
    decline_withdrawal(db, found.id, site_id=found.site_id, by=by, reason="It was a quotation.")


def may_post(db: Database, site: Site, reader_id: ReaderId) -> str | None:
    with db.read() as conn:
        facts = standing_facts(conn, site.id, reader_id)
    refusal = may(Privilege.POST, facts, now=db.clock())
    return refusal.code if refusal is not None else None


def answers(db: Database) -> list[str]:
    return [one.text("answer") for one in events_of(db, kinds.WithdrawalAnswered)]


def test_a_proposal_suspends_and_a_second_person_withdraws(
    db: Database, site: Site, author: ReaderId, moderator: ReaderId, editor: ReaderId
) -> None:
    found = propose(db, site, author, moderator)
    assert may_post(db, site, author) == "suspended"

    withdrawn = confirm(db, found, editor)

    assert may_post(db, site, author) == "withdrawn"
    assert withdrawn.rule == THREAT
    assert withdrawn.reason == "It was a threat."
    assert answers(db) == ["confirmed"]
    (lifted,) = events_of(db, kinds.SanctionLifted)
    assert lifted.data["cause"] == "replaced"


def test_declining_ends_the_suspension_and_says_why(
    db: Database, site: Site, author: ReaderId, moderator: ReaderId, editor: ReaderId
) -> None:
    found = propose(db, site, author, editor)
    decline(db, found, moderator)
    assert may_post(db, site, author) is None
    assert rows_of(db, tables.decisions)[-1].reason == "It was a quotation."
    assert answers(db) == ["declined"]
    with pytest.raises(NotAllowed) as refused:
        confirm(db, found, moderator)
    assert refused.value.code == "proposal_over"


def test_the_proposer_can_take_it_back_and_not_confirm_it(
    db: Database, site: Site, author: ReaderId, editor: ReaderId
) -> None:
    make_staff(db, site.id)
    found = propose(db, site, author, editor)
    with pytest.raises(NotAllowed) as refused:
        confirm(db, found, editor)
    assert refused.value.code == "second_person"
    decline(db, found, editor)
    assert may_post(db, site, author) is None
    assert answers(db) == ["taken_back"]


def test_an_answer_without_a_reason_is_refused(
    db: Database, site: Site, author: ReaderId, moderator: ReaderId, editor: ReaderId
) -> None:
    found = propose(db, site, author, moderator)
    with pytest.raises(InvalidInput):
        decline_withdrawal(db, found.id, site_id=site.id, by=editor, reason=" ")
    with pytest.raises(InvalidInput):
        propose(db, site, author, moderator, reason="")
    assert may_post(db, site, author) == "suspended"


def test_a_second_click_is_the_first_and_a_colleagues_is_told(
    db: Database, site: Site, author: ReaderId, moderator: ReaderId, editor: ReaderId
) -> None:
    first = propose(db, site, author, moderator)
    assert propose(db, site, author, moderator).id == first.id
    with pytest.raises(NotAllowed) as refused:
        propose(db, site, author, editor)
    assert refused.value.code == "already_proposed"


def test_of_many_answers_at_once_one_counts(
    db: Database, site: Site, author: ReaderId, moderator: ReaderId
) -> None:
    found = propose(db, site, author, moderator)
    editors = [make_staff(db, site.id, Role.EDITOR) for _ in range(6)]
    acts = [
        partial(confirm if number % 2 else decline, db, found, one)
        for number, one in enumerate(editors)
    ]

    results = at_once(*acts)

    refusals = [one for one in results if isinstance(one, BelowlineError)]
    assert len(refusals) == 5
    assert len(answers(db)) == 1
    withdrawn = [row for row in rows_of(db, tables.sanctions) if row.kind == "withdrawal"]
    assert len(withdrawn) == (1 if answers(db) == ["confirmed"] else 0)
    assert may_post(db, site, author) == ("withdrawn" if withdrawn else None)


def test_of_many_proposals_at_once_one_is_made(db: Database, site: Site, author: ReaderId) -> None:
    staff = [make_staff(db, site.id) for _ in range(5)]
    results = at_once(*(partial(propose, db, site, author, one) for one in staff))
    assert sum(isinstance(one, WithdrawalProposal) for one in results) == 1
    assert len(rows_of(db, tables.withdrawal_proposals)) == 1
    assert len(rows_of(db, tables.sanctions)) == 1


def test_a_confirmation_and_an_upheld_appeal_at_once_leave_no_withdrawal_behind(
    db: Database, site: Site, moderator: ReaderId, editor: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    draft = DecisionDraft(Outcome.REMOVE, THREAT, "It threatens.", comment.version)
    removal = decide(db, comment.id, site_id=site.id, by=moderator, decision=draft)
    found = propose(db, site, comment.author_id, moderator, based_on=removal.id)
    filed = file_appeal(db, removal.id, site_id=site.id, by=comment.author_id, text="A quotation.")
    third = make_staff(db, site.id)

    at_once(
        partial(confirm, db, found, editor),
        partial(
            decide_appeal,
            db,
            filed.id,
            site_id=site.id,
            by=third,
            ruling=Ruling(upheld=True, reason="It was a quotation."),
        ),
    )

    assert may_post(db, site, comment.author_id) is None


def test_an_upheld_appeal_against_the_suspension_ends_the_withdrawal_in_its_place(
    db: Database, site: Site, author: ReaderId, moderator: ReaderId, editor: ReaderId
) -> None:
    found = propose(db, site, author, moderator)
    filed = file_appeal(db, found.decision_id, site_id=site.id, by=author, text="I did not.")
    confirm(db, found, editor)
    with pytest.raises(NotAllowed):
        decide_appeal(
            db, filed.id, site_id=site.id, by=editor, ruling=Ruling(upheld=True, reason="Right.")
        )
    third = make_staff(db, site.id)
    decide_appeal(
        db, filed.id, site_id=site.id, by=third, ruling=Ruling(upheld=True, reason="You are right.")
    )
    assert may_post(db, site, author) is None


def test_a_proposal_lapses_after_seven_days_with_its_suspension(
    db: Database, site: Site, author: ReaderId, editor: ReaderId, clock: SettableClock
) -> None:
    moderator = make_staff(db, site.id)
    found = propose(db, site, author, moderator)
    clock.advance(PROPOSAL_LASTS - timedelta(seconds=1))
    assert lapse_proposals(db, site.id) == 0
    clock.advance(timedelta(seconds=1))
    assert may_post(db, site, author) is None
    with pytest.raises(NotAllowed) as refused:
        confirm(db, found, editor)
    assert refused.value.code == "proposal_over"
    assert lapse_proposals(db, site.id) == 1
    assert lapse_proposals(db, site.id) == 0
    assert answers(db) == ["lapsed"]
    # It can be proposed afresh, also before upkeep has come round.
    again = propose(db, site, author, moderator, reason="Again.")
    clock.advance(PROPOSAL_LASTS)
    assert propose(db, site, author, moderator, reason="Once more.").id != again.id


def test_a_suspension_that_ended_otherwise_takes_the_proposal_with_it(
    db: Database, site: Site, author: ReaderId, moderator: ReaderId, editor: ReaderId
) -> None:
    lifted = propose(db, site, author, moderator)
    lift(db, lifted.suspension_id, site_id=site.id, by=editor, reason="Not so bad.")
    with pytest.raises(NotAllowed):
        confirm(db, lifted, editor)
    undone = propose(db, site, author, moderator, reason="Worse now.")
    undo(db, undone.decision_id, site_id=site.id, by=moderator, undo_for=timedelta(minutes=1))
    assert may_post(db, site, author) is None
    with pytest.raises(NotAllowed):
        confirm(db, undone, editor)


def test_who_is_alone_confirms_after_a_day_and_that_is_on_record(
    db: Database, site: Site, author: ReaderId, editor: ReaderId, clock: SettableClock
) -> None:
    found = propose(db, site, author, editor)
    clock.advance(SLEEP_ON_IT - timedelta(minutes=1))
    with pytest.raises(NotAllowed) as refused:
        confirm(db, found, editor)
    assert refused.value.code == "sleep_on_it"
    clock.advance(timedelta(minutes=1))
    confirm(db, found, editor)
    assert may_post(db, site, author) == "withdrawn"
    (answered,) = events_of(db, kinds.WithdrawalAnswered)
    assert answered.data["alone"] is True


def test_what_belongs_to_another_site_is_not_found(
    db: Database, site: Site, author: ReaderId, moderator: ReaderId
) -> None:
    found = propose(db, site, author, moderator)
    elsewhere = make_site(db, "mercury")
    owner = make_staff(db, elsewhere.id, Role.OWNER)
    for act in (
        lambda: confirm_withdrawal(db, found.id, site_id=elsewhere.id, by=owner),
        lambda: decline_withdrawal(db, found.id, site_id=elsewhere.id, by=owner, reason="No."),
        lambda: confirm_withdrawal(db, ProposalId(99), site_id=elsewhere.id, by=owner),
        lambda: review(db, elsewhere, ReviewId(1), owner),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotAllowed):
        confirm_withdrawal(db, found.id, site_id=site.id, by=owner)


# Reviews


def review(
    db: Database,
    site: Site,
    review_id: ReviewId,
    by: ReaderId,
    outcome: ReviewOutcome = ReviewOutcome.KEPT,
) -> WithdrawalReview:
    found = Found(outcome, "We looked again.")
    return decide_review(db, review_id, site_id=site.id, by=by, finding=found)


def waiting(db: Database, site: Site) -> list[WithdrawalReview]:
    with db.read() as conn:
        return reviews.list_waiting(conn, site.id)


def test_a_withdrawal_is_on_the_desk_after_six_months_and_again_after_six_more(
    db: Database, site: Site, author: ReaderId, editor: ReaderId, clock: SettableClock
) -> None:
    moderator = make_staff(db, site.id)
    withdraw(db, site.id, author, by=(moderator, editor))
    clock.advance(REVIEW_AFTER - timedelta(minutes=1))
    assert open_due_reviews(db, site.id) == 0
    clock.advance(timedelta(minutes=1))
    assert open_due_reviews(db, site.id) == 1
    assert open_due_reviews(db, site.id) == 0
    (due,) = waiting(db, site)
    third = make_staff(db, site.id)
    for party in (moderator, editor):
        with pytest.raises(NotAllowed) as refused:
            review(db, site, due.id, party)
        assert refused.value.code == "review_by_another"

    clock.advance(3 * DAY)
    review(db, site, due.id, third)

    assert may_post(db, site, author) == "withdrawn"
    clock.advance(REVIEW_AFTER - timedelta(minutes=1))
    assert open_due_reviews(db, site.id) == 0
    clock.advance(timedelta(minutes=1))
    assert open_due_reviews(db, site.id) == 1
    (again,) = waiting(db, site)
    review(db, site, again.id, third, ReviewOutcome.GIVEN_BACK)
    assert may_post(db, site, author) is None
    assert waiting(db, site) == []
    outcomes = [one.text("outcome") for one in events_of(db, kinds.ReviewDecided)]
    assert outcomes == ["kept", "given_back"]


def test_a_review_is_decided_once(
    db: Database, site: Site, author: ReaderId, clock: SettableClock
) -> None:
    withdraw(db, site.id, author)
    clock.advance(REVIEW_AFTER)
    open_due_reviews(db, site.id)
    (due,) = waiting(db, site)
    staff = [make_staff(db, site.id) for _ in range(4)]
    outcomes = (ReviewOutcome.KEPT, ReviewOutcome.GIVEN_BACK)
    results = at_once(
        *(
            partial(review, db, site, due.id, one, outcomes[number % 2])
            for number, one in enumerate(staff)
        )
    )
    assert sum(isinstance(one, WithdrawalReview) for one in results) == 1
    assert len(events_of(db, kinds.ReviewDecided)) == 1


def test_upkeep_in_many_processes_puts_one_review_on_the_desk(
    db: Database, site: Site, author: ReaderId, clock: SettableClock
) -> None:
    withdraw(db, site.id, author)
    clock.advance(REVIEW_AFTER)
    done = at_once(*(partial(open_due_reviews, db, site.id) for _ in range(4)))
    assert sum(one for one in done if isinstance(one, int)) == 1
    assert len(waiting(db, site)) == 1


def test_a_withdrawal_that_ended_otherwise_needs_no_review(
    db: Database, site: Site, author: ReaderId, editor: ReaderId, clock: SettableClock
) -> None:
    withdrawn = withdraw(db, site.id, author)
    clock.advance(REVIEW_AFTER)
    open_due_reviews(db, site.id)
    (due,) = waiting(db, site)
    lift(db, withdrawn.id, site_id=site.id, by=editor, reason="It was long ago.")
    with pytest.raises(NotAllowed) as refused:
        review(db, site, due.id, editor)
    assert refused.value.code == "review_over"
    open_due_reviews(db, site.id)
    assert [one.text("outcome") for one in events_of(db, kinds.ReviewDecided)] == ["fell_away"]
    clock.advance(REVIEW_AFTER)
    assert open_due_reviews(db, site.id) == 0


def test_a_review_cannot_be_said_to_have_fallen_away(db: Database, site: Site) -> None:
    with pytest.raises(InvalidInput):
        review(db, site, ReviewId(1), make_staff(db, site.id), ReviewOutcome.FELL_AWAY)


def test_a_removal_that_was_answered_is_not_answered_again(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    draft = DecisionDraft(Outcome.REMOVE, THREAT, "It threatens.", comment.version)
    removal = decide(db, comment.id, site_id=site.id, by=moderator, decision=draft)
    propose(db, site, comment.author_id, moderator, based_on=removal.id)
    other = make_comment(db, site.id, author_id=comment.author_id)
    assert other.author_id == comment.author_id
    with pytest.raises((Conflict, NotAllowed)):
        propose(db, site, comment.author_id, moderator, based_on=removal.id, reason="Again.")
