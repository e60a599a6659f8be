"""Who set, ended or looked at what for legal reasons: a court may ask whether care was taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from belowline.core.terms import ReaderId, SiteId, StoryId
from belowline.moderation.holds import HoldId
from belowline.storage.database import Tx
from belowline.storage.tables import legal_log as table

SAME_LOOK = timedelta(hours=1)
"""Within this, looking again is the same look."""


class LegalAct(StrEnum):
    """What somebody did."""

    LOOKED = "looked"
    SET = "set"
    LISTED = "listed"
    UNLISTED = "unlisted"
    PLACED = "placed"
    ENDED = "ended"
    PROLONGED = "prolonged"


@dataclass(frozen=True, slots=True)
class LegalLine:
    """One line of the log."""

    act: LegalAct
    detail: str
    reader_id: ReaderId
    at: datetime
    story_id: StoryId | None
    hold_id: HoldId | None


def note(  # noqa: PLR0913 - where, who and what
    tx: Tx,
    site_id: SiteId,
    act: LegalAct,
    *,
    story_id: StoryId | None = None,
    hold_id: HoldId | None = None,
    detail: str = "",
) -> None:
    """Note what the actor of the transaction did. ``detail`` is a code, never a name."""
    tx.conn.execute(
        sa.insert(table).values(
            site_id=site_id,
            story_id=story_id,
            hold_id=hold_id,
            act=act,
            detail=detail,
            reader_id=tx.actor.reader_id,
            at=tx.now,
        )
    )


def has_looked(  # noqa: PLR0913 - where, who and what
    conn: sa.Connection,
    site_id: SiteId,
    reader_id: ReaderId,
    *,
    now: datetime,
    story_id: StoryId | None = None,
    hold_id: HoldId | None = None,
) -> bool:
    """Say whether the reader's look of a moment ago is noted already."""
    query = sa.select(table.c.id).where(
        table.c.site_id == site_id,
        table.c.story_id.is_not_distinct_from(story_id),
        table.c.hold_id.is_not_distinct_from(hold_id),
        table.c.reader_id == reader_id,
        table.c.act == LegalAct.LOOKED,
        table.c.at > now - SAME_LOOK,
    )
    return conn.execute(query.limit(1)).first() is not None


def list_lines(
    conn: sa.Connection,
    site_id: SiteId,
    *,
    story_id: StoryId | None = None,
    hold_id: HoldId | None = None,
    limit: int = 100,
) -> list[LegalLine]:
    """Return the latest lines about a story, a hold, or else the site's own list of names."""
    query = (
        sa.select(table)
        .where(
            table.c.site_id == site_id,
            table.c.story_id.is_not_distinct_from(story_id),
            table.c.hold_id.is_not_distinct_from(hold_id),
        )
        .order_by(table.c.id.desc())
        .limit(limit)
    )
    return [
        LegalLine(
            LegalAct(row.act),
            row.detail,
            ReaderId(row.reader_id),
            row.at,
            StoryId(row.story_id) if row.story_id is not None else None,
            HoldId(row.hold_id) if row.hold_id is not None else None,
        )
        for row in conn.execute(query)
    ]
