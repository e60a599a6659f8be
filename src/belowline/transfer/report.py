"""What one run of an import counts, dry or real.

Reasons are closed sets of codes, so that a dry run and the real one report the same thing in any
language. Nothing here holds a reader's words.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from belowline.transfer.codes import Hide, RecordKind, Repair, Skip
from belowline.transfer.shape import (
    Record,
    Repaired,
    Skipped,
    SourceAccount,
    SourceComment,
    SourceDecision,
    SourceNote,
    SourceReaction,
    SourceReport,
    SourceSanction,
    SourceStory,
)

KINDS: dict[type, RecordKind] = {
    SourceAccount: RecordKind.AUTHOR,
    SourceReaction: RecordKind.REACTION,
    SourceReport: RecordKind.REPORT,
    SourceDecision: RecordKind.DECISION,
    SourceSanction: RecordKind.SANCTION,
    SourceNote: RecordKind.NOTE,
}


class Tally(StrEnum):
    """What a line of the report counts."""

    STORIES_READ = "stories_read"
    COMMENTS_READ = "comments_read"
    OTHERS_READ = "others_read"
    """Accounts, reactions, reports and the like, by kind."""
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
    others_read: Counter[RecordKind] = field(default_factory=Counter)
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
                elif kind is RecordKind.STORY:
                    self.stories_read += 1
                else:
                    self.others_read[kind] += 1
            case Repaired(kind=kind, reason_code=repair):
                self.repaired[kind, repair] += 1
            case _:
                self.others_read[KINDS[type(record)]] += 1

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
        others = (
            ReportLine(Tally.OTHERS_READ, n, None, kind)
            for kind, n in sorted(self.others_read.items())
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
        return (*totals, *others, *hidden, *skipped, *repaired)
