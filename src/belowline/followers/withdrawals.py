"""Telling the staff what waits for a second pair of eyes, and readers of a review.

A part of the follower ``notify``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from belowline.core.happened import Happened, Plain
from belowline.core.terms import NoticeKind, ReaderId
from belowline.events import kinds
from belowline.notifications import store
from belowline.notifications.model import NewNotice
from belowline.sanctions.model import ReviewOutcome
from belowline.storage.database import Tx
from belowline.storage.tables import readers, sanctions, staff


def tell_of_withdrawals(tx: Tx, happened: Sequence[Happened], *, mail_works: bool) -> None:
    """Tell of the proposals and reviews among these events whom they concern."""
    facts: dict[str, Plain]
    for event in happened:
        if event.kind == kinds.WithdrawalProposed.__name__:
            facts = {"sanction_id": _suspension(tx, event), "proposal_id": _id(event, "proposal")}
            _tell_staff(tx, event, facts, mail_works=mail_works)
        elif event.kind == kinds.ReviewOpened.__name__:
            facts = {"review": True, "review_id": _id(event, "review")}
            _tell_staff(tx, event, facts, mail_works=mail_works)
        elif (
            event.kind == kinds.ReviewDecided.__name__
            and event.text("outcome") == ReviewOutcome.KEPT
        ):
            facts = {"review_id": _id(event, "review"), "sanction_id": _id(event, "sanction")}
            concerned = [ReaderId(event.number("reader_id"))]
            _tell(tx, event, NoticeKind.WITHDRAWAL_REVIEWED, facts, concerned, mail_works)


def _tell_staff(tx: Tx, event: Happened, facts: Mapping[str, Plain], *, mail_works: bool) -> None:
    """Tell everybody on the staff but who acted and whom it is about."""
    query = sa.select(staff.c.reader_id).where(staff.c.site_id == event.site_id)
    left_out = {event.actor.removeprefix("reader:"), str(event.number("reader_id"))}
    to = [ReaderId(one) for one in tx.conn.execute(query).scalars() if str(one) not in left_out]
    _tell(tx, event, NoticeKind.WITHDRAWAL_WAITS, facts, to, mail_works)


def _tell(  # noqa: PLR0913, PLR0917 - what a notice is made of
    tx: Tx,
    event: Happened,
    kind: NoticeKind,
    facts: Mapping[str, Plain],
    to: Sequence[ReaderId],
    mail_works: bool,  # noqa: FBT001
) -> None:
    query = sa.select(readers.c.id, readers.c.email, readers.c.mail_notices).where(
        readers.c.id.in_(to), readers.c.erased_at.is_(None)
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
                facts=facts,
                by_mail=mail_works and row.email is not None and row.mail_notices,
            ),
        )


def _suspension(tx: Tx, event: Happened) -> int:
    query = sa.select(sanctions.c.id).where(sanctions.c.decision_id == event.number("decision_id"))
    return int(tx.conn.execute(query).scalar_one())


def _id(event: Happened, noun: str) -> int:
    return event.number(f"{noun}_id")
