"""Everything that is kept about one reader, in plain values: the copy that they may ask for.

Nothing of anybody else's is in it: no other's words or name, not who decided, not whom they
reported.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import ReaderId
from belowline.readers.export_queries import (
    acceptances_of,
    appeals_of,
    decisions_of,
    follows_of,
    networks_of,
    notices_of,
    past_of,
    reactions_of,
    reports_of,
    reviews_of,
    sanctions_of,
    saved_views_of,
)
from belowline.readers.legal import answered_notices
from belowline.readers.store import get_reader
from belowline.storage.tables import (
    comments,
    identities,
    legal_notices,
    mutes,
    past_claims,
    questions,
    revisions,
    sessions,
    sites,
    staff,
    stories,
    story_authors,
    trusted_reporters,
    withdrawal_proposals,
)

FORMAT = 1

Record = dict[str, Any]


def collect(conn: sa.Connection, reader_id: ReaderId) -> Record:
    """Return what is kept about the reader, ready for JSON. Raises NotFound."""
    return {
        "format": FORMAT,
        "profile": _profile(conn, reader_id),
        "comments": _comments(conn, reader_id),
        "reactions": _rows(conn, reactions_of(reader_id)),
        "reports": _rows(conn, reports_of(reader_id)),
        "legal_notices": _of_site(conn, legal_notices, reader_id, "number kind why received_at"),
        "trusted_in": _of_site(conn, trusted_reporters, reader_id, "field named_at"),
        "decisions": _rows(conn, decisions_of(reader_id)),
        "sanctions": _rows(conn, sanctions_of(reader_id)),
        "appeals": _rows(conn, appeals_of(reader_id)),
        "proposals": _of_site(
            conn, withdrawal_proposals, reader_id, "proposed_at lapses_at state answered_at"
        ),
        "reviews": _rows(conn, reviews_of(reader_id)),
        "before": _rows(conn, past_of(reader_id)),
        "claims": _of_site(conn, past_claims, reader_id, "answer moved answered_at"),
        "rulebooks_accepted": _rows(conn, acceptances_of(reader_id)),
        "questions": _rows(
            conn,
            sa.select(stories.c.url.label("story"), questions.c.text, questions.c.asked_at)
            .join(stories, stories.c.id == questions.c.story_id)
            .where(questions.c.asked_by == reader_id)
            .order_by(questions.c.story_id),
        ),
        "stories_written": _rows(
            conn,
            sa.select(stories.c.url.label("story"), story_authors.c.named_at)
            .join(stories, stories.c.id == story_authors.c.story_id)
            .where(story_authors.c.reader_id == reader_id)
            .order_by(story_authors.c.story_id),
        ),
        "mutes": _of_site(conn, mutes, reader_id, "created_at"),
        "notices_answered": _rows(conn, answered_notices(reader_id)),
        "follows": _rows(conn, follows_of(reader_id)),
        "saved_views": _rows(conn, saved_views_of(reader_id)),
        "notices": _rows(conn, notices_of(reader_id)),
        "sessions": _rows(
            conn,
            sa.select(sessions.c.created_at, sessions.c.expires_at, sessions.c.origin)
            .where(sessions.c.reader_id == reader_id)
            .order_by(sessions.c.created_at),
        ),
        "networks": _rows(conn, networks_of(reader_id)),
    }


def _of_site(
    conn: sa.Connection, table: sa.Table, reader_id: ReaderId, columns: str
) -> list[Record]:
    """Return these columns of what a table of the sites holds about the reader."""
    return _rows(
        conn,
        sa.select(sites.c.key.label("site"), *(table.c[one] for one in columns.split()))
        .join(sites, sites.c.id == table.c.site_id)
        .where(table.c.reader_id == reader_id)
        .order_by(*table.primary_key),
    )


def _profile(conn: sa.Connection, reader_id: ReaderId) -> Record:
    reader = get_reader(conn, reader_id)
    return {
        "id": reader.id,
        "name": reader.name,
        "email": reader.email,
        "mail_notices": reader.mail_notices,
        "public_page": reader.public_page,
        "created_at": _plain(reader.created_at),
        "name_changed_at": _plain(reader.name_changed_at),
        "identities": _rows(
            conn,
            sa.select(identities.c.issuer, identities.c.subject)
            .where(identities.c.reader_id == reader_id)
            .order_by(identities.c.issuer, identities.c.subject),
        ),
        "roles": _rows(
            conn,
            sa.select(sites.c.key.label("site"), staff.c.role, staff.c.appointed_at)
            .join(sites, sites.c.id == staff.c.site_id)
            .where(staff.c.reader_id == reader_id)
            .order_by(sites.c.key),
        ),
    }


def _comments(conn: sa.Connection, reader_id: ReaderId) -> list[Record]:
    written = _rows(
        conn,
        sa.select(
            comments.c.id,
            sites.c.key.label("site"),
            stories.c.url.label("story"),
            comments.c.status,
            comments.c.rule_key.label("rule"),
            comments.c.reason,
            comments.c.created_at,
            comments.c.published_at,
            comments.c.edited_at,
            comments.c.respect_count.label("respected"),
            comments.c.featured_at,
        )
        .join(sites, sites.c.id == comments.c.site_id)
        .join(stories, stories.c.id == comments.c.story_id)
        .where(comments.c.author_id == reader_id)
        .order_by(comments.c.id),
    )
    texts: dict[int, list[Record]] = defaultdict(list)
    for row in conn.execute(
        sa.select(
            revisions.c.comment_id, revisions.c.number, revisions.c.text, revisions.c.created_at
        )
        .join(comments, comments.c.id == revisions.c.comment_id)
        .where(comments.c.author_id == reader_id)
        .order_by(revisions.c.comment_id, revisions.c.number)
    ):
        texts[row.comment_id].append(
            {"number": row.number, "text": row.text, "created_at": _plain(row.created_at)}
        )
    return [comment | {"revisions": texts[comment["id"]]} for comment in written]


def _rows(conn: sa.Connection, query: sa.Select[Any]) -> list[Record]:
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in conn.execute(query).mappings()
    ]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
