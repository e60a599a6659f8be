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
from belowline.readers.store import get_reader
from belowline.storage.tables import (
    appeals,
    comments,
    decisions,
    follows,
    identities,
    mutes,
    notices,
    questions,
    reactions,
    reports,
    revisions,
    rule_acceptances,
    rulebooks,
    sanctions,
    sessions,
    sites,
    staff,
    stories,
    story_authors,
    withdrawal_reviews,
)

FORMAT = 1

Record = dict[str, Any]


def collect(conn: sa.Connection, reader_id: ReaderId) -> Record:
    """Return what is kept about the reader, ready for JSON. Raises NotFound."""
    return {
        "format": FORMAT,
        "profile": _profile(conn, reader_id),
        "comments": _comments(conn, reader_id),
        "reactions": _rows(conn, _reactions(reader_id)),
        "reports": _rows(conn, _reports(reader_id)),
        "decisions": _rows(conn, _decisions(reader_id)),
        "sanctions": _rows(conn, _sanctions(reader_id)),
        "appeals": _rows(conn, _appeals(reader_id)),
        "reviews": _rows(conn, _reviews(reader_id)),
        "rulebooks_accepted": _rows(conn, _acceptances(reader_id)),
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
        "mutes": _rows(
            conn,
            sa.select(sites.c.key.label("site"), mutes.c.created_at)
            .join(sites, sites.c.id == mutes.c.site_id)
            .where(mutes.c.reader_id == reader_id)
            .order_by(mutes.c.id),
        ),
        "follows": _rows(
            conn,
            sa.select(stories.c.url.label("story"), follows.c.created_at)
            .join(stories, stories.c.id == follows.c.story_id)
            .where(follows.c.reader_id == reader_id)
            .order_by(follows.c.id),
        ),
        "notices": _rows(conn, _notices(reader_id)),
        "sessions": _rows(
            conn,
            sa.select(sessions.c.created_at, sessions.c.expires_at, sessions.c.origin)
            .where(sessions.c.reader_id == reader_id)
            .order_by(sessions.c.created_at),
        ),
    }


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


def _reactions(reader_id: ReaderId) -> sa.Select[Any]:
    return (
        sa.select(
            reactions.c.comment_id.label("comment"),
            stories.c.url.label("story"),
            reactions.c.created_at,
        )
        .join(comments, comments.c.id == reactions.c.comment_id)
        .join(stories, stories.c.id == comments.c.story_id)
        .where(reactions.c.reader_id == reader_id)
        .order_by(reactions.c.created_at, reactions.c.comment_id)
    )


def _reports(reader_id: ReaderId) -> sa.Select[Any]:
    return (
        sa.select(
            sites.c.key.label("site"),
            reports.c.comment_id.label("comment"),
            reports.c.rule_key.label("rule"),
            reports.c.note,
            reports.c.state,
            reports.c.created_at,
            decisions.c.outcome,
            decisions.c.decided_at,
        )
        .join(sites, sites.c.id == reports.c.site_id)
        .outerjoin(decisions, decisions.c.id == reports.c.decision_id)
        .where(reports.c.reporter_id == reader_id)
        .order_by(reports.c.id)
    )


def _decisions(reader_id: ReaderId) -> sa.Select[Any]:
    return (
        sa.select(
            decisions.c.id,
            sites.c.key.label("site"),
            decisions.c.comment_id.label("comment"),
            decisions.c.outcome,
            decisions.c.rule_key.label("rule"),
            decisions.c.reason,
            decisions.c.source,
            decisions.c.decided_by.is_(None).label("automated"),
            decisions.c.decided_at,
            decisions.c.overturned_at,
        )
        .join(sites, sites.c.id == decisions.c.site_id)
        # Taken back within the minute: it never took effect, and nobody was told.
        .where(decisions.c.reader_id == reader_id, decisions.c.undone_at.is_(None))
        .order_by(decisions.c.id)
    )


def _sanctions(reader_id: ReaderId) -> sa.Select[Any]:
    return (
        sa.select(
            sites.c.key.label("site"),
            sanctions.c.kind,
            decisions.c.rule_key.label("rule"),
            decisions.c.reason,
            sanctions.c.decision_id.label("decision"),
            sanctions.c.starts_at,
            sanctions.c.ends_at,
            sanctions.c.acknowledged_at,
            sanctions.c.lifted_at,
        )
        .join(sites, sites.c.id == sanctions.c.site_id)
        .join(decisions, decisions.c.id == sanctions.c.decision_id)
        .where(sanctions.c.reader_id == reader_id)
        .order_by(sanctions.c.id)
    )


def _appeals(reader_id: ReaderId) -> sa.Select[Any]:
    return (
        sa.select(
            sites.c.key.label("site"),
            appeals.c.decision_id.label("decision"),
            appeals.c.text,
            appeals.c.state,
            appeals.c.filed_at,
            appeals.c.decided_at,
            appeals.c.reason,
        )
        .join(sites, sites.c.id == appeals.c.site_id)
        .where(appeals.c.reader_id == reader_id)
        .order_by(appeals.c.id)
    )


def _reviews(reader_id: ReaderId) -> sa.Select[Any]:
    held = withdrawal_reviews
    return (
        sa.select(held.c.due_at, held.c.decided_at, held.c.outcome, held.c.reason)
        .join(sanctions, sanctions.c.id == held.c.sanction_id)
        .where(sanctions.c.reader_id == reader_id)
        .order_by(held.c.id)
    )


def _acceptances(reader_id: ReaderId) -> sa.Select[Any]:
    return (
        sa.select(sites.c.key.label("site"), rulebooks.c.version, rule_acceptances.c.accepted_at)
        .join(rulebooks, rulebooks.c.id == rule_acceptances.c.rulebook_id)
        .join(sites, sites.c.id == rulebooks.c.site_id)
        .where(rule_acceptances.c.reader_id == reader_id)
        .order_by(rule_acceptances.c.accepted_at, rulebooks.c.id)
    )


def _notices(reader_id: ReaderId) -> sa.Select[Any]:
    return (
        sa.select(
            sites.c.key.label("site"),
            notices.c.kind,
            notices.c.due_at,
            notices.c.read_at,
            notices.c.mail,
        )
        .join(sites, sites.c.id == notices.c.site_id)
        .where(notices.c.reader_id == reader_id)
        .order_by(notices.c.id)
    )


def _rows(conn: sa.Connection, query: sa.Select[Any]) -> list[Record]:
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in conn.execute(query).mappings()
    ]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
