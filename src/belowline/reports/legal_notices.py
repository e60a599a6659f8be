"""Notices of illegal content: what one is, how it is kept, and what is forgotten of it when.

Each comment that a notice is about has a report beside it, which waits in the queue and is answered
like any other. The sender's words and address are here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import ReaderId, SiteId
from belowline.reports.lanes import IllegalKind
from belowline.reports.model import LegalNoticeId
from belowline.storage.database import Tx, insert_id
from belowline.storage.tables import legal_notices

NETWORKS_FOR = timedelta(days=30)
"""What the privacy notice promises for network addresses."""
SENDERS_FOR = timedelta(days=365)
"""So long the sender's name and address are kept, for what may follow in law."""


@dataclass(frozen=True, slots=True)
class NewLegalNotice:
    """A notice about to be kept."""

    site_id: SiteId
    number: str
    kind: IllegalKind
    why: str = field(repr=False)
    name: str = field(repr=False)
    email: str = field(repr=False)
    reader_id: ReaderId | None
    network_hash: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class LegalNotice:
    """A notice as it is kept."""

    id: LegalNoticeId
    site_id: SiteId
    number: str
    kind: IllegalKind
    why: str = field(repr=False)
    name: str = field(repr=False)
    email: str = field(repr=False)
    reader_id: ReaderId | None
    received_at: datetime
    opened_at: datetime | None
    """When somebody of the staff first had it before them."""
    opened_by: ReaderId | None


def add_notice(tx: Tx, new: NewLegalNotice) -> LegalNotice:
    """Keep a notice that arrives now, and return it."""
    notice_id = insert_id(
        tx.conn,
        legal_notices,
        {
            "site_id": new.site_id,
            "number": new.number,
            "kind": new.kind,
            "why": new.why,
            "name": new.name,
            "email": new.email,
            "reader_id": new.reader_id,
            "network_hash": new.network_hash,
            "received_at": tx.now,
        },
    )
    query = sa.select(legal_notices).where(legal_notices.c.id == notice_id)
    return _notice(tx.conn.execute(query).one())


def find_by_number(conn: sa.Connection, site_id: SiteId, number: str) -> LegalNotice | None:
    """Return the site's notice with this number, or None."""
    row = conn.execute(
        sa.select(legal_notices).where(
            legal_notices.c.site_id == site_id, legal_notices.c.number == number
        )
    ).first()
    return _notice(row) if row is not None else None


def get_notice(conn: sa.Connection, site_id: SiteId, number: str) -> LegalNotice:
    """Return the site's notice with this number. Raises NotFound."""
    found = find_by_number(conn, site_id, number)
    if found is None:
        raise NotFound("There is no such notice.", code="no_legal_notice")
    return found


def list_notices(
    conn: sa.Connection, site_id: SiteId, ids: Collection[LegalNoticeId | None]
) -> dict[LegalNoticeId, LegalNotice]:
    """Return these notices of the site by id, passing over None."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = conn.execute(
        sa.select(legal_notices).where(
            legal_notices.c.id.in_(wanted), legal_notices.c.site_id == site_id
        )
    )
    return {LegalNoticeId(row.id): _notice(row) for row in rows}


def mark_opened(tx: Tx, notice_id: LegalNoticeId, *, by: ReaderId) -> bool:
    """Note that the staff has a notice before it; say whether that is new."""
    done = tx.conn.execute(
        sa.update(legal_notices)
        .where(legal_notices.c.id == notice_id, legal_notices.c.opened_at.is_(None))
        .values(opened_at=tx.now, opened_by=by)
    )
    return done.rowcount == 1


def erase_sender(tx: Tx, reader_id: ReaderId) -> None:
    """Empty what a reader who leaves had written in notices, and who they were."""
    tx.conn.execute(
        sa.update(legal_notices)
        .where(legal_notices.c.reader_id == reader_id)
        .values(why="", name="", email="", network_hash=None)
    )


def forget_senders(tx: Tx) -> None:
    """Forget networks after 30 days, and names and addresses after a year."""
    tx.conn.execute(
        sa.update(legal_notices)
        .where(
            legal_notices.c.received_at <= tx.now - NETWORKS_FOR,
            legal_notices.c.network_hash.is_not(None),
        )
        .values(network_hash=None)
    )
    tx.conn.execute(
        sa.update(legal_notices)
        .where(
            legal_notices.c.received_at <= tx.now - SENDERS_FOR,
            sa.or_(legal_notices.c.name != "", legal_notices.c.email != ""),
        )
        .values(name="", email="")
    )


def _notice(row: sa.Row[Any]) -> LegalNotice:
    return LegalNotice(
        LegalNoticeId(row.id),
        SiteId(row.site_id),
        row.number,
        IllegalKind(row.kind),
        row.why,
        row.name,
        row.email,
        ReaderId(row.reader_id) if row.reader_id is not None else None,
        row.received_at,
        row.opened_at,
        ReaderId(row.opened_by) if row.opened_by is not None else None,
    )
