"""Telling the desk of a notice of defamation: that one came in, moved, or is nearly late.

Its steps have two working days each, so the desk is told by mail too. Nothing of what the notice
says is in it.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from belowline.core.happened import Happened
from belowline.core.terms import NoticeKind, ReaderId
from belowline.events import kinds
from belowline.notifications import store
from belowline.notifications.model import NewNotice
from belowline.storage.database import Tx
from belowline.storage.tables import defamation_notices, readers, staff

TOLD = frozenset({"answered", "silent", "due_soon", "letter_failed"})
"""What of a notice's course the desk has to act on."""


def tell_desk(tx: Tx, happened: Sequence[Happened], *, mail_works: bool) -> None:
    """Write the notices to the staff that follow from these events."""
    for event in happened:
        is_new = event.kind == kinds.DefamationNoticeReceived.__name__
        has_moved = (
            event.kind == kinds.DefamationNoticeMoved.__name__ and event.data["what"] in TOLD
        )
        if is_new or has_moved:
            _tell(tx, event, mail_works=mail_works)


def _tell(tx: Tx, event: Happened, *, mail_works: bool) -> None:
    about = (
        sa.select(defamation_notices.c.author_id)
        .where(defamation_notices.c.id == event.number("notice_id"))
        .scalar_subquery()
    )
    query = (
        sa.select(readers.c.id, readers.c.email, readers.c.mail_notices)
        .join(staff, staff.c.reader_id == readers.c.id)
        # Nobody handles a notice about their own comment.
        .where(
            staff.c.site_id == event.site_id,
            readers.c.erased_at.is_(None),
            readers.c.id != about,
        )
    )
    for row in tx.conn.execute(query).all():
        by_mail = mail_works and row.email is not None and row.mail_notices
        store.put_notice(
            tx,
            NewNotice(
                site_id=event.site_id,
                reader_id=ReaderId(row.id),
                kind=NoticeKind.LEGAL_NOTICE,
                event_seq=event.seq,
                at=event.at,
                due_at=event.at,
                facts={},
                by_mail=by_mail,
            ),
        )
