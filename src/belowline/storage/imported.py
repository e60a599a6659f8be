"""What has come in from other systems: their ids beside ours, so that a repeat is recognised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

import sqlalchemy as sa

from belowline.core.terms import SiteId
from belowline.storage.bulk import Bulk
from belowline.storage.database import Tx
from belowline.storage.tables import comments, imported

ImportId = NewType("ImportId", int)

_CHUNK = 500
_BULK = Bulk(
    imported, ("site_id", "source", "kind", "source_id", "target_id", "import_id", "status")
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where records come from and where they go: a source, into a site, by one import."""

    site_id: SiteId
    source: str
    import_id: ImportId | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A record of a source that is here."""

    kind: str
    source_id: str
    target_id: int
    status: str | None
    """Of a comment: the strictest status at the source that was ever met."""
    at: datetime | None = None
    """Of a comment: when it was written."""


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


def list_known(conn: sa.Connection, origin: Origin) -> Iterator[Known]:
    """Give everything of the source that is here, in no order; it is read as it is asked for."""
    is_comment = sa.and_(imported.c.kind == "comment", comments.c.id == imported.c.target_id)
    query = (
        sa.select(
            imported.c.kind,
            imported.c.source_id,
            imported.c.target_id,
            imported.c.status,
            comments.c.created_at,
        )
        .select_from(imported.outerjoin(comments, is_comment))
        .where(imported.c.site_id == origin.site_id, imported.c.source == origin.source)
    )
    with conn.execute(query.execution_options(yield_per=5000)) as rows:
        for row in rows:
            yield Known(row.kind, row.source_id, row.target_id, row.status, row.created_at)


def put_target(
    tx: Tx, site_id: SiteId, *, source: str, record: tuple[str, str], target_id: int
) -> None:
    """Remember that the record ``(kind, source_id)`` is here under ``target_id``."""
    kind, source_id = record
    put_targets(tx, Origin(site_id, source), kind=kind, targets=[(source_id, target_id, None)])


def put_targets(
    tx: Tx, origin: Origin, *, kind: str, targets: Sequence[tuple[str, int, str | None]]
) -> None:
    """Remember that these records of one kind are here: their ids there and here, their status.

    Raises:
        sqlalchemy.exc.IntegrityError: one of them is remembered already.
    """
    _BULK.put(
        tx.conn,
        (
            (origin.site_id, origin.source, kind, source_id, target_id, origin.import_id, status)
            for source_id, target_id, status in targets
        ),
    )


def set_statuses(tx: Tx, origin: Origin, statuses: Sequence[tuple[str, str]]) -> None:
    """Remember the stricter status of comments that were met again."""
    for source_id, status in statuses:
        tx.conn.execute(
            sa.update(imported)
            .where(
                imported.c.site_id == origin.site_id,
                imported.c.source == origin.source,
                imported.c.kind == "comment",
                imported.c.source_id == source_id,
            )
            .values(status=status)
        )


def list_brought(
    conn: sa.Connection, import_id: ImportId, *, kind: str, below: int | None, limit: int
) -> list[int]:
    """Return our ids of what an import brought of one kind, the latest first, below an id."""
    query = (
        sa.select(imported.c.target_id)
        .where(imported.c.kind == kind, imported.c.import_id == import_id)
        .order_by(imported.c.target_id.desc())
        .limit(limit)
    )
    if below is not None:
        query = query.where(imported.c.target_id < below)
    return list(conn.execute(query).scalars())


def drop_targets(tx: Tx, *, kind: str, ids: Sequence[int]) -> None:
    """Forget that records of one kind came in under these ids of ours."""
    for start in range(0, len(ids), _CHUNK):
        tx.conn.execute(
            sa.delete(imported).where(
                imported.c.kind == kind, imported.c.target_id.in_(ids[start : start + _CHUNK])
            )
        )
