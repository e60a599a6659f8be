"""Reading what is compared when somebody may be back after a withdrawal. Reads only, on demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import ReaderId, SanctionKind, SiteId
from belowline.sanctions.evasion import Trace
from belowline.storage.tables import (
    comments,
    network_traces,
    readers,
    revisions,
    sanctions,
    staff,
)

MOST_WITHDRAWN = 200
MOST_TEXTS = 20
MOST_NEAR = 50


def list_withdrawn(conn: sa.Connection, site_id: SiteId) -> dict[ReaderId, datetime]:
    """Return whose privilege is withdrawn at the site, with since when; the latest of many."""
    query = (
        sa.select(sanctions.c.reader_id, sanctions.c.starts_at)
        .join(readers, readers.c.id == sanctions.c.reader_id)
        .where(
            sanctions.c.site_id == site_id,
            sanctions.c.kind == SanctionKind.WITHDRAWAL,
            sanctions.c.lifted_at.is_(None),
            readers.c.erased_at.is_(None),
        )
        .order_by(sanctions.c.id.desc())
        .limit(MOST_WITHDRAWN)
    )
    return {ReaderId(row.reader_id): row.starts_at for row in conn.execute(query)}


def list_near(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> list[ReaderId]:
    """Return who wrote at the site and shares a network or the look of a name with the reader."""
    own = sa.select(network_traces.c.network_hash).where(network_traces.c.reader_id == reader_id)
    on_network = sa.select(network_traces.c.reader_id).where(network_traces.c.network_hash.in_(own))
    name_key = sa.select(readers.c.name_key).where(readers.c.id == reader_id).scalar_subquery()
    wrote = sa.exists().where(comments.c.author_id == readers.c.id, comments.c.site_id == site_id)
    query = (
        sa.select(readers.c.id)
        .where(
            readers.c.id != reader_id,
            readers.c.erased_at.is_(None),
            sa.or_(readers.c.id.in_(on_network), readers.c.name_key == name_key),
            wrote,
        )
        .order_by(readers.c.id.desc())
        .limit(MOST_NEAR)
    )
    return [ReaderId(found) for found in conn.execute(query).scalars()]


def read_traces(
    conn: sa.Connection, site_id: SiteId, reader_ids: Collection[ReaderId], *, with_texts: bool
) -> dict[ReaderId, Trace]:
    """Return what is compared of each of these readers; staff of the site are left out."""
    works_here = sa.exists().where(staff.c.reader_id == readers.c.id, staff.c.site_id == site_id)
    first = (
        sa.select(sa.func.min(comments.c.created_at))
        .where(comments.c.author_id == readers.c.id, comments.c.site_id == site_id)
        .scalar_subquery()
    )
    query = sa.select(readers.c.id, readers.c.name_key, first.label("first_wrote_at")).where(
        readers.c.id.in_(reader_ids), sa.not_(works_here)
    )
    networks = _networks(conn, reader_ids)
    texts = {one: _texts(conn, site_id, one) for one in reader_ids} if with_texts else {}
    return {
        ReaderId(row.id): Trace(
            ReaderId(row.id),
            row.name_key,
            frozenset(networks.get(row.id, ())),
            texts.get(ReaderId(row.id), ()),
            row.first_wrote_at,
        )
        for row in conn.execute(query)
    }


def count_crowds(conn: sa.Connection, networks: Collection[bytes]) -> Mapping[bytes, int]:
    """Count how many readers act from each of these networks."""
    query = (
        sa.select(network_traces.c.network_hash, sa.func.count())
        .where(network_traces.c.network_hash.in_(networks))
        .group_by(network_traces.c.network_hash)
    )
    return {bytes(row[0]): row[1] for row in conn.execute(query)}


def _networks(conn: sa.Connection, reader_ids: Collection[ReaderId]) -> dict[int, set[bytes]]:
    query = sa.select(network_traces.c.reader_id, network_traces.c.network_hash).where(
        network_traces.c.reader_id.in_(reader_ids)
    )
    found: dict[int, set[bytes]] = defaultdict(set)
    for row in conn.execute(query):
        found[row.reader_id].add(bytes(row.network_hash))
    return found


def _texts(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> tuple[str, ...]:
    query = (
        sa.select(revisions.c.text)
        .join(
            comments,
            sa.and_(
                comments.c.id == revisions.c.comment_id, comments.c.revision == revisions.c.number
            ),
        )
        .where(comments.c.author_id == reader_id, comments.c.site_id == site_id)
        .order_by(comments.c.created_at.desc())
        .limit(MOST_TEXTS)
    )
    return tuple(conn.execute(query).scalars())
