"""How claims of imported authors are kept, and who can be offered to somebody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.keyed import keyed_hash
from belowline.core.terms import CommentStatus, ReaderId, SiteId
from belowline.readers.claiming import ClaimAnswer
from belowline.readers.model import Reader
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import (
    comments,
    decisions,
    identities,
    imported,
    past_claims,
    past_proofs,
    readers,
    staff,
)

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PastAuthor:
    """An imported author as they are offered to somebody, with what that one said before."""

    id: ReaderId
    name: str
    comments: int
    """Of every status: so many would be theirs."""
    published: int
    first_at: datetime
    last_at: datetime
    answer: ClaimAnswer | None


@dataclass(frozen=True, slots=True)
class JoinedAuthor:
    """An imported author and the reader who they are since then."""

    past_id: ReaderId
    past_name: str
    reader_id: ReaderId
    reader_name: str
    joined_at: datetime


def proofs_of(conn: sa.Connection, reader: Reader, *, secret: str) -> frozenset[bytes]:
    """Return what a reader proves by being signed in, as hashes that an import may have kept.

    Their address was verified here, or by their publisher, and so were their identities.
    """
    found = {keyed_hash(secret, "imported-email", form) for form in _spellings(reader.email)}
    rows = conn.execute(
        sa.select(identities.c.issuer, identities.c.subject).where(
            identities.c.reader_id == reader.id
        )
    )
    found |= {keyed_hash(secret, "imported-identity", row.issuer, row.subject) for row in rows}
    return frozenset(found)


def list_claimable(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId, *, proofs: Collection[bytes]
) -> list[PastAuthor]:
    """Return whose comments at the site the reader may claim who proves this, most comments first.

    Nobody who has another reader by now, who can sign in themselves or who holds a role.
    """
    if not proofs:
        return []
    mine = sa.and_(past_claims.c.past_id == readers.c.id, past_claims.c.reader_id == reader_id)
    published = sa.case((comments.c.status == CommentStatus.PUBLISHED, 1), else_=0)
    total = sa.func.count(comments.c.id)
    rows = conn.execute(
        sa.select(
            readers.c.id,
            readers.c.name,
            past_claims.c.answer,
            total.label("comments"),
            sa.func.sum(published).label("published"),
            sa.func.min(comments.c.created_at).label("first_at"),
            sa.func.max(comments.c.created_at).label("last_at"),
        )
        .select_from(
            readers.join(comments, comments.c.author_id == readers.c.id).outerjoin(
                past_claims, mine
            )
        )
        .where(
            readers.c.id.in_(_proven(site_id, proofs)),
            readers.c.id != reader_id,
            comments.c.site_id == site_id,
            *_claimable(reader_id),
        )
        .group_by(readers.c.id, readers.c.name, past_claims.c.answer)
        .order_by(total.desc(), readers.c.id)
    )
    return [_past_author(row) for row in rows]


def is_proven(
    conn: sa.Connection, site_id: SiteId, past_id: ReaderId, *, proofs: Collection[bytes]
) -> bool:
    """Say whether one of these proves that an author of the site's imports is somebody's."""
    proven = _proven(site_id, proofs).where(past_proofs.c.reader_id == past_id)
    return bool(proofs) and conn.execute(proven.limit(1)).first() is not None


def find_owner(conn: sa.Connection, past_id: ReaderId) -> ReaderId | None:
    """Return which reader an imported author is by now, or None."""
    found = conn.execute(
        sa.select(past_claims.c.reader_id).where(
            past_claims.c.past_id == past_id, past_claims.c.answer == ClaimAnswer.JOINED
        )
    ).scalar()
    return ReaderId(found) if found is not None else None


def find_owners(conn: sa.Connection, past_ids: Collection[int]) -> Mapping[int, int]:
    """Return for each of these imported authors who is somebody by now, who that is."""
    wanted = sorted(set(past_ids))
    found: dict[int, int] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = conn.execute(
            sa.select(past_claims.c.past_id, past_claims.c.reader_id).where(
                past_claims.c.past_id.in_(wanted[start : start + _AT_ONCE]),
                past_claims.c.answer == ClaimAnswer.JOINED,
            )
        )
        found |= {row.past_id: row.reader_id for row in rows}
    return found


def list_joined(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> list[JoinedAuthor]:
    """Return the imported authors of the site who this reader is, or whom this author has become.

    The latest first.
    """
    past, now = readers.alias("past"), readers.alias("now")
    rows = conn.execute(
        sa.select(
            past_claims.c.past_id,
            past.c.name.label("past_name"),
            past_claims.c.reader_id,
            now.c.name.label("reader_name"),
            past_claims.c.answered_at,
        )
        .join(past, past.c.id == past_claims.c.past_id)
        .join(now, now.c.id == past_claims.c.reader_id)
        .where(
            past_claims.c.site_id == site_id,
            past_claims.c.answer == ClaimAnswer.JOINED,
            sa.or_(past_claims.c.reader_id == reader_id, past_claims.c.past_id == reader_id),
        )
        .order_by(past_claims.c.answered_at.desc(), past_claims.c.past_id.desc())
    )
    return [
        JoinedAuthor(
            ReaderId(row.past_id),
            row.past_name,
            ReaderId(row.reader_id),
            row.reader_name,
            row.answered_at,
        )
        for row in rows
    ]


def has_decided_about(conn: sa.Connection, past_id: ReaderId, *, by: ReaderId) -> bool:
    """Say whether somebody has decided about an author's comments, or about the author."""
    query = sa.select(decisions.c.id).where(
        decisions.c.reader_id == past_id, decisions.c.decided_by == by
    )
    return conn.execute(query.limit(1)).first() is not None


def date_back(tx: Tx, reader_id: ReaderId, *, past_id: ReaderId) -> None:
    """Let the reader have been here for as long as the imported author has."""
    past = readers.alias("past")
    since = sa.select(past.c.created_at).where(past.c.id == past_id).scalar_subquery()
    tx.conn.execute(
        sa.update(readers)
        .where(readers.c.id == reader_id, readers.c.created_at > since)
        .values(created_at=since)
    )


def put_answer(  # noqa: PLR0913 - where, about whom and what
    tx: Tx,
    site_id: SiteId,
    past_id: ReaderId,
    *,
    by: ReaderId,
    answer: ClaimAnswer,
    moved: int = 0,
) -> None:
    """Keep what somebody has said about an imported author, in place of what they said before."""
    key = {"past_id": past_id, "reader_id": by}
    values = {"site_id": site_id, "answer": answer, "answered_at": tx.now}
    if insert_ignore(tx.conn, past_claims, key | values | {"moved": moved}):
        return
    tx.conn.execute(
        sa.update(past_claims)
        .where(past_claims.c.past_id == past_id, past_claims.c.reader_id == by)
        .values(**values, moved=past_claims.c.moved + moved)
    )


def _proven(site_id: SiteId, proofs: Collection[bytes]) -> sa.Select[Any]:
    """Select the authors of the site's imports whom one of these proves; never anybody else."""
    return (
        sa.select(past_proofs.c.reader_id)
        .join(
            imported,
            sa.and_(
                imported.c.kind == "author",
                imported.c.target_id == past_proofs.c.reader_id,
                imported.c.site_id == site_id,
            ),
        )
        .where(past_proofs.c.proof.in_(proofs))
    )


def _claimable(reader_id: ReaderId) -> tuple[sa.ColumnElement[bool], ...]:
    other = past_claims.alias("other")
    return (
        readers.c.erased_at.is_(None),
        readers.c.email.is_(None),
        ~sa.exists().where(identities.c.reader_id == readers.c.id),
        ~sa.exists().where(staff.c.reader_id == readers.c.id),
        ~sa.exists().where(
            other.c.past_id == readers.c.id,
            other.c.reader_id != reader_id,
            other.c.answer == ClaimAnswer.JOINED,
        ),
    )


def _past_author(row: sa.Row[Any]) -> PastAuthor:
    return PastAuthor(
        ReaderId(row.id),
        row.name,
        row.comments,
        int(row.published),
        row.first_at,
        row.last_at,
        ClaimAnswer(row.answer) if row.answer else None,
    )


def _spellings(email: str | None) -> set[str]:
    """Return the forms in which an export may have the address: its domain in ASCII and not."""
    if email is None:
        return set()
    local, _, domain = email.partition("@")
    try:
        return {email, f"{local}@{domain.encode().decode('idna')}".lower()}
    except UnicodeError:
        return {email}
