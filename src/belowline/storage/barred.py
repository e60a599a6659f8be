"""How a decision came up, as it may be told: an authority can forbid to say that it ordered it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from belowline.storage.tables import authority_order_comments, authority_orders, decisions


def told_source() -> sa.ColumnElement[Any]:
    """Return the source of a decision of the query, or null where it must not be told."""
    barred = sa.exists().where(
        authority_order_comments.c.decision_id == decisions.c.id,
        authority_orders.c.id == authority_order_comments.c.order_id,
        authority_orders.c.barred,
    )
    return sa.case((~barred, decisions.c.source)).label("source")
