"""Looking after those who moderate: when to suggest a pause, and what nobody should do alone. Pure.

Only suggested, never enforced, and nobody else is told. At a screen, short and frequent pauses do
more good than rare and long ones: five minutes in each hour (Health and Safety Executive, "Work
with display screen equipment", L26). That what is cruel wears down whoever reads much of it is why
such cases are counted apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HARD = 4
"""The severity from which a case may hurt whoever reads it."""
PAUSE = timedelta(minutes=5)
"""So long without a decision is a pause."""
AT_A_STRETCH = timedelta(minutes=60)
HARD_WITHIN = timedelta(minutes=60)
MANY_HARD = 5
"""So many hard cases within ``HARD_WITHIN`` are enough for one person."""
LOOK_BACK = timedelta(hours=4)
"""So far back decisions are looked at; nobody has worked longer than that without a pause."""


class Advice(StrEnum):
    """What is suggested to a moderator."""

    PAUSE = "pause"
    """They have worked for an hour without a pause."""
    HAND_ON = "hand_on"
    """They have decided many hard cases; a colleague can take the next."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A decision that a moderator made: when, and how severe the rule was that was in question."""

    at: datetime
    severity: int


def is_hard(severity: int) -> bool:
    """Say whether a case's text is covered until somebody asks to read it."""
    return severity >= HARD


def advise(worked: Sequence[Worked], *, now: datetime) -> tuple[Advice, ...]:
    """Return what to suggest to somebody who has made these decisions, in any order.

    A pause ends both: whoever comes back from one begins anew.
    """
    times = sorted((one.at for one in worked if one.at <= now), reverse=True)
    began = now
    for at in times:
        if began - at >= PAUSE:
            break
        began = at
    if began == now:
        return ()
    hard = sum(
        1
        for one in worked
        if is_hard(one.severity) and max(began, now - HARD_WITHIN) <= one.at <= now
    )
    found = []
    if now - began >= AT_A_STRETCH:
        found.append(Advice.PAUSE)
    if hard >= MANY_HARD:
        found.append(Advice.HAND_ON)
    return tuple(found)
