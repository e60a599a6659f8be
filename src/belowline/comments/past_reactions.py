"""Respect that came with an import, given by people whose accounts came too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.comments.places import touch_story
from belowline.comments.reactions import HIDDEN_FOR
from belowline.core.terms import CommentId, ReaderId, SiteId, StoryId
from belowline.storage.bulk import Bulk
from belowline.storage.database import Tx
from belowline.storage.prepared import Prepared
from belowline.storage.tables import comments, reactions

AT_ONCE = 500

Given = tuple[CommentId, ReaderId, datetime]
"""What was respected, by whom, and when."""

_ABOUT: tuple[sa.Column[Any], ...] = (
    comments.c.id,
    comments.c.author_id,
    comments.c.story_id,
    comments.c.created_at,
)
_BULK = Bulk(reactions, ("comment_id", "reader_id", "created_at", "story_id"))
_COUNT = Prepared(
    sa.update(comments)
    .where(comments.c.id == sa.bindparam("comment_id"))
    .values(
        respect_count=comments.c.respect_count + sa.bindparam("more"),
        respect_shown=comments.c.respect_shown + sa.bindparam("more_shown"),
    )
)


def add_past_reactions(tx: Tx, site_id: SiteId, given: Sequence[Given]) -> int:
    """Note respect that is not there yet, with its time; return how much of it was new.

    Nobody respects a comment of their own.
    """
    found = _find(tx, site_id, sorted({one[0] for one in given}))
    there = _there(tx, list(found))
    new: dict[tuple[CommentId, ReaderId], tuple[object, ...]] = {}
    for comment_id, reader_id, at in given:
        comment = found.get(comment_id)
        key = comment_id, reader_id
        if comment is not None and comment.author_id != reader_id and key not in there:
            new[key] = (comment_id, reader_id, at, comment.story_id)
    for story_id in sorted({StoryId(found[comment_id].story_id) for comment_id, _ in new}):
        touch_story(tx, story_id, 0)
    _BULK.put(tx.conn, new.values())
    counted = Counter(comment_id for comment_id, _ in new)
    _COUNT.run_each(
        tx.conn,
        [
            {
                "comment_id": comment_id,
                "more": more,
                "more_shown": more if tx.now >= found[comment_id].created_at + HIDDEN_FOR else 0,
            }
            for comment_id, more in sorted(counted.items())
        ],
    )
    return len(new)


def _find(
    tx: Tx, site_id: SiteId, comment_ids: Sequence[CommentId]
) -> dict[CommentId, sa.Row[Any]]:
    found: dict[CommentId, sa.Row[Any]] = {}
    for start in range(0, len(comment_ids), AT_ONCE):
        rows = tx.conn.execute(
            sa.select(*_ABOUT).where(
                comments.c.id.in_(comment_ids[start : start + AT_ONCE]),
                comments.c.site_id == site_id,
            )
        )
        found |= {CommentId(row.id): row for row in rows}
    return found


def _there(tx: Tx, comment_ids: Sequence[CommentId]) -> set[tuple[CommentId, ReaderId]]:
    there: set[tuple[CommentId, ReaderId]] = set()
    for start in range(0, len(comment_ids), AT_ONCE):
        rows = tx.conn.execute(
            sa.select(reactions.c.comment_id, reactions.c.reader_id).where(
                reactions.c.comment_id.in_(comment_ids[start : start + AT_ONCE])
            )
        )
        there |= {(CommentId(row.comment_id), ReaderId(row.reader_id)) for row in rows}
    return there
