"""What one run of an import counts, dry or real.

Reasons are closed sets of codes, so that a dry run and the real one report the same thing in any
language. Nothing here holds a reader's words.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from belowline.transfer.codes import Hide, RecordKind, Repair, Skip


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
    NEW_OTHERS = "new_others"
    """Reports, decisions and the like that come in, by kind."""
    OTHERS_MERGED = "others_merged"
    TIGHTENED = "tightened"
    """Comments that are here and that the source has hidden since."""
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
    new_others: Counter[RecordKind] = field(default_factory=Counter)
    others_merged: Counter[RecordKind] = field(default_factory=Counter)
    tightened: int = 0
    hidden: Counter[Hide] = field(default_factory=Counter)
    skipped: Counter[tuple[RecordKind, Skip]] = field(default_factory=Counter)
    repaired: Counter[tuple[RecordKind, Repair]] = field(default_factory=Counter)

    def lines(self) -> tuple[ReportLine, ...]:
        """Return the report's lines in their fixed order; totals always, reasons if any."""
        totals = (
            ReportLine(Tally.STORIES_READ, self.stories_read),
            ReportLine(Tally.COMMENTS_READ, self.comments_read),
            ReportLine(Tally.NEW_STORIES, self.new_stories),
            ReportLine(Tally.WOULD_IMPORT, self.would_import),
            ReportLine(Tally.MERGED, self.merged),
        )
        others = _each(Tally.OTHERS_READ, self.others_read)
        new_others = _each(Tally.NEW_OTHERS, self.new_others)
        merged = _each(Tally.OTHERS_MERGED, self.others_merged)
        tightened = (ReportLine(Tally.TIGHTENED, self.tightened),) if self.tightened else ()
        hidden = (ReportLine(Tally.HIDDEN, n, code) for code, n in sorted(self.hidden.items()))
        skipped = (
            ReportLine(Tally.SKIPPED, n, code, kind)
            for (kind, code), n in sorted(self.skipped.items())
        )
        repaired = (
            ReportLine(Tally.REPAIRED, n, code, kind)
            for (kind, code), n in sorted(self.repaired.items())
        )
        return (*totals, *others, *new_others, *merged, *tightened, *hidden, *skipped, *repaired)


def _each(tally: Tally, numbers: Counter[RecordKind]) -> list[ReportLine]:
    return [ReportLine(tally, number, None, kind) for kind, number in sorted(numbers.items())]
