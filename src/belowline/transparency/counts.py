"""Recounting what is kept as a count: what ``belowline check`` compares and can put right.

A recount looks at the rows alone. Places and reply counts hold each other up through the tree, so
putting them right goes from the leaves upwards, a pass for each level; ``put_right`` is repeated
until it finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, ReportState
from belowline.storage.database import Tx
from belowline.storage.places import WORKED_OUT, keep_places
from belowline.storage.tables import cases, comments, places, reactions, reports, stories

AT_MOST = 1000

_replies = comments.alias("replies")
# Written out, so that both databases recognise the partial index of storage/tables.py.
_SHOWN_REPLY = sa.text("replies.shown")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A kept value that differs from the recount. A place in the thread counts as 1 or 0."""

    table: str
    id: int
    column: str
    stored: int
    counted: int


def find_disagreements(conn: sa.Connection, *, at_most: int = AT_MOST) -> list[Disagreement]:
    """Return up to ``at_most`` kept values that are not what the rows say."""
    found: list[Disagreement] = []
    for query in (_published(), *_recounts(), _places()):
        room = at_most - len(found)
        if room > 0:
            found.extend(Disagreement(*row) for row in conn.execute(query.limit(room)))
    return found


def put_right(tx: Tx, *, at_most: int = AT_MOST) -> list[Disagreement]:
    """Set up to ``at_most`` kept values to what the rows say; return what differed.

    What is held up by a value that was just corrected shows in the next call.
    """
    found = find_disagreements(tx.conn, at_most=at_most)
    for one in found:
        _set(tx, one)
    _touch(tx, found)
    return found


def _published() -> sa.Select[Any]:
    """Compare each story's count, in one run over the comments: no index leads to a story's."""
    counted = (
        sa.select(comments.c.story_id, sa.func.count().label("published"))
        .where(comments.c.status == CommentStatus.PUBLISHED)
        .group_by(comments.c.story_id)
        .subquery()
    )
    query = _compare(stories.c.comment_count, sa.func.coalesce(counted.c.published, 0))
    return query.outerjoin_from(stories, counted, counted.c.story_id == stories.c.id)


def _recounts() -> Iterator[sa.Select[Any]]:
    """Give a comparison for each other kept column; an index leads to what each row counts."""
    given = _count(reactions, reactions.c.comment_id == comments.c.id)
    yield _compare(comments.c.respect_count, given + comments.c.respect_carried)
    # In a comment's first hour 0 is what is shown; ranking the thread shows the count after it.
    told = sa.case((comments.c.respect_shown == 0, 0), else_=comments.c.respect_count)
    yield _compare(comments.c.respect_shown, told)
    below_root = _count(_replies, _replies.c.root_id == comments.c.id, _SHOWN_REPLY)
    direct = _count(_replies, _replies.c.parent_id == comments.c.id, _SHOWN_REPLY)
    replies = sa.case((comments.c.parent_id.is_(None), below_root), else_=direct)
    yield _compare(comments.c.reply_count, replies)
    has_place = sa.or_(
        comments.c.status == CommentStatus.PUBLISHED,
        sa.and_(comments.c.status == CommentStatus.REMOVED, comments.c.published_at.is_not(None)),
        replies > 0,
    )
    yield _compare(comments.c.shown, sa.case((has_place, 1), else_=0))
    yield _compare(
        cases.c.reported,
        _count(
            reports,
            reports.c.comment_id == cases.c.comment_id,
            reports.c.state == ReportState.OPEN,
        ),
    )


def _places() -> sa.Select[Any]:
    """Compare each comment's number of places: one in each order for a root that is shown."""
    kept = _count(places, places.c.comment_id == comments.c.id)
    is_shown_root = sa.and_(comments.c.parent_id.is_(None), comments.c.shown)
    due = sa.case((is_shown_root, len(WORKED_OUT)), else_=0)
    return (
        sa.select(sa.literal("places"), comments.c.id, sa.literal("comment_id"), kept, due)
        .where(kept != due)
        .order_by(comments.c.id)
    )


def _count(
    table: sa.FromClause, *conditions: sa.ColumnElement[bool] | sa.TextClause
) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(table).where(*conditions).scalar_subquery()


def _compare(column: sa.Column[Any], counted: sa.ColumnElement[int]) -> sa.Select[Any]:
    """Select what a Disagreement holds, for the rows where the column is not what is counted."""
    table, stored = column.table, sa.cast(column, sa.Integer)
    return (
        sa.select(sa.literal(str(table)), table.c.id, sa.literal(column.name), stored, counted)
        .where(stored != counted)
        .order_by(table.c.id)
    )


def _set(tx: Tx, one: Disagreement) -> None:
    if one.table == "places":
        keep_places(tx, CommentId(one.id))
        return
    table = {"stories": stories, "comments": comments, "cases": cases}[one.table]
    column = table.c[one.column]
    right: int | bool = bool(one.counted) if column is comments.c.shown else one.counted
    # Only if it still is what was read: another change may be counting at this moment.
    tx.conn.execute(
        sa.update(table)
        .where(table.c.id == one.id, sa.cast(column, sa.Integer) == one.stored)
        .values({one.column: right})
    )


def _touch(tx: Tx, found: Sequence[Disagreement]) -> None:
    """Let kept pages of the threads concerned be made anew."""
    story_ids = [one.id for one in found if one.table == "stories"]
    comment_ids = [one.id for one in found if one.table in {"comments", "places"}]
    of_comments = sa.select(comments.c.story_id).where(comments.c.id.in_(comment_ids))
    tx.conn.execute(
        sa.update(stories)
        .where(sa.or_(stories.c.id.in_(story_ids), stories.c.id.in_(of_comments)))
        .values(thread_version=stories.c.thread_version + 1)
    )
