"""The console's withdrawals: what one person proposed and another answers, and what is reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from litestar import Response

from belowline.actions.reviews import Found, decide_review, refuse_review
from belowline.actions.withdrawals import (
    confirm_withdrawal,
    decline_withdrawal,
    proposed,
    staff_of,
)
from belowline.core.errors import BelowlineError, Conflict, InvalidInput, NotAllowed
from belowline.core.terms import CommentStatus, Refusal
from belowline.moderation import decisions
from belowline.moderation.record import author_record
from belowline.readers.search import names_of
from belowline.rules import store as rules
from belowline.sanctions import proposals, reviews
from belowline.sanctions import store as sanctions
from belowline.sanctions.model import (
    ProposalId,
    ReviewId,
    ReviewOutcome,
    Sanction,
    WithdrawalProposal,
    WithdrawalReview,
)
from belowline.sanctions.withdrawal import may_confirm, may_decline, may_take_back
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.fields import choice
from belowline.web.forms import Form, FormBody, read_form


class Answer(StrEnum):
    """What the form about a proposal can say."""

    CONFIRM = "confirm"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal with what it rests on, and what this visitor may answer."""

    proposal: WithdrawalProposal
    reader: str
    proposed_by: str
    rule_title: str
    comment_id: int | None
    """The comment whose removal it rests on."""
    breaches: int
    refusal: Refusal | None
    """Why this visitor cannot confirm it."""
    refusal_to_decline: Refusal | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class ShownReview:
    """A review that waits, with the withdrawal that it is about."""

    review: WithdrawalReview
    sanction: Sanction
    reader: str
    rule_title: str
    parties: tuple[str, ...]
    refusal: Refusal | None


def withdrawals(visitor: Visitor, said: str | None = None) -> Response[bytes]:
    """Show what waits for a second pair of eyes, and what is to be looked at again."""
    return _page(visitor, said=said)


def answer(visitor: Visitor, proposal: int, data: FormBody) -> Response[Any]:
    """Confirm a proposed withdrawal, or decline it with a reason; one's own is taken back."""
    form = read_form(data, fields={"answer", "reason"})
    db, site_id, by = visitor.house.db, visitor.at.id, visitor.reader_id
    proposal_id = ProposalId(proposal)
    try:
        if choice(form, "answer", Answer) is Answer.CONFIRM:
            withdrawn = confirm_withdrawal(db, proposal_id, site_id=site_id, by=by)
            return back_to(
                visitor,
                f"/readers/{withdrawn.reader_id}",
                did=withdrawn.decision_id,
                said="withdrawn",
            )
        decline_withdrawal(db, proposal_id, site_id=site_id, by=by, reason=form.text("reason"))
    except (InvalidInput, NotAllowed, Conflict) as error:
        return _page(visitor, error=error, typed=form, about=f"proposal-{proposal}")
    return back_to(visitor, "/withdrawals", said="declined")


def review(visitor: Visitor, review: int, data: FormBody) -> Response[Any]:
    """Keep a withdrawal for another six months, or give the privilege back."""
    form = read_form(data, fields={"outcome", "reason"})
    try:
        found = Found(choice(form, "outcome", ReviewOutcome), form.text("reason"))
        decide_review(
            visitor.house.db,
            ReviewId(review),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            finding=found,
        )
    except (InvalidInput, NotAllowed, Conflict) as error:
        return _page(visitor, error=error, typed=form, about=f"review-{review}")
    kept = found.outcome is ReviewOutcome.KEPT
    return back_to(visitor, "/withdrawals", said="review_kept" if kept else "review_given_back")


def _page(
    visitor: Visitor,
    *,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
    about: str = "",
) -> Response[bytes]:
    now = visitor.house.db.clock()
    with visitor.house.db.read() as conn:
        open_now = proposals.list_open(conn, visitor.at.id)
        waiting = [one for one in open_now if one.waits(now)]
        shown = [_proposal(conn, visitor, one) for one in waiting]
        due = [_review(conn, visitor, one) for one in reviews.list_waiting(conn, visitor.at.id)]
    return desk_page(
        visitor,
        "withdrawals.html",
        here="withdrawals",
        said=said,
        error=error,
        typed=typed,
        about=about,
        proposals=shown,
        reviews=due,
    )


def _proposal(conn: sa.Connection, visitor: Visitor, one: WithdrawalProposal) -> ShownProposal:
    names = names_of(conn, [one.reader_id, one.proposed_by])
    matter = proposed(one, now=visitor.house.db.clock())
    by, is_own = visitor.reader_id, one.proposed_by == visitor.reader_id
    basis = decisions.get_decision(conn, visitor.at.id, one.decision_id)
    removal = (
        decisions.get_decision(conn, visitor.at.id, basis.based_on)
        if basis.based_on is not None
        else None
    )
    return ShownProposal(
        one,
        names[one.reader_id],
        names[one.proposed_by],
        _title(conn, visitor, one.rule),
        removal.comment_id if removal is not None else None,
        author_record(conn, visitor.at.id, one.reader_id).count(CommentStatus.REMOVED),
        may_confirm(matter, by=by, staff=staff_of(conn, visitor.at.id)),
        may_take_back(matter, by=by) if is_own else may_decline(matter, by=by),
        is_own,
    )


def _review(conn: sa.Connection, visitor: Visitor, one: WithdrawalReview) -> ShownReview:
    sanction = sanctions.get_sanction(conn, visitor.at.id, one.sanction_id)
    pair = proposals.find_parties(conn, sanction.decision_id)
    took_part = [pair.proposed_by if pair is not None else None, sanction.imposed_by]
    names = names_of(conn, [sanction.reader_id, *took_part])
    return ShownReview(
        one,
        sanction,
        names[sanction.reader_id],
        _title(conn, visitor, sanction.rule),
        tuple(dict.fromkeys(names[who] for who in took_part if who is not None)),
        refuse_review(conn, one, sanction, by=visitor.reader_id),
    )


def _title(conn: sa.Connection, visitor: Visitor, key: str | None) -> str:
    rule = rules.get_current_rulebook(conn, visitor.at.id).rule(key or "")
    return rule.title if rule is not None else key or ""
