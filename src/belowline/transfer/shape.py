"""The one neutral shape that every importer yields and that the import action consumes.

An importer (``wordpress.py`` and its siblings) turns a foreign file into these records and knows
nothing of the database; the action knows these records and nothing of foreign files. Reasons are
closed sets of codes, so that a dry run and the real one report the same thing in any language.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import assert_never


class ImportStatus(StrEnum):
    """Where a comment stood at the source. Only ``PUBLISHED`` may ever be shown to the public."""

    PUBLISHED = "published"
    HELD = "held"
    """Was waiting for a moderator there; may wait for one here."""
    HIDDEN = "hidden"
    """Not public for a reason that is not the comment's own, such as a draft story. Nobody decided
    against it, so it must never count against its author."""
    REMOVED = "removed"
    """The source's moderators took it down."""


STRICTNESS = {
    ImportStatus.PUBLISHED: 0,
    ImportStatus.HELD: 1,
    ImportStatus.HIDDEN: 2,
    ImportStatus.REMOVED: 3,
}
"""When the same comment is met twice, the higher number wins: nothing hidden gets published."""


class Hide(StrEnum):
    """Why a comment that is imported does not go live."""

    PENDING = "pending"
    TRASHED = "trashed"
    STORY_NOT_PUBLIC = "story_not_public"
    """The story is a draft, private, scheduled, behind a password, in the bin, or says nothing."""
    NOT_A_STORY = "not_a_story"
    """It stands under something that is no story, such as a picture's own page."""
    UNKNOWN_STATUS = "unknown_status"
    """The source says something about it that we do not know; unknown is never public."""


class RecordKind(StrEnum):
    STORY = "story"
    COMMENT = "comment"


class Skip(StrEnum):
    """Why a record is left out altogether."""

    NOT_A_STORY = "not_a_story"
    DUPLICATE = "duplicate"
    NO_ID = "no_id"
    NO_ADDRESS = "no_address"
    STORY_SKIPPED = "story_skipped"
    NO_DATE = "no_date"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    SPAM = "spam"
    PINGBACK = "pingback"
    TRACKBACK = "trackback"
    NOTE = "note"
    """The newsroom's own talk about a story. It must never reach a reader."""
    OTHER_KIND = "other_kind"


class Repair(StrEnum):
    """What was put right in a record that is imported nevertheless."""

    DATE_FROM_LOCAL = "date_from_local"
    DATE_FROM_STORY = "date_from_story"
    DATE_IN_FUTURE = "date_in_future"
    EMAIL_DROPPED = "email_dropped"
    ID_REUSED = "id_reused"
    """Two different things bore one id (joined files); the later one got a longer id."""
    PARENT_MISSING = "parent_missing"
    PARENT_ELSEWHERE = "parent_elsewhere"
    PARENT_CYCLE = "parent_cycle"
    STATUS_TIGHTENED = "status_tightened"
    """Met twice with different standing; the stricter one counts."""


@dataclass(frozen=True, slots=True)
class SourceStory:
    """A story as the source knew it. ``visible`` says whether the public could read it there."""

    source_id: str
    url: str
    title: str
    section: str | None
    published_at: datetime | None
    open: bool
    visible: bool


@dataclass(frozen=True, slots=True)
class SourceAuthor:
    """Who wrote a comment. ``name`` may be empty and is never a reason to merge two authors.

    ``source_id`` is set only for an account at the source; ``email`` was typed and never proven.
    """

    source_id: str | None
    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class SourceComment:
    """A comment as the source knew it.

    ``html`` is the original body, untrusted, kept for later runs and never shown. ``text`` is the
    body in our own Markdown subset, to be rendered like a new comment's. The same ``source_id`` may
    come again with a stricter status; ``tree.order_comments`` settles that, missing parents and
    cycles.
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

    def __post_init__(self) -> None:
        """Make a hidden comment without a reason, and a public one with one, unwritable."""
        if (self.status is ImportStatus.PUBLISHED) is not (self.hidden_because is None):
            raise ValueError("exactly the comments that are not published say why")


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


Record = SourceStory | SourceComment | Skipped | Repaired


class Tally(StrEnum):
    """What a line of the report counts."""

    STORIES_READ = "stories_read"
    COMMENTS_READ = "comments_read"
    NEW_STORIES = "new_stories"
    WOULD_IMPORT = "would_import"
    MERGED = "merged"
    HIDDEN = "hidden"
    SKIPPED = "skipped"
    REPAIRED = "repaired"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One count, with what it counts and why; the caller finds the words for both."""

    tally: Tally
    count: int
    reason_code: str | None = None
    kind: RecordKind | None = None


@dataclass(slots=True)
class Report:
    """The counts of one run, dry or real. It counts and prints nothing."""

    stories_read: int = 0
    comments_read: int = 0
    new_stories: int = 0
    would_import: int = 0
    merged: int = 0
    hidden: Counter[Hide] = field(default_factory=Counter)
    skipped: Counter[tuple[RecordKind, Skip]] = field(default_factory=Counter)
    repaired: Counter[tuple[RecordKind, Repair]] = field(default_factory=Counter)

    def take(self, record: Record) -> None:
        """Count a record as an importer or ``tree.order_comments`` yields it."""
        match record:
            case SourceStory():
                self.stories_read += 1
            case SourceComment():
                self.comments_read += 1
            case Skipped(kind=kind, reason_code=reason):
                self.skipped[kind, reason] += 1
                if kind is RecordKind.COMMENT:
                    self.comments_read += 1
                else:
                    self.stories_read += 1
            case Repaired(kind=kind, reason_code=repair):
                self.repaired[kind, repair] += 1
            case _:
                assert_never(record)

    def plan(self, comment: SourceComment) -> None:
        """Count a comment, in its final form, that is or would be imported."""
        self.would_import += 1
        if comment.hidden_because is not None:
            self.hidden[comment.hidden_because] += 1

    def merge(self) -> None:
        """Count a comment that an earlier run had already brought in."""
        self.merged += 1

    def lines(self) -> tuple[ReportLine, ...]:
        """Return the report's lines in their fixed order; totals always, reasons if any."""
        totals = (
            ReportLine(Tally.STORIES_READ, self.stories_read),
            ReportLine(Tally.COMMENTS_READ, self.comments_read),
            ReportLine(Tally.NEW_STORIES, self.new_stories),
            ReportLine(Tally.WOULD_IMPORT, self.would_import),
            ReportLine(Tally.MERGED, self.merged),
        )
        hidden = (ReportLine(Tally.HIDDEN, n, code) for code, n in sorted(self.hidden.items()))
        skipped = (
            ReportLine(Tally.SKIPPED, n, code, kind)
            for (kind, code), n in sorted(self.skipped.items())
        )
        repaired = (
            ReportLine(Tally.REPAIRED, n, code, kind)
            for (kind, code), n in sorted(self.repaired.items())
        )
        return (*totals, *hidden, *skipped, *repaired)
