"""What has come in from other systems: their ids beside ours, so that a repeat is recognised."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from belowline.core.terms import SiteId
from belowline.storage.database import Tx
from belowline.storage.tables import imported

_CHUNK = 500


def find_targets(
    conn: sa.Connection, site_id: SiteId, *, source: str, kind: str, ids: Sequence[str]
) -> dict[str, int]:
    """Return our ids of those records of the source that are already here."""
    found: dict[str, int] = {}
    for start in range(0, len(ids), _CHUNK):
        rows = conn.execute(
            sa.select(imported.c.source_id, imported.c.target_id).where(
                imported.c.site_id == site_id,
                imported.c.source == source,
                imported.c.kind == kind,
                imported.c.source_id.in_(ids[start : start + _CHUNK]),
            )
        )
        found |= {row.source_id: row.target_id for row in rows}
    return found


def put_target(
    tx: Tx, site_id: SiteId, *, source: str, record: tuple[str, str], target_id: int
) -> None:
    """Remember that the record ``(kind, source_id)`` is here under ``target_id``."""
    kind, source_id = record
    tx.conn.execute(
        sa.insert(imported).values(
            site_id=site_id, source=source, kind=kind, source_id=source_id, target_id=target_id
        )
    )
