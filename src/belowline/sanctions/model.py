"""What a sanction on file is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from belowline.core.terms import DecisionId, ReaderId, SanctionId, SanctionKind, SiteId

WARNINGS = frozenset({SanctionKind.WARNING, SanctionKind.REPORT_WARNING})
"""What is to be acknowledged."""
ABOUT_REPORTS = frozenset({SanctionKind.REPORT_WARNING, SanctionKind.REPORT_PAUSE})
"""What answers the misuse of reporting, and is no step of the ladder for what somebody writes."""


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
