"""What the ladder looks at: breaches that stand, sanctions so far, and how much was sent.

Pure values, with what can be said of each by itself. Which step follows is in ``ladder``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from belowline.core.terms import (
    HELD_AFTER_SUSPENSION,
    NO_MARK,
    DecisionId,
    RuleKey,
    SanctionKind,
)

WARNING_LASTS = timedelta(days=90)
POINTS = {1: 1.0, 2: 2.0, 3: 4.0, 4: 8.0}
POINTS_HALVE_IN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Breach:
    """A removal that stands; the caller leaves out what was overturned or undone.

    ``written_at``, where known, is when the reader wrote it: nobody can have ignored a warning that
    had not been given yet. Without it the time of the decision is taken.
    """

    decision_id: DecisionId
    rule: RuleKey
    severity: int
    decided_at: datetime
    written_at: datetime | None = None

    def __post_init__(self) -> None:
        """Make a severity outside the published scale unwritable."""
        if self.severity not in POINTS:
            raise ValueError("a breach has a severity from 1 to 4")

    @property
    def is_no_mark(self) -> bool:
        """Whether the removal only tidied up, and says nothing about the reader."""
        return self.rule in NO_MARK

    @property
    def happened_at(self) -> datetime:
        """The moment at which the reader is held to what they had been told."""
        return self.written_at or self.decided_at


@dataclass(frozen=True, slots=True)
class PastSanction:
    """A sanction that has begun, whether or not it is over."""

    kind: SanctionKind
    starts_at: datetime
    ends_at: datetime | None
    lifted: bool = False

    def was_in_force(self, at: datetime) -> bool:
        """Tell whether it had begun before this moment and had not run out."""
        ends_at = self.ends_at
        if ends_at is None and self.kind is SanctionKind.WARNING:
            ends_at = self.starts_at + WARNING_LASTS
        return self.starts_at < at and (ends_at is None or at < ends_at)

    def held_first(self, at: datetime) -> bool:
        """Tell whether the reader's comments were held first because of it."""
        if self.kind is SanctionKind.SUSPENSION and self.ends_at is not None:
            return self.ends_at <= at < self.ends_at + HELD_AFTER_SUSPENSION
        return self.kind is SanctionKind.HOLD_FIRST and self.was_in_force(at)


@dataclass(frozen=True, slots=True)
class Record:
    """What a reader's standing with a site rests on; the order of either list means nothing."""

    breaches: tuple[Breach, ...] = ()
    sanctions: tuple[PastSanction, ...] = ()
    sent_lately: int = 0
    """How many comments the reader sent in the last seven days, whatever became of them."""


def points(breaches: Iterable[Breach], *, now: datetime) -> float:
    """Weigh breaches as 1, 2, 4 or 8 points by severity, halved for every 60 days since.

    What only tidied up weighs nothing. They tell a moderator at a glance how much there is and how
    old it is. No step depends on them.
    """
    # Exact summation, so that the order of the breaches cannot show even in the last digit.
    return math.fsum(
        POINTS[breach.severity]
        * 0.5 ** (max(now - breach.decided_at, timedelta(0)) / POINTS_HALVE_IN)
        for breach in breaches
        if not breach.is_no_mark
    )
