"""Reporting a comment: one report for each reader, comment and revision, with a receipt."""

from __future__ import annotations

from belowline.actions.reports import ReportDraft, report_comment
from belowline.core.terms import CommentId, ReportState, RuleKey
from belowline.core.text import later
from belowline.web.answers import Receipt
from belowline.web.auth import Visitor
from belowline.web.payloads import ReportIn

MESSAGES = {
    ReportState.OPEN: later("A moderator will look at it, and you will be told what came of it."),
    ReportState.UPHELD: later("It was found to break a rule."),
    ReportState.LAPSED: later("Its author has taken this comment back."),
    ReportState.DISMISSED: (
        later("A moderator has looked at this comment under the same rule before, and kept it.")
    ),
}


def put_report(visitor: Visitor, comment: int, data: ReportIn) -> Receipt:
    """Report that a comment breaks a rule; a repeat is success."""
    report = report_comment(
        visitor.house.db,
        CommentId(comment),
        site_id=visitor.at.id,
        by=visitor.reader_id,
        report=ReportDraft(RuleKey(data.rule), data.note, data.revision, visitor.network_hash),
    )
    return Receipt(
        report.id,
        report.comment_id,
        report.rule,
        report.state,
        report.created_at,
        visitor.language.say(MESSAGES[report.state]),
    )
