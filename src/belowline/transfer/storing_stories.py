"""The stories of an import, stored before their comments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from belowline.core.terms import StoryMode
from belowline.events import kinds, log
from belowline.storage.database import Tx
from belowline.storage.imported import put_targets
from belowline.stories import past as stories
from belowline.stories.model import StoryDraft
from belowline.transfer.mapping import same_page

if TYPE_CHECKING:
    from belowline.transfer.storing import Storing

STORIES = 500

_BATCH = """
SELECT s.id, s.source_id, s.title, s.mapped, s.new_key, s.is_open, s.visible, s.under, f.target
FROM stories s JOIN stories f ON f.id = s.under
LEFT JOIN here h ON h.kind = 'story' AND h.source_id = s.source_id
WHERE s.id > ? AND h.target IS NULL ORDER BY s.id LIMIT ?
"""


class _Row(NamedTuple):
    """A story that is not known here, with what it goes under and what that is here already."""

    id: int
    source_id: str
    title: str
    mapped: str | None
    new_key: str | None
    is_open: int
    visible: int
    under: int
    target: int | None


def store_stories(storing: Storing, after: int) -> None:
    """Store the stories that are not here, behind this one in the landing."""
    intake = storing.intake
    while rows := [_Row(*row) for row in storing.landing.run(_BATCH, after, STORIES)]:
        after = rows[-1].id
        with intake.db.write(storing.actor) as tx:
            new = _store(tx, storing, rows)
            storing.moved(tx, "stories", after, {"story": new})


def _store(tx: Tx, storing: Storing, rows: list[_Row]) -> int:
    site = storing.intake.site
    new = [row for row in rows if row.under == row.id and row.target is None]
    keys = [row.new_key or "" for row in new]
    there = stories.find_addresses(tx.conn, site.id, keys)
    drafts: list[StoryDraft] = []
    added: list[_Row] = []
    for row, wanted in zip(new, keys, strict=True):
        key = wanted
        if key in there:
            # An embed on the page made it since the file was put in order.
            story_id, url = there[key]
            if row.mapped is not None and same_page(url, row.mapped):
                storing.stories[row.id] = story_id
                continue
            key = f"{key[:90]}-{storing.run.id}-{row.id}"
        mode = StoryMode.OPEN if row.is_open else StoryMode.CLOSED
        mode = mode if row.visible else StoryMode.SUSPENDED
        url = row.mapped or site.origins[0]
        drafts.append(StoryDraft(key, row.title or key, url, mode))
        added.append(row)
    ids = stories.add_past_stories(tx, site.id, drafts)
    for row, story_id in zip(added, ids, strict=True):
        storing.stories[row.id] = story_id
    log.append_each(tx, [(site.id, tx.actor, kinds.StoryAdded(one)) for one in ids])
    storing.stories.find(tx.conn, {row.under for row in rows if row.target is None})
    made = {row.id for row in added}
    for is_made in (True, False):
        # Of a story that was here before, an undo must not think that the import had made it.
        origin = storing.origin if is_made else replace(storing.origin, import_id=None)
        targets = [
            (row.source_id, row.target or storing.stories[row.under], None)
            for row in rows
            if (row.id in made) is is_made
        ]
        put_targets(tx, origin, kind="story", targets=targets)
    return len(ids)
