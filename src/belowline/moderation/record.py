"""An author's record at a site, as a moderator sees it beside a case."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import CommentStatus, DecisionId, ReaderId, SiteId
from belowline.moderation.decisions import list_for_reader
from belowline.moderation.model import AuthorRecord, SanctionLine
from belowline.storage.tables import comments, readers, sanctions

RECENT_DECISIONS = 10


def author_record(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> AuthorRecord:
    """Return how often the author's comments stood and fell, and what was decided. Raises NotFound.

    Only this site's record: what a reader does elsewhere is not for its moderators.
    """
    member_since = conn.execute(
        sa.select(readers.c.created_at).where(readers.c.id == reader_id)
    ).scalar()
    if member_since is None:
        raise NotFound("There is no such reader.", code="no_reader")
    by_status = conn.execute(
        sa.select(comments.c.status, sa.func.count().label("number"))
        .where(comments.c.author_id == reader_id, comments.c.site_id == site_id)
        .group_by(comments.c.status)
    )
    counts = {CommentStatus(row.status): row.number for row in by_status}
    lines = conn.execute(
        sa.select(sanctions)
        .where(sanctions.c.reader_id == reader_id, sanctions.c.site_id == site_id)
        .order_by(sanctions.c.id.desc())
    )
    return AuthorRecord(
        member_since,
        counts,
        tuple(list_for_reader(conn, site_id, reader_id, limit=RECENT_DECISIONS)),
        tuple(
            SanctionLine(
                row.kind, row.starts_at, row.ends_at, row.lifted_at, DecisionId(row.decision_id)
            )
            for row in lines
        ),
    )
