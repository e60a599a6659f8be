"""What an appeal is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from belowline.core.terms import AppealId, AppealState, DecisionId, ReaderId, SiteId


@dataclass(frozen=True, slots=True)
class Appeal:
    """A reader's one objection to one decision, and the answer to it.

    ``decided_by`` is None while it is open, and when it was settled because who decided took the
    decision back.
    """

    id: AppealId
    site_id: SiteId
    decision_id: DecisionId
    reader_id: ReaderId
    text: str
    state: AppealState
    filed_at: datetime
    decided_at: datetime | None
    decided_by: ReaderId | None
    reason: str
