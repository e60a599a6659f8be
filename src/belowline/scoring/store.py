"""How what other systems suggest is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from belowline.scoring.attributes import Attribute
from belowline.storage.database import Tx
from belowline.storage.tables import suggested_scores

KEPT_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Suggested:
    """What people of another system decided about a text."""

    client: str
    community: str
    language: str
    text: str
    scores: Mapping[Attribute, float]


def add_suggestion(tx: Tx, told: Suggested) -> None:
    """Keep it, a row for each attribute."""
    tx.conn.execute(
        sa.insert(suggested_scores),
        [
            {
                "client": told.client,
                "community": told.community,
                "language": told.language,
                "attribute": attribute,
                "value": value,
                "text": told.text,
                "suggested_at": tx.now,
            }
            for attribute, value in told.scores.items()
        ],
    )


def forget_suggestions(tx: Tx) -> None:
    """Delete what has been kept for long enough."""
    tx.conn.execute(
        sa.delete(suggested_scores).where(suggested_scores.c.suggested_at <= tx.now - KEPT_FOR)
    )
