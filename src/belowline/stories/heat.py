"""When a conversation is slowed down: a pure policy that an editor should be able to agree with.

Heat is what happened to a thread in the last hour: each reader who reported something there counts
one, or less as their record has it, and each removal counts two. Readers who share a network count
as one reader. What one author draws upon themselves is for the queue and the ladder, and slows
nobody: it takes two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
REMOVAL = 2.0
FEWEST_AUTHORS_CONCERNED = 2
SHARE = 0.1
"""Of the comments of the hour; a busy thread with few complaints is busy, not heated."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What happened in a thread in the last hour."""

    reported: float
    """The weights of those who reported, each network counted once."""
    removals: int
    """Comments removed by a person, and not restored."""
    concerned: int
    """Authors whose comments were reported or removed."""
    comments: int
    """Comments that were sent."""

    @property
    def heat(self) -> float:
        """Return the heat as one number."""
        return self.reported + REMOVAL * self.removals


@dataclass(frozen=True, slots=True)
class Pace:
    """A speed limit: each reader waits so long between two comments, for so long."""

    between: timedelta
    lasts_for: timedelta
    reason: str
    """A code: ``warm``, ``hot`` or ``very_hot``."""


STEPS: tuple[tuple[float, Pace], ...] = (
    (16.0, Pace(timedelta(minutes=10), timedelta(hours=2), "very_hot")),
    (8.0, Pace(timedelta(minutes=3), timedelta(hours=1), "hot")),
    (4.0, Pace(timedelta(minutes=1), timedelta(minutes=30), "warm")),
)
"""From which heat on which limit holds, hottest first."""


def find_pace(signs: Signs) -> Pace | None:
    """Return the speed limit that the heat asks for, or None."""
    if signs.concerned < FEWEST_AUTHORS_CONCERNED or signs.heat < SHARE * signs.comments:
        return None
    return next((pace for least, pace in STEPS if signs.heat >= least), None)


def is_slower(pace: Pace, *, now: datetime, held: timedelta, until: datetime | None) -> bool:
    """Say whether a limit changes what holds: it is stricter, or what holds is half over.

    A limit is never shortened by a later look, and not moved on with every single report.
    """
    if until is None or until <= now or pace.between > held:
        return True
    return pace.between == held and until - now < pace.lasts_for / 2
