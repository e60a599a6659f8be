"""Removing comments as if they had never been: only for what an import brought and nobody touched.

Everything that is done to a comment otherwise leaves it in its place; see ``store.set_status``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from belowline.comments.places import count_stored, touch_story
from belowline.core.terms import CommentId, CommentStatus, SiteId, StoryId
from belowline.storage.database import Tx
from belowline.storage.references import drop_referring
from belowline.storage.tables import comments


def remove_comments(
    tx: Tx, site_id: SiteId, comment_ids: Sequence[CommentId], *, of: Collection[sa.Table]
) -> None:
    """Remove comments of a site with their rows in the tables ``of``, and put the counts right.

    Whatever replies to one of them is among them.

    Raises:
        sqlalchemy.exc.IntegrityError: something else hangs on one of them.
    """
    rows = tx.conn.execute(
        sa.select(comments).where(comments.c.id.in_(comment_ids), comments.c.site_id == site_id)
    ).all()
    published = Counter(row.story_id for row in rows if row.status == CommentStatus.PUBLISHED)
    versions = {
        StoryId(story_id): touch_story(tx, StoryId(story_id), -published[story_id])
        for story_id in sorted({row.story_id for row in rows})
    }
    ids = {row.id for row in rows}
    more: Counter[CommentId] = Counter()
    for row in rows:
        if row.shown:
            for ancestor in {row.parent_id, row.root_id} - ids - {None}:
                more[CommentId(ancestor)] -= 1
    drop_referring(tx.conn, comments, sorted(ids), of=of)
    tx.conn.execute(sa.delete(comments).where(comments.c.id.in_(ids)))
    count_stored(tx, more, versions=versions)
