"""The words of Belowline, as types: ids and the closed sets of values that two or more nouns share.

This is the glossary in code. It holds no behaviour: if a function wants to live here, a noun is
missing. Every enum is stored by its value, so a value is never renamed, only added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

SiteId = NewType("SiteId", int)
StoryId = NewType("StoryId", int)
CommentId = NewType("CommentId", int)
ReaderId = NewType("ReaderId", int)
RulebookId = NewType("RulebookId", int)
ReportId = NewType("ReportId", int)
CaseId = NewType("CaseId", int)
DecisionId = NewType("DecisionId", int)
SanctionId = NewType("SanctionId", int)
AppealId = NewType("AppealId", int)
NoticeId = NewType("NoticeId", int)
DefamationId = NewType("DefamationId", int)
ViewId = NewType("ViewId", int)

RuleKey = NewType("RuleKey", str)
"""A rule's stable name inside a site's rulebooks, such as ``personal-attack``."""


class StoryMode(StrEnum):
    """How a story takes comments."""

    OPEN = "open"
    HOLD_FIRST = "hold_first"
    """Every comment waits for a moderator before it is published."""
    CLOSED = "closed"
    """The thread can be read; nothing new is taken."""
    SUSPENDED = "suspended"
    """For legal reasons: the thread is hidden behind a neutral notice, the evidence is kept."""


class CommentStatus(StrEnum):
    """Where a comment stands."""

    PUBLISHED = "published"
    HELD = "held"
    """Waits for a person; its author alone can see it."""
    REFUSED = "refused"
    """A screen found a certain breach; only its author sees it, with the rule and the reason."""
    REMOVED = "removed"
    """A decision took it down; its place and, if it was published, a neutral line remain."""
    WITHDRAWN = "withdrawn"
    """Its author took it back."""


class Role(StrEnum):
    """What somebody does for a site. A reader has none."""

    MODERATOR = "moderator"
    EDITOR = "editor"
    OWNER = "owner"


class Privilege(StrEnum):
    """A verb that a route may ask standing for. Every route names exactly one."""

    READ = "read"
    SIGN_IN = "sign_in"
    READ_OWN = "read_own"
    """See one's own standing, comments, notices and data."""
    POST = "post"
    REPLY = "reply"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    """Take back an own comment."""
    REACT = "react"
    REPORT = "report"
    GIVE_NOTICE = "give_notice"
    """Say that a comment is illegal; nobody needs an account."""
    CHANGE_NAME = "change_name"
    APPEAL = "appeal"
    ACKNOWLEDGE = "acknowledge"
    """Acknowledge a warning, or mark notices as read."""
    EXPORT = "export"
    ERASE = "erase"
    MODERATE = "moderate"
    DECIDE_APPEAL = "decide_appeal"
    FEATURE = "feature"
    MANAGE_STORY = "manage_story"
    WRITE_RULES = "write_rules"
    ANSWER_FOR_SITE = "answer_for_site"
    """Set the legal profile, publish the transparency report, see the quality figures."""
    APPOINT = "appoint"


class SanctionKind(StrEnum):
    """The steps of the published ladder that are kept on file, mildest first."""

    WARNING = "warning"
    """Must be acknowledged before the next comment; on file for 90 days."""
    SLOWED = "slowed"  # A comment every quarter of an hour at most.
    HOLD_FIRST = "hold_first"
    """The reader's own comments are held for a moderator first."""
    SUSPENSION = "suspension"
    """No posting, replying, editing, reacting or reporting until a date."""
    WITHDRAWAL = "withdrawal"
    """The privilege to comment is withdrawn; reading, data and appeal stay."""
    REPORT_WARNING = "report_warning"
    REPORT_PAUSE = "report_pause"


HELD_AFTER_SUSPENSION = timedelta(days=7)
"""So long after a suspension has run out, the reader's comments are held first."""
SLOWED_TO = timedelta(minutes=15)  # What a reader who is slowed down waits between comments.

NO_MARK = frozenset({RuleKey("off-topic")})
"""Rules under which a removal only tidies up: it is no mark on the reader and leads to no step."""


class ScreenName(StrEnum):
    """The automatic checks before publication."""

    LENGTH = "length"
    SHOUTING = "shouting"
    LINKS = "links"
    REPEATS = "repeats"
    WORDS = "words"
    NEWCOMER = "newcomer"
    RATE = "rate"
    CLASSIFIER = "classifier"
    EXTERNAL = "external"
    NAMES = "names"


class Finding(StrEnum):
    """A screen's answer, mildest first."""

    PASS = "pass"  # noqa: S105 - a finding, not a password
    HOLD = "hold"
    REFUSE = "refuse"
    UNAVAILABLE = "unavailable"
    """The screen could not run. The comment is held, never silently published."""


class Outcome(StrEnum):
    """What a decision does."""

    PUBLISH = "publish"
    """A held or refused comment goes live."""
    KEEP = "keep"
    """A published comment stays; its reports are dismissed."""
    REMOVE = "remove"
    HOLD = "hold"
    """Settled by the system: wait for a person."""
    REFUSE = "refuse"
    """Settled by the system: a certain breach."""
    RESTORE = "restore"
    """An appeal was upheld: the comment is back at its place and time."""
    SANCTION = "sanction"
    LIFT = "lift"
    """A sanction ends before its time."""


class Source(StrEnum):
    """How the matter of a decision came up."""

    OWN_INITIATIVE = "own_initiative"
    REPORT = "report"
    SCREEN = "screen"
    LEGAL_NOTICE = "legal_notice"
    ORDER = "order"
    APPEAL = "appeal"
    EARLIER_SYSTEM = "earlier_system"
    """Decided where the site had its comments before; not a decision of ours."""


class CaseState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class ReportState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    LAPSED = "lapsed"
    """Nothing is left to answer: the author took the comment back, or left altogether."""


class AppealState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    """A reporter's, over without an answer: the comment that it was about is gone."""


class NoticeKind(StrEnum):
    """What a reader or a member of staff is told."""

    REPLY = "reply"
    COMMENT_DECIDED = "comment_decided"
    REPORT_ANSWERED = "report_answered"
    SANCTION_IMPOSED = "sanction_imposed"
    SANCTION_LIFTED = "sanction_lifted"
    APPEAL_RECEIVED = "appeal_received"
    APPEAL_DECIDED = "appeal_decided"
    COMMENT_FEATURED = "comment_featured"
    RULEBOOK_PUBLISHED = "rulebook_published"
    NEW_COMMENTS = "new_comments"
    """Somebody wrote under a story that the reader follows."""
    STORY_SLOWED = "story_slowed"
    """To the staff: a conversation is heated and has been slowed down."""
    LEGAL_NOTICE = "legal_notice"
    """To the staff: a notice of defamation asks for something."""
    WITHDRAWAL_WAITS = "withdrawal_waits"  # To the staff: for an answer, or for a review.
    WITHDRAWAL_REVIEWED = "withdrawal_reviewed"  # It was looked at again and stays.


class ThreadChange(StrEnum):
    """What readers last saw happen to a comment."""

    NEW = "new"
    EDITED = "edited"
    """Another text, or another name beside it."""
    FEATURED = "featured"
    """Featured by the editors, or not any more."""
    GONE = "gone"
    """Withdrawn, removed or held; whether a neutral line stays depends on its replies."""
    BACK = "back"


class ThreadOrder(StrEnum):
    """In what order a thread's roots stand; replies always follow what they answer."""

    BEST = "best"
    """What readers of both sides respect; see threads/ranking.py."""
    NEWEST = "newest"
    OLDEST = "oldest"
    REPLIED = "replied"
    """What was answered most."""
    NEWSROOM = "newsroom"
    """Where the newsroom spoke last, then the rest, newest first."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a comment's plain text: code-point offsets, ``end`` excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """One screen's answer about one revision.

    ``code`` is a stable word saying why (``too_many_links``); ``rule`` is the rule that the text
    would break, always set when ``finding`` is ``REFUSE``.
    """

    screen: ScreenName
    finding: Finding
    code: str = "clean"
    rule: RuleKey | None = None
    passages: tuple[Passage, ...] = ()
    detail: dict[str, int | float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make a refusal without a rule unwritable."""
        if self.finding is Finding.REFUSE and self.rule is None:
            raise ValueError("a refusing verdict cites a rule")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a reader (staff are readers too) or the system itself."""

    reader_id: ReaderId | None
    system: str | None = None

    @classmethod
    def of_system(cls, name: str) -> Actor:
        """Name a part of Belowline (``screens``, ``upkeep``) or a tool (``cli``) as the actor."""
        return cls(None, name)

    def __str__(self) -> str:
        return f"reader:{self.reader_id}" if self.reader_id is not None else f"system:{self.system}"


@dataclass(frozen=True, slots=True)
class SanctionInForce:
    """A sanction that has begun, has not ended and has not been lifted."""

    id: SanctionId
    kind: SanctionKind
    starts_at: datetime
    ends_at: datetime | None
    """None only for a withdrawal, which lasts until an appeal or a review."""
    acknowledged: bool
    """Whether the reader has acknowledged it. Matters for a warning."""
    rule: RuleKey | None
    decision_id: DecisionId


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not allowed, in a form that a page can show beside a missing button."""

    code: str
    message: str
    until: datetime | None = None
    rule: RuleKey | None = None
    decision_id: DecisionId | None = None
