"""Who may appeal, until when, and who may decide an appeal.

An appeal is free, can be made once for each decision, and is decided by another person than the one
who decided before, never by a machine alone. The clock is that of the EU's Digital Services Act:
article 20(1) asks for at least six months from the day on which the reader was told (20(2)), and
article 20(6) that not only automated means decide. The seven days are the house's own target;
article 20(4) only says without undue delay. The same article gives the appeal to those who reported
a comment and were told that it stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from belowline.core.terms import ReaderId, Refusal, Role
from belowline.core.text import later

# Six calendar months have up to 184 days (1 March to 1 September), and the last day counts in full.
APPEAL_WINDOW = timedelta(days=185)
TARGET = timedelta(days=7)

MESSAGES: Mapping[str, str] = {
    "not_appealable": later("There is nothing to appeal against here."),
    "not_about_you": later("Only the reader whom a decision is about can appeal against it."),
    "already_appealed": later("There has been an appeal against this decision already."),
    "not_told_no": later("You can ask for another look once you have been told that it stays."),
    "looked_twice": later("This has been looked at twice already."),
    "comment_gone": later("The comment cannot be seen any more, so there is nothing to look at."),
    "comment_is_down": later(
        "Meanwhile the comment is down, so whoever asked was right. Uphold the appeal, and say why."
    ),
    "appeal_too_late": later("It is too late to appeal. An appeal is possible for six months."),
    "role_needed": later("Only moderators, editors and owners can decide appeals."),
    "own_appeal": later("This is your own appeal. Somebody else has to decide it."),
    "own_decision": later("You had a part in this before. Somebody else has to decide the appeal."),
}
"""What is said when something is refused, by code."""


def may_appeal(
    *,
    decided_at: datetime,
    now: datetime,
    already_appealed: bool,
    by_subject: bool,
    appealable: bool,
) -> Refusal | None:
    """Say why a reader cannot appeal against a decision, or None if they can.

    The reader whom it is about can, once, within six months. ``decided_at`` is when they were told;
    ``appealable`` is False for a decision that took nothing from them or has been undone.
    """
    if not by_subject:
        return _refuse("not_about_you")
    if not appealable:
        return _refuse("not_appealable")
    if already_appealed:
        return _refuse("already_appealed")
    if now - decided_at > APPEAL_WINDOW:
        return _refuse("appeal_too_late")
    return None


def may_ask_again(
    *,
    told_at: datetime | None,
    now: datetime,
    already_asked: bool,
    appealable: bool,
    is_there: bool,
) -> Refusal | None:
    """Say why somebody who reported cannot ask for another look, or None if they can.

    They can once they were told that the comment stays, within six months, as long as it is there.
    There is one look for each decision, whoever of the reporters asks; its answer is for all.
    ``appealable`` is False for a decision that was reversed, or has been looked at twice.
    """
    if told_at is None:
        return _refuse("not_told_no")
    if already_asked:
        return _refuse("already_appealed")
    if not appealable:
        return _refuse("looked_twice")
    if not is_there:
        return _refuse("comment_gone")
    if now - told_at > APPEAL_WINDOW:
        return _refuse("appeal_too_late")
    return None


def may_leave_it(*, is_there: bool) -> Refusal | None:
    """Say why a reporter's appeal cannot be rejected, or None if it can.

    Nobody is told that a comment stays which was taken down meanwhile.
    """
    return None if is_there else _refuse("comment_is_down")


def may_decide_appeal(
    *,
    by: ReaderId,
    appellant: ReaderId | None,
    decided_by: ReaderId | None,
    role: Role | None,
    also_by: frozenset[ReaderId] = frozenset(),
) -> Refusal | None:
    """Say why somebody cannot decide an appeal, or None if they can.

    It needs a role, and somebody who neither appealed nor decided before. When the system decided,
    ``decided_by`` is None and anybody with a role may. ``also_by`` names others who had a hand in
    the matter, such as who imposed a sanction that rests on the decision, or reported the comment.
    Without an ``appellant``, somebody without an account has appealed.
    """
    if role is None:
        return _refuse("role_needed")
    if by == appellant:
        return _refuse("own_appeal")
    if by == decided_by or by in also_by:
        return _refuse("own_decision")
    return None


def _refuse(code: str) -> Refusal:
    return Refusal(code, MESSAGES[code])
