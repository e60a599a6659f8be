"""What came of appeals, by who made them: whom a decision is against, and those who reported. Pure.

An appeal belongs to the time at which it was filed, together with what became of it since. One
against a decision that was taken back within the minute was none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from belowline.transparency.ledger import Appealed, Ledger

AUTHOR, REPORTER = "author", "reporter"
WHO = (AUTHOR, REPORTER)


@dataclass(frozen=True, slots=True)
class Answers:
    """How many appeals some have filed, and how they were answered."""

    who: str
    """author or reporter."""
    filed: int
    decided: int
    upheld: int
    withdrawn: int
    """Over without an answer: the appellant has left, or the comment is gone."""
    median: float | None
    """Half were answered within so many seconds."""

    @property
    def upheld_share(self) -> float | None:
        """Return how many of the answered ones were upheld, as a share."""
        return self.upheld / self.decided if self.decided else None

    @property
    def waiting(self) -> int:
        """Return how many nobody has answered yet."""
        return self.filed - self.decided - self.withdrawn


def answers_of(ledger: Ledger, *, since: datetime, until: datetime) -> tuple[Answers, ...]:
    """Count what was appealed from ``since`` on and before ``until``, authors first."""
    known = ledger.decision()
    filed = [
        one
        for one in ledger.appeals
        if since <= one.filed_at < until
        and not (one.decision_id in known and known[one.decision_id].undone)
    ]
    return tuple(_count(who, [one for one in filed if who_made(one) == who]) for who in WHO)


def who_made(one: Appealed) -> str:
    """Return who made an appeal: the author, or somebody who had reported."""
    return REPORTER if one.by_reporter else AUTHOR


def _count(who: str, filed: list[Appealed]) -> Answers:
    decided = [one for one in filed if one.upheld is not None]
    lasted = [
        (one.decided_at - one.filed_at).total_seconds()
        for one in decided
        if one.decided_at is not None
    ]
    return Answers(
        who,
        len(filed),
        len(decided),
        sum(one.upheld is True for one in decided),
        sum(one.withdrawn for one in filed),
        median(lasted) if lasted else None,
    )
