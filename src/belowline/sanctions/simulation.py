"""What a ladder would have proposed in a stretch of a site's own past, reader by reader.

Pure. It takes the removals as they were decided and answers each at that moment, as if every
proposal had been followed: a comment that a suspension would have kept from being written does not
count. It is an estimate; a warning in time may also have kept somebody from the next breach.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from belowline.core.terms import SanctionKind
from belowline.sanctions.ladder import LATELY, Proposal, propose
from belowline.sanctions.record import WARNING_LASTS, Breach, PastSanction, Record
from belowline.sanctions.thresholds import LadderSettings

SILENCED = frozenset({SanctionKind.SUSPENSION, SanctionKind.WITHDRAWAL})


@dataclass(frozen=True, slots=True)
class History:
    """What is on record about one reader at a site."""

    breaches: tuple[Breach, ...]
    sanctions: tuple[PastSanction, ...]
    sent_at: tuple[datetime, ...]
    """When each comment was sent, oldest first."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that the ladder would have proposed at a moment."""

    at: datetime
    proposal: Proposal


def simulate(
    history: History, *, since: datetime, until: datetime, settings: LadderSettings
) -> tuple[Taken, ...]:
    """Return the steps that these numbers would have led to, in their order.

    Sanctions from before ``since`` count as they were; those imposed later do not, because the
    steps taken here stand in their place.
    """
    sanctions = tuple(one for one in history.sanctions if one.starts_at < since)
    by_time = sorted(history.breaches, key=lambda one: (one.decided_at, one.decision_id))
    counted = [one for one in by_time if one.decided_at < since]
    taken: list[Taken] = []
    for breach in by_time:
        at = breach.decided_at
        if not since <= at <= until or _was_silenced(taken, breach.happened_at):
            continue
        counted.append(breach)
        sent = bisect_right(history.sent_at, at) - bisect_left(history.sent_at, at - LATELY)
        proposal = propose(Record(tuple(counted), sanctions, sent), now=at, settings=settings)
        if proposal.kind is not None:
            taken.append(Taken(at, proposal))
            sanctions = (*sanctions, _as_imposed(proposal.kind, taken[-1]))
    return tuple(taken)


def hardest(kinds: Iterable[SanctionKind]) -> SanctionKind | None:
    """Return the hardest of these steps, or None of none."""
    order = list(SanctionKind)
    return max(kinds, key=order.index, default=None)


def _was_silenced(taken: list[Taken], at: datetime) -> bool:
    return any(
        one.proposal.kind in SILENCED
        and one.at < at
        and (one.proposal.lasts_for is None or at < one.at + one.proposal.lasts_for)
        for one in taken
    )


def _as_imposed(kind: SanctionKind, taken: Taken) -> PastSanction:
    lasts_for = WARNING_LASTS if kind is SanctionKind.WARNING else taken.proposal.lasts_for
    return PastSanction(kind, taken.at, None if lasts_for is None else taken.at + lasts_for)
