"""Finding a site's readers by name, for staff. Nobody is found where they have left no trace."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import ReaderId, SiteId
from belowline.storage.tables import (
    comments,
    decisions,
    past_claims,
    past_records,
    readers,
    reports,
    staff,
)

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class FoundReader:
    """A reader as a list of staff shows one. Without an address: moderators never see it."""

    id: ReaderId
    name: str
    created_at: datetime
    comments: int


def search_readers(conn: sa.Connection, site_id: SiteId, *, name: str) -> list[FoundReader]:
    """Return readers who were active at the site and whose name contains this, by name."""
    own = (
        sa.select(sa.func.count())
        .where(comments.c.author_id == readers.c.id, comments.c.site_id == site_id)
        .scalar_subquery()
    )
    rows = conn.execute(
        sa.select(readers.c.id, readers.c.name, readers.c.created_at, own.label("comments"))
        .where(
            readers.c.erased_at.is_(None),
            sa.func.lower(readers.c.name).contains(name.lower(), autoescape=True),
            _was_active(site_id),
        )
        .order_by(readers.c.name, readers.c.id)
        .limit(MOST_FOUND)
    )
    return [FoundReader(ReaderId(row.id), row.name, row.created_at, row.comments) for row in rows]


def was_active(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> bool:
    """Say whether the reader left a trace at the site, or holds a role there."""
    query = sa.select(readers.c.id).where(readers.c.id == reader_id, _was_active(site_id))
    return conn.execute(query).first() is not None


def names_of(conn: sa.Connection, reader_ids: Collection[ReaderId | None]) -> dict[int, str]:
    """Return the display names of these readers by id, passing over None."""
    wanted = {one for one in reader_ids if one is not None}
    rows = conn.execute(sa.select(readers.c.id, readers.c.name).where(readers.c.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _was_active(site_id: SiteId) -> sa.ColumnElement[bool]:
    return sa.or_(
        *(
            sa.exists().where(column == readers.c.id, table.c.site_id == site_id)
            for table, column in (
                (comments, comments.c.author_id),
                (reports, reports.c.reporter_id),
                (decisions, decisions.c.reader_id),
                (staff, staff.c.reader_id),
                (past_records, past_records.c.reader_id),
                # Whoever looks for the old name finds who it is by now.
                (past_claims, past_claims.c.past_id),
            )
        )
    )
