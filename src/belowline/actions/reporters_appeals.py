"""Answering those who reported a comment, were told that it stays, and asked for another look.

How they ask is in ``hearings``; ``appeals`` calls this when somebody decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from belowline.actions.appeal_facts import Ruling
from belowline.actions.came_up import source_of
from belowline.actions.cases import record_decision
from belowline.actions.hearings import THERE
from belowline.actions.sanctions import require_reason, require_rule
from belowline.appeals.model import Appeal
from belowline.appeals.policy import may_leave_it
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, StaleVersion, require
from belowline.core.terms import CommentStatus, Outcome, ReaderId, ReportId, ReportState
from belowline.moderation import decisions, leases
from belowline.moderation.deciding import may_decide
from belowline.moderation.handing_on import end_handing_on
from belowline.moderation.model import Decision, NewDecision
from belowline.readers.model import StandingFacts
from belowline.reports import store as reports
from belowline.reports.model import Report
from belowline.storage.database import Tx

TOOK_IT_DOWN = (Outcome.REMOVE, Outcome.REFUSE)


@dataclass(frozen=True, slots=True)
class Heard:
    """Whom an answer is for: their reports, who they are beside the appellant, and the removal."""

    answered: tuple[ReportId, ...] = ()
    reporters: tuple[ReaderId, ...] = ()
    removal: Decision | None = None


def answer_reporters(
    tx: Tx,
    appeal: Appeal,
    matter: tuple[Decision, Comment],
    *,
    by: StandingFacts,
    ruling: Ruling,
) -> Heard:
    """Answer all who had reported a comment that was left; if it was wrong, remove it after all.

    Raises:
        NotAllowed: it is one's own comment, or it would be left although it is down by now.
        InvalidInput: no rule, or none in force.
        StaleVersion: the comment is no longer the one that was seen.
    """
    decision, comment = matter
    is_there = comment.status in THERE
    # One look is all there is, so whatever its answer, it is at what stands there now.
    if is_there and ruling.seen_version != comment.version:
        raise StaleVersion("This comment has changed; look at it again.")
    if not ruling.upheld:
        require(may_leave_it(is_there=is_there))
        return _heard(appeal, _told_no(tx, decision))
    told = _told_no(tx, decision, later_too=True)
    decisions.mark_overturned(tx, decision.id)
    if is_there:
        told += reports.list_open(tx.conn, comment.id)
        removal: Decision | None = _remove(tx, matter, told, by=by, ruling=ruling)
    else:
        # Another decision has taken it down meanwhile, and that one answers them now.
        removal = decisions.find_latest(tx.conn, comment.id, outcomes=TOOK_IT_DOWN)
    if removal is not None:
        ids = [one.id for one in told]
        reports.answer_reports(tx, ids, state=ReportState.UPHELD, decision_id=removal.id)
    return _heard(appeal, told, removal)


def _told_no(tx: Tx, decision: Decision, *, later_too: bool = False) -> list[Report]:
    """Return the reports that were told no by this decision, or also by others after it."""
    found = (
        reports.list_for_comment(tx.conn, decision.site_id, decision.comment_id)
        if later_too and decision.comment_id is not None
        else reports.list_answered_by(tx.conn, decision.id)
    )
    return [
        one
        for one in found
        if one.state is ReportState.DISMISSED
        and one.decision_id is not None
        and one.decision_id >= decision.id
    ]


def _heard(appeal: Appeal, told: Sequence[Report], removal: Decision | None = None) -> Heard:
    others = {one.reporter_id for one in told if one.reporter_id != appeal.reader_id}
    return Heard(
        tuple(one.id for one in told),
        tuple(sorted(one for one in others if one is not None)),
        removal,
    )


def _remove(
    tx: Tx,
    matter: tuple[Decision, Comment],
    answered: Sequence[Report],
    *,
    by: StandingFacts,
    ruling: Ruling,
) -> Decision:
    decision, comment = matter
    _require_removable(comment, by=by)
    if ruling.rule is None:
        raise InvalidInput("A removal cites a rule.", field="rule", code="rule_needed")
    made = record_decision(
        tx,
        NewDecision(
            site_id=comment.site_id,
            reader_id=comment.author_id,
            outcome=Outcome.REMOVE,
            # It came up as it did at first; that it took an appeal says what it is based on.
            source=source_of(CommentStatus.PUBLISHED, answered),
            decided_by=by.reader_id,
            reason=require_reason(ruling.reason),
            ground=require_rule(tx.conn, comment.site_id, ruling.rule),
            comment_id=comment.id,
            story_id=comment.story_id,
            revision=comment.revision,
            status_before=comment.status,
            answered=tuple(one.id for one in answered),
            based_on=decision.id,
        ),
    )
    comments.set_status(
        tx,
        comment,
        CommentStatus.REMOVED,
        rule_key=made.ground.rule if made.ground else None,
        reason=made.reason,
    )
    leases.give_back(tx, comment.id)
    end_handing_on(tx, comment.id)
    return made


def _require_removable(comment: Comment, *, by: StandingFacts) -> None:
    assert by.reader_id is not None  # noqa: S101 - the privilege to decide needs a role
    require(
        may_decide(
            decider=by.reader_id,
            author=comment.author_id,
            role=by.role,
            outcome=Outcome.REMOVE,
            status=comment.status,
        )
    )
