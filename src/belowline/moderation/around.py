"""The thread around a comment as staff see it: what it answers, and what was said beside and below.

Every status is here, because a moderator judges a comment by what it answers even if that is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, ReaderId, SiteId
from belowline.storage.tables import comments, readers

ANCESTORS = 6
BESIDE = 3
BELOW = 8


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A comment near the one that a case is about."""

    id: CommentId
    parent_id: CommentId | None
    author_id: ReaderId
    author_name: str
    status: CommentStatus
    html: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a comment, each list in the order in which it was written."""

    above: tuple[Neighbour, ...]
    """What it answers, the root first; the nearest few."""
    beside: tuple[Neighbour, ...]
    """The latest other answers to the same comment that were there before it."""
    below: tuple[Neighbour, ...]
    more_below: bool


def read_surroundings(
    conn: sa.Connection, site_id: SiteId, comment_id: CommentId, *, parent_id: CommentId | None
) -> Surroundings:
    """Return what stands around a comment of the site, a bounded number of lines."""
    above: list[Neighbour] = []
    at = parent_id
    while at is not None and len(above) < ANCESTORS:
        row = conn.execute(_select(site_id).where(comments.c.id == at)).first()
        if row is None:
            break
        above.append(_neighbour(row))
        at = above[-1].parent_id
    beside: list[Neighbour] = []
    if parent_id is not None:
        query = _select(site_id).where(
            comments.c.parent_id == parent_id, comments.c.id < comment_id
        )
        rows = conn.execute(query.order_by(comments.c.id.desc()).limit(BESIDE))
        beside = [_neighbour(row) for row in rows]
    query = _select(site_id).where(comments.c.parent_id == comment_id)
    rows = conn.execute(query.order_by(comments.c.id).limit(BELOW + 1))
    below = [_neighbour(row) for row in rows]
    return Surroundings(
        tuple(reversed(above)), tuple(reversed(beside)), tuple(below[:BELOW]), len(below) > BELOW
    )


def _select(site_id: SiteId) -> sa.Select[Any]:
    return (
        sa.select(comments, readers.c.name)
        .join(readers, readers.c.id == comments.c.author_id)
        .where(comments.c.site_id == site_id)
    )


def _neighbour(row: sa.Row[Any]) -> Neighbour:
    return Neighbour(
        CommentId(row.id),
        CommentId(row.parent_id) if row.parent_id is not None else None,
        ReaderId(row.author_id),
        row.name,
        CommentStatus(row.status),
        row.html,
        row.created_at,
    )
