"""Adding whole threads of another time at once: what an import brings.

The rows are made by ``rows`` as for every comment; only how they get there differs. A thread that
comes in like this ends as it would if its comments had been sent one after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter

import sqlalchemy as sa

from belowline.comments.model import PastComment, Stem
from belowline.comments.paths import path_below
from belowline.comments.places import count_stored, touch_story
from belowline.comments.reactions import HIDDEN_FOR
from belowline.comments.rows import Row, count_up, first_row
from belowline.core.terms import CommentId, CommentStatus, SiteId, StoryId
from belowline.storage.bulk import Bulk, reserve_ids
from belowline.storage.database import Tx
from belowline.storage.places import Root, give_first_places
from belowline.storage.tables import comments, revisions

AT_ONCE = 500

_COMMENTS = Bulk(
    comments,
    (
        "id",
        "site_id",
        "story_id",
        "parent_id",
        "root_id",
        "depth",
        "path",
        "author_id",
        "status",
        "shown",
        "revision",
        "html",
        "reason",
        "created_at",
        "published_at",
        "edited_at",
        "respect_count",
        "respect_shown",
        "respect_carried",
        "reply_count",
        "featured_at",
        "appeared_in",
        "changed_in",
        "change",
    ),
)
_REVISIONS = Bulk(revisions, ("comment_id", "number", "text", "html", "created_at"))


def add_past(tx: Tx, pasts: Sequence[PastComment]) -> list[Stem]:
    """Store comments of another time, each after what it replies to; return what they became.

    All that is published under one story is one step of its thread's version.
    """
    ids = [CommentId(one) for one in reserve_ids(tx.conn, comments, len(pasts))]
    published = Counter(
        past.new.story_id for past in pasts if past.new.status is CommentStatus.PUBLISHED
    )
    versions = {
        story_id: touch_story(tx, story_id, count) for story_id, count in sorted(published.items())
    }
    stems: list[Stem] = []
    rows: list[Row] = []
    wordings: list[tuple[object, ...]] = []
    for comment_id, past in zip(ids, pasts, strict=True):
        parent = stems[past.under] if isinstance(past.under, int) else past.under
        story_id = past.new.story_id
        row = _row(tx, past, parent, versions.get(story_id, 0))
        row["id"] = comment_id
        row["path"] = path_below(parent.path, comment_id) if parent is not None else ""
        rows.append(row)
        stems.append(Stem(comment_id, row["root_id"], row["depth"], row["path"], story_id))
        # What was never changed was written when it was sent.
        written_at = past.edited_at if past.earlier else None
        wordings += [(comment_id, *one) for one in _wordings(past, written_at or row["created_at"])]
    more = count_up(rows, versions=versions)
    _COMMENTS.put(tx.conn, map(itemgetter(*_COMMENTS.columns), rows))
    _REVISIONS.put(tx.conn, wordings)
    give_first_places(
        tx,
        [
            Root(SiteId(row["site_id"]), row["story_id"], row["id"], row["reply_count"], None)
            for row in rows
            if row["parent_id"] is None and row["shown"]
        ],
    )
    count_stored(tx, more, versions=versions)
    return stems


def find_stems(
    conn: sa.Connection, site_id: SiteId, comment_ids: Sequence[CommentId]
) -> dict[CommentId, Stem]:
    """Return what replies to these comments of the site have to know of them."""
    found: dict[CommentId, Stem] = {}
    columns = comments.c.id, comments.c.root_id, comments.c.depth, comments.c.path
    for start in range(0, len(comment_ids), AT_ONCE):
        rows = conn.execute(
            sa.select(*columns, comments.c.story_id).where(
                comments.c.id.in_(comment_ids[start : start + AT_ONCE]),
                comments.c.site_id == site_id,
            )
        )
        for row in rows:
            found[CommentId(row.id)] = Stem(
                CommentId(row.id), row.root_id, row.depth, row.path, StoryId(row.story_id)
            )
    return found


def _row(tx: Tx, past: PastComment, parent: Stem | None, version: int) -> Row:
    new, now = past.new, tx.now
    row = first_row(new, parent, version=version, now=now)
    row["revision"] = len(past.earlier) + 1
    row["edited_at"] = past.edited_at
    row["respect_count"] = row["respect_carried"] = past.respect
    row["respect_shown"] = past.respect if now >= row["created_at"] + HIDDEN_FOR else 0
    row["featured_at"] = past.featured_at
    return row


def _wordings(past: PastComment, written_at: datetime) -> list[tuple[object, ...]]:
    earlier = [(one.number, one.text, one.html, one.created_at) for one in past.earlier]
    return [*earlier, (len(earlier) + 1, past.new.text, past.new.html, written_at)]
