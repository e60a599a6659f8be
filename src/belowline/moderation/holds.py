"""Legal holds: a comment with its revisions, verdicts, case and decisions is kept as evidence.

While one is in force its author cannot edit it, and erasing them takes it from the public and
leaves it here. A hold does not end by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NewType

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import CommentId, ReaderId, Refusal, SiteId
from belowline.storage.database import Tx, insert_id
from belowline.storage.tables import legal_holds as table

HoldId = NewType("HoldId", int)
MOST = 300


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A hold on one comment."""

    id: HoldId
    comment_id: CommentId
    reason: str
    owner_id: ReaderId
    review_at: datetime
    author_name: str | None = field(repr=False)
    """Who had written it when the hold was placed, though they may have left since."""
    author_email: str | None = field(repr=False)
    placed_by: ReaderId
    placed_at: datetime
    ended_by: ReaderId | None
    ended_at: datetime | None


def may_change_text(*, is_held: bool) -> Refusal | None:
    """Say why a comment's text cannot be changed: it is kept as evidence.

    It says no more than that of any comment that cannot be edited, for a hold is no matter of its
    author's.
    """
    if is_held:
        return Refusal("not_editable", "This comment can no longer be edited.")
    return None


def is_held(conn: sa.Connection, comment_id: CommentId) -> bool:
    """Say whether a hold on the comment is in force."""
    query = sa.select(table.c.id).where(
        table.c.comment_id == comment_id, table.c.ended_at.is_(None)
    )
    return conn.execute(query.limit(1)).first() is not None


def get_hold(conn: sa.Connection, site_id: SiteId, hold_id: HoldId) -> LegalHold:
    """Return the site's hold with this id. Raises NotFound."""
    row = conn.execute(
        sa.select(table).where(table.c.id == hold_id, table.c.site_id == site_id)
    ).first()
    if row is None:
        raise NotFound("There is no such legal hold.", code="no_hold")
    return _hold(row)


def find_hold(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> LegalHold | None:
    """Return the hold on the comment that is in force, or None."""
    row = conn.execute(
        sa.select(table)
        .where(
            table.c.comment_id == comment_id,
            table.c.site_id == site_id,
            table.c.ended_at.is_(None),
        )
        .order_by(table.c.id)
    ).first()
    return _hold(row) if row is not None else None


def list_holds(conn: sa.Connection, site_id: SiteId) -> list[LegalHold]:
    """Return the site's holds that are in force, the first to be reviewed first."""
    rows = conn.execute(
        sa.select(table)
        .where(table.c.site_id == site_id, table.c.ended_at.is_(None))
        .order_by(table.c.review_at, table.c.id)
        .limit(MOST)
    )
    return [_hold(row) for row in rows]


def add_hold(  # noqa: PLR0913 - a row
    tx: Tx,
    site_id: SiteId,
    comment_id: CommentId,
    *,
    reason: str,
    owner_id: ReaderId,
    review_at: datetime,
    author: tuple[str, str | None],
) -> HoldId:
    """Place a hold. ``author`` is the name and the address that the author has now."""
    return HoldId(
        insert_id(
            tx.conn,
            table,
            {
                "site_id": site_id,
                "comment_id": comment_id,
                "reason": reason,
                "owner_id": owner_id,
                "review_at": review_at,
                "author_name": author[0],
                "author_email": author[1],
                "placed_by": tx.actor.reader_id,
                "placed_at": tx.now,
            },
        )
    )


def prolong_hold(tx: Tx, hold_id: HoldId, *, review_at: datetime, owner_id: ReaderId) -> None:
    """Have it looked at again later, and say who answers for it from now on."""
    tx.conn.execute(
        sa.update(table).where(table.c.id == hold_id).values(review_at=review_at, owner_id=owner_id)
    )


def end_hold(tx: Tx, hold_id: HoldId) -> None:
    """End a hold, and forget who the author was."""
    tx.conn.execute(
        sa.update(table)
        .where(table.c.id == hold_id)
        .values(ended_by=tx.actor.reader_id, ended_at=tx.now, author_name=None, author_email=None)
    )


def count_due(conn: sa.Connection, site_id: SiteId, *, now: datetime) -> int:
    """Count the holds that somebody should look at again."""
    query = sa.select(sa.func.count()).where(
        table.c.site_id == site_id, table.c.ended_at.is_(None), table.c.review_at <= now
    )
    return conn.execute(query).scalar_one()


def held_among(conn: sa.Connection, comment_ids: Collection[CommentId]) -> set[CommentId]:
    """Return which of these comments are held."""
    query = sa.select(table.c.comment_id).where(
        table.c.comment_id.in_(comment_ids), table.c.ended_at.is_(None)
    )
    return set(conn.execute(query).scalars())


def _hold(row: sa.Row[Any]) -> LegalHold:
    return LegalHold(
        HoldId(row.id),
        CommentId(row.comment_id),
        row.reason,
        ReaderId(row.owner_id),
        row.review_at,
        row.author_name,
        row.author_email,
        ReaderId(row.placed_by),
        row.placed_at,
        ReaderId(row.ended_by) if row.ended_by is not None else None,
        row.ended_at,
    )
