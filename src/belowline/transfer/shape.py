"""The one neutral shape that every importer yields and that ``intake`` consumes.

An importer (``wordpress.py`` and its siblings) turns a foreign file into these records, in any
order and one at a time, and knows nothing of the database; the intake knows these records and
nothing of foreign files. Ids are the source's own, as text, and unique within their kind.
Texts are untrusted. Times are aware of their zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from belowline.core.terms import Role, SanctionKind
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip


@dataclass(frozen=True, slots=True)
class SourceStory:
    """A story as the source knew it. ``visible`` says whether the public could read it there.

    ``key`` is the publisher's own identifier where the source has one that is more than an
    address. ``aliases`` are further addresses of the same page that the source knew.
    """

    source_id: str
    url: str
    title: str
    section: str | None
    published_at: datetime | None
    open: bool
    visible: bool
    key: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceAuthor:
    """Who wrote a comment. ``name`` may be empty and is never a reason to merge two authors.

    ``source_id`` is set only for an account at the source; ``email`` was typed and never proven.
    An account may also come as a record of its own, ``SourceAccount``, before or after.
    """

    source_id: str | None
    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """An account at the source, with what it needs to be claimed by whoever can prove it theirs.

    ``email`` counts as proof's target only if ``email_verified``: the source sent something there
    and got an answer. ``identities`` are (issuer, subject) pairs of other sign-ins, such as
    ``("google", "1092…")`` or a publisher's own issuer. ``role`` is what the account did there;
    nobody gets a role here by an import alone.
    """

    source_id: str
    name: str
    email: str | None = None
    email_verified: bool = False
    identities: tuple[tuple[str, str], ...] = ()
    created_at: datetime | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class SourceRevision:
    """An earlier wording of a comment. ``html`` and ``text`` are as in ``SourceComment``."""

    html: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SourceComment:
    """A comment as the source knew it.

    ``html`` is the original body, untrusted, kept for later runs and never shown. ``text`` is the
    body in our own Markdown subset, to be rendered like a new comment's; both may be empty if
    the status is ``DELETED``, for then only the place is left. The same ``source_id`` may
    come again with a stricter status; the landing settles that, missing parents and cycles.

    ``earlier`` are the wordings before this one, oldest first. ``respect`` is how many readers
    agreed, where the source keeps the sum and not the people (negative sums count as 0);
    people come as ``SourceReaction``, and then ``respect`` is 0.
    """

    source_id: str
    story_source_id: str
    parent_source_id: str | None
    author: SourceAuthor
    html: str
    text: str
    created_at: datetime
    status: ImportStatus
    hidden_because: Hide | None = None
    earlier: tuple[SourceRevision, ...] = ()
    edited_at: datetime | None = None
    respect: int = 0
    featured_at: datetime | None = None

    def __post_init__(self) -> None:
        """Make a hidden comment without a reason, and a public one with one, unwritable."""
        if (self.status is ImportStatus.PUBLISHED) is not (self.hidden_because is None):
            raise ValueError("exactly the comments that are not published say why")


@dataclass(frozen=True, slots=True)
class SourceReaction:
    """Somebody's agreement with a comment. What means disagreement at the source is not one."""

    comment_source_id: str
    account_source_id: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """A reader's report. ``reason`` is the source's own code, ``note`` the reporter's words."""

    source_id: str
    comment_source_id: str
    account_source_id: str | None
    reason: str
    note: str
    created_at: datetime


class SourceOutcome(StrEnum):
    """What a decision at the source did to a comment."""

    KEPT = "kept"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class SourceDecision:
    """What a person, or without ``account_source_id`` the source itself, decided on a comment."""

    source_id: str
    comment_source_id: str
    account_source_id: str | None
    outcome: SourceOutcome
    reason: str
    """The source's own code, or empty."""
    note: str
    """The reason in words, or empty."""
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class SourceSanction:
    """A limit on an account. ``ends_at`` is None where it had no end at the source."""

    source_id: str
    account_source_id: str
    kind: SanctionKind
    starts_at: datetime
    ends_at: datetime | None
    note: str
    imposed_by: str | None = None
    """The account that imposed it, or None for the source itself."""


@dataclass(frozen=True, slots=True)
class SourceNote:
    """What staff noted about an account. Never for the reader's eyes."""

    source_id: str
    account_source_id: str
    by_account_source_id: str | None
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is left out. ``detail`` never holds a reader's words, name or address."""

    kind: RecordKind
    source_id: str
    reason_code: Skip
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Repaired:
    """Something put right in the record that bears this id."""

    kind: RecordKind
    source_id: str
    reason_code: Repair
    detail: str = ""


Source = (
    SourceStory
    | SourceAccount
    | SourceComment
    | SourceReaction
    | SourceReport
    | SourceDecision
    | SourceSanction
    | SourceNote
)
"""What can come in."""

Record = Source | Skipped | Repaired
