"""What an appeal is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from belowline.core.terms import AppealId, AppealState, DecisionId, ReaderId, ReportId, SiteId


@dataclass(frozen=True, slots=True)
class NewAppeal:
    """An appeal about to be kept. With a ``report_id`` it is by somebody who reported."""

    decision_id: DecisionId
    reader_id: ReaderId | None
    text: str
    report_id: ReportId | None = None


@dataclass(frozen=True, slots=True)
class Appeal:
    """The one objection to one decision, and the answer to it.

    It is by the reader whom the decision is against, or by one of those whose reports it dismissed.
    ``decided_by`` is None while it is open, and when it was settled because who decided took the
    decision back.
    """

    id: AppealId
    site_id: SiteId
    decision_id: DecisionId
    reader_id: ReaderId | None
    """Who appeals; None for whoever gave notice without an account."""
    text: str
    state: AppealState
    filed_at: datetime
    decided_at: datetime | None
    decided_by: ReaderId | None
    reason: str
    report_id: ReportId | None = None
    """The report that was dismissed, where somebody who reported appeals."""

    @property
    def by_reporter(self) -> bool:
        """Say whether somebody who reported appeals, and not the author."""
        return self.report_id is not None
