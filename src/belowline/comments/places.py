"""What follows from a comment's change: the thread's version, counts, and places up the tree."""

from __future__ import annotations

from collections.abc import Mapping
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

_AT_ONCE = 500


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
    _settle(tx, [(comment, change)], version=version)


def count_stored(tx: Tx, more: Mapping[CommentId, int], *, versions: Mapping[StoryId, int]) -> None:
    """Count replies that appeared or went together on comments that were there before them.

    ``versions`` are those of their threads with which they did.
    """
    if not more:
        return
    statements.COUNT_REPLY.run_each(
        tx.conn, [{"comment_id": one, "more": count} for one, count in sorted(more.items())]
    )
    ids = sorted(more, reverse=True)
    for start in range(0, len(ids), _AT_ONCE):
        lines = sa.select(comments.c.id, comments.c.story_id).where(
            comments.c.id.in_(ids[start : start + _AT_ONCE]),
            comments.c.status != CommentStatus.PUBLISHED,
        )
        for row in tx.conn.execute(lines).all():
            version = versions[row.story_id]
            _settle(tx, _come_or_go(tx, row.id, version=version), version=version)


def _settle(tx: Tx, moved: list[tuple[Comment, int]], *, version: int) -> None:
    """Count comments that appeared or went on what is above them, and what follows from that."""
    # Not by recursion: people argue deeper than Python does.
    while moved:
        comment, change = moved.pop()
        if comment.parent_id is None:
            keep_places(tx, comment.id)
            continue
        above = (comment.parent_id, comment.root_id)
        for ancestor_id in {*above} - {None}:
            statements.COUNT_REPLY.send(tx.conn, comment_id=ancestor_id, more=change)
        for ancestor_id in above:
            moved += _come_or_go(tx, ancestor_id, version=version)


def _come_or_go(tx: Tx, comment_id: int | None, *, version: int) -> list[tuple[Comment, int]]:
    """Give a comment its place, or take it, if its replies say so; return it if that changed."""
    comment = make_comment(statements.READ.first(tx.conn, comment_id=comment_id))
    shown = has_place(
        comment.status,
        was_published=comment.published_at is not None,
        shown_replies=comment.reply_count,
    )
    if shown == comment.shown:
        return []
    tx.conn.execute(
        sa.update(comments)
        .where(comments.c.id == comment.id)
        .values(shown=shown, changed_in=version, change=ThreadChange.GONE)
    )
    return [(comment, 1 if shown else -1)]


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
