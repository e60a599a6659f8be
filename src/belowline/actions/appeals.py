"""Filing an appeal and deciding it: always by another person than the one who decided before.

Whoever reported a comment appeals by ``hearings``; both kinds are decided here.
"""

from __future__ import annotations

from dataclasses import replace

from belowline.actions.appeal_facts import LONGEST_APPEAL, Ruling, had_a_hand_in, lock_matter
from belowline.actions.cases import record_decision, refresh_case
from belowline.actions.facts import ask_standing
from belowline.actions.reporters_appeals import TOOK_IT_DOWN, Heard, answer_reporters
from belowline.actions.sanctions import end_sanction, lifting, require_reason
from belowline.appeals import store as appeals
from belowline.appeals.model import Appeal, NewAppeal
from belowline.appeals.policy import may_appeal, may_decide_appeal
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import Conflict, InvalidInput, require
from belowline.core.markup import clean_text
from belowline.core.terms import (
    Actor,
    AppealId,
    AppealState,
    CommentStatus,
    DecisionId,
    Outcome,
    Privilege,
    ReaderId,
    ReportState,
    SiteId,
    Source,
)
from belowline.core.text import later
from belowline.events import kinds, log
from belowline.moderation import decisions
from belowline.moderation.model import Decision, NewDecision
from belowline.reports import store as reports
from belowline.sanctions import proposals
from belowline.sanctions import store as sanctions
from belowline.storage.database import Database, Tx

__all__ = ["Ruling", "decide_appeal", "file_appeal", "settle_by_undo"]

APPEALABLE = frozenset({Outcome.REMOVE, Outcome.REFUSE, Outcome.SANCTION})
"""Outcomes that take something from a reader. A held comment is not decided yet."""
TAKEN_BACK = later("The decision has been taken back.")


def file_appeal(
    db: Database, decision_id: DecisionId, *, site_id: SiteId, by: ReaderId, text: str
) -> Appeal:
    """Appeal against a decision about oneself, once, whatever one's standing.

    Raises:
        NotSignedIn, NotAllowed: somebody else's decision, not appealable, too late, or again.
        InvalidInput: no text, or too long. NotFound: no such decision.
    """
    text = clean_text(text, field="text", longest=LONGEST_APPEAL)
    if not text:
        raise InvalidInput("Say why you think so.", field="text", code="empty")
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.APPEAL, site_id=site_id, by=by)
        decision, comment = lock_matter(tx, site_id, decision_id)
        earlier = appeals.find_for_decision(tx.conn, decision_id)
        require(
            may_appeal(
                decided_at=decision.decided_at,
                now=tx.now,
                already_appealed=earlier is not None,
                by_subject=decision.reader_id == by,
                appealable=decision.outcome in APPEALABLE and decision.stands,
            )
        )
        appeal = appeals.add_appeal(tx, site_id, NewAppeal(decision_id, by, text))
        if appeal is None:  # pragma: no cover - the decision is locked and was just looked at
            raise Conflict("There has been an appeal already.", code="already_appealed")
        log.append(tx, site_id, kinds.AppealFiled(appeal.id, decision_id, by))
        if comment is not None:
            refresh_case(tx, comment)
        return appeal


def decide_appeal(
    db: Database, appeal_id: AppealId, *, site_id: SiteId, by: ReaderId, ruling: Ruling
) -> Appeal:
    """Decide an appeal; if it is upheld, undo what the decision did and all that rests on it.

    Where its author had appealed, the comment returns at its place and time, its reporters hear of
    the correction, and sanctions for it are lifted together with what they count for. Where one of
    those who reported it had, it is removed after all.

    Raises:
        NotSignedIn, NotAllowed: no role, one's own appeal, or one decided in the matter before.
        InvalidInput: no reason, or no rule for a removal. NotFound: no such appeal.
        Conflict: somebody else was quicker. StaleVersion: what would be removed has changed.
    """
    ruling = replace(ruling, reason=require_reason(ruling.reason))
    with db.write(Actor(by)) as tx:
        facts = ask_standing(tx, Privilege.DECIDE_APPEAL, site_id=site_id, by=by)
        appeal = appeals.get_appeal(tx.conn, site_id, appeal_id)
        decision, comment = lock_matter(tx, site_id, appeal.decision_id)
        require(
            may_decide_appeal(
                by=by,
                appellant=appeal.reader_id,
                decided_by=decision.decided_by,
                role=facts.role,
                also_by=had_a_hand_in(tx.conn, decision),
            )
        )
        if not appeals.settle_appeal(
            tx, appeal_id, upheld=ruling.upheld, by=by, reason=ruling.reason
        ):
            raise Conflict("This appeal has been decided already.", code="already_decided")
        heard = Heard()
        if appeal.by_reporter and comment is not None:
            heard = answer_reporters(tx, appeal, (decision, comment), by=facts, ruling=ruling)
        elif ruling.upheld:
            heard = Heard(reporters=_reverse(tx, decision, comment, by=by, reason=ruling.reason))
        if comment is not None:
            refresh_case(tx, comment)
        _note_answer(tx, appeal, comment, upheld=ruling.upheld, heard=heard)
        return appeals.get_appeal(tx.conn, site_id, appeal_id)


def settle_by_undo(tx: Tx, decision: Decision, comment: Comment | None) -> None:
    """Grant an open appeal against a decision that was taken back, in the open transaction."""
    _grant(tx, decision, comment, by=None, reason=TAKEN_BACK)


def _grant(
    tx: Tx, decision: Decision, comment: Comment | None, *, by: ReaderId | None, reason: str
) -> None:
    appeal = appeals.find_for_decision(tx.conn, decision.id)
    if appeal is None or appeal.state is not AppealState.OPEN:
        return
    if appeals.settle_appeal(tx, appeal.id, upheld=True, by=by, reason=reason):
        _note_answer(tx, appeal, comment, upheld=True, heard=Heard())


def _reverse(
    tx: Tx, decision: Decision, comment: Comment | None, *, by: ReaderId, reason: str
) -> tuple[ReaderId, ...]:
    """Undo what a decision did, and return whose reports it had wrongly upheld."""
    # Looked for while the decision still stands; the comment's last removal must be this one.
    reporters: tuple[ReaderId, ...] = ()
    restored = None
    if comment is not None:
        restored = _restore(tx, decision, comment, by=by, reason=reason)
        reporters = _dismiss_reports(tx, decision, restored)
    decisions.mark_overturned(tx, decision.id)
    resting = sanctions.list_resting_on(tx.conn, decision.site_id, decision.id)
    # Where the suspension under a proposal was wrong, so is the withdrawal in its place.
    withdrawal = proposals.find_withdrawal(tx.conn, decision.id)
    if withdrawal is not None:
        resting += sanctions.list_resting_on(tx.conn, decision.site_id, withdrawal)
    for sanction in resting:
        lifted = record_decision(tx, lifting(sanction, source=Source.APPEAL, by=by, reason=reason))
        end_sanction(tx, sanction, cause="overturned", decision_id=lifted.id)
        if sanction.decision_id != decision.id:
            decisions.mark_overturned(tx, sanction.decision_id)
            imposed = decisions.get_decision(tx.conn, decision.site_id, sanction.decision_id)
            _grant(tx, imposed, None, by=by, reason=reason)
    return reporters


def _restore(
    tx: Tx, decision: Decision, comment: Comment, *, by: ReaderId, reason: str
) -> Decision:
    """Bring the comment back, unless it is back already or another decision keeps it down."""
    restored = record_decision(
        tx,
        NewDecision(
            site_id=comment.site_id,
            reader_id=comment.author_id,
            outcome=Outcome.RESTORE,
            source=Source.APPEAL,
            decided_by=by,
            reason=reason,
            comment_id=comment.id,
            story_id=comment.story_id,
            revision=comment.revision,
            status_before=comment.status,
            based_on=decision.id,
        ),
    )
    latest = decisions.find_latest(tx.conn, comment.id, outcomes=TOOK_IT_DOWN)
    is_down = comment.status in {CommentStatus.REMOVED, CommentStatus.REFUSED}
    if is_down and latest is not None and latest.id == decision.id:
        comments.set_status(tx, comment, CommentStatus.PUBLISHED)
    return restored


def _dismiss_reports(tx: Tx, decision: Decision, restored: Decision) -> tuple[ReaderId, ...]:
    upheld = [
        one
        for one in reports.list_answered_by(tx.conn, decision.id)
        if one.state is ReportState.UPHELD
    ]
    reports.answer_reports(
        tx,
        [one.id for one in upheld],
        state=ReportState.DISMISSED,
        decision_id=restored.id,
    )
    return tuple(sorted({one.reporter_id for one in upheld if one.reporter_id is not None}))


def _note_answer(
    tx: Tx, appeal: Appeal, comment: Comment | None, *, upheld: bool, heard: Heard
) -> None:
    log.append(
        tx,
        appeal.site_id,
        kinds.AppealDecided(
            appeal.id,
            appeal.decision_id,
            appeal.reader_id,
            upheld,
            comment.id if comment else None,
            comment.story_id if comment else None,
            heard.reporters,
            appeal.report_id,
            heard.answered,
            heard.removal.id if heard.removal else None,
        ),
    )
