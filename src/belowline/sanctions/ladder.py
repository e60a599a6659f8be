"""The published ladder of sanctions, as a pure function over a reader's record.

It proposes and never imposes: a person does that. A breach counts once, for the sanction that first
follows it; a lifted sanction is forgotten when the next step is chosen. The words for all this are
in ``messages``; who may impose what is in ``policy``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from belowline.core.terms import SanctionKind
from belowline.core.text import Text
from belowline.sanctions.messages import LADDER, SENTENCES, Step
from belowline.sanctions.record import WARNING_LASTS, Breach, PastSanction, Record, points

__all__ = [
    "LADDER",
    "LATELY",
    "WARNING_LASTS",
    "Breach",
    "PastSanction",
    "Proposal",
    "Reason",
    "Record",
    "Step",
    "explain",
    "harshness",
    "points",
    "propose",
]

ANSWER_WITHIN = timedelta(days=30)
"""A breach that no sanction followed for this long was answered by its removal."""
MINOR_BREACHES = 3
"""So many breaches of any severity within ``ANSWER_WITHIN`` earn a warning."""
HOLD_FIRST_LASTS = timedelta(days=14)
# Coral, which newspapers run, offers the same share of the same week as its preset.
LATELY = timedelta(days=7)
REMOVED_SHARE = 0.3
"""From this share of what was sent in a week, and three breaches, comments are held first."""
SUSPENSION_LENGTHS = (
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
)
# Lengths look further back than withdrawal does. With one span for both, the fourth suspension
# would always be a withdrawal, and nobody could ever meet the published 30 days.
LENGTHS_LOOK_BACK = timedelta(days=730)
WITHDRAWAL_LOOKS_BACK = timedelta(days=365)
SUSPENSIONS_BEFORE_WITHDRAWAL = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a proposal: a stable code and the values that its sentence needs."""

    code: str
    detail: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The step that the ladder offers. ``kind`` None: the removal with its reason is enough.

    ``lasts_for`` is set for a suspension and for holding first, and for nothing else: a warning has
    its fixed time and a withdrawal has no end.
    """

    kind: SanctionKind | None
    lasts_for: timedelta | None
    reasons: tuple[Reason, ...]
    points: float = 0.0

    def __post_init__(self) -> None:
        """Make an endless suspension, or a withdrawal with an end, unwritable."""
        timed = self.kind in {SanctionKind.HOLD_FIRST, SanctionKind.SUSPENSION}
        if timed is not (self.lasts_for is not None):
            raise ValueError("a suspension and holding first have a length, nothing else has")


def harshness(proposal: Proposal) -> tuple[int, timedelta]:
    """Return how hard a proposal is on the reader, for comparing two of them."""
    steps = (None, *SanctionKind)
    return steps.index(proposal.kind), proposal.lasts_for or timedelta(0)


def propose(record: Record, *, now: datetime) -> Proposal:
    """Propose the step of the published ladder that answers a reader's latest breaches.

    Counted are the breaches of the last 30 days that no sanction has followed yet, without those
    that only tidied up.

    * A breach of severity 2, or three of any severity: a warning; the reader's own comments held
      first for 14 days if a warning is still on file, or if three or more breaches of the last
      seven days are 30 % or more of what was sent in that time.
    * A breach of severity 3, or any while comments are held first, which they also are for seven
      days after a suspension: a suspension. The first is 1 day; with one, two or three suspensions
      in the last two years it is 3, 7 or 30 days.
    * A breach of severity 4, or the next suspension after three in a year: withdrawal.

    Severity 3 suspends even without an earlier warning. Article 23 of the EU's Digital Services Act
    asks for a prior warning where a platform suspends for manifestly illegal content; the ladder
    rests on the site's own terms instead, and says so with ``no_warning_before``, so that a
    moderator who acts on illegality can warn first.
    """
    total = points(record.breaches, now=now)
    unanswered = _unanswered(record, now=now)
    in_effect = tuple(sanction for sanction in record.sanctions if not sanction.lifted)
    open_breaches = [
        breach
        for breach in unanswered
        if not _in_force(in_effect, SanctionKind.WITHDRAWAL, breach.decided_at)
    ]
    if not unanswered:
        return Proposal(None, None, (Reason(_nothing_to_answer(record, now=now)),), total)
    if not open_breaches:
        return Proposal(None, None, (Reason("already_withdrawn"),), total)

    offers = [_answer(breach, in_effect, now=now) for breach in reversed(open_breaches)]
    # Sorted by time, the third breach and each one after it complete a series of three.
    offers += [
        _warn(
            breach.happened_at,
            in_effect,
            because=Reason("repeated_breaches", {"count": len(open_breaches)}),
        )
        for breach in reversed(open_breaches[MINOR_BREACHES - 1 :])
    ]
    offers += _hold_first_for_share(open_breaches, sent=record.sent_lately, now=now)
    chosen = max(offers, key=harshness)
    return Proposal(chosen.kind, chosen.lasts_for, chosen.reasons, total)


def explain(reason: Reason) -> str:
    """Say a reason as one plain sentence."""
    return Text(SENTENCES[reason.code], **reason.detail)


def _unanswered(record: Record, *, now: datetime) -> list[Breach]:
    """Return the recent breaches that no sanction followed, oldest first, in one certain order.

    A lifted sanction has answered its breaches too: leniency must not bring the same step back.
    """
    answered_until = max((sanction.starts_at for sanction in record.sanctions), default=None)
    return sorted(
        (
            breach
            for breach in record.breaches
            if not breach.is_no_mark
            and breach.decided_at > now - ANSWER_WITHIN
            and (answered_until is None or breach.decided_at > answered_until)
        ),
        key=lambda breach: (
            breach.happened_at,
            breach.decided_at,
            breach.severity,
            breach.decision_id,
            breach.rule,
        ),
    )


def _nothing_to_answer(record: Record, *, now: datetime) -> str:
    tidied = (breach.decided_at for breach in record.breaches if breach.is_no_mark)
    return "no_mark" if any(at > now - ANSWER_WITHIN for at in tidied) else "nothing_to_answer"


def _hold_first_for_share(
    breaches: list[Breach], *, sent: int, now: datetime
) -> tuple[Proposal, ...]:
    """Return holding first when much of what the reader sent in a week had to go."""
    count = sum(breach.decided_at > now - LATELY for breach in breaches)
    if not sent or count < MINOR_BREACHES or count < REMOVED_SHARE * sent:
        return ()
    reason = Reason("many_removed", {"count": count, "sent": sent, "days": LATELY.days})
    return (Proposal(SanctionKind.HOLD_FIRST, HOLD_FIRST_LASTS, (reason,)),)


def _in_force(sanctions: tuple[PastSanction, ...], kind: SanctionKind, at: datetime) -> bool:
    return any(sanction.kind is kind and sanction.was_in_force(at) for sanction in sanctions)


def _answer(breach: Breach, sanctions: tuple[PastSanction, ...], *, now: datetime) -> Proposal:
    """Return the step that one breach alone would earn."""
    at = breach.happened_at
    held_first = any(sanction.held_first(at) for sanction in sanctions)
    about: dict[str, int | float | str] = {
        "rule": breach.rule,
        "severity": breach.severity,
        "decision": breach.decision_id,
    }
    match breach.severity:
        case 4:
            unwarned = () if held_first else _unless_warned(sanctions, at)
            reasons = (Reason("dangerous_breach", about), *unwarned)
            return Proposal(SanctionKind.WITHDRAWAL, None, reasons)
        case _ if held_first:
            reasons = (Reason("breach_while_held_first", about),)
            return _suspend(at, sanctions, because=reasons, now=now)
        case 3:
            reasons = (Reason("severe_breach", about), *_unless_warned(sanctions, at))
            return _suspend(at, sanctions, because=reasons, now=now)
        case 2:
            return _warn(at, sanctions, because=Reason("serious_breach", about))
        case _:
            return Proposal(None, None, (Reason("removal_is_enough", about),))


def _unless_warned(sanctions: tuple[PastSanction, ...], at: datetime) -> tuple[Reason, ...]:
    if _in_force(sanctions, SanctionKind.WARNING, at):
        return ()
    return (Reason("no_warning_before"),)


def _warn(at: datetime, sanctions: tuple[PastSanction, ...], *, because: Reason) -> Proposal:
    """Return a warning, or holding first when a warning was already on file."""
    if _in_force(sanctions, SanctionKind.WARNING, at):
        reasons = (because, Reason("warning_on_file", {"days": WARNING_LASTS.days}))
        return Proposal(SanctionKind.HOLD_FIRST, HOLD_FIRST_LASTS, reasons)
    return Proposal(SanctionKind.WARNING, None, (because,))


def _suspend(
    at: datetime, sanctions: tuple[PastSanction, ...], *, because: tuple[Reason, ...], now: datetime
) -> Proposal:
    """Return the next suspension, or withdrawal when there were three within the last year."""
    ages = [
        now - sanction.starts_at
        for sanction in sanctions
        if sanction.kind is SanctionKind.SUSPENSION and sanction.starts_at < at
    ]
    in_a_year = sum(age < WITHDRAWAL_LOOKS_BACK for age in ages)
    if in_a_year >= SUSPENSIONS_BEFORE_WITHDRAWAL:
        reason = Reason("suspensions_within_a_year", {"count": in_a_year})
        return Proposal(SanctionKind.WITHDRAWAL, None, (*because, reason))
    earlier = sum(age < LENGTHS_LOOK_BACK for age in ages)
    lasts_for = SUSPENSION_LENGTHS[min(earlier, len(SUSPENSION_LENGTHS) - 1)]
    reason = Reason("earlier_suspensions", {"count": earlier, "days": lasts_for.days})
    return Proposal(SanctionKind.SUSPENSION, lasts_for, (*because, reason))
