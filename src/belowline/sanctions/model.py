"""What a sanction on file is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from belowline.core.terms import DecisionId, ReaderId, SanctionId, SanctionKind, SiteId

WARNINGS = frozenset({SanctionKind.WARNING, SanctionKind.REPORT_WARNING})
"""What is to be acknowledged."""
ABOUT_REPORTS = frozenset({SanctionKind.REPORT_WARNING, SanctionKind.REPORT_PAUSE})
"""What answers the misuse of reporting, and is no step of the ladder for what somebody writes."""
ProposalId = NewType("ProposalId", int)
ReviewId = NewType("ReviewId", int)


class ProposalState(StrEnum):
    """What has become of a proposal to withdraw the privilege."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"
    """Nobody answered in time, or the suspension under it has ended otherwise."""


class ReviewOutcome(StrEnum):
    """What a review of a withdrawal came to."""

    KEPT = "kept"
    GIVEN_BACK = "given_back"
    FELL_AWAY = "fell_away"
    """The withdrawal had ended before anybody reviewed it."""


@dataclass(frozen=True, slots=True)
class WithdrawalProposal:
    """One person's wish to withdraw a reader's privilege, which another answers.

    ``decision_id`` is the suspension that protects meanwhile; its rule and its reason are the
    proposal's. ``suspension_lifted`` is set where that has ended before its time.
    """

    id: ProposalId
    site_id: SiteId
    reader_id: ReaderId
    decision_id: DecisionId
    proposed_by: ReaderId
    proposed_at: datetime
    lapses_at: datetime
    state: ProposalState
    answered_by: ReaderId | None
    answered_at: datetime | None
    answer: str
    alone: bool
    withdrawn_by: DecisionId | None
    rule: str | None
    severity: int | None
    reason: str
    suspension_id: SanctionId
    suspension_lifted: bool

    def waits(self, now: datetime) -> bool:
        """Say whether it can still be answered."""
        is_open = self.state is ProposalState.OPEN
        return is_open and not self.suspension_lifted and now < self.lapses_at


@dataclass(frozen=True, slots=True)
class WithdrawalReview:
    """A second look at a withdrawal, due by the clock."""

    id: ReviewId
    site_id: SiteId
    sanction_id: SanctionId
    due_at: datetime
    decided_at: datetime | None
    decided_by: ReaderId | None
    outcome: ReviewOutcome | None
    reason: str


@dataclass(frozen=True, slots=True)
class Sanction:
    """A limit on a reader's privilege, imposed by a person, with an end."""

    id: SanctionId
    site_id: SiteId
    reader_id: ReaderId
    kind: SanctionKind
    decision_id: DecisionId
    starts_at: datetime
    ends_at: datetime | None
    acknowledged_at: datetime | None
    lifted_at: datetime | None
    rule: str | None
    reason: str
    imposed_by: ReaderId | None

    def is_in_force(self, now: datetime) -> bool:
        """Say whether it limits the reader at ``now``."""
        running = self.ends_at is None or now < self.ends_at
        return self.lifted_at is None and self.starts_at <= now and running


@dataclass(frozen=True, slots=True)
class NewSanction:
    """A sanction about to be put on file, beginning now."""

    reader_id: ReaderId
    kind: SanctionKind
    decision_id: DecisionId
    ends_at: datetime | None
