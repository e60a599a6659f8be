"""What came of a report, and asking for another look: for readers, and by a notice's secret page.

Nothing here says who wrote the comment, who decided, or who else has reported it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from litestar import Response

from belowline.actions.appeal_facts import LONGEST_APPEAL
from belowline.actions.hearings import Asker, Hearing, ask_again, get_own_report, hearing_of
from belowline.actions.legal_notices import read_notice_token
from belowline.appeals.policy import TARGET
from belowline.comments import store as comments
from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed, NotFound, TooMany
from belowline.core.terms import CommentStatus, Outcome, ReportId, ReportState, SiteId, StoryMode
from belowline.moderation import decisions
from belowline.moderation.model import Decision
from belowline.reports import lanes, legal_notices
from belowline.reports.legal_notices import LegalNotice
from belowline.reports.model import Lane, Report
from belowline.rules import store as rules
from belowline.rules.model import RuleDraft
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.web.auth import Asking, Visitor
from belowline.web.errors import status_of
from belowline.web.forms import FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.pages.words import REPORTS
from belowline.web.redirects import see_other


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one report, as far as its sender is told."""

    report: Report
    story: Story
    is_hidden: bool
    """Whether the story is suspended, so that not even its headline is told."""
    is_there: bool
    """Whether the thread shows the comment."""
    decision: Decision | None
    """The one that answered it, once it can no longer be undone."""
    rule: RuleDraft | None
    """The one that it broke."""
    cited: RuleDraft | None
    """The one that the report cites."""
    hearing: Hearing | None
    """Where it stands as to another look; None before the decision is told."""

    @property
    def state(self) -> ReportState:
        """Where it stands as far as it is told."""
        if self.report.state is ReportState.LAPSED or self.decision is not None:
            return self.report.state
        return ReportState.OPEN

    @property
    def reason(self) -> str:
        """Return the reason that is for whoever reported, and not for the author alone."""
        if self.decision is None:
            return ""
        is_for_them = self.decision.outcome is Outcome.KEEP or self.report.lane is Lane.ILLEGAL
        return self.decision.reason if is_for_them else ""


@dataclass(frozen=True, slots=True)
class _Way:
    """By which address somebody comes to a report."""

    path: str
    back: str
    asker: Asker
    notice: LegalNotice | None = None


def report(visitor: Visitor, report: int) -> Response[bytes]:
    """Show what came of a report of mine, and the form for another look or where that stands."""
    return _page(visitor, _own_way(visitor, report), report)


def ask(visitor: Visitor, report: int, data: FormBody) -> Response[Any]:
    """Ask for another look at a comment that I had reported, and go on to the receipt."""
    return _ask(visitor, _own_way(visitor, report), report, data)


def notice_report(visitor: Visitor, token: str, report: int) -> Response[bytes]:
    """Show what came of one of the comments that a notice is about, by its secret page."""
    return _page(visitor, _secret_way(visitor, token, report), report)


def notice_ask(visitor: Visitor, token: str, report: int, data: FormBody) -> Response[Any]:
    """Ask for another look by the secret page of a notice."""
    return _ask(visitor, _secret_way(visitor, token, report), report, data)


def read_answered(
    conn: sa.Connection, site_id: SiteId, report: Report, *, now: datetime, told_before: datetime
) -> Answered:
    """Return what became of a report, as far as its sender is told."""
    comment = comments.get_comment(conn, site_id, report.comment_id)
    story = stories.get_story_by_id(conn, site_id, comment.story_id)
    decision, rule, hearing = None, None, None
    if report.decision_id is not None:
        found = decisions.get_decision(conn, site_id, report.decision_id)
        # What an appeal led to cannot be taken back.
        is_told = found.decided_at <= told_before or found.answers_appeal
        decision = found if is_told else None
    if decision is not None:
        hearing = hearing_of(conn, report, now=now)
        if decision.ground is not None:
            book = rules.get_rulebook_by_id(conn, site_id, decision.ground.rulebook_id)
            rule = book.rule(decision.ground.rule)
    return Answered(
        report,
        story,
        story.mode is StoryMode.SUSPENDED,
        comment.status is CommentStatus.PUBLISHED,
        decision,
        rule,
        rules.get_rulebook_by_id(conn, site_id, report.rulebook_id).rule(report.rule),
        hearing,
    )


def _own_way(visitor: Asking, report_id: int) -> _Way:
    mine = f"/me/{visitor.at.key}"
    asker = Asker(visitor.reader_id, visitor.network_hash)
    return _Way(f"{mine}/reports/{report_id}", f"{mine}#reports", asker)


def _secret_way(visitor: Asking, token: str, report_id: int) -> _Way:
    house, site = visitor.house, visitor.at
    number = read_notice_token(house.settings.secret, site.id, token)
    with house.db.read() as conn:
        notice = legal_notices.get_notice(conn, site.id, number)
    back = f"/notice/{site.key}/{token}"
    return _Way(f"{back}/{report_id}", back, Asker(None, visitor.network_hash, notice.id), notice)


def _ask(visitor: Asking, way: _Way, report_id: int, data: FormBody) -> Response[Any]:
    text = read_form(data, fields=("text",)).text("text")
    try:
        ask_again(
            visitor.house.db,
            ReportId(report_id),
            site_id=visitor.at.id,
            by=way.asker,
            text=text,
        )
    except (InvalidInput, NotAllowed, TooMany) as error:
        return _page(visitor, way, report_id, refused=(text, error))
    return see_other(way.path)


def _page(
    visitor: Asking,
    way: _Way,
    report_id: int,
    *,
    refused: tuple[str, BelowlineError] | None = None,
) -> Response[bytes]:
    house, site = visitor.house, visitor.at
    now = house.db.clock()
    text, error = refused or ("", None)
    with house.db.read() as conn:
        found = get_own_report(conn, site.id, ReportId(report_id), by=way.asker)
        one = read_answered(
            conn, site.id, found, now=now, told_before=now - house.settings.undo_for
        )
        notice = way.notice
        if notice is None and found.legal_notice_id is not None:
            known = legal_notices.list_notices(conn, site.id, [found.legal_notice_id])
            notice = known.get(found.legal_notice_id)
        is_own = _is_own(conn, site.id, one.hearing, by=way.asker)
    return reader_page(
        visitor,
        "pages/my_report.html" if way.notice is None else "pages/notice_report.html",
        http_status=status_of(error) if error else 200,
        one=one,
        way=way,
        notice=notice,
        kind=lanes.TITLES[notice.kind] if notice is not None else "",
        asked=one.hearing.appeal if one.hearing is not None else None,
        is_own=is_own,
        words=REPORTS,
        target=TARGET,
        longest=LONGEST_APPEAL,
        text=text,
        error=error,
    )


def _is_own(conn: sa.Connection, site_id: SiteId, hearing: Hearing | None, *, by: Asker) -> bool:
    """Say whether whoever looks has asked themselves; nobody reads what another has written."""
    if hearing is None or hearing.appeal is None or hearing.appeal.report_id is None:
        return False
    asked = hearing.appeal.report_id
    try:
        get_own_report(conn, site_id, asked, by=by)
    except NotFound:
        return False
    return True
