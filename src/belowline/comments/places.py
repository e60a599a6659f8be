"""What follows from a comment's change: the thread's version, counts, and places up the tree."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from belowline.comments import statements
from belowline.comments.model import Comment
from belowline.comments.policy import has_place
from belowline.core.terms import (
    CommentId,
    CommentStatus,
    ReaderId,
    Role,
    SiteId,
    StoryId,
    ThreadChange,
)
from belowline.storage.database import Tx
from belowline.storage.places import ask_ranking, keep_places
from belowline.storage.tables import comments


def seen(comment: Comment, change: ThreadChange, version: int) -> dict[str, object]:
    """Return what notes a change that readers see, or nothing if they do not see the comment."""
    if change is ThreadChange.NEW:
        return {"appeared_in": version, "changed_in": version, "change": change}
    unseen = comment.status is not CommentStatus.PUBLISHED and comment.published_at is None
    return {} if unseen else {"changed_in": version, "change": change}


def count_reply(tx: Tx, comment: Comment, change: int, *, version: int) -> None:
    """Count a reply that appeared or went on its parent and on its root.

    A parent that is itself only a line holding up replies comes or goes with them, and so on
    upwards; the walk ends at the first ancestor whose place does not change, or with a root's own
    places in the orders.
    """
    if comment.parent_id is None:
        keep_places(tx, comment.id)
        return
    for ancestor_id in {comment.parent_id, comment.root_id} - {None}:
        statements.COUNT_REPLY.send(tx.conn, comment_id=ancestor_id, more=change)
    for ancestor_id in (comment.parent_id, comment.root_id):
        ancestor = make_comment(statements.READ.first(tx.conn, comment_id=ancestor_id))
        shown = has_place(
            ancestor.status,
            was_published=ancestor.published_at is not None,
            shown_replies=ancestor.reply_count,
        )
        if shown != ancestor.shown:
            tx.conn.execute(
                sa.update(comments)
                .where(comments.c.id == ancestor.id)
                .values(shown=shown, changed_in=version, change=ThreadChange.GONE)
            )
            count_reply(tx, ancestor, 1 if shown else -1, version=version)


def touch_story(tx: Tx, story_id: StoryId, published: int) -> int:
    """Count up the thread's version, and return it. Until the commit nobody else can."""
    ask_ranking(tx, story_id)
    return int(statements.TOUCH.first(tx.conn, story=story_id, published=published).thread_version)


def make_comment(row: sa.Row[Any]) -> Comment:
    """Make a comment from a row of the comments table."""
    return Comment(
        CommentId(row.id),
        SiteId(row.site_id),
        StoryId(row.story_id),
        row.parent_id,
        row.root_id,
        row.depth,
        row.path,
        ReaderId(row.author_id),
        CommentStatus(row.status),
        row.shown,
        row.version,
        row.revision,
        row.html,
        row.rule_key,
        row.reason,
        row.created_at,
        row.published_at,
        row.edited_at,
        row.respect_count,
        row.reply_count,
        row.featured_at,
        row.featured_reason,
        Role(row.author_role) if row.author_role else None,
    )
