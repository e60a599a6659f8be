"""What was reported, decided, imposed and noted in the system that a site used before.

Staff see it beside a reader and a case, marked as that system's. It is knowledge and nothing more:
it is in no figure, weighs on nobody's standing, and says nothing about a reporter's record here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, ReaderId, SiteId
from belowline.storage.bulk import Bulk, reserve_ids
from belowline.storage.database import Tx
from belowline.storage.imported import ImportId
from belowline.storage.tables import imports, past_records, readers

MOST_SHOWN = 200


class PastKind(StrEnum):
    """What happened there."""

    REPORT = "report"
    DECISION = "decision"
    SANCTION = "sanction"
    NOTE = "note"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class NewPastRecord:
    """Something that happened there, about to be kept."""

    kind: PastKind
    comment_id: CommentId | None
    reader_id: ReaderId | None
    by: ReaderId | None
    what: str
    reason: str
    note: str
    at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastRecord:
    """Something that happened there, as staff see it."""

    kind: PastKind
    source: str
    comment_id: CommentId | None
    by_name: str | None
    what: str
    reason: str
    note: str
    at: datetime
    ends_at: datetime | None


_BULK = Bulk(
    past_records,
    (
        "id",
        "site_id",
        "import_id",
        "kind",
        "comment_id",
        "reader_id",
        "by_reader_id",
        "what",
        "reason",
        "note",
        "at",
        "ends_at",
    ),
)


def add_past_records(
    tx: Tx, site_id: SiteId, import_id: ImportId, news: Sequence[NewPastRecord]
) -> list[int]:
    """Keep what happened elsewhere; return the ids in their order."""
    ids = list(reserve_ids(tx.conn, past_records, len(news)))
    _BULK.put(
        tx.conn,
        (
            (
                record_id,
                site_id,
                import_id,
                new.kind.value,
                new.comment_id,
                new.reader_id,
                new.by,
                new.what,
                new.reason,
                new.note,
                new.at,
                new.ends_at,
            )
            for record_id, new in zip(ids, news, strict=True)
        ),
    )
    return ids


def list_past_of_reader(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId
) -> list[PastRecord]:
    """Return what happened elsewhere about a reader, the latest first."""
    return _read(conn, site_id, past_records.c.reader_id == reader_id)


def list_past_of_comment(
    conn: sa.Connection, site_id: SiteId, comment_id: CommentId
) -> list[PastRecord]:
    """Return what happened elsewhere about a comment, the latest first."""
    return _read(conn, site_id, past_records.c.comment_id == comment_id)


def _read(
    conn: sa.Connection, site_id: SiteId, condition: sa.ColumnElement[bool]
) -> list[PastRecord]:
    rows = conn.execute(
        sa.select(past_records, imports.c.source, readers.c.name.label("by_name"))
        .join(imports, imports.c.id == past_records.c.import_id)
        .outerjoin(readers, readers.c.id == past_records.c.by_reader_id)
        .where(past_records.c.site_id == site_id, condition)
        .order_by(past_records.c.at.desc(), past_records.c.id.desc())
        .limit(MOST_SHOWN)
    )
    return [_record(row) for row in rows]


def _record(row: sa.Row[Any]) -> PastRecord:
    return PastRecord(
        PastKind(row.kind),
        row.source,
        CommentId(row.comment_id) if row.comment_id is not None else None,
        row.by_name,
        row.what,
        row.reason,
        row.note,
        row.at,
        row.ends_at,
    )
