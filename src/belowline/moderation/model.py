"""What a case, a card of the queue and a decision are.

A decision that takes something from a reader cannot be built without the rule that it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from belowline.core.terms import (
    CaseId,
    CaseState,
    CommentId,
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    ReportId,
    RulebookId,
    RuleKey,
    SiteId,
    Source,
    StoryId,
)

CITE_A_RULE = frozenset({Outcome.REMOVE, Outcome.REFUSE, Outcome.SANCTION})
"""Outcomes that cannot be without a rule."""


class QueueView(StrEnum):
    """What part of the queue somebody looks at."""

    ALL = "all"
    HELD = "held"
    REPORTED = "reported"
    APPEALED = "appealed"
    HANDED_ON = "handed-on"
    NEW = "new"
    """By readers who are new at the site."""
    HOT = "hot"
    """Under stories that run hot, and so are slowed down."""


@dataclass(frozen=True, slots=True)
class Case:
    """All that waits for a decision about one comment."""

    id: CaseId
    site_id: SiteId
    comment_id: CommentId
    state: CaseState
    priority: float
    held: bool
    reported: int
    appealed: bool
    opened_at: datetime
    handed_on_by: ReaderId | None = None
    """Who asks others to decide it."""
    new_reader: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a case, as its row is written."""

    priority: float
    held: bool
    reported: int
    appealed: bool
    opened_at: datetime
    story_id: StoryId
    new_reader: bool = False


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where a page of the queue ends, and the next one goes on."""

    priority: float
    id: CaseId


@dataclass(frozen=True, slots=True)
class QueueCard:
    """A case as the queue shows it, with the comment, its story and its author."""

    case: Case
    story_id: StoryId
    story_key: str
    story_title: str
    author_id: ReaderId
    author_name: str
    status: CommentStatus
    version: int
    revision: int
    html: str
    rule: RuleKey | None
    reason: str
    created_at: datetime
    parent_id: CommentId | None

    @property
    def place(self) -> QueuePlace:
        """The cursor that stands on this card."""
        return QueuePlace(self.case.priority, self.case.id)


@dataclass(frozen=True, slots=True)
class Ground:
    """The rule that a decision cites, as it was when it was decided."""

    rulebook_id: RulebookId
    rule: RuleKey
    severity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A decision about to be kept. ``decided_by`` None: the system settled it."""

    site_id: SiteId
    reader_id: ReaderId
    outcome: Outcome
    source: Source
    decided_by: ReaderId | None
    reason: str
    ground: Ground | None = None
    comment_id: CommentId | None = None
    story_id: StoryId | None = None
    revision: int | None = None
    status_before: CommentStatus | None = None
    answered: tuple[ReportId, ...] = ()
    based_on: DecisionId | None = None
    unfounded: tuple[ReportId, ...] = ()
    """Those of the answered reports in which there was nothing at first sight."""
    waiting_since: datetime | None = None
    """When the case began to wait that it ends."""
    in_question: RuleKey | None = None
    """The rule for which it waited."""

    def __post_init__(self) -> None:
        """Make a removal, a refusal or a sanction without a rule unwritable.

        What goes on from another system was decided under rules that we do not have.
        """
        is_ours = self.source is not Source.EARLIER_SYSTEM
        if is_ours and self.outcome in CITE_A_RULE and self.ground is None:
            raise ValueError("this decision cites a rule")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it is on file; never changed, only marked as undone or overturned."""

    id: DecisionId
    site_id: SiteId
    comment_id: CommentId | None
    reader_id: ReaderId
    outcome: Outcome
    ground: Ground | None
    reason: str
    decided_by: ReaderId | None
    source: Source
    revision: int | None
    status_before: CommentStatus | None
    answered: tuple[ReportId, ...]
    based_on: DecisionId | None
    decided_at: datetime
    undone_at: datetime | None
    overturned_at: datetime | None

    @property
    def stands(self) -> bool:
        """Say whether it was neither undone nor overturned."""
        return self.undone_at is None and self.overturned_at is None

    @property
    def answers_appeal(self) -> bool:
        """Say whether it is the removal that a reporter's appeal led to."""
        return self.outcome is Outcome.REMOVE and self.based_on is not None


@dataclass(frozen=True, slots=True)
class StandingRemoval:
    """A removal that stands, with when the reader wrote what was removed."""

    decision_id: DecisionId
    rule: RuleKey
    severity: int
    decided_at: datetime
    written_at: datetime


@dataclass(frozen=True, slots=True)
class SanctionLine:
    """One line of the author's record about a sanction."""

    kind: str
    starts_at: datetime
    ends_at: datetime | None
    lifted_at: datetime | None
    decision_id: DecisionId


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """What a moderator sees of an author beside a case."""

    member_since: datetime
    comments: dict[CommentStatus, int] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    """The latest first."""
    sanctions: tuple[SanctionLine, ...] = ()

    def count(self, status: CommentStatus) -> int:
        """Return how many of the author's comments stand so."""
        return self.comments.get(status, 0)
