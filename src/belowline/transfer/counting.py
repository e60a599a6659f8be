"""What an import does, counted from its landing: the same for a dry run and for the real one."""

from __future__ import annotations

from belowline.transfer.codes import Hide, RecordKind, Repair, Skip
from belowline.transfer.landing import Landing
from belowline.transfer.report import Report
from belowline.transfer.tightening import TIGHTER

_SKIPPED_WHEN_READ = (
    "SELECT count(*) FROM remarks WHERE stage = 1 AND tally = 'skipped' AND kind = ?"
)
_OTHERS = (
    ("accounts", "'author'"),
    ("reactions", "'reaction'"),
    ("history", "kind"),
)


def count(landing: Landing) -> Report:
    """Count what was read, what will be stored, and what is hidden, left out and put right."""
    report = Report(
        stories_read=_read(landing, "stories", RecordKind.STORY),
        comments_read=_read(landing, "comments", RecordKind.COMMENT),
        new_stories=landing.count(
            "SELECT count(*) FROM stories WHERE under = id AND target IS NULL AND met > 0"
        ),
        would_import=landing.count("SELECT count(*) FROM ordered"),
        merged=landing.count("SELECT count(*) FROM tree WHERE target IS NOT NULL AND skip IS NULL"),
    )
    for table, kind in _OTHERS:
        for name, number in landing.run(f"SELECT {kind}, sum(met) FROM {table} GROUP BY 1"):
            if number:
                report.others_read[RecordKind(name)] += number
    _count_others(landing, report)
    hidden = landing.run(
        "SELECT hidden, count(*) FROM ordered o JOIN comments c ON c.id = o.id"
        " WHERE hidden IS NOT NULL GROUP BY hidden"
    )
    for code, number in hidden:
        report.hidden[Hide(code)] = number
    remarks = landing.run(
        "SELECT tally, kind, why, stage,"
        " sum(iif(stage = 2 AND why = 'duplicate', CAST(detail AS INTEGER), 1))"
        " FROM remarks GROUP BY tally, kind, why, stage"
    )
    for tally, name, why, stage, number in remarks:
        kind_of = RecordKind(name)
        if tally == "repaired":
            report.repaired[kind_of, Repair(why)] += number
            continue
        report.skipped[kind_of, Skip(why)] += number
        if stage == 1 and kind_of not in {RecordKind.STORY, RecordKind.COMMENT}:
            report.others_read[kind_of] += number
    return report


def _count_others(landing: Landing, report: Report) -> None:
    new = landing.run(
        "SELECT h.kind, count(*) FROM past p JOIN history h ON h.id = p.id GROUP BY h.kind"
        " UNION ALL SELECT 'reaction', count(*) FROM agreed WHERE NOT is_here"
    )
    merged = landing.run(
        "SELECT h.kind, count(*) FROM history h JOIN here x"
        " ON x.kind = h.kind AND x.source_id = h.source_id GROUP BY h.kind"
        " UNION ALL SELECT 'reaction', count(*) FROM agreed WHERE is_here"
    )
    for found, numbers in ((new, report.new_others), (merged, report.others_merged)):
        for name, number in found:
            if number:
                numbers[RecordKind(name)] = number
    report.tightened = landing.count(f"SELECT count(*) FROM ({TIGHTER})", 0, -1)


def _read(landing: Landing, table: str, kind: RecordKind) -> int:
    read = landing.count(f"SELECT sum(met) FROM {table}")
    return read + landing.count(_SKIPPED_WHEN_READ, kind.value)
