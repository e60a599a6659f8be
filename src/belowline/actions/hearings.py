"""Asking for another look: the appeal of those who reported a comment and were told that it stays.

There is one hearing for each decision, whoever of the reporters asks for it first, and its answer
is for all of them. How it is answered is in ``reporters_appeals``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.actions.appeal_facts import LONGEST_APPEAL
from belowline.actions.cases import refresh_case
from belowline.actions.facts import ask_standing
from belowline.appeals import store as appeals
from belowline.appeals.model import Appeal, NewAppeal
from belowline.appeals.policy import APPEAL_WINDOW, may_ask_again
from belowline.comments import store as comments
from belowline.core.errors import Conflict, InvalidInput, NotFound, require
from belowline.core.markup import clean_text
from belowline.core.terms import (
    Actor,
    CommentStatus,
    Outcome,
    Privilege,
    ReaderId,
    Refusal,
    ReportId,
    ReportState,
    SiteId,
)
from belowline.events import kinds, log
from belowline.moderation import decisions
from belowline.moderation.model import Decision
from belowline.readers import store as readers
from belowline.readers.codes import Limit, count_attempt
from belowline.reports import store as reports
from belowline.reports.model import LegalNoticeId, Report
from belowline.storage.database import Database, Tx

GUEST = Actor.of_system("legal_notice")
"""Who acts where somebody comes by the secret page of their notice."""
AN_HOUR = Limit("reporters_appeal", 10, timedelta(hours=1))
A_DAY = Limit("reporters_appeal_day", 30, timedelta(days=1))
LEFT_IT = frozenset({Outcome.KEEP, Outcome.PUBLISH})
"""Outcomes that told a reporter no. What an appeal brought back has been looked at twice."""
THERE = frozenset({CommentStatus.PUBLISHED, CommentStatus.HELD})


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for another look: a reader, or whoever has the secret page of a notice."""

    reader_id: ReaderId | None
    network_hash: bytes = field(repr=False)
    """Keyed hash; what comes from one network is limited together."""
    legal_notice_id: LegalNoticeId | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """Where a report stands as to another look."""

    appeal: Appeal | None
    """The one that answers this report, whoever of the reporters asked for it."""
    refusal: Refusal | None
    """Why its sender cannot ask for another look, or None if they can."""
    until: datetime | None
    """Until when they can, or could."""


def ask_again(
    db: Database, report_id: ReportId, *, site_id: SiteId, by: Asker, text: str
) -> Appeal:
    """Appeal against a decision that left a comment which one had reported.

    Whatever one's standing, also while one's reports are paused.

    Raises:
        NotSignedIn, NotAllowed: not told so, asked already, too late, or nothing to ask for.
        InvalidInput: no text, or too long. NotFound: no such report, or somebody else's.
        TooMany: too many came from that network.
    """
    text = clean_text(text, field="text", longest=LONGEST_APPEAL)
    if not text:
        raise InvalidInput("Say why you think so.", field="text", code="empty")
    is_guest = by.legal_notice_id is not None
    with db.write(Actor(by.reader_id) if by.reader_id is not None else GUEST) as tx:
        if not is_guest:
            ask_standing(tx, Privilege.APPEAL, site_id=site_id, by=by.reader_id)
        asked = get_own_report(tx.conn, site_id, report_id, by=by)
        comment = comments.lock_comment(tx, site_id, asked.comment_id)
        report = get_own_report(tx.conn, site_id, report_id, by=by)
        require(hearing_of(tx.conn, report, now=tx.now).refusal)
        for limit in (AN_HOUR, A_DAY):
            count_attempt(tx, limit, key_hash=by.network_hash)
        assert report.decision_id is not None  # noqa: S101 - nobody else has been told no
        appeal = appeals.add_appeal(
            tx, site_id, NewAppeal(report.decision_id, _account(tx, report), text, report.id)
        )
        if appeal is None:  # pragma: no cover - the comment is locked and this was just looked at
            raise Conflict("There has been an appeal already.", code="already_appealed")
        log.append(
            tx,
            site_id,
            kinds.AppealFiled(appeal.id, appeal.decision_id, appeal.reader_id, report.id),
        )
        refresh_case(tx, comment)
        return appeal


def get_own_report(
    conn: sa.Connection, site_id: SiteId, report_id: ReportId, *, by: Asker
) -> Report:
    """Return a report of whoever asks. Raises NotFound, also if it is somebody else's."""
    found = next(iter(reports.list_by_ids(conn, [report_id])), None)
    if found is None or found.site_id != site_id:
        raise NotFound("There is no such report of yours.", code="no_report")
    is_theirs = (
        found.legal_notice_id == by.legal_notice_id
        if by.legal_notice_id is not None
        else found.reporter_id is not None and found.reporter_id == by.reader_id
    )
    if not is_theirs:
        raise NotFound("There is no such report of yours.", code="no_report")
    return found


def hearing_of(conn: sa.Connection, report: Report, *, now: datetime) -> Hearing:
    """Say whether another look was asked for about a report, or can be, and until when."""
    if report.decision_id is None:
        return Hearing(None, _refusal(now=now), None)
    decision = decisions.get_decision(conn, report.site_id, report.decision_id)
    if report.state is not ReportState.DISMISSED:
        # What was upheld may have been so only after another look.
        return Hearing(_appeal_about(conn, report, decision), _refusal(now=now), None)
    comment = comments.get_comment(conn, report.site_id, report.comment_id)
    appeal = _appeal_about(conn, report, decision)
    # Who reported after the decision was told then.
    told_at = max(decision.decided_at, report.created_at)
    refusal = may_ask_again(
        told_at=told_at,
        now=now,
        already_asked=appeal is not None and appeal.decision_id == decision.id,
        appealable=decision.outcome in LEFT_IT and decision.stands,
        is_there=comment.status in THERE,
    )
    return Hearing(appeal, refusal, told_at + APPEAL_WINDOW)


def _refusal(*, now: datetime) -> Refusal | None:
    return may_ask_again(
        told_at=None, now=now, already_asked=False, appealable=False, is_there=False
    )


def _appeal_about(conn: sa.Connection, report: Report, decision: Decision) -> Appeal | None:
    """Return the reporters' appeal that this report was, or will be, answered by."""
    ids = [one for one in (decision.id, decision.based_on) if one is not None]
    found = appeals.list_for_decisions(conn, ids)
    theirs = [found[one] for one in ids if one in found and found[one].by_reporter]
    # An author's appeal may have turned it round since; the reporter's own is still theirs to see.
    return theirs[0] if theirs else appeals.find_by_report(conn, report.id)


def _account(tx: Tx, report: Report) -> ReaderId | None:
    """Return who is told the answer on their own pages, if they still have an account."""
    if report.reporter_id is None:
        return None
    erased = readers.get_reader(tx.conn, report.reporter_id).erased_at is not None
    return None if erased else report.reporter_id
