"""Removing a comment under a notice of defamation: by a person, or by the clock where a site wants.

A person's removal is a decision like any other. Either way the letter to the complainant waits
until the decision can no longer be taken back.
"""

from __future__ import annotations

from datetime import timedelta

from belowline.actions.cases import record_decision, refresh_case
from belowline.actions.facts import ask_standing
from belowline.actions.legal_facts import Office, OnNotice, Where, find_where, moved, settle
from belowline.actions.moderation import DecisionDraft, decide
from belowline.comments import store as comments
from belowline.core.errors import require
from belowline.core.terms import (
    Actor,
    CommentStatus,
    DefamationId,
    Outcome,
    Privilege,
    Refusal,
    ReportState,
    RuleKey,
    SiteId,
    Source,
)
from belowline.core.text import later
from belowline.legal import correspondence, store
from belowline.legal.defamation import MESSAGES, Act
from belowline.legal.model import LetterKind
from belowline.moderation.model import Decision, Ground, NewDecision
from belowline.reports import store as reports
from belowline.rules import store as rules
from belowline.sites import store as sites
from belowline.storage.database import Database, Tx

RULE = RuleKey("defamation")
BEFORE_THE_END = timedelta(hours=4)
"""Until then a person has had nearly two working days; then the clock removes, if it may."""
BY_THE_CLOCK = later(
    "We received a legal notice about this comment under section 5 of the Defamation Act 2013, "
    "which requires us to remove it."
)
IN_EFFECT = frozenset({CommentStatus.PUBLISHED, CommentStatus.HELD})

_ACTOR = Actor.of_system("legal")


def remove_under_notice(
    db: Database, on: OnNotice, *, decision: DecisionDraft, office: Office
) -> Decision:
    """Remove the comment of a notice, whatever step it is at, and order the letter that says so.

    Raises:
        NotSignedIn, NotAllowed: no role, closed, or the comment is down already.
        StaleVersion: the comment changed. InvalidInput: no rule in force or no reason.
        NotFound: no such notice.
    """
    with db.read() as conn:
        notice = store.get_notice(conn, on.site_id, on.notice_id)
    if notice.closed_at is not None:
        require(Refusal("notice_closed", MESSAGES["notice_closed"]))
    made = decide(db, notice.comment_id, site_id=on.site_id, by=on.by, decision=decision)
    with db.write(Actor(on.by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=on.site_id, by=on.by)
        moved(tx, notice, "removed")
        _order_letter(tx, on.site_id, on.notice_id, office=office)
    return made


def remove_when_due(db: Database, where: Where, *, office: Office) -> bool:
    """Remove the comment without a person if the law wants it gone within hours; say if it did."""
    notice = where.notice
    with db.write(_ACTOR) as tx:
        comment = comments.lock_comment(tx, notice.site_id, notice.comment_id)
        current = settle(tx, notice.site_id, notice.id, office=office).position
        duty = next((one for one in current.duties if one.act is Act.REMOVE), None)
        is_up = comment.status in IN_EFFECT
        if duty is None or not is_up or tx.now < duty.due_at - BEFORE_THE_END:
            return False
        waiting = tuple(one.id for one in reports.list_open(tx.conn, comment.id))
        rulebook = rules.get_current_rulebook(tx.conn, notice.site_id)
        cited = rulebook.rule(RULE)
        made = record_decision(
            tx,
            NewDecision(
                site_id=notice.site_id,
                reader_id=comment.author_id,
                outcome=Outcome.REMOVE,
                source=Source.LEGAL_NOTICE,
                decided_by=None,
                reason=BY_THE_CLOCK,
                ground=Ground(rulebook.id, RULE, cited.severity if cited else 3),
                comment_id=comment.id,
                story_id=comment.story_id,
                revision=comment.revision,
                status_before=comment.status,
                answered=waiting,
            ),
        )
        removed = CommentStatus.REMOVED
        comments.set_status(tx, comment, removed, rule_key=RULE, reason=made.reason)
        reports.answer_reports(tx, waiting, state=ReportState.UPHELD, decision_id=made.id)
        refresh_case(tx, comment)
        moved(tx, notice, "removed")
        _order_letter(tx, notice.site_id, notice.id, office=office)
        return True


def _order_letter(tx: Tx, site_id: SiteId, notice_id: DefamationId, *, office: Office) -> None:
    settle(tx, site_id, notice_id, office=office)
    site = sites.get_site_by_id(tx.conn, site_id)
    notice = store.get_notice(tx.conn, site_id, notice_id)
    where = find_where(tx.conn, site, notice, office=office, now=tx.now)
    later_on = tx.now + office.settings.undo_for
    for duty in where.position.duties:
        if duty.ready and duty.act is not Act.REMOVE:
            kind = LetterKind(duty.act.value)
            correspondence.order_letter(tx, site_id, notice_id, kind, not_before=later_on)
