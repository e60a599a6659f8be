"""How notices of defamation are kept: the notice, its evidence, and its end.

The details of both sides are sealed before they come here, and letters are in ``correspondence``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import CommentId, DefamationId, ReaderId, SiteId, StoryId
from belowline.legal.model import (
    Answer,
    AnswerKind,
    ClosedAs,
    DefamationNotice,
    Evidence,
    Grounds,
    Lack,
    Party,
)
from belowline.storage.database import Tx, insert_id, insert_ignore
from belowline.storage.tables import (
    defamation_letters,
    defamation_notices,
    legal_details,
    legal_evidence,
    revisions,
)

_N = defamation_notices.c


def add_notice(tx: Tx, values: dict[str, Any], grounds: Grounds) -> DefamationId:
    """Keep a notice and return its id."""
    said = {
        "words": grounds.words,
        "why": grounds.why,
        "meaning": grounds.meaning,
        "wrong": grounds.wrong,
        "cannot_sue": grounds.cannot_sue,
        "consents": grounds.consents,
        "earlier": grounds.earlier,
    }
    return DefamationId(insert_id(tx.conn, defamation_notices, {**values, **said}))


def get_notice(
    conn: sa.Connection, site_id: SiteId, notice_id: DefamationId, *, lock: bool = False
) -> DefamationNotice:
    """Return one notice of the site; ``lock`` keeps others from changing it. Raises NotFound."""
    query = sa.select(defamation_notices).where(_N.id == notice_id, _N.site_id == site_id)
    row = conn.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("There is no such notice.", code="no_notice")
    return _notice(row)


def list_open(conn: sa.Connection, site_id: SiteId, *, limit: int) -> list[DefamationNotice]:
    """Return the open notices, the nearest deadline first."""
    query = (
        sa.select(defamation_notices)
        .where(_N.site_id == site_id, _N.closed_at.is_(None))
        .order_by(_N.due_at, _N.id)
        .limit(limit)
    )
    return [_notice(row) for row in conn.execute(query)]


def list_closed(
    conn: sa.Connection, site_id: SiteId, *, before: int | None = None, limit: int
) -> list[DefamationNotice]:
    """Return closed notices, newest first."""
    query = sa.select(defamation_notices).where(_N.site_id == site_id, _N.closed_at.is_not(None))
    if before is not None:
        query = query.where(_N.id < before)
    rows = conn.execute(query.order_by(_N.id.desc()).limit(limit))
    return [_notice(row) for row in rows]


def count_open(conn: sa.Connection, site_id: SiteId, *, late_at: datetime) -> tuple[int, int]:
    """Return how many notices are open, and how many of them are late at that time."""
    row = conn.execute(
        sa.select(
            sa.func.count(), sa.func.count(sa.case((_N.due_at < late_at, 1), else_=None))
        ).where(_N.site_id == site_id, _N.closed_at.is_(None))
    ).one()
    return int(row[0]), int(row[1])


def list_open_about(
    conn: sa.Connection, site_id: SiteId, comment_id: CommentId
) -> list[DefamationNotice]:
    """Return the open notices about a comment, oldest first."""
    query = sa.select(defamation_notices).where(
        _N.comment_id == comment_id, _N.site_id == site_id, _N.closed_at.is_(None)
    )
    return [_notice(row) for row in conn.execute(query.order_by(_N.id))]


def list_earlier(conn: sa.Connection, notice: DefamationNotice) -> list[DefamationNotice]:
    """Return earlier notices of the same complainant about the same author, newest first."""
    whose = sa.select(_N.complainant_hash).where(_N.id == notice.id).scalar_subquery()
    query = (
        sa.select(defamation_notices)
        .where(
            _N.author_id == notice.author_id,
            _N.complainant_hash == whose,
            _N.site_id == notice.site_id,
            _N.id < notice.id,
        )
        .order_by(_N.id.desc())
        .limit(20)
    )
    return [_notice(row) for row in conn.execute(query)]


def count_removed_before(
    conn: sa.Connection, site_id: SiteId, *, author_id: ReaderId, complainant_hash: bytes
) -> int:
    """Count the complainant's earlier notices about this author that ended with a removal."""
    query = sa.select(sa.func.count()).where(
        _N.author_id == author_id,
        _N.complainant_hash == complainant_hash,
        _N.site_id == site_id,
        _N.closed_as == ClosedAs.REMOVED,
    )
    return int(conn.execute(query).scalar_one())


def put_answer(tx: Tx, notice_id: DefamationId, answer: Answer) -> None:
    """Keep what the author answered."""
    _set(
        tx,
        notice_id,
        answer=answer.kind,
        answered_at=answer.at,
        answer_consents=answer.consents,
    )


def put_doubt(tx: Tx, notice_id: DefamationId, *, by: ReaderId) -> None:
    """Note that the author's details were found obviously false."""
    _set(tx, notice_id, doubted_at=tx.now, doubted_by=by)


def put_due(tx: Tx, notice_id: DefamationId, due_at: datetime) -> None:
    """Note the next deadline of ours."""
    _set(tx, notice_id, due_at=due_at)


def put_reminded(tx: Tx, notice_id: DefamationId, of: str) -> None:
    """Note of what the desk was reminded."""
    _set(tx, notice_id, reminded=of)


def close(tx: Tx, notice_id: DefamationId, as_: ClosedAs, *, by: ReaderId | None = None) -> None:
    """End a notice."""
    _set(tx, notice_id, closed_at=tx.now, closed_as=as_, closed_by=by, due_at=None)


def note_gone(tx: Tx, site_id: SiteId, comment_id: CommentId) -> None:
    """Note in the open notices about a comment that its author took it back just now."""
    tx.conn.execute(
        sa.update(defamation_notices)
        .where(
            _N.comment_id == comment_id,
            _N.site_id == site_id,
            _N.closed_at.is_(None),
            _N.gone_at.is_(None),
        )
        .values(gone_at=tx.now)
    )


def note_all_gone(tx: Tx, author_id: ReaderId) -> None:
    """Note the same for all comments of an author who leaves."""
    tx.conn.execute(
        sa.update(defamation_notices)
        .where(_N.author_id == author_id, _N.closed_at.is_(None), _N.gone_at.is_(None))
        .values(gone_at=tx.now)
    )


def keep_evidence(tx: Tx, site_id: SiteId, comment_id: CommentId) -> None:
    """Copy what a comment says, and has said, into every open notice about it."""
    for notice in list_open_about(tx.conn, site_id, comment_id):
        rows = tx.conn.execute(sa.select(revisions).where(revisions.c.comment_id == comment_id))
        for row in rows.all():
            insert_ignore(
                tx.conn,
                legal_evidence,
                {
                    "notice_id": notice.id,
                    "number": row.number,
                    "site_id": site_id,
                    "text": row.text,
                    "html": row.html,
                    "written_at": row.created_at,
                },
            )


def list_evidence(conn: sa.Connection, notice_id: DefamationId) -> list[Evidence]:
    """Return the kept texts of the comment, oldest first."""
    rows = conn.execute(
        sa.select(legal_evidence)
        .where(legal_evidence.c.notice_id == notice_id)
        .order_by(legal_evidence.c.number)
    )
    return [Evidence(row.number, row.text, row.html, row.written_at) for row in rows]


def put_details(tx: Tx, notice: tuple[SiteId, DefamationId], party: Party, sealed: bytes) -> None:
    """Keep one side's sealed details."""
    site_id, notice_id = notice
    tx.conn.execute(
        sa.insert(legal_details).values(
            notice_id=notice_id, party=party, site_id=site_id, sealed=sealed
        )
    )


def find_details(conn: sa.Connection, notice_id: DefamationId, party: Party) -> bytes | None:
    """Return one side's sealed details, or None if there are none, or none any more."""
    found: bytes | None = conn.execute(
        sa.select(legal_details.c.sealed).where(
            legal_details.c.notice_id == notice_id, legal_details.c.party == party
        )
    ).scalar()
    return found


def empty_old(tx: Tx, *, limit: int) -> int:
    """Delete the texts and details of closed notices whose time has come; return how many."""
    ids: Collection[int] = (
        tx.conn.execute(
            sa.select(_N.id)
            .where(_N.keep_until <= tx.now, _N.closed_at.is_not(None), _N.emptied_at.is_(None))
            .order_by(_N.id)
            .limit(limit)
        )
        .scalars()
        .all()
    )
    for table in (legal_details, defamation_letters, legal_evidence):
        tx.conn.execute(sa.delete(table).where(table.c.notice_id.in_(ids)))
    tx.conn.execute(
        sa.update(defamation_notices)
        .where(_N.id.in_(ids))
        .values(words="", why="", meaning="", wrong="", complainant_hash=None, emptied_at=tx.now)
    )
    return len(ids)


def _set(tx: Tx, notice_id: DefamationId, **values: object) -> None:
    tx.conn.execute(sa.update(defamation_notices).where(_N.id == notice_id).values(**values))


def _notice(row: sa.Row[Any]) -> DefamationNotice:
    answer = None
    if row.answer is not None:
        answer = Answer(AnswerKind(row.answer), row.answered_at, bool(row.answer_consents))
    return DefamationNotice(
        DefamationId(row.id),
        SiteId(row.site_id),
        CommentId(row.comment_id),
        StoryId(row.story_id),
        ReaderId(row.author_id),
        row.revision,
        Grounds(
            row.words,
            row.why,
            row.meaning,
            row.wrong,
            row.cannot_sue,
            row.consents,
            row.earlier,
        ),
        tuple(Lack(code) for code in row.lacks),
        row.is_repeat,
        row.received_at,
        row.due_at,
        row.reminded,
        answer,
        row.doubted_at,
        row.gone_at,
        row.closed_at,
        ClosedAs(row.closed_as) if row.closed_as is not None else None,
        row.keep_until,
        row.emptied_at,
    )
