"""Everything that can happen, one frozen dataclass each, past tense.

Fields hold ids, codes, counts and rule keys, never a reader's words, name or address, so that
erasing a reader does not touch the log. A field is never renamed or removed; a new fact is a new
field with a default or a new kind.
"""

from __future__ import annotations

from dataclasses import dataclass

from belowline.events.accounts import (
    LegalProfileSet,
    SecondLookTaken,
    SpotCheckTaken,
    TransparencyReportPublished,
)
from belowline.events.court_kinds import (
    LegalHoldEnded,
    LegalHoldPlaced,
    LegalStatusSet,
    ProtectedNameListed,
    ScreensChanged,
)
from belowline.events.decision_kinds import (
    AppealDecided,
    AppealFiled,
    AppealLapsed,
    CaseHandedOn,
    DecisionMade,
    DecisionUndone,
    ReasonDropped,
    ReasonSaved,
    SanctionAcknowledged,
    SanctionImposed,
    SanctionLifted,
)
from belowline.events.import_kinds import AuthorClaimed, CommentsImported, ImportUndone
from belowline.events.kind import Kind
from belowline.events.ladder_kinds import (
    LadderPublished,
    ReviewDecided,
    ReviewOpened,
    RulebookShared,
    WithdrawalAnswered,
    WithdrawalProposed,
)
from belowline.events.legal_kinds import (
    DangerClosed,
    DangerOpened,
    DangerTold,
    DefamationNoticeMoved,
    DefamationNoticeReceived,
    EvidenceLookedAt,
    LegalNoticeOpened,
    LegalNoticeReceived,
    OrderAnswered,
    OrderEntered,
    TrustedReporterNamed,
)
from belowline.events.pace_kinds import (
    StoryCooled,
    StorySlowed,
    StorySlowedByHand,
    StorySlowingEnded,
)

__all__ = [
    "KINDS",
    "AppealDecided",
    "AppealFiled",
    "AppealLapsed",
    "AuthorClaimed",
    "CaseHandedOn",
    "CommentsImported",
    "DangerClosed",
    "DangerOpened",
    "DangerTold",
    "DecisionMade",
    "DecisionUndone",
    "DefamationNoticeMoved",
    "DefamationNoticeReceived",
    "EvidenceLookedAt",
    "ImportUndone",
    "Kind",
    "LadderPublished",
    "LegalHoldEnded",
    "LegalHoldPlaced",
    "LegalNoticeOpened",
    "LegalNoticeReceived",
    "LegalProfileSet",
    "LegalStatusSet",
    "OrderAnswered",
    "OrderEntered",
    "ProtectedNameListed",
    "ReasonDropped",
    "ReasonSaved",
    "ReviewDecided",
    "ReviewOpened",
    "RulebookShared",
    "SanctionAcknowledged",
    "SanctionImposed",
    "SanctionLifted",
    "ScreensChanged",
    "SecondLookTaken",
    "SpotCheckTaken",
    "StoryCooled",
    "StorySlowed",
    "StorySlowedByHand",
    "StorySlowingEnded",
    "TransparencyReportPublished",
    "TrustedReporterNamed",
    "WithdrawalAnswered",
    "WithdrawalProposed",
]


@dataclass(frozen=True, slots=True)
class SiteCreated(Kind):
    """A site was set up."""


@dataclass(frozen=True, slots=True)
class SiteChanged(Kind):
    """A site's settings, origins or token identity were changed."""


@dataclass(frozen=True, slots=True)
class StaffAppointed(Kind):
    """A reader was given a role at the site."""

    reader_id: int
    role: str


@dataclass(frozen=True, slots=True)
class StaffDismissed(Kind):
    """A reader's role at the site ended."""

    reader_id: int


@dataclass(frozen=True, slots=True)
class RulebookPublished(Kind):
    """A new version of the rules is in force."""

    rulebook_id: int
    version: int


@dataclass(frozen=True, slots=True)
class RulebookAccepted(Kind):
    """A reader accepted a version of the rules."""

    reader_id: int
    rulebook_id: int


@dataclass(frozen=True, slots=True)
class StoryAdded(Kind):
    """A story became known."""

    story_id: int


@dataclass(frozen=True, slots=True)
class StoryModeChanged(Kind):
    """A story was opened, closed, held first or suspended."""

    story_id: int
    mode: str
    before: str


@dataclass(frozen=True, slots=True)
class QuestionPinned(Kind):
    """An editor pinned a question above a thread, or took it off."""

    story_id: int
    pinned: bool


@dataclass(frozen=True, slots=True)
class StoryAuthorNamed(Kind):
    """An editor named a reader as a story's author, or no longer."""

    story_id: int
    reader_id: int
    named: bool


@dataclass(frozen=True, slots=True)
class CommentPosted(Kind):
    """A comment was sent and settled; ``status`` is published, held or refused."""

    comment_id: int
    story_id: int
    author_id: int
    status: str
    parent_id: int | None = None
    code: str = ""
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class CommentEdited(Kind):
    """A new revision was settled; ``status`` is what the comment became."""

    comment_id: int
    story_id: int
    revision: int
    status: str
    code: str = ""
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class CommentWithdrawn(Kind):
    """Its author took a comment back; ``lapsed`` are the reports that waited about it."""

    comment_id: int
    story_id: int
    lapsed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CommentReported(Kind):
    """A reader reported a comment under a rule; ``answered_by`` is what had answered it before."""

    report_id: int
    comment_id: int
    story_id: int
    rule: str
    lane: str = "rule"
    legal_notice_id: int | None = None
    rulebook_id: int | None = None
    answered_by: int | None = None


@dataclass(frozen=True, slots=True)
class CommentHeld(Kind):
    """Reports were strong enough to hold a published comment until a person decides."""

    comment_id: int
    story_id: int
    rule: str


@dataclass(frozen=True, slots=True)
class CommentFeatured(Kind):
    """An editor featured a comment, or stopped featuring it."""

    comment_id: int
    story_id: int
    featured: bool


@dataclass(frozen=True, slots=True)
class ReaderRenamed(Kind):
    """A reader changed their display name."""

    reader_id: int


@dataclass(frozen=True, slots=True)
class ReaderErased(Kind):
    """A reader's account was erased at their wish.

    ``restricted`` of their comments are kept as evidence, out of the public.
    """

    reader_id: int
    restricted: int = 0


KINDS: dict[str, type[Kind]] = {kind.__name__: kind for kind in Kind.__subclasses__()}
"""Every kind by its name, whichever module tells it."""
