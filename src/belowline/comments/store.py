"""How comments are kept, with the counters and places in the thread that follow from them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from belowline.comments.model import Comment, NewComment, Revision
from belowline.comments.paths import path_below
from belowline.comments.policy import has_place
from belowline.core.errors import NotFound, StaleVersion
from belowline.core.terms import CommentId, CommentStatus, ReaderId, Role, SiteId, StoryId
from belowline.storage.database import Tx, insert_id
from belowline.storage.places import ask_ranking, keep_places
from belowline.storage.tables import comments, revisions, stories


def find_comment(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> Comment | None:
    """Return the site's comment with this id, or None."""
    row = conn.execute(
        sa.select(comments).where(comments.c.id == comment_id, comments.c.site_id == site_id)
    ).first()
    return make_comment(row) if row is not None else None


def get_comment(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> Comment:
    """Return the site's comment with this id. Raises NotFound."""
    comment = find_comment(conn, site_id, comment_id)
    if comment is None:
        raise NotFound("There is no such comment.", code="no_comment")
    return comment


def lock_comment(tx: Tx, site_id: SiteId, comment_id: CommentId) -> Comment:
    """Return the comment and keep others from changing its thread until the transaction ends.

    The story's row is locked first, here and by whoever posts. A change of one comment counts on
    others, up the tree, and two of them that met halfway would wait for each other.
    """
    # SQLite ignores FOR UPDATE; its write transactions exclude each other anyway.
    story_id = sa.select(comments.c.story_id).where(
        comments.c.id == comment_id, comments.c.site_id == site_id
    )
    tx.conn.execute(
        sa.select(stories.c.id)
        .where(stories.c.id == story_id.scalar_subquery())
        .with_for_update(key_share=True)
    )
    row = tx.conn.execute(
        sa.select(comments)
        .where(comments.c.id == comment_id, comments.c.site_id == site_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound("There is no such comment.", code="no_comment")
    return make_comment(row)


def find_by_client_key(conn: sa.Connection, author_id: ReaderId, client_key: str) -> Comment | None:
    """Return what this author already sent under this key, or None."""
    row = conn.execute(
        sa.select(comments).where(
            comments.c.author_id == author_id, comments.c.client_key == client_key
        )
    ).first()
    return make_comment(row) if row is not None else None


def get_revision(conn: sa.Connection, comment_id: CommentId, number: int) -> Revision:
    """Return one revision. Raises NotFound."""
    row = conn.execute(
        sa.select(revisions).where(
            revisions.c.comment_id == comment_id, revisions.c.number == number
        )
    ).first()
    if row is None:
        raise NotFound("There is no such revision.", code="no_revision")
    return Revision(row.number, row.text, row.html, row.created_at)


def list_revisions(conn: sa.Connection, comment_id: CommentId) -> list[Revision]:
    """Return every revision, oldest first."""
    rows = conn.execute(
        sa.select(revisions)
        .where(revisions.c.comment_id == comment_id)
        .order_by(revisions.c.number)
    )
    return [Revision(row.number, row.text, row.html, row.created_at) for row in rows]


def list_by_author(
    conn: sa.Connection,
    site_id: SiteId,
    author_id: ReaderId,
    *,
    before: CommentId | None = None,
    limit: int = 50,
) -> list[Comment]:
    """Return the author's comments at the site, newest first, of every status."""
    query = sa.select(comments).where(
        comments.c.author_id == author_id, comments.c.site_id == site_id
    )
    if before is not None:
        query = query.where(comments.c.id < before)
    return [
        make_comment(row) for row in conn.execute(query.order_by(comments.c.id.desc()).limit(limit))
    ]


def add_comment(tx: Tx, new: NewComment) -> Comment:
    """Store a settled comment with its first revision, at its place in the tree."""
    published = new.status is CommentStatus.PUBLISHED
    at = new.created_at or tx.now
    parent = new.parent
    comment_id = CommentId(
        insert_id(
            tx.conn,
            comments,
            {
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
            },
        )
    )
    if parent is not None:
        tx.conn.execute(
            sa.update(comments)
            .where(comments.c.id == comment_id)
            .values(path=path_below(parent.path, comment_id))
        )
    _put_revision(tx, comment_id, Revision(1, new.text, new.html, at))
    comment = get_comment(tx.conn, new.site_id, comment_id)
    if published:
        _count_reply(tx, comment, 1)
        _touch(tx, comment.story_id, 1)
    return comment


def add_revision(tx: Tx, comment: Comment, *, text: str, html: str) -> None:
    """Make this text the comment's current revision."""
    _put_revision(tx, comment.id, Revision(comment.revision + 1, text, html, tx.now))
    tx.conn.execute(
        sa.update(comments)
        .where(comments.c.id == comment.id)
        .values(
            revision=comment.revision + 1,
            html=html,
            edited_at=tx.now,
            version=comments.c.version + 1,
        )
    )
    _touch(tx, comment.story_id, 0)


def set_status(
    tx: Tx,
    comment: Comment,
    status: CommentStatus,
    *,
    rule_key: str | None = None,
    reason: str = "",
) -> None:
    """Change where a comment stands, and with it its place, the counts and its parents' places.

    Raises:
        StaleVersion: the comment changed after ``comment`` was read.
    """
    was_published = comment.published_at is not None
    published = status is CommentStatus.PUBLISHED
    shown = has_place(
        status, was_published=was_published or published, shown_replies=comment.reply_count
    )
    done = tx.conn.execute(
        sa.update(comments)
        .where(comments.c.id == comment.id, comments.c.version == comment.version)
        .values(
            status=status,
            shown=shown,
            rule_key=rule_key,
            reason=reason,
            version=comment.version + 1,
            published_at=comment.published_at or (tx.now if published else None),
        )
    )
    if done.rowcount != 1:
        raise StaleVersion("This comment has changed; look at it again.")
    if shown != comment.shown:
        _count_reply(tx, comment, 1 if shown else -1)
    before = comment.status is CommentStatus.PUBLISHED
    _touch(tx, comment.story_id, int(published) - int(before))


def set_featured(tx: Tx, comment: Comment, *, reason: str, featured: bool) -> None:
    """Mark a comment as featured, with the reason for readers, or take the mark off."""
    tx.conn.execute(
        sa.update(comments)
        .where(comments.c.id == comment.id)
        .values(
            featured_at=tx.now if featured else None,
            featured_reason=reason if featured else "",
            version=comments.c.version + 1,
        )
    )
    _touch(tx, comment.story_id, 0)


def _put_revision(tx: Tx, comment_id: CommentId, revision: Revision) -> None:
    tx.conn.execute(
        sa.insert(revisions).values(
            comment_id=comment_id,
            number=revision.number,
            text=revision.text,
            html=revision.html,
            created_at=revision.created_at,
        )
    )


def _count_reply(tx: Tx, comment: Comment, change: int) -> None:
    """Count a reply that appeared or went on its parent and on its root.

    A parent that is only a line holding up replies comes or goes with them, and so on upwards; the
    walk ends at the first ancestor whose place does not change, or with a root's own places.
    """
    if comment.parent_id is None:
        keep_places(tx, comment.id)
    for ancestor_id in {comment.parent_id, comment.root_id} - {None}:
        tx.conn.execute(
            sa.update(comments)
            .where(comments.c.id == ancestor_id)
            .values(reply_count=comments.c.reply_count + change)
        )
    for ancestor_id in filter(None, (comment.parent_id, comment.root_id)):
        row = tx.conn.execute(sa.select(comments).where(comments.c.id == ancestor_id)).one()
        ancestor = make_comment(row)
        shown = has_place(
            ancestor.status,
            was_published=ancestor.published_at is not None,
            shown_replies=ancestor.reply_count,
        )
        if shown != ancestor.shown:
            tx.conn.execute(
                sa.update(comments).where(comments.c.id == ancestor.id).values(shown=shown)
            )
            _count_reply(tx, ancestor, 1 if shown else -1)


def _touch(tx: Tx, story_id: StoryId, published: int) -> None:
    ask_ranking(tx, story_id)
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id == story_id)
        .values(
            thread_version=stories.c.thread_version + 1,
            comment_count=stories.c.comment_count + published,
        )
    )


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
