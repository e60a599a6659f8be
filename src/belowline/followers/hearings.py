"""Telling those who reported that another look was asked for, and what came of it.

A part of the follower ``notify``. Whoever has no account is written to by ``notifiers``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from belowline.core.happened import Happened, Plain
from belowline.core.terms import NoticeKind, ReaderId
from belowline.events import kinds
from belowline.followers.notice_facts import of_appeal
from belowline.notifications import store
from belowline.notifications.model import NewNotice
from belowline.storage.database import Tx
from belowline.storage.tables import appeals, decisions, readers, reports


def tell_reporters(tx: Tx, happened: Sequence[Happened], *, mail_works: bool) -> None:
    """Write the notices that follow from reporters' appeals among these events."""
    for event in happened:
        if event.kind == kinds.AppealLapsed.__name__:
            _tell_of_end(tx, event, mail_works=mail_works)
        elif event.data.get("report_id") is None:
            continue
        elif event.kind == kinds.AppealFiled.__name__:
            facts = {**of_appeal(event), "report_id": event.number("report_id")}
            _tell(tx, event, NoticeKind.APPEAL_RECEIVED, {_asker(event): facts}, mail_works)
        elif event.kind == kinds.AppealDecided.__name__:
            _tell_answer(tx, event, mail_works=mail_works)


def reports_of(conn: sa.Connection, ids: Sequence[int]) -> dict[ReaderId, int]:
    """Return who made these reports, each with the latest of theirs."""
    query = sa.select(reports.c.reporter_id, sa.func.max(reports.c.id).label("latest"))
    query = query.where(reports.c.id.in_(ids), reports.c.reporter_id.is_not(None))
    rows = conn.execute(query.group_by(reports.c.reporter_id))
    return {ReaderId(row.reporter_id): row.latest for row in rows}


def _tell_answer(tx: Tx, event: Happened, *, mail_works: bool) -> None:
    """Tell the appellant, and the others for whom the answer is as well."""
    facts: dict[str, Plain] = {**of_appeal(event), "upheld": event.data["upheld"] is True}
    undone = sa.select(decisions.c.undone_at).where(decisions.c.id == event.number("decision_id"))
    if tx.conn.execute(undone).scalar() is not None:
        facts["undone"] = True
    if event.data.get("removal_id") is not None:
        # The rule that it broke is the removal's; what had been decided before cited none.
        facts["decision_id"] = event.number("removal_id")
    own = {**facts, "report_id": event.number("report_id")}
    _tell(tx, event, NoticeKind.APPEAL_DECIDED, {_asker(event): own}, mail_works)
    latest = reports_of(tx.conn, event.numbers("answered"))
    others: dict[ReaderId | None, Mapping[str, Plain]] = {
        ReaderId(one): {**facts, "report_id": latest.get(ReaderId(one))}
        for one in event.numbers("reporters")
        # Who has found out for themselves need not be told.
        if event.actor_id() != one
    }
    _tell(tx, event, NoticeKind.REPORT_ANSWERED, others, mail_works)


def _tell_of_end(tx: Tx, event: Happened, *, mail_works: bool) -> None:
    query = sa.select(appeals.c.report_id).where(appeals.c.id == event.number("appeal_id"))
    report_id = tx.conn.execute(query).scalar()
    # Whoever asked and has left took their appeal with them.
    if report_id is not None:
        facts: dict[str, Plain] = {**of_appeal(event), "report_id": report_id, "withdrawn": True}
        _tell(tx, event, NoticeKind.APPEAL_DECIDED, {_asker(event): facts}, mail_works)


def _asker(event: Happened) -> ReaderId | None:
    found = event.data.get("reader_id")
    return ReaderId(found) if isinstance(found, int) else None


def _tell(
    tx: Tx,
    event: Happened,
    kind: NoticeKind,
    told: Mapping[ReaderId | None, Mapping[str, Plain]],
    mail_works: bool,  # noqa: FBT001 - as the last of what a notice is made of
) -> None:
    query = sa.select(readers.c.id, readers.c.email, readers.c.mail_notices).where(
        readers.c.id.in_([one for one in told if one is not None]), readers.c.erased_at.is_(None)
    )
    for row in tx.conn.execute(query).all():
        store.put_notice(
            tx,
            NewNotice(
                site_id=event.site_id,
                reader_id=ReaderId(row.id),
                kind=kind,
                event_seq=event.seq,
                at=event.at,
                due_at=event.at,
                facts=told[ReaderId(row.id)],
                by_mail=mail_works and row.email is not None and row.mail_notices,
            ),
        )
