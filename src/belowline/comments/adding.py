"""Adding settled comments, any number at once, each with its text and its place in the tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from belowline.comments import statements
from belowline.comments.model import Comment, NewComment, Revision
from belowline.comments.paths import path_below
from belowline.comments.places import count_reply, make_comment, touch_story
from belowline.comments.rows import first_row
from belowline.core.terms import CommentId, CommentStatus
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
    rows = statements.ADD.put(
        tx.conn,
        [
            first_row(new, new.parent, version=versions.get(new.story_id, 0), now=tx.now)
            for new in news
        ],
    )
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
