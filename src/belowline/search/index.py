"""What can be found: keeping the words of comments and of decisions' reasons in step with them.

Only a follower and its chore call this, never the act itself: nobody who writes a comment waits for
an index. What is written here is read from the rows as they stand, so that reading an event twice
or late changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, DecisionId, Outcome, ReaderId, SiteId
from belowline.search.words import kept_words, mark
from belowline.storage.database import Tx
from belowline.storage.fulltext import FullText
from belowline.storage.tables import comment_words, comments, decision_words, decisions, revisions

COMMENTS = FullText(comment_words)
DECISIONS = FullText(decision_words)

BY_A_PERSON = frozenset({Outcome.PUBLISH, Outcome.KEEP, Outcome.REMOVE, Outcome.RESTORE})
"""Outcomes that say what a person made of a comment, and so make it a precedent."""


def judged_at(site_id: SiteId) -> str:
    """Return the mark of a comment of the site about which such a decision stands."""
    return mark("j", site_id)


def put_comments(tx: Tx, comment_ids: Collection[CommentId]) -> int:
    """Bring the words of these comments up to date; return how many can be found now.

    What was withdrawn or erased cannot be found any more.
    """
    if not comment_ids:
        return 0
    rows = [_comment(row) for row in tx.conn.execute(_comments_to_put(comment_ids))]
    COMMENTS.put(tx.conn, rows)
    COMMENTS.drop(tx.conn, set(comment_ids) - {row["comment_id"] for row in rows})
    return len(rows)


def put_decisions(tx: Tx, decision_ids: Collection[DecisionId]) -> int:
    """Bring the words of these decisions' reasons up to date; return how many can be found now."""
    if not decision_ids:
        return 0
    found = tx.conn.execute(
        sa.select(decisions).where(
            decisions.c.id.in_(decision_ids),
            decisions.c.decided_by.is_not(None),
            decisions.c.undone_at.is_(None),
        )
    )
    rows = [_decision(row) for row in found]
    DECISIONS.put(tx.conn, rows)
    DECISIONS.drop(tx.conn, set(decision_ids) - {row["decision_id"] for row in rows})
    return len(rows)


def drop_author(tx: Tx, author_id: ReaderId) -> None:
    """Take everything that an erased reader wrote out of the index."""
    found = tx.conn.execute(
        sa.select(comment_words.c.comment_id)
        .join(comments, comments.c.id == comment_words.c.comment_id)
        .where(comments.c.author_id == author_id)
    )
    COMMENTS.drop(tx.conn, found.scalars().all())


def list_comments(conn: sa.Connection, *, after: CommentId, limit: int) -> dict[CommentId, bool]:
    """Return the next comments by id, and of each whether it is kept as it stands."""
    kept = sa.and_(
        sa.func.coalesce(comment_words.c.revision == comments.c.revision, sa.false()),
        comments.c.status != CommentStatus.WITHDRAWN,
        comments.c.html != "",
    )
    query = (
        sa.select(comments.c.id, kept.label("kept"))
        .outerjoin(comment_words, comment_words.c.comment_id == comments.c.id)
        .where(comments.c.id > after)
        .order_by(comments.c.id)
        .limit(limit)
    )
    return {CommentId(row.id): bool(row.kept) for row in conn.execute(query)}


def list_decisions(conn: sa.Connection, *, after: DecisionId, limit: int) -> dict[DecisionId, bool]:
    """Return the next decisions by id, and of each whether it is kept."""
    kept = decision_words.c.decision_id.is_not(None)
    query = (
        sa.select(decisions.c.id, kept.label("kept"))
        .outerjoin(decision_words, decision_words.c.decision_id == decisions.c.id)
        .where(decisions.c.id > after)
        .order_by(decisions.c.id)
        .limit(limit)
    )
    return {DecisionId(row.id): bool(row.kept) for row in conn.execute(query)}


def not_in_step(conn: sa.Connection) -> int:
    """Count the comments that cannot be found as they stand, or can and should not.

    For ``belowline check``: it looks at every comment.
    """
    wanted = sa.and_(comments.c.status != CommentStatus.WITHDRAWN, revisions.c.text != "")
    kept = comment_words.c.comment_id.is_not(None)
    query = (
        sa.select(sa.func.count())
        .select_from(comments)
        .outerjoin(
            revisions,
            sa.and_(
                revisions.c.comment_id == comments.c.id,
                revisions.c.number == comments.c.revision,
            ),
        )
        .outerjoin(comment_words, comment_words.c.comment_id == comments.c.id)
        .where(
            sa.or_(
                sa.and_(wanted, sa.not_(kept)),
                sa.and_(wanted, comment_words.c.revision != comments.c.revision),
                sa.and_(kept, sa.not_(sa.func.coalesce(wanted, sa.false()))),
            )
        )
    )
    return conn.execute(query).scalar_one()


def _comments_to_put(comment_ids: Collection[CommentId]) -> sa.Select[Any]:
    judged = sa.exists().where(
        decisions.c.comment_id == comments.c.id,
        decisions.c.outcome.in_(BY_A_PERSON),
        decisions.c.decided_by.is_not(None),
        decisions.c.undone_at.is_(None),
        decisions.c.overturned_at.is_(None),
    )
    return (
        sa.select(comments, revisions.c.text, judged.label("judged"))
        .join(
            revisions,
            sa.and_(
                revisions.c.comment_id == comments.c.id,
                revisions.c.number == comments.c.revision,
            ),
        )
        .where(
            comments.c.id.in_(comment_ids),
            comments.c.status != CommentStatus.WITHDRAWN,
            revisions.c.text != "",
        )
        # Nobody erases what is being read here before it is kept, so the erasure comes to hear of
        # it. SQLite has one writer and needs no lock.
        .with_for_update(read=True, of=comments)
    )


def _comment(row: sa.Row[Any]) -> dict[str, Any]:
    marks = [
        mark("s", row.site_id),
        mark("a", row.author_id),
        mark("y", row.story_id),
        mark("t", row.status),
    ]
    if row.rule_key is not None:
        marks.append(mark("r", row.rule_key))
    if row.judged:
        marks.append(judged_at(row.site_id))
    return {
        "comment_id": row.id,
        "site_id": row.site_id,
        "revision": row.revision,
        "words": " ".join([*kept_words(row.text), *marks]),
    }


def _decision(row: sa.Row[Any]) -> dict[str, Any]:
    marks = [mark("s", row.site_id), mark("a", row.reader_id)]
    if row.rule_key is not None:
        marks.append(mark("r", row.rule_key))
    return {
        "decision_id": row.id,
        "site_id": row.site_id,
        "words": " ".join([*kept_words(row.reason), *marks]),
    }
