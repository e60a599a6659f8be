"""A reader's record as the ladder looks at it, and the step that it would propose now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from belowline.comments.recent import count_since
from belowline.core.terms import ReaderId, SiteId
from belowline.moderation import decisions
from belowline.sanctions import ladders
from belowline.sanctions import store as sanctions
from belowline.sanctions.ladder import LATELY, Breach, PastSanction, Proposal, Record, propose


def record_of(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId, *, now: datetime
) -> Record:
    """Gather the breaches and sanctions that the ladder looks at, without what was undone."""
    undone = decisions.undone_of(conn, site_id, reader_id)
    return Record(
        tuple(
            Breach(one.decision_id, one.rule, one.severity, one.decided_at, one.written_at)
            for one in decisions.list_standing_removals(conn, site_id, reader_id)
        ),
        tuple(
            PastSanction(one.kind, one.starts_at, one.ends_at, one.lifted_at is not None)
            for one in sanctions.list_sanctions(conn, site_id, reader_id)
            if one.decision_id not in undone
        ),
        count_since(conn, site_id, reader_id, since=now - LATELY),
    )


def proposal_for(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId, *, now: datetime
) -> Proposal:
    """Return the step of the site's ladder that would answer the reader's latest breaches."""
    settings = ladders.get_ladder(conn, site_id).settings
    return propose(record_of(conn, site_id, reader_id, now=now), now=now, settings=settings)


def proposal_after(
    conn: sa.Connection,
    site_id: SiteId,
    reader_id: ReaderId,
    breaches: Sequence[Breach],
    *,
    now: datetime,
) -> Proposal:
    """Return the step that would answer the reader's breaches if there were these as well."""
    settings = ladders.get_ladder(conn, site_id).settings
    record = record_of(conn, site_id, reader_id, now=now)
    more = replace(record, breaches=(*record.breaches, *breaches))
    return propose(more, now=now, settings=settings)
