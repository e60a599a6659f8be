"""Looking again at a withdrawal, six months after it or after the last look."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from belowline.actions.cases import UPKEEP, record_decision
from belowline.actions.facts import ask_standing
from belowline.actions.sanctions import end_sanction, lifting, require_reason
from belowline.actions.withdrawals import staff_of
from belowline.core.errors import InvalidInput, require
from belowline.core.terms import Actor, Privilege, ReaderId, Refusal, SiteId, Source
from belowline.events import kinds, log
from belowline.readers import store as readers
from belowline.sanctions import proposals, reviews
from belowline.sanctions import store as sanctions
from belowline.sanctions.model import ReviewId, ReviewOutcome, Sanction, WithdrawalReview
from belowline.sanctions.withdrawal import MESSAGES, REVIEW_AFTER, may_review, review_due
from belowline.storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Found:
    """What a review comes to, with the reason to the reader."""

    outcome: ReviewOutcome
    reason: str


def open_due_reviews(db: Database, site_id: SiteId) -> int:
    """Put on the desk what is to be looked at again; return how much that is. For upkeep.

    Reviews of withdrawals that have ended otherwise are closed.
    """
    with db.read() as conn:
        due = reviews.list_unreviewed(conn, site_id, before=db.clock() - REVIEW_AFTER)
        fallen = reviews.list_fallen(conn, site_id)
    opened = 0
    for sanction_id, reader_id, counted_from in due:
        with db.write(UPKEEP) as tx:
            due_at = review_due(withdrawn_at=counted_from)
            review_id = reviews.add_review(tx, site_id, sanction_id, due_at=due_at)
            if review_id is not None:
                log.append(tx, site_id, kinds.ReviewOpened(review_id, sanction_id, reader_id))
                opened += 1
    for one in fallen:
        with db.write(UPKEEP) as tx:
            sanction = sanctions.get_sanction(tx.conn, site_id, one.sanction_id)
            _settle(tx, one, sanction, Found(ReviewOutcome.FELL_AWAY, ""))
    return opened


def decide_review(
    db: Database, review_id: ReviewId, *, site_id: SiteId, by: ReaderId, finding: Found
) -> WithdrawalReview:
    """Keep a withdrawal for another six months, or give the privilege back, with the reason.

    Raises:
        NotSignedIn, NotAllowed: no role, one's own, one had a part in it, or it is decided.
        InvalidInput: no reason, or no such outcome. NotFound: no such review.
    """
    reason = require_reason(finding.reason)
    outcome = finding.outcome
    if outcome is ReviewOutcome.FELL_AWAY:
        raise InvalidInput("Choose one of these.", field="outcome", code="bad_choice")
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        review = reviews.get_review(tx.conn, site_id, review_id)
        sanction = sanctions.get_sanction(tx.conn, site_id, review.sanction_id)
        readers.lock_reader(tx, sanction.reader_id)
        review = reviews.get_review(tx.conn, site_id, review_id)
        sanction = sanctions.get_sanction(tx.conn, site_id, review.sanction_id)
        require(refuse_review(tx.conn, review, sanction, by=by))
        _settle(tx, review, sanction, Found(outcome, reason))
        if outcome is ReviewOutcome.GIVEN_BACK:
            decision = record_decision(
                tx, lifting(sanction, source=Source.OWN_INITIATIVE, by=by, reason=reason)
            )
            end_sanction(tx, sanction, cause="lifted", decision_id=decision.id)
        return reviews.get_review(tx.conn, site_id, review_id)


def refuse_review(
    conn: sa.Connection, review: WithdrawalReview, sanction: Sanction, *, by: ReaderId
) -> Refusal | None:
    """Say why somebody may not decide this review, or None if they may."""
    if review.decided_at is not None or sanction.lifted_at is not None:
        return Refusal("review_over", MESSAGES["review_over"])
    parties = proposals.find_parties(conn, sanction.decision_id)
    return may_review(
        by=by,
        staff=staff_of(conn, sanction.site_id),
        proposed_by=parties.proposed_by if parties is not None else None,
        confirmed_by=sanction.imposed_by,
        reader_id=sanction.reader_id,
    )


def _settle(tx: Tx, review: WithdrawalReview, sanction: Sanction, found: Found) -> None:
    by = tx.actor.reader_id
    if reviews.settle_review(tx, review.id, found.outcome, by=by, reason=found.reason):
        log.append(
            tx,
            review.site_id,
            kinds.ReviewDecided(review.id, sanction.id, sanction.reader_id, found.outcome),
        )
