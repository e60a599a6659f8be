"""How notices are kept, and how their letters are claimed, sent and tried again.

A letter is claimed by moving ``due_at`` past a lease: if the process dies while sending, the same
notice is due again afterwards, under the same Message-ID. The notice row is there exactly once;
its letter goes out at least once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from belowline.core.terms import DecisionId, NoticeId, NoticeKind, ReaderId, SiteId
from belowline.notifications.model import MailState, NewNotice, Notice
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import notices

PAGE = 50
MOST_COUNTED = 10_000
LEASE = timedelta(minutes=10)
"""How long a claimed letter is left to whoever claimed it."""
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
"""How long to wait after each failed try; after the one that follows, the letter has failed."""


def put_notice(tx: Tx, new: NewNotice) -> bool:
    """Store a notice unless it is there already; say whether it is new."""
    return insert_ignore(tx.conn, notices, _values(new))


def put_notices(tx: Tx, new: Sequence[NewNotice]) -> None:
    """Store many notices at once, less those that are there already."""
    if new:
        make = insert_sqlite if tx.conn.dialect.name == "sqlite" else insert_postgres
        tx.conn.execute(make(notices).on_conflict_do_nothing(), [_values(one) for one in new])


def _values(new: NewNotice) -> dict[str, Any]:
    return {
        "site_id": new.site_id,
        "reader_id": new.reader_id,
        "kind": new.kind,
        "event_seq": new.event_seq,
        "facts": {**new.facts, "at": new.at.isoformat()},
        "due_at": new.due_at,
        "mail": MailState.WAITING if new.by_mail else MailState.NONE,
    }


def list_for_reader(
    conn: sa.Connection,
    reader_id: ReaderId,
    *,
    site_id: SiteId,
    now: datetime,
    before: NoticeId | None = None,
) -> list[Notice]:
    """Return a page of what the reader may know by now, newest first."""
    query = (
        sa.select(notices)
        .where(*_owned(reader_id, site_id), _told(now))
        .order_by(notices.c.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        query = query.where(notices.c.id < before)
    return [_notice(row) for row in conn.execute(query)]


def count_unread(
    conn: sa.Connection, reader_id: ReaderId, *, site_id: SiteId, now: datetime
) -> int:
    """Count what the reader may know by now and has not opened."""
    query = (
        sa.select(sa.func.count())
        .select_from(notices)
        .where(*_owned(reader_id, site_id), _told(now), notices.c.read_at.is_(None))
    )
    return conn.execute(query).scalar_one()


def mark_read(
    tx: Tx, reader_id: ReaderId, *, site_id: SiteId, only: Collection[NoticeId] | None = None
) -> int:
    """Note that the reader opened these notices, or all that are due; return how many were new."""
    statement = (
        sa.update(notices)
        .where(*_owned(reader_id, site_id), _told(tx.now), notices.c.read_at.is_(None))
        .values(read_at=tx.now)
    )
    if only is not None:
        statement = statement.where(notices.c.id.in_(only))
    return tx.conn.execute(statement).rowcount


def list_of_decision(
    conn: sa.Connection, decision_id: DecisionId, *, reader_ids: Collection[ReaderId]
) -> list[Notice]:
    """Return the notices to these readers that stem from a decision, oldest first."""
    query = (
        sa.select(notices)
        .where(notices.c.reader_id.in_(reader_ids), _number("decision_id") == decision_id)
        .order_by(notices.c.id)
    )
    return [_notice(row) for row in conn.execute(query)]


def was_told_of_reply(conn: sa.Connection, reader_id: ReaderId, *, comment_id: int) -> bool:
    """Say whether there is a notice already that tells the reader of this reply."""
    query = sa.select(notices.c.id).where(
        notices.c.reader_id == reader_id,
        notices.c.kind == NoticeKind.REPLY,
        _number("comment_id") == comment_id,
    )
    return conn.execute(query.limit(1)).first() is not None


def cancel(tx: Tx, decision_id: DecisionId, *, reader_ids: Collection[ReaderId]) -> int:
    """Delete what these readers have not been told yet of a decision; return how many."""
    gone = tx.conn.execute(
        sa.delete(notices).where(
            notices.c.reader_id.in_(reader_ids),
            _number("decision_id") == decision_id,
            sa.not_(_told(tx.now)),
        )
    )
    return gone.rowcount


def claim_mails(tx: Tx, *, limit: int) -> list[Notice]:
    """Take letters that are due, oldest first, so that nobody else takes them during the lease."""
    rows = tx.conn.execute(
        sa.select(notices)
        .where(sa.text("notices.mail = 'waiting'"), notices.c.due_at <= tx.now)
        .order_by(notices.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    tx.conn.execute(
        sa.update(notices)
        .where(notices.c.id.in_([row.id for row in rows]))
        .values(mail_tries=notices.c.mail_tries + 1, due_at=tx.now + LEASE)
    )
    return [_notice(row, tries=row.mail_tries + 1) for row in rows]


def count_waiting(conn: sa.Connection, *, now: datetime) -> int:
    """Count the letters that are due, up to ten thousand."""
    due = (
        sa.select(notices.c.due_at)
        .where(sa.text("notices.mail = 'waiting'"), notices.c.due_at <= now)
        .limit(MOST_COUNTED)
        .subquery()
    )
    return conn.execute(sa.select(sa.func.count()).select_from(due)).scalar_one()


def mark_sent(tx: Tx, notice: Notice) -> None:
    """Note that the letter is out."""
    _end_try(tx, notice, mail=MailState.SENT, due_at=tx.now)


def drop_mail(tx: Tx, notice: Notice) -> None:
    """Note that there is no letter to send after all."""
    _end_try(tx, notice, mail=MailState.NONE, due_at=tx.now)


def mark_failed(tx: Tx, notice: Notice) -> None:
    """Note that the letter will not be tried again."""
    _end_try(tx, notice, mail=MailState.FAILED, due_at=tx.now)


def put_off_mail(tx: Tx, notice: Notice) -> None:
    """Try the letter again later, each time after a longer wait, or give it up."""
    if notice.mail_tries > len(WAITS):
        mark_failed(tx, notice)
        return
    later = tx.now + WAITS[notice.mail_tries - 1]
    _end_try(tx, notice, mail=MailState.WAITING, due_at=later)


def _end_try(tx: Tx, notice: Notice, *, mail: MailState, due_at: datetime) -> None:
    # Only the try that was claimed is ended: if its lease ran out, another one goes on by now.
    tx.conn.execute(
        sa.update(notices)
        .where(
            notices.c.id == notice.id,
            notices.c.mail == MailState.WAITING,
            notices.c.mail_tries == notice.mail_tries,
        )
        .values(mail=mail, due_at=due_at)
    )


def _owned(reader_id: ReaderId, site_id: SiteId) -> tuple[sa.ColumnElement[bool], ...]:
    return notices.c.reader_id == reader_id, notices.c.site_id == site_id


def _told(now: datetime) -> sa.ColumnElement[bool]:
    # A letter is only tried once the notice is due, and a try moves due_at.
    return sa.or_(notices.c.due_at <= now, notices.c.mail_tries > 0)


def _number(name: str) -> sa.ColumnElement[int]:
    return sa.cast(notices.c.facts[name].as_string(), sa.BigInteger)


def _notice(row: sa.Row[Any], *, tries: int | None = None) -> Notice:
    return Notice(
        NoticeId(row.id),
        SiteId(row.site_id),
        ReaderId(row.reader_id),
        NoticeKind(row.kind),
        row.event_seq,
        datetime.fromisoformat(row.facts["at"]),
        row.due_at,
        row.read_at,
        MailState(row.mail),
        row.mail_tries if tries is None else tries,
        row.facts,
    )
