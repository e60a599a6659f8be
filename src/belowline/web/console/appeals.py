"""The console's appeals: an objection, and the answer of somebody who did not decide before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from litestar import Response
from markupsafe import Markup

from belowline.actions import appeals as actions
from belowline.actions.appeal_facts import Ruling, had_a_hand_in
from belowline.actions.hearings import THERE
from belowline.appeals import store
from belowline.appeals.model import Appeal
from belowline.appeals.policy import TARGET, may_decide_appeal
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import BelowlineError, Conflict, InvalidInput, NotAllowed
from belowline.core.terms import AppealId, Refusal, ReportState, RuleKey
from belowline.moderation import decisions
from belowline.readers.search import names_of
from belowline.reports import lanes, legal_notices
from belowline.reports import store as reports
from belowline.reports.legal_notices import LegalNotice
from belowline.reports.model import Report
from belowline.rules import store as rules
from belowline.rules.model import Rulebook, RuleDraft
from belowline.sanctions import store as sanctions
from belowline.sanctions.model import Sanction
from belowline.screens import store as verdicts
from belowline.screens.messages import message_for
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.console.shown import ShownDecision, Titles, show_decisions
from belowline.web.fields import Number, choice
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.marking import marked

PAGE = 30


class Answer(StrEnum):
    """What the form can say."""

    UPHELD = "upheld"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ShownAppeal:
    """An appeal with what it is against."""

    appeal: Appeal
    against: ShownDecision
    appellant: str
    """The author's name; empty for who reported, whom the desk need not know to judge it."""
    decided_by: str | None
    refusal: Refusal | None
    """Why this visitor cannot decide it."""


@dataclass(frozen=True, slots=True)
class ReportedSide:
    """What the desk needs to answer those who reported: their reports, and what a removal takes."""

    report: Report
    """The one whose sender appeals."""
    rule_title: str
    notice: LegalNotice | None
    others: int
    """How many more reports the answer is for."""
    rulebook: Rulebook
    """In force now: a removal cites one of its rules."""
    is_there: bool
    """Whether the comment can still be removed."""
    now: Markup
    """The comment as it stands, if it was changed since the decision."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What an appeal is about, as it was when it was decided."""

    rule: RuleDraft | None
    basis: ShownDecision | None
    """For a sanction: the removal that it answered."""
    comment: Comment | None
    text: Markup
    sanction: Sanction | None
    reported: ReportedSide | None = None
    """Where somebody who reported appeals."""


def appeals(visitor: Visitor, after: Number = None, said: str | None = None) -> Response[bytes]:
    """Show the appeals that wait, the oldest first."""
    with visitor.house.db.read() as conn:
        found = store.list_waiting(
            conn,
            visitor.at.id,
            after=AppealId(after) if after is not None else None,
            limit=PAGE + 1,
        )
        shown = [_show(conn, visitor, one) for one in found[:PAGE]]
    return desk_page(
        visitor,
        "appeals.html",
        here="appeals",
        said=said,
        appeals=shown,
        target=TARGET,
        next_after=found[PAGE - 1].id if len(found) > PAGE else None,
    )


def appeal(visitor: Visitor, appeal: int, said: str | None = None) -> Response[bytes]:
    """Show an appeal with the decision, the rule then in force and the comment."""
    return _appeal(visitor, appeal, said=said)


def decide(visitor: Visitor, appeal: int, data: FormBody) -> Response[Any]:
    """Uphold or reject an appeal, with a reason to the reader; a removal cites a rule."""
    form = read_form(data, fields={"ruling", "reason", "rule", "version"})
    try:
        ruling = choice(form, "ruling", Answer)
        rule = form.text("rule")
        actions.decide_appeal(
            visitor.house.db,
            AppealId(appeal),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            ruling=Ruling(
                ruling is Answer.UPHELD,
                form.text("reason"),
                RuleKey(rule) if rule else None,
                form.number("version"),
            ),
        )
    except (InvalidInput, NotAllowed, Conflict) as error:
        return _appeal(visitor, appeal, error=error, typed=form)
    return back_to(visitor, "/appeals", said=f"appeal_{ruling}")


def _appeal(
    visitor: Visitor,
    appeal_id: int,
    *,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        found = store.get_appeal(conn, visitor.at.id, AppealId(appeal_id))
        shown = _show(conn, visitor, found)
        matter = _matter(conn, visitor, shown)
    return desk_page(
        visitor,
        "appeal.html",
        here="appeals",
        said=said,
        error=error,
        shown=shown,
        matter=matter,
        message_for=message_for,
        kinds=lanes.TITLES,
        typed=typed,
    )


def _show(conn: sa.Connection, visitor: Visitor, appeal: Appeal) -> ShownAppeal:
    site_id = visitor.at.id
    decision = decisions.get_decision(conn, site_id, appeal.decision_id)
    names = names_of(conn, [appeal.reader_id, appeal.decided_by])
    return ShownAppeal(
        appeal,
        show_decisions(conn, Titles(conn, site_id), [decision])[0],
        names.get(appeal.reader_id, "") if appeal.reader_id and not appeal.by_reporter else "",
        names.get(appeal.decided_by) if appeal.decided_by is not None else None,
        may_decide_appeal(
            by=visitor.reader_id,
            appellant=appeal.reader_id,
            decided_by=decision.decided_by,
            role=visitor.role,
            also_by=had_a_hand_in(conn, decision),
        ),
    )


def _matter(conn: sa.Connection, visitor: Visitor, shown: ShownAppeal) -> Matter:
    site_id = visitor.at.id
    decision = shown.against.decision
    titles = Titles(conn, site_id)
    basis = None
    if decision.based_on is not None:
        found = decisions.get_decision(conn, site_id, decision.based_on)
        basis = show_decisions(conn, titles, [found])[0]
    about = decision if decision.comment_id is not None or basis is None else basis.decision
    comment, text = None, Markup("")
    if about.comment_id is not None:
        comment = comments.get_comment(conn, site_id, about.comment_id)
        number = about.revision or comment.revision
        passages = [
            passage
            for verdict in verdicts.list_verdicts(conn, comment.id, revision=number)
            for passage in verdict.passages
        ]
        text = marked(comments.get_revision(conn, comment.id, number).text, passages)
    imposed = [
        one
        for one in sanctions.list_sanctions(conn, site_id, decision.reader_id)
        if one.decision_id == decision.id
    ]
    ground = decision.ground
    return Matter(
        titles.book(ground.rulebook_id).rule(ground.rule) if ground else None,
        basis,
        comment,
        text,
        imposed[0] if imposed else None,
        _reported(conn, shown, comment, titles) if shown.appeal.by_reporter else None,
    )


def _reported(
    conn: sa.Connection, shown: ShownAppeal, comment: Comment | None, titles: Titles
) -> ReportedSide | None:
    appeal, decision = shown.appeal, shown.against.decision
    if comment is None or appeal.report_id is None:
        return None
    (report,) = reports.list_by_ids(conn, [appeal.report_id])
    known = legal_notices.list_notices(conn, comment.site_id, [report.legal_notice_id])
    told_no = [
        one
        for one in reports.list_answered_by(conn, decision.id)
        if one.state is ReportState.DISMISSED and one.id != report.id
    ]
    now = Markup("")
    if decision.revision is not None and comment.revision != decision.revision:
        now = marked(comments.get_revision(conn, comment.id, comment.revision).text, [])
    return ReportedSide(
        report,
        titles.of(report.rulebook_id, report.rule),
        known.get(report.legal_notice_id) if report.legal_notice_id is not None else None,
        len(told_no),
        rules.get_current_rulebook(conn, comment.site_id),
        comment.status in THERE,
        now,
    )
