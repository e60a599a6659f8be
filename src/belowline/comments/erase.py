"""Erasing an author from the threads: the words go, the shape stays.

What was published becomes a withdrawn comment, which keeps a neutral line only to hold up replies.
A removed one stays removed, so that the record of decisions still adds up. Nothing here can be
taken back.

What is under a legal hold goes from the public like the rest, and its texts stay as evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from belowline.comments.store import lock_comment, set_status
from belowline.core.terms import CommentId, CommentStatus, ReaderId, SiteId
from belowline.storage.database import Tx
from belowline.storage.many import Changes
from belowline.storage.places import ask_ranking
from belowline.storage.tables import (
    comments,
    legal_holds,
    reactions,
    revisions,
    screenings,
    stories,
)

_QUOTING = frozenset({"passages", "detail"})
"""What of a verdict tells of the words, as screens/store.py writes it."""
_SAY = Changes(screenings, ("comment_id", "revision"), ("verdicts",))

STANDING_STATUSES = (CommentStatus.PUBLISHED, CommentStatus.HELD, CommentStatus.REFUSED)


def erase_some(tx: Tx, author_id: ReaderId, *, limit: int) -> int:
    """Erase up to ``limit`` of the author's comments and return how many; 0 means all are erased.

    In portions, so that somebody with ten thousand comments does not keep all others waiting.
    """
    is_held = _held()
    has_words = sa.exists().where(revisions.c.comment_id == comments.c.id, revisions.c.text != "")
    rows = tx.conn.execute(
        sa.select(comments.c.id, comments.c.site_id, is_held.label("is_held"))
        .where(
            comments.c.author_id == author_id,
            comments.c.status.in_(STANDING_STATUSES)
            | (comments.c.html != "")
            | sa.and_(has_words, sa.not_(is_held)),
        )
        # Newest first: a reply goes before what it replies to, and each place is counted once.
        .order_by(comments.c.id.desc())
        .limit(limit)
    ).all()
    for row in rows:
        comment = lock_comment(tx, SiteId(row.site_id), CommentId(row.id))
        if comment.status in STANDING_STATUSES:
            set_status(tx, comment, CommentStatus.WITHDRAWN)
    _empty(tx, [CommentId(row.id) for row in rows])
    _erase_words(tx, [CommentId(row.id) for row in rows if not row.is_held])
    return len(rows)


def erase_one(tx: Tx, comment_id: CommentId) -> None:
    """Erase the texts of a comment that was kept when its author was erased."""
    _erase_words(tx, [comment_id])


def count_restricted(
    conn: sa.Connection, author_id: ReaderId, *, site_id: SiteId | None = None
) -> int:
    """Count the author's comments, at a site or anywhere, that a legal hold keeps."""
    query = sa.select(sa.func.count()).where(comments.c.author_id == author_id, _held())
    if site_id is not None:
        query = query.where(comments.c.site_id == site_id)
    return conn.execute(query).scalar_one()


def _held() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        legal_holds.c.comment_id == comments.c.id, legal_holds.c.ended_at.is_(None)
    )


def _empty(tx: Tx, comment_ids: Sequence[CommentId]) -> None:
    if not comment_ids:
        return
    tx.conn.execute(
        sa.update(comments)
        .where(comments.c.id.in_(comment_ids))
        .values(
            html="",
            client_key=None,
            featured_at=None,
            featured_reason="",
            version=comments.c.version + 1,
        )
    )


def _erase_words(tx: Tx, comment_ids: Sequence[CommentId]) -> None:
    if not comment_ids:
        return
    tx.conn.execute(
        sa.update(revisions).where(revisions.c.comment_id.in_(comment_ids)).values(text="", html="")
    )
    # Figures behind a verdict may quote the word that it found.
    said = tx.conn.execute(sa.select(screenings).where(screenings.c.comment_id.in_(comment_ids)))
    _SAY.make(
        tx.conn,
        [
            {
                "comment_id": row.comment_id,
                "revision": row.revision,
                "verdicts": [
                    {name: value for name, value in verdict.items() if name not in _QUOTING}
                    for verdict in row.verdicts
                ],
            }
            for row in said
        ],
    )


def erase_reactions(tx: Tx, reader_id: ReaderId) -> None:
    """Take back all respect that the reader has given, and correct the counts."""
    respected = sa.select(reactions.c.comment_id).where(reactions.c.reader_id == reader_id)
    threads = sa.select(reactions.c.story_id).where(reactions.c.reader_id == reader_id).distinct()
    for row in tx.conn.execute(threads).all():
        ask_ranking(tx, row.story_id)
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id.in_(threads))
        .values(thread_version=stories.c.thread_version + 1)
    )
    tx.conn.execute(
        sa.update(comments)
        .where(comments.c.id.in_(respected))
        .values(
            respect_count=comments.c.respect_count - 1,
            # It is 0 in a comment's first hour, and the count there is none of.
            respect_shown=sa.case(
                (comments.c.respect_shown > 0, comments.c.respect_shown - 1), else_=0
            ),
        )
    )
    tx.conn.execute(sa.delete(reactions).where(reactions.c.reader_id == reader_id))
