"""Adding settled comments, any number at once, each with its text and its place in the tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from belowline.comments import statements
from belowline.comments.model import Comment, NewComment, Revision
from belowline.comments.paths import path_below
from belowline.comments.places import count_reply, make_comment, touch_story
from belowline.core.terms import CommentId, CommentStatus, StoryId, ThreadChange
from belowline.storage.database import Tx
from belowline.storage.places import Root, give_places


def add_comments(tx: Tx, news: Sequence[NewComment]) -> list[Comment]:
    """Store settled comments with their first revisions; return them in their order.

    None of them is a reply to another.

    What is published under one story at once is one step of the thread's version.
    """
    published = Counter(new.story_id for new in news if new.status is CommentStatus.PUBLISHED)
    versions = {
        story_id: touch_story(tx, story_id, count) for story_id, count in sorted(published.items())
    }
    rows = statements.ADD.put(tx.conn, [_values(tx, new, versions) for new in news])
    added = [
        _with_path(tx, make_comment(row), new.parent) for row, new in zip(rows, news, strict=True)
    ]
    put_revisions(
        tx,
        [
            (comment.id, Revision(1, new.text, new.html, comment.created_at))
            for comment, new in zip(added, news, strict=True)
        ],
    )
    shown = [comment for comment in added if comment.shown]
    give_places(tx, [_root(comment) for comment in shown if comment.parent_id is None])
    for comment in shown:
        if comment.parent_id is not None:
            count_reply(tx, comment, 1, version=versions[comment.story_id])
    return added


def put_revisions(tx: Tx, revisions: Sequence[tuple[CommentId, Revision]]) -> None:
    """Keep these texts of these comments."""
    rows = [
        {
            "comment_id": comment_id,
            "number": revision.number,
            "text": revision.text,
            "html": revision.html,
            "created_at": revision.created_at,
        }
        for comment_id, revision in revisions
    ]
    statements.ADD_REVISIONS.put(tx.conn, rows)


def _values(tx: Tx, new: NewComment, versions: dict[StoryId, int]) -> dict[str, object]:
    published = new.status is CommentStatus.PUBLISHED
    version = versions[new.story_id] if published else 0
    at = new.created_at or tx.now
    parent = new.parent
    return {
        "site_id": new.site_id,
        "story_id": new.story_id,
        "parent_id": parent.id if parent else None,
        "root_id": (parent.root_id or parent.id) if parent else None,
        "depth": parent.depth + 1 if parent else 0,
        "author_id": new.author_id,
        "author_role": new.author_role,
        "status": new.status,
        "shown": published,
        "html": new.html,
        "rule_key": new.rule_key,
        "reason": new.reason,
        "created_at": at,
        "published_at": at if published else None,
        "client_key": new.client_key,
        "appeared_in": version,
        "changed_in": version,
        "change": ThreadChange.NEW if published else "",
    }


def _with_path(tx: Tx, comment: Comment, parent: Comment | None) -> Comment:
    """Give a reply its sort key, for which its own id is needed."""
    if parent is None:
        return comment
    path = path_below(parent.path, comment.id)
    statements.SET_PATH.send(tx.conn, comment_id=comment.id, new_path=path)
    return replace(comment, path=path)


def _root(comment: Comment) -> Root:
    spoken_at = comment.created_at if comment.author_role else None
    return Root(comment.site_id, comment.story_id, comment.id, comment.reply_count, spoken_at)
