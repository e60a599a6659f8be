"""How saved reasons are kept; what may stand in one is said in ``reasons``."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from belowline.core.terms import ReaderId, RuleKey, SiteId
from belowline.storage.database import Tx, insert_id
from belowline.storage.tables import saved_reasons


@dataclass(frozen=True, slots=True)
class SavedReason:
    """A reason for removals under one rule, with names in braces where it is filled in."""

    id: int
    rule: RuleKey
    text: str


def save(tx: Tx, site_id: SiteId, *, rule: RuleKey, text: str, by: ReaderId) -> int:
    """Keep a reason and return its id."""
    return insert_id(
        tx.conn,
        saved_reasons,
        {
            "site_id": site_id,
            "rule_key": rule,
            "text": text,
            "saved_by": by,
            "created_at": tx.now,
        },
    )


def drop(tx: Tx, site_id: SiteId, reason_id: int) -> RuleKey | None:
    """Forget a reason of the site; return its rule, or None if it is not there."""
    found = tx.conn.execute(
        sa.delete(saved_reasons)
        .where(saved_reasons.c.site_id == site_id, saved_reasons.c.id == reason_id)
        .returning(saved_reasons.c.rule_key)
    ).scalar()
    return RuleKey(found) if found is not None else None


def list_saved(
    conn: sa.Connection, site_id: SiteId, *, rule: RuleKey | None = None
) -> list[SavedReason]:
    """Return the site's saved reasons, or those for one rule, in the order of saving."""
    query = sa.select(saved_reasons).where(saved_reasons.c.site_id == site_id)
    if rule is not None:
        query = query.where(saved_reasons.c.rule_key == rule)
    return [
        SavedReason(row.id, RuleKey(row.rule_key), row.text)
        for row in conn.execute(query.order_by(saved_reasons.c.id))
    ]
