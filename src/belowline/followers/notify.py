"""From events to notices: who is told what, and from when on.

What a person decides is told when it can no longer be taken back; if it is taken back before, its
notices go, and if somebody was told nevertheless, they are told of the correction. Every notice is
keyed by its event, so reading the log again tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from belowline.core.happened import Happened, Plain
from belowline.core.terms import (
    CommentStatus,
    DecisionId,
    NoticeKind,
    Outcome,
    ReaderId,
    StoryMode,
)
from belowline.events import kinds
from belowline.followers.following import tell_followers
from belowline.followers.hearings import reports_of, tell_reporters
from belowline.followers.legal_news import tell_desk
from belowline.followers.notice_facts import about, appeal_until, concerns_author, of_appeal
from belowline.followers.notifiers import tell_notifiers
from belowline.followers.withdrawals import tell_of_withdrawals
from belowline.moderation.orders import find_barred
from belowline.notifications import store
from belowline.notifications.model import NewNotice
from belowline.storage.database import Tx
from belowline.storage.prepared import Prepared
from belowline.storage.tables import (
    comments,
    decisions,
    readers,
    sanctions,
    staff,
    stories,
)

ANSWERS = frozenset({Outcome.PUBLISH, Outcome.KEEP, Outcome.REMOVE, Outcome.REFUSE})
"""Outcomes that answer reports; holding a comment only puts the answer off."""
APPEALABLE = frozenset({Outcome.REMOVE, Outcome.REFUSE})
LEFT_IT = frozenset({Outcome.KEEP, Outcome.PUBLISH})
"""What those who reported can appeal against."""
CORRECTABLE = frozenset({NoticeKind.COMMENT_DECIDED, NoticeKind.REPORT_ANSWERED})


_answered = comments.alias("answered")
_REPLY = Prepared(
    sa.select(
        comments.c.id,
        comments.c.status,
        comments.c.author_id,
        stories.c.mode,
        _answered.c.author_id.label("answered_id"),
    )
    .join(_answered, _answered.c.id == comments.c.parent_id)
    .join(stories, stories.c.id == comments.c.story_id)
    .where(comments.c.id == sa.bindparam("comment_id"))
)


@dataclass(frozen=True, slots=True)
class _Telling:
    """What one reader is told. Without ``due_at`` it is due when the event happened."""

    kind: NoticeKind
    facts: Mapping[str, Plain]
    due_at: datetime | None = None
    by_mail: bool = True


class Notify:
    """The follower that writes notices."""

    name = "notify"

    def __init__(self, *, undo_for: timedelta, mail_works: bool) -> None:
        self._undo_for = undo_for
        self._mail_works = mail_works
        self._handlers: Mapping[str, Callable[[Tx, Happened], None]] = {
            kinds.CommentPosted.__name__: self._comment_settled,
            kinds.CommentEdited.__name__: self._comment_settled,
            kinds.CommentFeatured.__name__: self._comment_featured,
            kinds.CommentWithdrawn.__name__: self._comment_withdrawn,
            kinds.DecisionMade.__name__: self._decision_made,
            kinds.DecisionUndone.__name__: self._decision_undone,
            kinds.SanctionImposed.__name__: self._sanction_imposed,
            kinds.SanctionLifted.__name__: self._sanction_lifted,
            kinds.AppealFiled.__name__: self._appeal_filed,
            kinds.AppealDecided.__name__: self._appeal_decided,
            kinds.StorySlowed.__name__: self._story_slowed,
        }

    def handle(self, tx: Tx, happened: Sequence[Happened]) -> None:
        """Write the notices that follow from these events."""
        for event in happened:
            tell = self._handlers.get(event.kind)
            if tell is not None:
                tell(tx, event)
        tell_followers(tx, happened, mail_works=self._mail_works)
        tell_notifiers(tx, happened, undo_for=self._undo_for, mail_works=self._mail_works)
        tell_desk(tx, happened, mail_works=self._mail_works)
        tell_of_withdrawals(tx, happened, mail_works=self._mail_works)
        tell_reporters(tx, happened, mail_works=self._mail_works)

    def _comment_settled(self, tx: Tx, event: Happened) -> None:
        # What was posted names its parent; an edit does not, and is looked up.
        is_root = event.data.get("parent_id", 0) is None
        if event.text("status") == CommentStatus.PUBLISHED and not is_root:
            self._tell_of_reply(tx, event, _Telling(NoticeKind.REPLY, about(event)))

    def _comment_featured(self, tx: Tx, event: Happened) -> None:
        comment = _row(tx.conn, comments, event.number("comment_id"))
        if event.data["featured"] and comment is not None and comment.featured_at is not None:
            telling = _Telling(NoticeKind.COMMENT_FEATURED, about(event))
            self._tell(tx, event, telling, to=comment.author_id)

    def _comment_withdrawn(self, tx: Tx, event: Happened) -> None:
        telling = _Telling(NoticeKind.REPORT_ANSWERED, {**about(event), "withdrawn": True})
        for reporter_id in _reporters(tx.conn, event.numbers("lapsed")):
            self._tell(tx, event, telling, to=reporter_id)

    def _decision_made(self, tx: Tx, event: Happened) -> None:
        decision = _row(tx.conn, decisions, event.number("decision_id"))
        if decision is None or decision.undone_at is not None:
            return
        outcome = Outcome(decision.outcome)
        on_appeal = outcome is Outcome.REMOVE and decision.based_on is not None
        # Nobody can take back what the screens settled, or an appeal, so nothing waits for it.
        at_once = decision.decided_by is None or on_appeal
        due_at = event.at if at_once else event.at + self._undo_for
        facts = {**about(event), "decision_id": decision.id}
        if concerns_author(decision) and not find_barred(tx.conn, [decision.id]):
            appeal = appeal_until(due_at) if outcome in APPEALABLE else {}
            # Who was refused saw the reason on the page at once; a letter would say it twice.
            telling = _Telling(
                NoticeKind.COMMENT_DECIDED,
                facts | appeal,
                due_at,
                by_mail=outcome is not Outcome.REFUSE,
            )
            self._tell(tx, event, telling, to=decision.reader_id)
        if outcome in ANSWERS and not on_appeal:
            asked = appeal_until(due_at) if outcome in LEFT_IT else {}
            for reporter_id, report_id in reports_of(tx.conn, decision.answered).items():
                if reporter_id != decision.decided_by:
                    said = {**facts, **asked, "report_id": report_id}
                    telling = _Telling(NoticeKind.REPORT_ANSWERED, said, due_at)
                    self._tell(tx, event, telling, to=reporter_id)
        if outcome is Outcome.PUBLISH:
            self._tell_of_reply(tx, event, _Telling(NoticeKind.REPLY, facts, due_at))

    def _decision_undone(self, tx: Tx, event: Happened) -> None:
        decision = _row(tx.conn, decisions, event.number("decision_id"))
        if decision is None:
            return
        decision_id = DecisionId(decision.id)
        concerned = _reporters(tx.conn, decision.answered) | {ReaderId(decision.reader_id)}
        reply = _find_reply(tx.conn, decision.comment_id)
        if reply is not None:
            concerned.add(ReaderId(reply.answered_id))
        store.cancel(tx, decision_id, reader_ids=concerned)
        facts: dict[str, Plain] = {**about(event), "decision_id": decision.id, "undone": True}
        for told in store.list_of_decision(tx.conn, decision_id, reader_ids=concerned):
            if told.kind in CORRECTABLE and not told.says("undone"):
                self._tell(tx, event, _Telling(told.kind, facts), to=told.reader_id)

    def _sanction_imposed(self, tx: Tx, event: Happened) -> None:
        due_at = event.at + self._undo_for
        sanction = _row(tx.conn, sanctions, event.number("sanction_id"))
        if sanction is None or (sanction.lifted_at is not None and sanction.lifted_at <= due_at):
            return
        facts: dict[str, Plain] = {
            "sanction_id": sanction.id,
            "decision_id": sanction.decision_id,
        }
        telling = _Telling(NoticeKind.SANCTION_IMPOSED, facts | appeal_until(due_at), due_at)
        self._tell(tx, event, telling, to=sanction.reader_id)

    def _sanction_lifted(self, tx: Tx, event: Happened) -> None:
        sanction = _row(tx.conn, sanctions, event.number("sanction_id"))
        if sanction is None:
            return
        cause, imposed_by = event.text("cause"), DecisionId(sanction.decision_id)
        concerned = {ReaderId(sanction.reader_id)}
        cancelled = store.cancel(tx, imposed_by, reader_ids=concerned)
        was_told = bool(store.list_of_decision(tx.conn, imposed_by, reader_ids=concerned))
        # The answer to an appeal says so by itself, and so does what comes in a sanction's place.
        if cause in {"overturned", "replaced"} or (
            not was_told and (cancelled or cause == "undone")
        ):
            return
        facts: dict[str, Plain] = {
            "sanction_id": sanction.id,
            "undone": cause == "undone",
            "earned": cause == "earned",
        }
        if cause != "undone" and event.data.get("decision_id") is not None:
            facts["decision_id"] = event.number("decision_id")
        telling = _Telling(NoticeKind.SANCTION_LIFTED, facts)
        self._tell(tx, event, telling, to=sanction.reader_id)

    def _appeal_filed(self, tx: Tx, event: Happened) -> None:
        if event.data.get("report_id") is not None:
            return
        telling = _Telling(NoticeKind.APPEAL_RECEIVED, of_appeal(event))
        self._tell(tx, event, telling, to=event.number("reader_id"))

    def _appeal_decided(self, tx: Tx, event: Happened) -> None:
        if event.data.get("report_id") is not None:
            return
        upheld = event.data["upheld"] is True
        facts = {**of_appeal(event), "upheld": upheld}
        telling = _Telling(NoticeKind.APPEAL_DECIDED, facts)
        self._tell(tx, event, telling, to=event.number("reader_id"))
        if not upheld or event.data.get("comment_id") is None:
            return
        facts = {**about(event), "decision_id": event.number("decision_id")}
        corrected = _Telling(NoticeKind.REPORT_ANSWERED, {**facts, "upheld": True})
        for reporter_id in event.numbers("reporters"):
            self._tell(tx, event, corrected, to=reporter_id)
        # A reply that was refused at first appears now, and whom it answers hears of it.
        self._tell_of_reply(tx, event, _Telling(NoticeKind.REPLY, about(event)))

    def _story_slowed(self, tx: Tx, event: Happened) -> None:
        telling = _Telling(NoticeKind.STORY_SLOWED, about(event), by_mail=False)
        query = sa.select(staff.c.reader_id).where(staff.c.site_id == event.site_id)
        for row in tx.conn.execute(query):
            self._tell(tx, event, telling, to=row.reader_id)

    def _tell_of_reply(self, tx: Tx, event: Happened, telling: _Telling) -> None:
        reply = _find_reply(tx.conn, event.number("comment_id"))
        if reply is None or reply.status != CommentStatus.PUBLISHED:
            return
        if reply.mode == StoryMode.SUSPENDED or reply.author_id == reply.answered_id:
            return
        reader_id = ReaderId(reply.answered_id)
        if not store.was_told_of_reply(tx.conn, reader_id, comment_id=reply.id):
            self._tell(tx, event, telling, to=reader_id)

    def _tell(self, tx: Tx, event: Happened, telling: _Telling, *, to: int) -> None:
        reader = _row(tx.conn, readers, to)
        if reader is None or reader.erased_at is not None:
            return
        has_mail = self._mail_works and reader.email is not None and reader.mail_notices
        store.put_notice(
            tx,
            NewNotice(
                site_id=event.site_id,
                reader_id=ReaderId(to),
                kind=telling.kind,
                event_seq=event.seq,
                at=event.at,
                due_at=telling.due_at or event.at,
                facts=telling.facts,
                by_mail=has_mail and telling.by_mail,
            ),
        )


def _row(conn: sa.Connection, table: sa.Table, key: int) -> sa.Row[Any] | None:
    return conn.execute(sa.select(table).where(table.c.id == key)).first()


def _find_reply(conn: sa.Connection, comment_id: int | None) -> sa.Row[Any] | None:
    """Return a comment with the author whom it answers, or None if it answers nobody."""
    reply: sa.Row[Any] | None = _REPLY.first(conn, comment_id=comment_id)
    return reply


def _reporters(conn: sa.Connection, answered: Sequence[int]) -> set[ReaderId]:
    return set(reports_of(conn, answered))
