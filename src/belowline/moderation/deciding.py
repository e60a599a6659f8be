"""Who may decide a case and how, who may hand one on, and until when a decision is undone. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from belowline.core.terms import CommentStatus, Outcome, ReaderId, Refusal, Role
from belowline.core.text import later

MESSAGES: Mapping[str, str] = {
    "role_needed": later("Only moderators, editors and owners can decide about comments."),
    "own_comment": later("This is your own comment. Somebody else has to decide about it."),
    "comment_withdrawn": later(
        "The author has taken this comment back. There is nothing left to decide."
    ),
    "already_published": later("This comment is published already."),
    "already_removed": later(
        "This comment has been removed. An appeal or an undo can bring it back."
    ),
    "already_refused": later(
        "This comment was refused and never appeared. There is nothing to remove."
    ),
    "appeal_waits": later("The author has appealed. Upholding the appeal publishes the comment."),
    "not_published": later("Only a published comment can be kept."),
    "system_outcome": later(
        "Only an automatic check can choose this. Publish or remove the comment."
    ),
    "restore_by_appeal": later("A comment is brought back by an appeal or an undo."),
    "not_about_a_comment": later("This is about a reader, not about a comment."),
    "nothing_waits": later("Nothing waits in this case any more."),
    "already_undone": later("This decision has been undone already."),
    "not_your_decision": later("Only the person who made a decision can undo it."),
    "undo_too_late": later("It is too late to undo this. Make a new decision instead."),
}
"""What is said when something is refused, by code."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What undoing looks at. ``by`` is None when the system decided."""

    by: ReaderId | None
    at: datetime
    undone: bool = False


def may_decide(
    *,
    decider: ReaderId,
    author: ReaderId | None,
    role: Role | None,
    outcome: Outcome,
    status: CommentStatus,
) -> Refusal | None:
    """Say why somebody cannot decide about a comment in this way, or None if they can.

    Nobody decides about their own comment, and a withdrawn comment is not decided. Held and refused
    comments can be published, published ones kept, published and held ones removed. ``author`` is
    None when the reader has been erased.
    """
    if role is None:
        return _refuse("role_needed")
    if decider == author:
        return _refuse("own_comment")
    if status is CommentStatus.WITHDRAWN:
        return _refuse("comment_withdrawn")
    code = _outcome_code(outcome, status)
    return None if code is None else _refuse(code)


def may_decide_beside_appeal(status: CommentStatus, *, appealed: bool) -> Refusal | None:
    """Say why a comment is not decided while its author's appeal waits, or None if it can be.

    A refused one is published by upholding the appeal, so that its author gets an answer.
    """
    if appealed and status is CommentStatus.REFUSED:
        return _refuse("appeal_waits")
    return None


def may_hand_on(*, by: ReaderId, author: ReaderId, waits: bool) -> Refusal | None:
    """Say why somebody cannot ask others to decide a case, or None if they can.

    Their own comment is for others to decide anyway.
    """
    if by == author:
        return _refuse("own_comment")
    return None if waits else _refuse("nothing_waits")


def may_undo(decided: Decided, *, by: ReaderId, now: datetime, window: timedelta) -> Refusal | None:
    """Say why a decision cannot be undone, or None if it can.

    Only who made it can, once, within the window. What the system decided is not undone: it is
    decided by a person instead.
    """
    if decided.undone:
        return _refuse("already_undone")
    if decided.by != by:
        return _refuse("not_your_decision")
    if now - decided.at > window:
        return _refuse("undo_too_late")
    return None


def _outcome_code(outcome: Outcome, status: CommentStatus) -> str | None:
    """Return the code of what speaks against this outcome for a comment that is not withdrawn."""
    match outcome:
        case Outcome.PUBLISH:
            against = {
                CommentStatus.PUBLISHED: "already_published",
                CommentStatus.REMOVED: "already_removed",
            }
            return against.get(status)
        case Outcome.KEEP:
            return None if status is CommentStatus.PUBLISHED else "not_published"
        case Outcome.REMOVE:
            against = {
                CommentStatus.REFUSED: "already_refused",
                CommentStatus.REMOVED: "already_removed",
            }
            return against.get(status)
        case Outcome.RESTORE:
            return "restore_by_appeal"
        case Outcome.HOLD | Outcome.REFUSE:
            return "system_outcome"
        case Outcome.SANCTION | Outcome.LIFT:
            return "not_about_a_comment"
        case _:
            assert_never(outcome)


def _refuse(code: str) -> Refusal:
    return Refusal(code, MESSAGES[code])
