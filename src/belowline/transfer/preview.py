"""A look at which stories of a file would become which here, by the mapping rules of an import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from belowline.transfer.intake import take_in
from belowline.transfer.landing import Landing

if TYPE_CHECKING:
    from belowline.transfer.intake import Intake
    from belowline.transfer.shape import Record

_STORIES = """
SELECT s.url, coalesce(s.mapped, ''), coalesce(f.new_key, ''),
    CASE WHEN h.target IS NOT NULL THEN 'here from an earlier import'
        WHEN s.under <> s.id THEN 'joined with ' || f.source_id
        WHEN s.target IS NOT NULL THEN 'joined with a story here'
        ELSE 'a new story' END,
    (SELECT count(*) FROM comments c WHERE c.story = s.source_id)
FROM stories s JOIN stories f ON f.id = s.under
LEFT JOIN here h ON h.kind = 'story' AND h.source_id = s.source_id
WHERE s.met > 0 ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Previewed:
    """What becomes of a story: its address there and here, its key, and with what it is joined."""

    url: str
    mapped: str
    key: str
    becomes: str
    comments: int


def preview(intake: Intake, records: Iterable[Record]) -> list[Previewed]:
    """Read a file and return what would become of its stories; nothing is stored.

    Raises:
        InvalidInput: the file cannot be read to its end.
    """
    found: list[Previewed] = []

    def look(landing: Landing) -> None:
        landing.run("CREATE INDEX comments_story ON comments (story)")
        found.extend(Previewed(*row) for row in landing.run(_STORIES))

    take_in(replace(intake, dry_run=True, look=look), records)
    return found
