"""A report down to the record: what becomes of each, and why. No reader's words are in it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from belowline.core.sheets import harmless
from belowline.transfer.landing import Landing

COLUMNS = ("kind", "source_id", "what", "why", "detail")

Line = tuple[str, str, str, str, str]
"""Kind of record, its id at the source, what becomes of it, why, and a code or an id beside it."""

_STORIES = """
SELECT 'story', s.source_id,
    CASE WHEN h.target IS NOT NULL THEN 'merged' WHEN s.under <> s.id THEN 'joined'
        WHEN s.target IS NOT NULL THEN 'joined' ELSE 'imported' END,
    '', coalesce(s.new_key, f.new_key, '')
FROM stories s JOIN stories f ON f.id = s.under
LEFT JOIN here h ON h.kind = 'story' AND h.source_id = s.source_id
WHERE s.met > 0 ORDER BY s.id
"""
_COMMENTS = """
SELECT 'comment', c.source_id,
    CASE WHEN t.target IS NOT NULL THEN 'merged' WHEN c.hidden IS NULL THEN 'imported'
        ELSE 'hidden' END,
    coalesce(c.hidden, ''), c.story
FROM tree t JOIN comments c ON c.id = t.id WHERE t.skip IS NULL ORDER BY t.id
"""
_OTHERS = """
SELECT h.kind, h.source_id, iif(p.id IS NULL, 'merged', 'imported'), '', coalesce(h.comment, '')
FROM history h LEFT JOIN past p ON p.id = h.id
WHERE h.id NOT IN (SELECT id FROM lost_history) ORDER BY h.id
"""
_AUTHORS = "SELECT 'author', source_id, 'read', '', coalesce(role, '') FROM accounts ORDER BY 2"
_REMARKS = "SELECT kind, source_id, tally, why, detail FROM remarks ORDER BY id"
_COUNTS = """
SELECT 'story', f.source_id, 'comments', c.status, count(*)
FROM ordered o JOIN tree t ON t.id = o.id JOIN comments c ON c.id = o.id
JOIN stories f ON f.id = t.story GROUP BY t.story, c.status ORDER BY t.story, c.status
"""


def list_details(landing: Landing) -> Iterator[Line]:
    """Give a line for each record, then one for each repair and for each record left out."""
    for query in (_STORIES, _COUNTS, _AUTHORS, _COMMENTS, _OTHERS, _REMARKS):
        for kind, source_id, what, why, detail in landing.run(query):
            yield kind, _unnamed(source_id), what, why, _unnamed(str(detail))


def write_details(landing: Landing, path: Path) -> None:
    """Write the report to a file: as CSV if its name ends so, else as JSON lines."""
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix.lower() == ".csv":
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(map(harmless, line) for line in list_details(landing))
            return
        for line in list_details(landing):
            file.write(json.dumps(dict(zip(COLUMNS, line, strict=True)), ensure_ascii=False) + "\n")


def _unnamed(source_id: str) -> str:
    """Return an id without what could be somebody's address; there are sources with such ids."""
    return source_id if "@" not in source_id else "(an address)"
