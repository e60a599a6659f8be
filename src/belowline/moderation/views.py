"""How saved views are kept: parts of the queue with a name, somebody's own or their desk's."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import ReaderId, SiteId, ViewId
from belowline.moderation.filters import Filters, from_plain, to_plain
from belowline.storage.database import Tx, insert_id
from belowline.storage.tables import saved_views


@dataclass(frozen=True, slots=True)
class SavedView:
    """A part of the queue that somebody keeps."""

    id: ViewId
    site_id: SiteId | None
    """Where it stands; None for the queue over all sites."""
    reader_id: ReaderId
    shared: bool
    """Whether the site's whole desk has it."""
    name: str
    filters: Filters


def list_for(conn: sa.Connection, reader_id: ReaderId, site_id: SiteId | None) -> list[SavedView]:
    """Return the saved views that somebody has at a site, or over all sites, by name."""
    own = saved_views.c.reader_id == reader_id
    if site_id is None:
        where = sa.and_(own, saved_views.c.site_id.is_(None))
    else:
        where = sa.and_(saved_views.c.site_id == site_id, sa.or_(own, saved_views.c.shared))
    query = sa.select(saved_views).where(where).order_by(saved_views.c.name, saved_views.c.id)
    return [_view(row) for row in conn.execute(query)]


def get_view(conn: sa.Connection, site_id: SiteId | None, view_id: ViewId) -> SavedView:
    """Return a saved view of the site, or of those over all sites. Raises NotFound."""
    row = conn.execute(
        sa.select(saved_views).where(
            saved_views.c.id == view_id,
            saved_views.c.site_id.is_(None)
            if site_id is None
            else saved_views.c.site_id == site_id,
        )
    ).first()
    if row is None:
        raise NotFound("There is no such view.", code="no_view")
    return _view(row)


def add_view(
    tx: Tx, reader_id: ReaderId, *, site_id: SiteId | None, view: tuple[str, Filters, bool]
) -> ViewId:
    """Keep a view: its name, its filters, and whether the site's whole desk has it."""
    name, filters, shared = view
    return ViewId(
        insert_id(
            tx.conn,
            saved_views,
            {
                "site_id": site_id,
                "reader_id": reader_id,
                "shared": shared,
                "name": name,
                "filters": to_plain(filters),
                "created_at": tx.now,
            },
        )
    )


def drop_view(tx: Tx, view_id: ViewId) -> None:
    """Let go of a view."""
    tx.conn.execute(sa.delete(saved_views).where(saved_views.c.id == view_id))


def forget_views(tx: Tx, reader_id: ReaderId) -> None:
    """Let go of what somebody saved who has left; what they shared goes too, it has their words."""
    tx.conn.execute(sa.delete(saved_views).where(saved_views.c.reader_id == reader_id))


def _view(row: sa.Row[tuple[object, ...]]) -> SavedView:
    return SavedView(
        ViewId(row.id),
        SiteId(row.site_id) if row.site_id is not None else None,
        ReaderId(row.reader_id),
        row.shared,
        row.name,
        from_plain(row.filters),
    )
