"""Withdrawing the privilege to comment: one person proposes it, and another confirms or declines.

From the proposal on the reader is suspended, for as long as it can be answered, so that waiting for
the second pair of eyes puts nobody in danger. Who may do what is in ``sanctions/withdrawal.py``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from belowline.actions.cases import UPKEEP, record_decision
from belowline.actions.facts import ask_standing
from belowline.actions.sanctions import (
    SanctionDraft,
    check_basis,
    end_sanction,
    imposing,
    lifting,
    lock_reader_of,
    put_sanction,
    require_reason,
    require_seen,
    role_of,
)
from belowline.comments import store as comments
from belowline.core.errors import InvalidInput, require
from belowline.core.terms import (
    Actor,
    Outcome,
    Privilege,
    ReaderId,
    Role,
    RuleKey,
    SanctionKind,
    SiteId,
    Source,
)
from belowline.events import kinds, log
from belowline.moderation import decisions
from belowline.moderation.model import NewDecision
from belowline.readers import store as readers
from belowline.sanctions import proposals
from belowline.sanctions import store as sanctions
from belowline.sanctions.model import ProposalId, ProposalState, Sanction, WithdrawalProposal
from belowline.sanctions.proposals import Answer
from belowline.sanctions.withdrawal import (
    PROPOSAL_LASTS,
    Proposed,
    may_confirm,
    may_decline,
    may_propose,
    may_take_back,
)
from belowline.sites import store as sites
from belowline.storage.database import Database, Tx

REPLACED = "replaced"
"""The cause of the end of a suspension in whose place the withdrawal comes."""


def propose_withdrawal(
    db: Database, *, site_id: SiteId, reader_id: ReaderId, by: ReaderId, draft: SanctionDraft
) -> WithdrawalProposal:
    """Propose to withdraw a reader's privilege, and suspend them until that is answered.

    A second click is the first.

    Raises:
        NotSignedIn, NotAllowed: no role, not about this person, or proposed or withdrawn already.
        InvalidInput: no reason, no such rule, a length, or a basis that is no removal that stands.
        NotFound: no such reader or decision here.
        Conflict: a sanction has answered that removal already.
        StaleVersion: the reader has been sanctioned since the screen was made.
    """
    reason = require_reason(draft.reason)
    if draft.lasts_for is not None:
        raise InvalidInput(
            "A withdrawal has no fixed end. To set an end, choose a suspension.",
            field="lasts_for",
            code="withdrawal_has_no_end",
        )
    with db.write(Actor(by)) as tx:
        facts = ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        _lock_matter(tx, site_id, reader_id, draft)
        waiting = _clear_fallen(tx, site_id, reader_id)
        if waiting is not None and _is_same(waiting, by, draft.rule, reason):
            return waiting
        require(
            may_propose(
                role=role_of(facts),
                own_reader=reader_id == by,
                target_role=sites.find_role(tx.conn, site_id, reader_id),
                withdrawn=_is_withdrawn(tx, site_id, reader_id),
                proposed=waiting is not None,
            )
        )
        source = check_basis(tx, site_id, reader_id, draft.based_on)
        require_seen(tx, site_id, reader_id, draft)
        return _keep(tx, site_id, replace(draft, reason=reason), reader_id=reader_id, source=source)


def confirm_withdrawal(
    db: Database, proposal_id: ProposalId, *, site_id: SiteId, by: ReaderId
) -> Sanction:
    """Confirm what another proposed: the privilege is withdrawn, in place of the suspension.

    Raises:
        NotSignedIn, NotAllowed: no role, one's own proposal while anybody else could answer it,
            neither of the two an editor or an owner, or it is over.
        NotFound: no such proposal.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        found = _lock_proposal(tx, site_id, proposal_id)
        require(may_confirm(proposed(found, now=tx.now), by=by, staff=staff_of(tx.conn, site_id)))
        suspension = sanctions.get_sanction(tx.conn, site_id, found.suspension_id)
        end_sanction(tx, suspension, cause=REPLACED, decision_id=None)
        # What it cites is what was proposed, in the version of the rules that was then in force.
        basis = decisions.get_decision(tx.conn, site_id, found.decision_id)
        made = NewDecision(
            site_id=site_id,
            reader_id=found.reader_id,
            outcome=Outcome.SANCTION,
            source=basis.source,
            decided_by=by,
            reason=found.reason,
            ground=basis.ground,
            based_on=basis.based_on,
        )
        withdrawn = put_sanction(tx, (SanctionKind.WITHDRAWAL, made), None)
        alone = by == found.proposed_by
        answer = Answer(
            ProposalState.CONFIRMED, by, alone=alone, withdrawn_by=withdrawn.decision_id
        )
        _settle(tx, found, answer)
        return withdrawn


def decline_withdrawal(
    db: Database, proposal_id: ProposalId, *, site_id: SiteId, by: ReaderId, reason: str
) -> None:
    """Decline what another proposed, or take one's own proposal back; the suspension ends now.

    The reason goes to the reader and to who proposed it. A milder step can be imposed afterwards.

    Raises:
        NotSignedIn, NotAllowed: no role, it is about oneself, or it is over.
        InvalidInput: no reason. NotFound: no such proposal.
    """
    reason = require_reason(reason)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        found = _lock_proposal(tx, site_id, proposal_id)
        own = by == found.proposed_by
        matter = proposed(found, now=tx.now)
        require(may_take_back(matter, by=by) if own else may_decline(matter, by=by))
        suspension = sanctions.get_sanction(tx.conn, site_id, found.suspension_id)
        lifted = record_decision(
            tx, lifting(suspension, source=Source.OWN_INITIATIVE, by=by, reason=reason)
        )
        end_sanction(tx, suspension, cause="lifted", decision_id=lifted.id)
        state = ProposalState.TAKEN_BACK if own else ProposalState.DECLINED
        _settle(tx, found, Answer(state, by, reason))


def lapse_proposals(db: Database, site_id: SiteId) -> int:
    """Close the site's proposals that nobody answered in time; return how many. For upkeep.

    Also those whose suspension has ended otherwise, by an appeal or because it was taken back.
    """
    with db.read() as conn:
        over = [one for one in proposals.list_open(conn, site_id) if not one.waits(db.clock())]
    for one in over:
        with db.write(UPKEEP) as tx:
            readers.lock_reader(tx, one.reader_id)
            _settle(tx, one, Answer(ProposalState.LAPSED))
    return len(over)


def _lock_matter(tx: Tx, site_id: SiteId, reader_id: ReaderId, draft: SanctionDraft) -> None:
    """Take the comment and then the reader, as everywhere, so that no two wait for each other."""
    if draft.based_on is not None:
        basis = decisions.get_decision(tx.conn, site_id, draft.based_on)
        if basis.comment_id is not None:
            comments.lock_comment(tx, site_id, basis.comment_id)
    lock_reader_of(tx, site_id, reader_id)


def _keep(
    tx: Tx, site_id: SiteId, draft: SanctionDraft, *, reader_id: ReaderId, source: Source
) -> WithdrawalProposal:
    """Suspend the reader, and keep the proposal for as long as that lasts."""
    asked = replace(draft, kind=SanctionKind.SUSPENSION)
    lapses_at = tx.now + PROPOSAL_LASTS
    suspension = put_sanction(tx, imposing(tx, site_id, reader_id, asked, source=source), lapses_at)
    proposal_id = proposals.add_proposal(
        tx,
        site_id,
        reader_id=reader_id,
        decision_id=suspension.decision_id,
        lapses_at=lapses_at,
    )
    log.append(
        tx, site_id, kinds.WithdrawalProposed(proposal_id, suspension.decision_id, reader_id)
    )
    return proposals.get_proposal(tx.conn, site_id, proposal_id)


def _clear_fallen(tx: Tx, site_id: SiteId, reader_id: ReaderId) -> WithdrawalProposal | None:
    """Return the reader's proposal that waits; close one that cannot be answered any more."""
    found = proposals.find_open(tx.conn, site_id, reader_id)
    if found is None or found.waits(tx.now):
        return found
    _settle(tx, found, Answer(ProposalState.LAPSED))
    return None


def _is_same(waiting: WithdrawalProposal, by: ReaderId, rule: RuleKey, reason: str) -> bool:
    return (waiting.proposed_by, waiting.rule, waiting.reason) == (by, rule, reason)


def _is_withdrawn(tx: Tx, site_id: SiteId, reader_id: ReaderId) -> bool:
    unlifted = sanctions.list_unlifted(tx.conn, site_id, reader_id)
    return any(one.kind is SanctionKind.WITHDRAWAL for one in unlifted)


def _lock_proposal(tx: Tx, site_id: SiteId, proposal_id: ProposalId) -> WithdrawalProposal:
    found = proposals.get_proposal(tx.conn, site_id, proposal_id)
    basis = decisions.get_decision(tx.conn, site_id, found.decision_id)
    if basis.based_on is not None:
        removal = decisions.get_decision(tx.conn, site_id, basis.based_on)
        if removal.comment_id is not None:
            comments.lock_comment(tx, site_id, removal.comment_id)
    decisions.lock_decision(tx, site_id, found.decision_id)
    readers.lock_reader(tx, found.reader_id)
    return proposals.get_proposal(tx.conn, site_id, proposal_id)


def staff_of(conn: sa.Connection, site_id: SiteId) -> dict[ReaderId, Role]:
    """Return the role of everybody on the site's staff."""
    return {one.reader_id: one.role for one in sites.list_staff(conn, site_id)}


def proposed(found: WithdrawalProposal, *, now: datetime) -> Proposed:
    """Return a proposal as those who may answer it are chosen by."""
    return Proposed(found.proposed_by, found.reader_id, now - found.proposed_at, found.waits(now))


def _settle(tx: Tx, found: WithdrawalProposal, answer: Answer) -> None:
    if proposals.settle_proposal(tx, found.id, answer):
        log.append(
            tx,
            found.site_id,
            kinds.WithdrawalAnswered(found.id, found.reader_id, answer.state, answer.alone),
        )
