"""Who may impose and lift which sanction, and for how long.

Pure: the values come in, and a refusal with its reason comes out, or None. What the ladder would
propose is in ``ladder``; a moderator may choose another step, but only within these limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import assert_never

from belowline.core.terms import Refusal, Role, SanctionKind
from belowline.core.text import later
from belowline.sanctions.record import WARNING_LASTS
from belowline.sanctions.thresholds import USUAL, LadderSettings

SUSPENSION_BOUNDS = (timedelta(hours=1), timedelta(days=365))
SLOWED_BOUNDS = (timedelta(hours=1), timedelta(days=30))
HOLD_FIRST_BOUNDS = (timedelta(days=1), timedelta(days=90))
REPORT_PAUSE_BOUNDS = (timedelta(days=1), timedelta(days=90))

REMOVED_SHARE_BELOW = 0.1

MESSAGES: Mapping[str, str] = {
    "own_sanction": later("You cannot sanction yourself."),
    "own_sanction_lift": later("You cannot lift your own sanction. You can appeal against it."),
    "staff_of_equal_rank": later(
        "This needs somebody with a higher role than the person it is about."
    ),
    "editor_needed": later("Only an editor or an owner can give a withdrawn privilege back."),
    "takes_two": later("A withdrawal takes two people: one proposes it, and another confirms it."),
    "length_is_fixed": later("A warning always stays on file for 90 days. Leave the length empty."),
    "withdrawal_has_no_end": later(
        "A withdrawal has no fixed end. To set an end, choose a suspension."
    ),
    "suspension_length": later("Choose a suspension of at least one hour and at most 365 days."),
    "slowed_length": later("Slow a reader down for at least one hour and at most 30 days."),
    "hold_first_length": later("Choose between one and 90 days for holding comments first."),
    "report_pause_length": later("Choose between one and 90 days for a pause of reporting."),
    "not_in_force": later("This sanction is already over."),
}
"""What is said when something is refused, by code."""


def may_impose(
    kind: SanctionKind,
    *,
    lasts_for: timedelta | None,
    role: Role,
    own_reader: bool,
    target_role: Role | None,
) -> Refusal | None:
    """Say why somebody with this role may not impose this sanction, or None if they may.

    Nobody sanctions themselves, or staff of an equal or a higher role. A suspension lasts between
    an hour and 365 days, holding first and a pause of reporting between one day and 90, slowing
    down between an hour and 30 days; a warning takes no length. Nobody imposes a withdrawal alone:
    it is proposed and confirmed, see ``withdrawal``.
    """
    if own_reader:
        return _refuse("own_sanction")
    if kind is SanctionKind.WITHDRAWAL:
        return _refuse("takes_two")
    return _refuse_rank(role=role, target_role=target_role) or _refuse_length(kind, lasts_for)


def may_lift(
    kind: SanctionKind, *, role: Role, own_reader: bool, target_role: Role | None, in_force: bool
) -> Refusal | None:
    """Say why somebody with this role may not end this sanction early, or None if they may.

    The limits are those for imposing it: not one's own, not that of staff of an equal or a higher
    role, and only an editor or an owner gives a withdrawn privilege back.
    """
    if own_reader:
        return _refuse("own_sanction_lift")
    if not in_force:
        return _refuse("not_in_force")
    if kind is SanctionKind.WITHDRAWAL and role is Role.MODERATOR:
        return _refuse("editor_needed")
    return _refuse_rank(role=role, target_role=target_role)


def has_earned_an_early_end(
    *, approved: int, removed: int, settings: LadderSettings = USUAL
) -> bool:
    """Say whether comments need not be held first any longer.

    It needs as many of the reader's comments as the site's ladder says (five, unless it says
    otherwise) that moderators have approved since, with fewer than one in ten of those that they
    decided about removed.
    """
    if approved < settings.approved_to_end:
        return False
    return removed < REMOVED_SHARE_BELOW * (approved + removed)


def ends_at(
    kind: SanctionKind, *, starts_at: datetime, lasts_for: timedelta | None
) -> datetime | None:
    """Return when a sanction runs out: never by itself for a withdrawal, and for nothing else.

    Raises ``ValueError`` where a length is missing; ``may_impose`` has refused that before.
    """
    match kind:
        case SanctionKind.WARNING | SanctionKind.REPORT_WARNING:
            return starts_at + WARNING_LASTS
        case (
            SanctionKind.SLOWED
            | SanctionKind.HOLD_FIRST
            | SanctionKind.SUSPENSION
            | SanctionKind.REPORT_PAUSE
        ):
            if lasts_for is None:
                raise ValueError("this sanction needs a length")
            return starts_at + lasts_for
        case SanctionKind.WITHDRAWAL:
            return None
        case _:
            assert_never(kind)


def _refuse_rank(*, role: Role, target_role: Role | None) -> Refusal | None:
    # Role lists its members from the least to the most.
    ranks = list(Role)
    if target_role is not None and ranks.index(target_role) >= ranks.index(role):
        return _refuse("staff_of_equal_rank")
    return None


def _refuse_length(kind: SanctionKind, lasts_for: timedelta | None) -> Refusal | None:
    match kind:
        case SanctionKind.WARNING | SanctionKind.REPORT_WARNING:
            return None if lasts_for is None else _refuse("length_is_fixed")
        case SanctionKind.REPORT_PAUSE:
            within = _is_within(lasts_for, REPORT_PAUSE_BOUNDS)
            return None if within else _refuse("report_pause_length")
        case SanctionKind.SLOWED:
            return None if _is_within(lasts_for, SLOWED_BOUNDS) else _refuse("slowed_length")
        case SanctionKind.HOLD_FIRST:
            return (
                None if _is_within(lasts_for, HOLD_FIRST_BOUNDS) else _refuse("hold_first_length")
            )
        case SanctionKind.SUSPENSION:
            return (
                None if _is_within(lasts_for, SUSPENSION_BOUNDS) else _refuse("suspension_length")
            )
        case SanctionKind.WITHDRAWAL:
            return None if lasts_for is None else _refuse("withdrawal_has_no_end")
        case _:
            assert_never(kind)


def _is_within(lasts_for: timedelta | None, bounds: tuple[timedelta, timedelta]) -> bool:
    shortest, longest = bounds
    return lasts_for is not None and shortest <= lasts_for <= longest


def _refuse(code: str) -> Refusal:
    return Refusal(code, MESSAGES[code])
