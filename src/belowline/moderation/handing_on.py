"""Cases that a moderator hands on, with a note for whoever decides them.

Whoever handed a case on is not led to it again until a colleague hands it back; everybody else is.
A decision ends that. The notes stay with the case and are for the desk alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import CommentId, ReaderId, SiteId
from belowline.storage.database import Tx
from belowline.storage.tables import case_notes, cases, comments, readers

LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class CaseNote:
    """What a moderator wrote to the desk about a case."""

    author_id: ReaderId
    name: str
    text: str
    """Empty once the comment's author was erased, because it may quote them."""
    created_at: datetime


def hand_on(tx: Tx, site_id: SiteId, comment_id: CommentId, *, by: ReaderId, text: str) -> None:
    """Keep the note and mark the case as handed on by this moderator."""
    tx.conn.execute(
        sa.insert(case_notes).values(
            site_id=site_id, comment_id=comment_id, author_id=by, text=text, created_at=tx.now
        )
    )
    tx.conn.execute(
        sa.update(cases).where(cases.c.comment_id == comment_id).values(handed_on_by=by)
    )


def end_handing_on(tx: Tx, comment_id: CommentId) -> None:
    """Mark the case as handed on by nobody."""
    tx.conn.execute(
        sa.update(cases)
        .where(cases.c.comment_id == comment_id, cases.c.handed_on_by.is_not(None))
        .values(handed_on_by=None)
    )


def list_notes(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> list[CaseNote]:
    """Return the notes about a case, the oldest first."""
    query = (
        sa.select(case_notes, readers.c.name)
        .join(readers, readers.c.id == case_notes.c.author_id)
        .where(case_notes.c.site_id == site_id, case_notes.c.comment_id == comment_id)
        .order_by(case_notes.c.id)
    )
    return [
        CaseNote(ReaderId(row.author_id), row.name, row.text, row.created_at)
        for row in conn.execute(query)
    ]


def find_latest_notes(
    conn: sa.Connection, comment_ids: Collection[CommentId]
) -> dict[CommentId, CaseNote]:
    """Return the latest note about each of these cases that is handed on."""
    latest = (
        sa.select(sa.func.max(case_notes.c.id))
        .where(case_notes.c.comment_id.in_(comment_ids))
        .group_by(case_notes.c.comment_id)
    )
    query = (
        sa.select(case_notes, readers.c.name)
        .join(readers, readers.c.id == case_notes.c.author_id)
        .join(cases, cases.c.comment_id == case_notes.c.comment_id)
        .where(case_notes.c.id.in_(latest), cases.c.handed_on_by.is_not(None))
    )
    return {
        CommentId(row.comment_id): CaseNote(
            ReaderId(row.author_id), row.name, row.text, row.created_at
        )
        for row in conn.execute(query)
    }


def erase_notes_about(tx: Tx, author_id: ReaderId) -> None:
    """Empty the notes about the author's comments: they may quote what was said."""
    written = sa.select(comments.c.id).where(comments.c.author_id == author_id)
    tx.conn.execute(
        sa.update(case_notes).where(case_notes.c.comment_id.in_(written)).values(text="")
    )
