"""Threats to somebody's life or safety: the evidence as it was, and who was told when.

The evidence is a copy that neither an edit nor an erasure reaches, because an authority may ask for
it; it is forgotten when its time is over. Who looks at it is written down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NewType

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import CommentId, ReaderId, SiteId
from belowline.storage.database import Tx, insert_id
from belowline.storage.tables import (
    comments,
    dangers,
    evidence_looks,
    readers,
    revisions,
    stories,
)

DangerId = NewType("DangerId", int)

EVIDENCE_FOR = timedelta(days=365)
"""So long after it was closed the copy is kept."""

Evidence = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Danger:
    """A threat to life or safety as it is being seen to."""

    id: DangerId
    site_id: SiteId
    comment_id: CommentId
    opened_by: ReaderId
    opened_at: datetime
    authority: str
    channel: str
    reference: str
    told_at: datetime | None
    told_by: ReaderId | None
    outcome: str
    closed_at: datetime | None
    closed_by: ReaderId | None
    has_evidence: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Which authority was told, how, and under which reference of theirs."""

    authority: str
    channel: str
    reference: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at the evidence."""

    name: str
    at: datetime


def open_since(conn: sa.Connection, comment_id: CommentId) -> datetime | None:
    """Return since when a threat in this comment is being seen to, or None."""
    query = sa.select(dangers.c.opened_at).where(
        dangers.c.comment_id == comment_id, dangers.c.closed_at.is_(None)
    )
    found: datetime | None = conn.execute(query).scalar()
    return found


def copy_evidence(conn: sa.Connection, comment_id: CommentId) -> Evidence:
    """Return all that an authority would ask for about a comment, as it stands now."""
    row = conn.execute(
        sa.select(
            comments.c.author_id,
            comments.c.status,
            comments.c.created_at,
            readers.c.name,
            readers.c.email,
            stories.c.title,
            stories.c.url,
        )
        .join(readers, readers.c.id == comments.c.author_id)
        .join(stories, stories.c.id == comments.c.story_id)
        .where(comments.c.id == comment_id)
    ).one()
    texts = conn.execute(
        sa.select(revisions.c.number, revisions.c.text, revisions.c.created_at)
        .where(revisions.c.comment_id == comment_id)
        .order_by(revisions.c.number)
    )
    return {
        "author": {"id": row.author_id, "name": row.name, "email": row.email},
        "story": {"title": row.title, "url": row.url},
        "status": row.status,
        "written_at": row.created_at.isoformat(),
        "revisions": [
            {"number": one.number, "text": one.text, "at": one.created_at.isoformat()}
            for one in texts
        ],
    }


def add_danger(tx: Tx, site_id: SiteId, comment_id: CommentId, *, by: ReaderId) -> DangerId:
    """Begin to see to a threat in a comment, with a copy of the evidence."""
    values = {
        "site_id": site_id,
        "comment_id": comment_id,
        "opened_by": by,
        "opened_at": tx.now,
        "evidence": copy_evidence(tx.conn, comment_id),
    }
    return DangerId(insert_id(tx.conn, dangers, values))


def find_open(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> Danger | None:
    """Return the threat in this comment that is being seen to, or None."""
    row = conn.execute(
        _select().where(
            dangers.c.comment_id == comment_id,
            dangers.c.site_id == site_id,
            dangers.c.closed_at.is_(None),
        )
    ).first()
    return _danger(row) if row is not None else None


def get_danger(
    conn: sa.Connection, site_id: SiteId, danger_id: DangerId, *, lock: bool = False
) -> Danger:
    """Return one of the site's, and keep others from it with ``lock``. Raises NotFound."""
    query = _select().where(dangers.c.id == danger_id, dangers.c.site_id == site_id)
    row = conn.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("There is no such thing here.", code="no_danger")
    return _danger(row)


def list_for_comment(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> list[Danger]:
    """Return every time that a threat in this comment was seen to, the latest first."""
    rows = conn.execute(
        _select()
        .where(dangers.c.comment_id == comment_id, dangers.c.site_id == site_id)
        .order_by(dangers.c.id.desc())
    )
    return [_danger(row) for row in rows]


def list_open(conn: sa.Connection, site_id: SiteId) -> list[Danger]:
    """Return what is being seen to at the site, the longest open first."""
    rows = conn.execute(
        _select()
        .where(dangers.c.site_id == site_id, dangers.c.closed_at.is_(None))
        .order_by(dangers.c.opened_at, dangers.c.id)
    )
    return [_danger(row) for row in rows]


def note_told(tx: Tx, danger_id: DangerId, told: Told, *, by: ReaderId) -> None:
    """Note that an authority was told."""
    _change(
        tx,
        danger_id,
        authority=told.authority,
        channel=told.channel,
        reference=told.reference,
        told_at=tx.now,
        told_by=by,
    )


def close(tx: Tx, danger_id: DangerId, *, outcome: str, by: ReaderId) -> None:
    """Note that nothing is left to do."""
    _change(tx, danger_id, outcome=outcome, closed_at=tx.now, closed_by=by)


def read_evidence(tx: Tx, danger_id: DangerId, *, by: ReaderId) -> Evidence | None:
    """Return the copy, and note who looks at it; None once it is forgotten."""
    tx.conn.execute(sa.insert(evidence_looks).values(danger_id=danger_id, reader_id=by, at=tx.now))
    query = sa.select(dangers.c.evidence).where(dangers.c.id == danger_id)
    found: Evidence | None = tx.conn.execute(query).scalar()
    return found


def list_looks(conn: sa.Connection, danger_id: DangerId) -> list[Look]:
    """Return who looked at the evidence, the latest first."""
    rows = conn.execute(
        sa.select(readers.c.name, evidence_looks.c.at)
        .join(readers, readers.c.id == evidence_looks.c.reader_id)
        .where(evidence_looks.c.danger_id == danger_id)
        .order_by(evidence_looks.c.id.desc())
    )
    return [Look(row.name, row.at) for row in rows]


def forget_evidence(tx: Tx) -> None:
    """Forget the copies whose time is over."""
    tx.conn.execute(
        sa.update(dangers)
        .where(dangers.c.closed_at <= tx.now - EVIDENCE_FOR, dangers.c.evidence.is_not(None))
        .values(evidence=None)
    )


def _change(tx: Tx, danger_id: DangerId, **values: object) -> None:
    tx.conn.execute(sa.update(dangers).where(dangers.c.id == danger_id).values(**values))


def _select() -> sa.Select[Any]:
    # Without the copy: who reads that is written down.
    columns = [one for one in dangers.c if one.name != "evidence"]
    return sa.select(*columns, dangers.c.evidence.is_not(None).label("has_evidence"))


def _danger(row: sa.Row[Any]) -> Danger:
    return Danger(
        DangerId(row.id),
        SiteId(row.site_id),
        CommentId(row.comment_id),
        ReaderId(row.opened_by),
        row.opened_at,
        row.authority,
        row.channel,
        row.reference,
        row.told_at,
        ReaderId(row.told_by) if row.told_by is not None else None,
        row.outcome,
        row.closed_at,
        ReaderId(row.closed_by) if row.closed_by is not None else None,
        bool(row.has_evidence),
    )
