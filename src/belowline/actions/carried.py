"""A sanction of the system that a site used before, which has not run out, goes on here.

It bars whoever it barred there. It is not a decision of ours: it has no entry in the log, is in no
figure, and says where it comes from. It can be appealed and lifted like every other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from belowline.core.terms import Outcome, ReaderId, SanctionId, SanctionKind, SiteId, Source
from belowline.core.text import later
from belowline.moderation import decisions
from belowline.moderation.model import NewDecision
from belowline.sanctions import store as sanctions
from belowline.sanctions.model import NewSanction
from belowline.sanctions.policy import HOLD_FIRST_BOUNDS, SLOWED_BOUNDS
from belowline.sanctions.record import WARNING_LASTS
from belowline.storage.database import Tx

REASON = later("This was decided in the system that the site used before, and goes on here.")


@dataclass(frozen=True, slots=True)
class Carried:
    """A sanction as it stood there. ``ends_at`` is None where it had no end."""

    reader_id: ReaderId
    kind: SanctionKind
    starts_at: datetime
    ends_at: datetime | None
    by: ReaderId | None


def what_is_left(one: Carried, *, now: datetime) -> tuple[SanctionKind, datetime | None] | None:
    """Say as what a sanction goes on here and until when; None if it is over.

    Pure. An exclusion without an end is a withdrawn privilege, which is looked at again after six
    months. Holding first, slowing down and pausing reports have an end here: their longest.
    A warning stays on file for 90 days from when it was given.
    """
    ends_at = one.ends_at
    match one.kind:
        case SanctionKind.WITHDRAWAL | SanctionKind.SUSPENSION:
            if ends_at is None:
                return SanctionKind.WITHDRAWAL, None
            return (SanctionKind.SUSPENSION, ends_at) if ends_at > now else None
        case SanctionKind.WARNING | SanctionKind.REPORT_WARNING:
            ends_at = one.starts_at + WARNING_LASTS
        case SanctionKind.HOLD_FIRST | SanctionKind.REPORT_PAUSE:
            ends_at = _at_most(ends_at, now + HOLD_FIRST_BOUNDS[1])
        case SanctionKind.SLOWED:
            ends_at = _at_most(ends_at, now + SLOWED_BOUNDS[1])
    return (one.kind, ends_at) if ends_at > now else None


def carry_over(tx: Tx, site_id: SiteId, one: Carried) -> SanctionId | None:
    """Let what is left of a sanction bar the reader here; return None if nothing is."""
    left = what_is_left(one, now=tx.now)
    if left is None:
        return None
    kind, ends_at = left
    decision = decisions.add_decision(
        tx,
        NewDecision(
            site_id=site_id,
            reader_id=one.reader_id,
            outcome=Outcome.SANCTION,
            source=Source.EARLIER_SYSTEM,
            decided_by=one.by,
            reason=REASON,
        ),
    )
    return sanctions.add_sanction(
        tx, site_id, NewSanction(one.reader_id, kind, decision.id, ends_at)
    )


def _at_most(ends_at: datetime | None, longest: datetime) -> datetime:
    return longest if ends_at is None else min(ends_at, longest)
