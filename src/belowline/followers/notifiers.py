"""Telling whoever gave notice of illegal content without an account what came of it.

Part of the follower ``notify``, which tells readers. A letter waits out the time in which a
decision can be taken back, and goes once nothing of the notice waits any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.core.happened import Happened
from belowline.core.terms import DecisionId, ReportState
from belowline.events import kinds
from belowline.followers.notice_facts import led_to_by_appeal
from belowline.reports.legal_letters import LetterDraft, LetterKind, cancel_letters, put_letter
from belowline.reports.model import LegalNoticeId
from belowline.storage.database import Tx
from belowline.storage.tables import legal_notices, reports


def tell_notifiers(
    tx: Tx, happened: Sequence[Happened], *, undo_for: timedelta, mail_works: bool
) -> None:
    """Let the letters wait that follow from these events."""
    for event in happened:
        if event.kind == kinds.DecisionUndone.__name__:
            cancel_letters(tx, DecisionId(event.number("decision_id")))
        elif not mail_works:
            continue
        elif event.kind == kinds.DecisionMade.__name__ and event.data.get("answered"):
            # A removal that a reporter's appeal led to is told with the answer to that.
            if not led_to_by_appeal(tx.conn, event.number("decision_id")):
                answered = reports.c.id.in_(event.numbers("answered"))
                _write(tx, event, answered, due_at=event.at + undo_for)
        elif event.kind == kinds.CommentWithdrawn.__name__ and event.data.get("lapsed"):
            lapsed = reports.c.id.in_(event.numbers("lapsed"))
            _write(tx, event, lapsed, due_at=event.at)
        elif event.kind == kinds.AppealDecided.__name__ and event.data.get("report_id"):
            heard = reports.c.id.in_(event.numbers("answered"))
            _write(tx, event, heard, due_at=event.at, kind=LetterKind.LOOKED_AGAIN)
        elif event.kind == kinds.AppealDecided.__name__ and event.data["upheld"] is True:
            about = reports.c.comment_id == event.data.get("comment_id")
            _write(tx, event, about, due_at=event.at)


def _write(
    tx: Tx,
    event: Happened,
    concerned: sa.ColumnElement[bool],
    *,
    due_at: datetime,
    kind: LetterKind = LetterKind.OUTCOME,
) -> None:
    """Let a letter wait for each notice among these reports that is answered as a whole."""
    notices = sa.select(reports.c.legal_notice_id).where(
        concerned, reports.c.legal_notice_id.is_not(None), reports.c.site_id == event.site_id
    )
    still_open = sa.exists().where(
        reports.c.legal_notice_id == legal_notices.c.id, reports.c.state == ReportState.OPEN
    )
    query = sa.select(legal_notices.c.id).where(
        legal_notices.c.id.in_(notices),
        legal_notices.c.email != "",
        # Who has an account is told there.
        legal_notices.c.reader_id.is_(None),
        ~still_open,
    )
    decided = event.data.get("decision_id")
    for notice_id in list(tx.conn.execute(query).scalars()):
        put_letter(
            tx,
            LetterDraft(
                event.site_id,
                LegalNoticeId(notice_id),
                kind,
                due_at,
                event.seq,
                DecisionId(decided) if isinstance(decided, int) else None,
            ),
        )
