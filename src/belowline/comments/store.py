"""How comments are kept, with the counters and places in the thread that follow from them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from belowline.comments import statements
from belowline.comments.adding import add_comments, put_revisions
from belowline.comments.model import Comment, NewComment, Revision
from belowline.comments.places import count_reply, make_comment, seen, touch_story
from belowline.comments.policy import has_place, seen_change
from belowline.core.errors import NotFound, StaleVersion
from belowline.core.terms import (
    CommentId,
    CommentStatus,
    ReaderId,
    SiteId,
    ThreadChange,
)
from belowline.storage.database import Tx
from belowline.storage.prepared import Soon
from belowline.storage.tables import comments, revisions, stories

AT_ONCE = 500


def find_comment(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> Comment | None:
    """Return the site's comment with this id, or None."""
    return comments_soon(conn, [(site_id, comment_id)])()[0]


def comments_soon(
    conn: sa.Connection, asked: Sequence[tuple[SiteId, CommentId]]
) -> Soon[list[Comment | None]]:
    """Ask for each of these for the site's comment with this id; None where there is none."""
    pairs = [{"comment_id": comment_id, "site_id": site_id} for site_id, comment_id in asked]
    found = statements.FIND.soon(conn, pairs)
    return lambda: [make_comment(row) if row is not None else None for row in found()]


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
    return by_client_keys_soon(conn, [(author_id, client_key)])()[0]


def by_client_keys_soon(
    conn: sa.Connection, asked: Sequence[tuple[ReaderId, str]]
) -> Soon[list[Comment | None]]:
    """Ask for each of these what this author already sent under this key; None if nothing."""
    pairs = [{"author_id": author_id, "client_key": key} for author_id, key in asked]
    found = statements.FIND_BY_KEY.soon(conn, pairs)
    return lambda: [make_comment(row) if row is not None else None for row in found()]


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


def list_comments(
    conn: sa.Connection, site_id: SiteId, comment_ids: Sequence[CommentId]
) -> list[Comment]:
    """Return those of these comments that are the site's, by id."""
    found: list[Comment] = []
    for start in range(0, len(comment_ids), AT_ONCE):
        part = comment_ids[start : start + AT_ONCE]
        query = sa.select(comments).where(comments.c.id.in_(part), comments.c.site_id == site_id)
        found += [make_comment(row) for row in conn.execute(query)]
    return sorted(found, key=lambda one: one.id)


def list_author_ids(
    conn: sa.Connection, site_id: SiteId, comment_ids: Sequence[CommentId]
) -> dict[CommentId, ReaderId]:
    """Return who wrote each of these comments of the site."""
    return {one.id: one.author_id for one in list_comments(conn, site_id, comment_ids)}


def add_comment(tx: Tx, new: NewComment) -> Comment:
    """Store a settled comment with its first revision, at its place in the tree."""
    return add_comments(tx, [new])[0]


def add_revision(tx: Tx, comment: Comment, *, text: str, html: str) -> None:
    """Make this text the comment's current revision."""
    put_revisions(tx, [(comment.id, Revision(comment.revision + 1, text, html, tx.now))])
    version = touch_story(tx, comment.story_id, 0)
    tx.conn.execute(
        sa.update(comments)
        .where(comments.c.id == comment.id)
        .values(
            revision=comment.revision + 1,
            html=html,
            edited_at=tx.now,
            version=comments.c.version + 1,
            **seen(comment, ThreadChange.EDITED, version),
        )
    )


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
    before = comment.status is CommentStatus.PUBLISHED
    thread_version = touch_story(tx, comment.story_id, int(published) - int(before))
    change = seen_change(comment, status, shown=shown, rule_key=rule_key)
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
            **(seen(comment, change, thread_version) if change else {}),
        )
    )
    if done.rowcount != 1:
        raise StaleVersion("This comment has changed; look at it again.")
    if shown != comment.shown:
        count_reply(tx, comment, 1 if shown else -1, version=thread_version)


def set_featured(tx: Tx, comment: Comment, *, reason: str, featured: bool) -> None:
    """Mark a comment as featured, with the reason for readers, or take the mark off."""
    version = touch_story(tx, comment.story_id, 0)
    tx.conn.execute(
        sa.update(comments)
        .where(comments.c.id == comment.id)
        .values(
            featured_at=tx.now if featured else None,
            featured_reason=reason if featured else "",
            version=comments.c.version + 1,
            **seen(comment, ThreadChange.FEATURED, version),
        )
    )
