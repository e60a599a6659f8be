"""How it is kept which decisions were made together, so that they can be taken back together.

A batch is its moderator's own. The decisions in it are like all others, and nothing but the pages
about it looks here; ``upkeep`` forgets it once it cannot be undone for long.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

import sqlalchemy as sa

from belowline.core.errors import InvalidInput, NotFound
from belowline.core.terms import CommentId, DecisionId, ReaderId, SiteId
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import batch_members, batches

BatchId = NewType("BatchId", int)
KEPT_FOR = timedelta(days=7)
"""So long the page about a batch can be opened again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Decisions that somebody made together."""

    id: BatchId
    site_id: SiteId | None
    """Where it was chosen; None in the queue over all sites."""
    reader_id: ReaderId
    begun_at: datetime
    undone_at: datetime | None
    """When its moderator took it back, though not all of it may have gone."""


@dataclass(frozen=True, slots=True)
class Member:
    """One comment of a batch, and what came of it."""

    site_id: SiteId
    comment_id: CommentId
    decision_id: DecisionId | None
    """None where it was not decided."""
    left_for: str
    """The code of why it was not decided, or empty."""
    kept_for: str
    """The code of why its decision was not taken back with the others, or empty."""


def open_batch(tx: Tx, *, site_id: SiteId | None, by: ReaderId, key: str) -> BatchId:
    """Return the batch that somebody begins with this key, or has begun with it before.

    Raises:
        InvalidInput: they have used the key elsewhere.
    """
    mine = sa.select(batches).where(batches.c.reader_id == by, batches.c.key == key)
    values = {"site_id": site_id, "reader_id": by, "key": key, "begun_at": tx.now}
    insert_ignore(tx.conn, batches, values)
    row = tx.conn.execute(mine).one()
    if row.site_id != site_id:
        raise InvalidInput("This is no key of ours.", field="key", code="bad_field")
    return BatchId(row.id)


def lock_batch(tx: Tx, batch_id: BatchId) -> bool:
    """Keep others from taking a batch back; say whether nobody has."""
    query = sa.select(batches.c.undone_at).where(batches.c.id == batch_id).with_for_update()
    return tx.conn.execute(query).scalar_one() is None


def get_batch(
    conn: sa.Connection, site_id: SiteId | None, batch_id: BatchId, *, by: ReaderId
) -> Batch:
    """Return one's own batch at the site, or over all sites. Raises NotFound."""
    row = conn.execute(
        sa.select(batches).where(
            batches.c.id == batch_id,
            batches.c.reader_id == by,
            batches.c.site_id.is_(None) if site_id is None else batches.c.site_id == site_id,
        )
    ).first()
    if row is None:
        raise NotFound("There is nothing here that you decided together.", code="no_batch")
    return Batch(
        BatchId(row.id),
        SiteId(row.site_id) if row.site_id is not None else None,
        ReaderId(row.reader_id),
        row.begun_at,
        row.undone_at,
    )


def list_members(conn: sa.Connection, batch_id: BatchId) -> list[Member]:
    """Return what a batch is made of, in the order of the comments."""
    query = sa.select(batch_members).where(batch_members.c.batch_id == batch_id)
    return [
        Member(
            SiteId(row.site_id),
            CommentId(row.comment_id),
            DecisionId(row.decision_id) if row.decision_id is not None else None,
            row.left_for,
            row.kept_for,
        )
        for row in conn.execute(query.order_by(batch_members.c.comment_id))
    ]


def is_member(conn: sa.Connection, batch_id: BatchId, comment_id: CommentId) -> bool:
    """Say whether it is settled in this batch what becomes of the comment."""
    query = sa.select(batch_members.c.comment_id).where(
        batch_members.c.batch_id == batch_id, batch_members.c.comment_id == comment_id
    )
    return conn.execute(query).first() is not None


def add_member(tx: Tx, batch_id: BatchId, member: Member) -> None:
    """Note what came of one comment; what is there already stays."""
    insert_ignore(
        tx.conn,
        batch_members,
        {
            "batch_id": batch_id,
            "comment_id": member.comment_id,
            "site_id": member.site_id,
            "decision_id": member.decision_id,
            "left_for": member.left_for,
            "kept_for": member.kept_for,
        },
    )


def note_undone(tx: Tx, batch_id: BatchId) -> None:
    """Note that the whole was to be taken back; the first time counts."""
    tx.conn.execute(
        sa.update(batches)
        .where(batches.c.id == batch_id, batches.c.undone_at.is_(None))
        .values(undone_at=tx.now)
    )


def note_kept(tx: Tx, batch_id: BatchId, comment_id: CommentId, *, code: str) -> None:
    """Note why a decision was not taken back with the others; an empty code says that it was."""
    tx.conn.execute(
        sa.update(batch_members)
        .where(batch_members.c.batch_id == batch_id, batch_members.c.comment_id == comment_id)
        .values(kept_for=code)
    )


def forget_batches(tx: Tx) -> None:
    """Let go of batches that are long over; their decisions stay."""
    over = sa.select(batches.c.id).where(batches.c.begun_at <= tx.now - KEPT_FOR)
    tx.conn.execute(sa.delete(batch_members).where(batch_members.c.batch_id.in_(over)))
    tx.conn.execute(sa.delete(batches).where(batches.c.begun_at <= tx.now - KEPT_FOR))
