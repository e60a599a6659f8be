"""Adding whole threads of another time at once: what an import brings.

The rows are made by ``rows`` as for every comment; only how they get there differs. A thread that
comes in like this ends as it would if its comments had been sent one after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa

from belowline.comments.model import NewComment, PastComment, Stem
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


def add_past(tx: Tx, news: Sequence[PastComment]) -> list[CommentId]:
    """Store comments of another time, each after what it replies to; return their ids.

    All that is published under one story is one step of its thread's version.
    """
    ids = [CommentId(one) for one in reserve_ids(tx.conn, comments, len(news))]
    published = Counter(new.story_id for new in news if new.status is CommentStatus.PUBLISHED)
    versions = {
        story_id: touch_story(tx, story_id, count) for story_id, count in sorted(published.items())
    }
    stems: list[Stem] = []
    rows: list[Row] = []
    for comment_id, new in zip(ids, news, strict=True):
        parent = stems[new.under] if isinstance(new.under, int) else new.under
        row = _row(tx, new, parent, versions.get(new.story_id, 0))
        row["id"] = comment_id
        row["path"] = path_below(parent.path, comment_id) if parent is not None else ""
        rows.append(row)
        stems.append(Stem(comment_id, row["root_id"], row["depth"], row["path"], new.story_id))
    more = count_up(rows, versions=versions)
    _COMMENTS.put(tx.conn, ([row[name] for name in _COMMENTS.columns] for row in rows))
    _REVISIONS.put(
        tx.conn,
        (
            (comment_id, *wording)
            for comment_id, new in zip(ids, news, strict=True)
            for wording in _wordings(new)
        ),
    )
    give_first_places(
        tx,
        [
            Root(SiteId(row["site_id"]), row["story_id"], row["id"], row["reply_count"], None)
            for row in rows
            if row["parent_id"] is None and row["shown"]
        ],
    )
    count_stored(tx, more, versions=versions)
    return ids


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


def _row(tx: Tx, new: PastComment, parent: Stem | None, version: int) -> Row:
    row = first_row(
        NewComment(
            new.site_id,
            new.story_id,
            parent,
            new.author_id,
            None,
            new.text,
            new.html,
            new.status,
            reason=new.reason,
            created_at=new.created_at,
        ),
        version=version,
        now=tx.now,
    )
    row["revision"] = len(new.earlier) + 1
    row["edited_at"] = new.edited_at
    row["respect_count"] = row["respect_carried"] = new.respect
    row["respect_shown"] = new.respect if tx.now >= new.created_at + HIDDEN_FOR else 0
    row["featured_at"] = new.featured_at
    return row


def _wordings(new: PastComment) -> list[tuple[object, ...]]:
    earlier = [(one.number, one.text, one.html, one.created_at) for one in new.earlier]
    written_at = new.edited_at if new.earlier and new.edited_at else new.created_at
    return [*earlier, (len(earlier) + 1, new.text, new.html, written_at)]
