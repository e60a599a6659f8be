"""How a site's own ladders are kept: each publication is a new version, and none is changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import ReaderId, SiteId
from belowline.sanctions.thresholds import USUAL, LadderSettings, read_thresholds
from belowline.storage.database import Tx
from belowline.storage.tables import ladders


@dataclass(frozen=True, slots=True)
class PublishedLadder:
    """A version of a site's ladder; version 0 is the usual one, which nobody has published."""

    version: int
    settings: LadderSettings
    published_at: datetime | None = None
    published_by: ReaderId | None = None


def get_ladder(conn: sa.Connection, site_id: SiteId) -> PublishedLadder:
    """Return the ladder in force at the site."""
    row = conn.execute(_of(site_id).limit(1)).first()
    return _ladder(row) if row is not None else PublishedLadder(0, USUAL)


def list_ladders(conn: sa.Connection, site_id: SiteId) -> list[PublishedLadder]:
    """Return every ladder that the site has published, the one in force first."""
    return [_ladder(row) for row in conn.execute(_of(site_id))]


def add_ladder(
    tx: Tx, site_id: SiteId, settings: LadderSettings, *, version: int, by: ReaderId
) -> None:
    """Put a ladder in force from now on."""
    tx.conn.execute(
        sa.insert(ladders).values(
            site_id=site_id,
            version=version,
            settings=asdict(settings),
            published_at=tx.now,
            published_by=by,
        )
    )


def _of(site_id: SiteId) -> sa.Select[Any]:
    return sa.select(ladders).where(ladders.c.site_id == site_id).order_by(ladders.c.version.desc())


def _ladder(row: sa.Row[Any]) -> PublishedLadder:
    return PublishedLadder(
        row.version, read_thresholds(row.settings), row.published_at, ReaderId(row.published_by)
    )
