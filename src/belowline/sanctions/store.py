"""How sanctions are kept. Nothing is deleted: a sanction ends, or is lifted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import (
    DecisionId,
    ReaderId,
    RuleKey,
    SanctionId,
    SanctionInForce,
    SanctionKind,
    SiteId,
)
from belowline.sanctions.model import NewSanction, Sanction
from belowline.storage.database import Tx, insert_id
from belowline.storage.prepared import Prepared
from belowline.storage.tables import decisions, sanctions

_COLUMNS = (
    sanctions,
    decisions.c.rule_key,
    decisions.c.reason,
    decisions.c.decided_by,
)


def _select() -> sa.Select[Any]:
    return sa.select(*_COLUMNS).join(decisions, decisions.c.id == sanctions.c.decision_id)


_UNLIFTED = Prepared(
    _select().where(
        sanctions.c.reader_id == sa.bindparam("reader_id"),
        sanctions.c.site_id == sa.bindparam("site_id"),
        sanctions.c.lifted_at.is_(None),
    )
)


def list_unlifted(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId
) -> tuple[SanctionInForce, ...]:
    """Return the reader's sanctions at the site that nobody has lifted; ended ones too."""
    rows = _UNLIFTED.all(conn, reader_id=reader_id, site_id=site_id)
    return tuple(
        SanctionInForce(
            SanctionId(row.id),
            SanctionKind(row.kind),
            row.starts_at,
            row.ends_at,
            row.acknowledged_at is not None,
            RuleKey(row.rule_key) if row.rule_key else None,
            DecisionId(row.decision_id),
        )
        for row in rows
    )


def list_sanctions(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> list[Sanction]:
    """Return all of the reader's sanctions at the site, newest first."""
    rows = conn.execute(
        _select()
        .where(sanctions.c.reader_id == reader_id, sanctions.c.site_id == site_id)
        .order_by(sanctions.c.id.desc())
    )
    return [_sanction(row) for row in rows]


def latest_id(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> int:
    """Return the reader's latest sanction at the site, whatever became of it; 0 if none."""
    query = sa.select(sa.func.max(sanctions.c.id)).where(
        sanctions.c.reader_id == reader_id, sanctions.c.site_id == site_id
    )
    return conn.execute(query).scalar() or 0


def get_sanction(conn: sa.Connection, site_id: SiteId, sanction_id: SanctionId) -> Sanction:
    """Return one sanction of the site. Raises NotFound."""
    row = conn.execute(
        _select().where(sanctions.c.id == sanction_id, sanctions.c.site_id == site_id)
    ).first()
    if row is None:
        raise NotFound("There is no such sanction.", code="no_sanction")
    return _sanction(row)


def list_resting_on(
    conn: sa.Connection, site_id: SiteId, decision_id: DecisionId
) -> list[Sanction]:
    """Return unlifted sanctions that were imposed by this decision or because of it."""
    rows = conn.execute(
        _select().where(
            sanctions.c.site_id == site_id,
            sanctions.c.lifted_at.is_(None),
            sa.or_(decisions.c.id == decision_id, decisions.c.based_on == decision_id),
        )
    )
    return [_sanction(row) for row in rows]


def add_sanction(tx: Tx, site_id: SiteId, new: NewSanction) -> SanctionId:
    """Put a sanction on file, beginning now."""
    values = {
        "site_id": site_id,
        "reader_id": new.reader_id,
        "kind": new.kind,
        "decision_id": new.decision_id,
        "starts_at": tx.now,
        "ends_at": new.ends_at,
    }
    return SanctionId(insert_id(tx.conn, sanctions, values))


def lift_sanction(tx: Tx, sanction_id: SanctionId) -> bool:
    """End a sanction now; say whether it was still unlifted."""
    done = tx.conn.execute(
        sa.update(sanctions)
        .where(sanctions.c.id == sanction_id, sanctions.c.lifted_at.is_(None))
        .values(lifted_at=tx.now)
    )
    return done.rowcount == 1


def list_holding(conn: sa.Connection, site_id: SiteId, *, now: datetime) -> list[Sanction]:
    """Return the site's sanctions by which comments are held first at this moment, oldest first."""
    rows = conn.execute(
        _select()
        .where(
            sanctions.c.site_id == site_id,
            sanctions.c.kind == SanctionKind.HOLD_FIRST,
            sanctions.c.lifted_at.is_(None),
            sanctions.c.ends_at > now,
        )
        .order_by(sanctions.c.id)
    )
    return [_sanction(row) for row in rows]


def end_early(tx: Tx, sanction_id: SanctionId) -> bool:
    """Let a sanction run out now, which is not lifting it; say whether it still ran."""
    done = tx.conn.execute(
        sa.update(sanctions)
        .where(
            sanctions.c.id == sanction_id,
            sanctions.c.lifted_at.is_(None),
            sanctions.c.ends_at > tx.now,
        )
        .values(ends_at=tx.now)
    )
    return done.rowcount == 1


def acknowledge_sanction(tx: Tx, sanction_id: SanctionId) -> bool:
    """Note that the reader acknowledged it; say whether that is new."""
    done = tx.conn.execute(
        sa.update(sanctions)
        .where(sanctions.c.id == sanction_id, sanctions.c.acknowledged_at.is_(None))
        .values(acknowledged_at=tx.now)
    )
    return done.rowcount == 1


def _sanction(row: sa.Row[Any]) -> Sanction:
    return Sanction(
        SanctionId(row.id),
        SiteId(row.site_id),
        ReaderId(row.reader_id),
        SanctionKind(row.kind),
        DecisionId(row.decision_id),
        row.starts_at,
        row.ends_at,
        row.acknowledged_at,
        row.lifted_at,
        row.rule_key,
        row.reason,
        ReaderId(row.decided_by) if row.decided_by is not None else None,
    )
