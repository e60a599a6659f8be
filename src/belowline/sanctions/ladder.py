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
from belowline.sanctions.thresholds import USUAL, LadderSettings

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

# Coral, which newspapers run, offers the same share of the same week as its preset.
LATELY = timedelta(days=7)
LEAST_REMOVED = 3
"""A share of what was sent says nothing about fewer breaches than this."""
# Lengths look further back than withdrawal does. With one span for both, the fourth suspension
# would always be a withdrawal, and nobody could ever meet the published 30 days.
LENGTHS_LOOK_BACK = timedelta(days=730)


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


def propose(record: Record, *, now: datetime, settings: LadderSettings = USUAL) -> Proposal:
    """Propose the step of the published ladder that answers a reader's latest breaches.

    The numbers here are those of a new site; a site may publish its own, within bounds.
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
    unanswered = _unanswered(record, now=now, within=settings.answer_within)
    in_effect = tuple(sanction for sanction in record.sanctions if not sanction.lifted)
    open_breaches = [
        breach
        for breach in unanswered
        if not _in_force(in_effect, SanctionKind.WITHDRAWAL, breach.decided_at)
    ]
    if not unanswered:
        reason = Reason(_nothing_to_answer(record, now=now, within=settings.answer_within))
        return Proposal(None, None, (reason,), total)
    if not open_breaches:
        return Proposal(None, None, (Reason("already_withdrawn"),), total)

    climb = _Climb(in_effect, settings, now)
    offers = [climb.answer(breach) for breach in reversed(open_breaches)]
    # Sorted by time, the third breach and each one after it complete a series of three.
    detail = {"count": len(open_breaches), "days": settings.answer_days}
    offers += [
        climb.warn(breach.happened_at, because=Reason("repeated_breaches", detail))
        for breach in reversed(open_breaches[settings.minor_breaches - 1 :])
    ]
    offers += climb.hold_first_for_share(open_breaches, sent=record.sent_lately)
    chosen = max(offers, key=harshness)
    return Proposal(chosen.kind, chosen.lasts_for, chosen.reasons, total)


def explain(reason: Reason) -> str:
    """Say a reason as one plain sentence."""
    return Text(SENTENCES[reason.code], **reason.detail)


def _unanswered(record: Record, *, now: datetime, within: timedelta) -> list[Breach]:
    """Return the recent breaches that no sanction followed, oldest first, in one certain order.

    A lifted sanction has answered its breaches too: leniency must not bring the same step back.
    """
    answered_until = max((sanction.starts_at for sanction in record.sanctions), default=None)
    return sorted(
        (
            breach
            for breach in record.breaches
            if not breach.is_no_mark
            and breach.decided_at > now - within
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


def _nothing_to_answer(record: Record, *, now: datetime, within: timedelta) -> str:
    tidied = (breach.decided_at for breach in record.breaches if breach.is_no_mark)
    return "no_mark" if any(at > now - within for at in tidied) else "nothing_to_answer"


def _in_force(sanctions: tuple[PastSanction, ...], kind: SanctionKind, at: datetime) -> bool:
    return any(sanction.kind is kind and sanction.was_in_force(at) for sanction in sanctions)


@dataclass(frozen=True, slots=True)
class _Climb:
    """What each breach is measured against: the sanctions in effect, the numbers, the moment."""

    sanctions: tuple[PastSanction, ...]
    settings: LadderSettings
    now: datetime

    def answer(self, breach: Breach) -> Proposal:
        """Return the step that one breach alone would earn."""
        at = breach.happened_at
        held_first = any(sanction.held_first(at) for sanction in self.sanctions)
        about: dict[str, int | float | str] = {
            "rule": breach.rule,
            "severity": breach.severity,
            "decision": breach.decision_id,
        }
        match breach.severity:
            case 4:
                unwarned = () if held_first else self._unless_warned(at)
                reasons = (Reason("dangerous_breach", about), *unwarned)
                return Proposal(SanctionKind.WITHDRAWAL, None, reasons)
            case _ if held_first:
                return self._suspend(at, because=(Reason("breach_while_held_first", about),))
            case 3:
                reasons = (Reason("severe_breach", about), *self._unless_warned(at))
                return self._suspend(at, because=reasons)
            case 2:
                return self.warn(at, because=Reason("serious_breach", about))
            case _:
                return Proposal(None, None, (Reason("removal_is_enough", about),))

    def warn(self, at: datetime, *, because: Reason) -> Proposal:
        """Return a warning, or holding first when a warning was already on file."""
        if _in_force(self.sanctions, SanctionKind.WARNING, at):
            reasons = (because, Reason("warning_on_file", {"days": WARNING_LASTS.days}))
            lasts_for = self.settings.hold_first_lasts
            return Proposal(SanctionKind.HOLD_FIRST, lasts_for, reasons)
        return Proposal(SanctionKind.WARNING, None, (because,))

    def hold_first_for_share(self, breaches: list[Breach], *, sent: int) -> tuple[Proposal, ...]:
        """Return holding first when much of what the reader sent in a week had to go."""
        percent = self.settings.removed_percent
        count = sum(breach.decided_at > self.now - LATELY for breach in breaches)
        if not sent or count < LEAST_REMOVED or 100 * count < percent * sent:
            return ()
        detail = {"count": count, "sent": sent, "days": LATELY.days, "percent": percent}
        lasts_for = self.settings.hold_first_lasts
        return (Proposal(SanctionKind.HOLD_FIRST, lasts_for, (Reason("many_removed", detail),)),)

    def _unless_warned(self, at: datetime) -> tuple[Reason, ...]:
        if _in_force(self.sanctions, SanctionKind.WARNING, at):
            return ()
        return (Reason("no_warning_before"),)

    def _suspend(self, at: datetime, *, because: tuple[Reason, ...]) -> Proposal:
        """Return the next suspension, or withdrawal when there were three within a year."""
        ages = [
            self.now - sanction.starts_at
            for sanction in self.sanctions
            if sanction.kind is SanctionKind.SUSPENSION and sanction.starts_at < at
        ]
        lately = sum(age < self.settings.withdrawal_looks_back for age in ages)
        if lately >= self.settings.suspensions:
            detail = {"count": lately, "days": self.settings.withdrawal_days}
            reasons = (*because, Reason("suspensions_before", detail))
            return Proposal(SanctionKind.WITHDRAWAL, None, reasons)
        earlier = sum(age < LENGTHS_LOOK_BACK for age in ages)
        lengths = self.settings.suspension_lengths
        lasts_for = lengths[min(earlier, len(lengths) - 1)]
        reason = Reason("earlier_suspensions", {"count": earlier, "days": lasts_for.days})
        return Proposal(SanctionKind.SUSPENSION, lasts_for, (*because, reason))
