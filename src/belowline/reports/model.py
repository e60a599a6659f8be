"""What a report is, before and after it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Report:
    """One reader's report of one revision of a comment, under one rule."""

    id: ReportId
    site_id: SiteId
    comment_id: CommentId
    reporter_id: ReaderId
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


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report about to be kept, weighed already.

    ``answered_by`` is the earlier decision that answers it at once when it brings nothing new.
    """

    site_id: SiteId
    comment_id: CommentId
    reporter_id: ReaderId
    revision: int
    rulebook_id: RulebookId
    rule: RuleKey
    note: str
    weight: float
    weight_why: str
    answered_by: DecisionId | None = None


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as its reporter sees it: with what the decision that answered it did."""

    report: Report
    outcome: Outcome | None
