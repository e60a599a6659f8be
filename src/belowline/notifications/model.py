"""What a notice is: something that one reader is told, once, from a moment on.

A notice holds ids and codes; its words are made in ``messages`` each time that it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from belowline.core.happened import Plain
from belowline.core.terms import (
    DecisionId,
    NoticeId,
    NoticeKind,
    Outcome,
    ReaderId,
    RuleKey,
    SanctionKind,
    SiteId,
    Source,
    StoryId,
)

MOST_COUNTED = 100
"""Beyond so many new comments nobody is told a number."""


class MailState(StrEnum):
    """What becomes of a notice's letter."""

    NONE = "none"
    """No letter: no address, not wanted, mail is off, or it was read on the page first."""
    WAITING = "waiting"
    """Not sent yet, or being sent now; ``due_at`` says when it may be tried next."""
    SENT = "sent"
    FAILED = "failed"
    """Given up after the last try."""


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice about to be stored. One event tells one reader one kind of thing once."""

    site_id: SiteId
    reader_id: ReaderId
    kind: NoticeKind
    event_seq: int
    at: datetime
    """When the event happened; what the reader sees as the notice's time."""
    due_at: datetime
    facts: Mapping[str, Plain] = field(default_factory=dict)
    by_mail: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it is kept."""

    id: NoticeId
    site_id: SiteId
    reader_id: ReaderId
    kind: NoticeKind
    event_seq: int
    at: datetime
    due_at: datetime
    read_at: datetime | None
    mail: MailState
    mail_tries: int
    facts: Mapping[str, Plain]

    def number(self, name: str) -> int | None:
        """Return an id from the facts, or None if it is not among them."""
        value = self.facts.get(name)
        return value if isinstance(value, int) else None

    def says(self, name: str) -> bool:
        """Say whether a yes-or-no fact is there and true."""
        return self.facts.get(name) is True

    def moment(self, name: str) -> datetime | None:
        """Return a time from the facts, or None if it is not among them."""
        value = self.facts.get(name)
        return datetime.fromisoformat(value) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class CitedRule:
    """The rule that a decision cites, in the version of the rules that it cites."""

    key: RuleKey
    title: str
    version: int


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Everything that the words of a notice may depend on, looked up. Never a reader's words.

    ``reason`` and ``featured_reason`` are in the words of the staff.
    """

    site_key: str
    site_name: str
    language: str = "en"
    """The site's, as a BCP 47 tag."""
    story_title: str = ""
    comment_id: int | None = None
    decision_id: DecisionId | None = None
    outcome: Outcome | None = None
    automated: bool = False
    source: Source | None = None
    rule: CitedRule | None = None
    reason: str = ""
    decided_at: datetime | None = None
    was_published: bool = False
    """Whether readers had seen the comment before the decision."""
    sanction: SanctionKind | None = None
    ends_at: datetime | None = None
    appeal_until: datetime | None = None
    upheld: bool = False
    """Whether an appeal was upheld."""
    undone: bool = False
    """Whether the notice takes an earlier one back."""
    earned: bool = False
    """Whether a sanction ended early by what the reader has written since."""
    is_review: bool = False
    """Whether what waits is the review of a withdrawal, and not a proposed one."""
    withdrawn: bool = False
    """Whether the author took the comment back before anybody decided."""
    featured_reason: str = ""
    story_id: StoryId | None = None
    """For new comments: the story that is followed."""
    story_key: str = ""
    by_reporter: bool = False
    """Whether an appeal is by somebody who reported, or its answer is for them."""
    report_id: int | None = None
    """The reader's own report, where the notice is about one."""
    new_count: int = 0
    """How many comments are new and still there; at most ``MOST_COUNTED``."""
