"""What a report is, before and after it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from belowline.core.terms import (
    CommentId,
    DecisionId,
    Outcome,
    ReaderId,
    ReportId,
    ReportState,
    RulebookId,
    RuleKey,
    SiteId,
)

LegalNoticeId = NewType("LegalNoticeId", int)


class Lane(StrEnum):
    """Which of the ways behind the report button somebody took."""

    RULE = "rule"
    """It breaks a rule of the site."""
    ILLEGAL = "illegal"
    """It is illegal, in the view of whoever gives notice; no account is needed."""


@dataclass(frozen=True, slots=True)
class Report:
    """One person's report of one revision of a comment, under one rule.

    A report in the lane of illegal content may cite no rule: its ``rule`` is then empty.
    """

    id: ReportId
    site_id: SiteId
    comment_id: CommentId
    reporter_id: ReaderId | None
    """None for whoever gave notice without an account."""
    revision: int
    rulebook_id: RulebookId
    rule: RuleKey
    note: str
    weight: float
    weight_why: str
    state: ReportState
    decision_id: DecisionId | None
    """What answered it; None while it is open."""
    created_at: datetime
    lane: Lane = Lane.RULE
    legal_notice_id: LegalNoticeId | None = None
    trusted: bool = False
    """Whether its reporter was named as trusted when it was made."""
    unfounded: bool = False
    """Whether who answered it found at first sight that there is nothing in it."""

    @property
    def voice(self) -> int:
        """Who speaks: the reader's id, or below zero whoever gave a notice without an account."""
        return self.reporter_id if self.reporter_id is not None else -(self.legal_notice_id or 0)


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report about to be kept, weighed already.

    ``answered_by`` is the earlier decision that answers it at once when it brings nothing new.
    """

    site_id: SiteId
    comment_id: CommentId
    reporter_id: ReaderId | None
    revision: int
    rulebook_id: RulebookId
    rule: RuleKey
    note: str
    weight: float
    weight_why: str
    answered_by: DecisionId | None = None
    lane: Lane = Lane.RULE
    legal_notice_id: LegalNoticeId | None = None
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as its reporter sees it: with what the decision that answered it did."""

    report: Report
    outcome: Outcome | None
