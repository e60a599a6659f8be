"""The list of imports: what was brought from where, how far one has come, and which was undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import SiteId
from belowline.storage.database import Tx, insert_id
from belowline.storage.imported import ImportId
from belowline.storage.tables import imports, sites

Options = Mapping[str, Any]
"""How a file is read, as plain values."""


class ImportState(StrEnum):
    """How far an import has come."""

    RUNNING = "running"
    """It is at work, or was stopped; the same command goes on with it."""
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What is read: a file of a source, what it hashes to, and how it is read."""

    source: str
    name: str
    hash: str
    options: Options


@dataclass(frozen=True, slots=True)
class Import:
    """One import, as the list has it. ``stage`` and ``done_to`` say how far it has come."""

    id: ImportId
    site_id: SiteId
    site_key: str
    file: SourceFile
    started_by: str
    landing: str
    """The mark of the landing in whose order ``done_to`` counts."""
    started_at: datetime
    state: ImportState
    stage: str
    done_to: int
    moved_at: datetime
    counts: dict[str, int]


def begin_import(tx: Tx, site_id: SiteId, file: SourceFile, *, by: str, landing: str) -> ImportId:
    """Put a new import on the list."""
    values = {
        "site_id": site_id,
        "source": file.source,
        "file": file.name,
        "file_hash": file.hash,
        "options": dict(file.options),
        "started_by": by,
        "landing": landing,
        "started_at": tx.now,
        "state": ImportState.RUNNING,
        "stage": "",
        "done_to": 0,
        "moved_at": tx.now,
        "counts": {},
    }
    return ImportId(insert_id(tx.conn, imports, values))


def find_running(conn: sa.Connection, site_id: SiteId, file: SourceFile) -> Import | None:
    """Return the import of this very file, read in the same way, that did not come to its end."""
    query = _select().where(
        imports.c.site_id == site_id,
        imports.c.source == file.source,
        imports.c.file_hash == file.hash,
        imports.c.state == ImportState.RUNNING,
    )
    for row in conn.execute(query.order_by(imports.c.id.desc())):
        if row.options == dict(file.options):
            return _import(row)
    return None


def is_overtaken(conn: sa.Connection, one: Import) -> bool:
    """Say whether another import of the same source has stored something since this one did."""
    query = sa.select(imports.c.id).where(
        imports.c.site_id == one.site_id,
        imports.c.source == one.file.source,
        imports.c.id != one.id,
        imports.c.moved_at >= one.moved_at,
    )
    return conn.execute(query.limit(1)).first() is not None


def begin_again(tx: Tx, import_id: ImportId, *, landing: str) -> None:
    """Let an import that was stopped begin anew with what is not here yet, from another landing."""
    tx.conn.execute(
        sa.update(imports)
        .where(imports.c.id == import_id)
        .values(landing=landing, stage="", done_to=0, moved_at=tx.now)
    )


def find_by_landing(conn: sa.Connection, landing: str) -> Import | None:
    """Return the import whose progress counts in this landing, or None."""
    row = conn.execute(_select().where(imports.c.landing == landing)).first()
    return _import(row) if row is not None else None


def get_import(conn: sa.Connection, import_id: ImportId) -> Import:
    """Return an import. Raises NotFound."""
    row = conn.execute(_select().where(imports.c.id == import_id)).first()
    if row is None:
        raise NotFound("There is no such import.", code="no_import")
    return _import(row)


def lock_import(tx: Tx, import_id: ImportId) -> Import:
    """Return an import, and keep others from moving it until the end. Raises NotFound."""
    row = tx.conn.execute(
        _select().where(imports.c.id == import_id).with_for_update(of=imports)
    ).first()
    if row is None:
        raise NotFound("There is no such import.", code="no_import")
    return _import(row)


def has_imports(conn: sa.Connection, site_id: SiteId) -> bool:
    """Say whether anything was ever imported into a site."""
    query = sa.select(imports.c.id).where(imports.c.site_id == site_id)
    return conn.execute(query.limit(1)).first() is not None


def list_imports(conn: sa.Connection, site_id: SiteId | None = None) -> list[Import]:
    """Return the imports of a site, or of all, the latest first."""
    query = _select().order_by(imports.c.id.desc())
    if site_id is not None:
        query = query.where(imports.c.site_id == site_id)
    return [_import(row) for row in conn.execute(query)]


def move_on(
    tx: Tx, import_id: ImportId, *, stage: str, done_to: int, brought: Mapping[str, int]
) -> None:
    """Note how far an import has come, and what it has brought by it, beside what it had before."""
    counts = dict(
        tx.conn.execute(sa.select(imports.c.counts).where(imports.c.id == import_id)).scalar_one()
    )
    for kind, number in brought.items():
        counts[kind] = counts.get(kind, 0) + number
    tx.conn.execute(
        sa.update(imports)
        .where(imports.c.id == import_id)
        .values(stage=stage, done_to=done_to, moved_at=tx.now, counts=counts)
    )


def set_state(tx: Tx, import_id: ImportId, state: ImportState) -> None:
    """Note that an import has come to its end, is being undone, or has been."""
    tx.conn.execute(
        sa.update(imports).where(imports.c.id == import_id).values(state=state, moved_at=tx.now)
    )


def _select() -> sa.Select[Any]:
    return sa.select(imports, sites.c.key.label("site_key")).join(
        sites, sites.c.id == imports.c.site_id
    )


def _import(row: sa.Row[Any]) -> Import:
    return Import(
        ImportId(row.id),
        SiteId(row.site_id),
        row.site_key,
        SourceFile(row.source, row.file, row.file_hash, row.options),
        row.started_by,
        row.landing,
        row.started_at,
        ImportState(row.state),
        row.stage,
        row.done_to,
        row.moved_at,
        row.counts,
    )
