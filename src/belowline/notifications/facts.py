"""Looking up what the words of notices depend on, for many notices in a few queries.

What a notice says is looked up when it is shown, so that a corrected headline is the one that
readers see. The rule is that of the version cited, whatever the rules say now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import (
    DecisionId,
    NoticeId,
    NoticeKind,
    Outcome,
    RuleKey,
    SanctionKind,
    Source,
    StoryMode,
)
from belowline.notifications.model import CitedRule, Notice, NoticeFacts
from belowline.notifications.news import add_news
from belowline.storage.tables import (
    appeals,
    comments,
    decisions,
    rulebooks,
    rules,
    sanctions,
    sites,
    stories,
    withdrawal_reviews,
)

Row = sa.Row[Any]


def read_facts(conn: sa.Connection, found: Sequence[Notice]) -> dict[NoticeId, NoticeFacts]:
    """Return the facts of each notice, in six queries however many there are.

    And one more for each that tells of new comments, because each counts its own, and for each of
    the few about a review.
    """
    by_decision = _decisions(conn, _ids(found, "decision_id"))
    by_comment = _comments(
        conn,
        _ids(found, "comment_id") | {row.comment_id for row in by_decision.values()} - {None},
    )
    by_sanction = _rows(conn, sanctions, _ids(found, "sanction_id"))
    by_appeal = _rows(conn, appeals, _ids(found, "appeal_id"))
    by_site = _rows(conn, sites, {notice.site_id for notice in found})
    of_decision = _sanctions_of(conn, by_decision)
    facts = {}
    for notice in found:
        decision = by_decision.get(notice.number("decision_id") or 0)
        comment_id = notice.number("comment_id") or (decision.comment_id if decision else None)
        sanction = by_sanction.get(notice.number("sanction_id") or 0) or of_decision.get(
            notice.number("decision_id") or 0
        )
        facts[notice.id] = _facts(
            notice,
            (
                by_site[notice.site_id],
                decision,
                by_comment.get(comment_id or 0),
                sanction,
                by_appeal.get(notice.number("appeal_id") or 0),
            ),
        )
        if notice.kind is NoticeKind.NEW_COMMENTS:
            facts[notice.id] = add_news(conn, notice, facts[notice.id])
        if notice.kind is NoticeKind.WITHDRAWAL_REVIEWED:
            facts[notice.id] = _add_review(conn, notice, facts[notice.id])
    return facts


def _facts(
    notice: Notice, rows: tuple[Row, Row | None, Row | None, Row | None, Row | None]
) -> NoticeFacts:
    site, decision, comment, sanction, appeal = rows
    reason = decision.reason if decision else ""
    by_reporter = appeal is not None and appeal.report_id is not None
    if appeal is not None and (by_reporter or notice.kind is NoticeKind.APPEAL_DECIDED):
        reason = appeal.reason
    # A suspended story is hidden for legal reasons, and so is its headline.
    visible = comment is not None and comment.mode != StoryMode.SUSPENDED
    return NoticeFacts(
        site_key=site.key,
        site_name=site.name,
        language=site.language,
        story_title=comment.title if comment is not None and visible else "",
        comment_id=comment.id if comment is not None else None,
        decision_id=DecisionId(decision.id) if decision else None,
        outcome=Outcome(decision.outcome) if decision else None,
        automated=decision is not None and decision.decided_by is None,
        source=Source(decision.source) if decision else None,
        rule=_rule(decision),
        reason=reason,
        decided_at=decision.decided_at if decision else None,
        was_published=decision is not None and decision.status_before == "published",
        sanction=SanctionKind(sanction.kind) if sanction else None,
        ends_at=sanction.ends_at if sanction else None,
        appeal_until=notice.moment("appeal_until"),
        upheld=notice.says("upheld"),
        undone=notice.says("undone"),
        earned=notice.says("earned"),
        is_review=notice.says("review"),
        withdrawn=notice.says("withdrawn"),
        by_reporter=by_reporter,
        report_id=notice.number("report_id"),
        featured_reason=comment.featured_reason if comment is not None else "",
    )


def _add_review(conn: sa.Connection, notice: Notice, facts: NoticeFacts) -> NoticeFacts:
    query = sa.select(withdrawal_reviews.c.reason).where(
        withdrawal_reviews.c.id == notice.number("review_id")
    )
    return replace(facts, reason=conn.execute(query).scalar() or "")


def _rule(decision: Row | None) -> CitedRule | None:
    if decision is None or decision.rule_key is None or decision.title is None:
        return None
    return CitedRule(RuleKey(decision.rule_key), decision.title, decision.version)


def _ids(found: Iterable[Notice], name: str) -> set[int]:
    return {number for notice in found if (number := notice.number(name)) is not None}


def _rows(conn: sa.Connection, table: sa.Table, ids: Iterable[int]) -> dict[int, Row]:
    query = sa.select(table).where(table.c.id.in_(list(ids)))
    return {row.id: row for row in conn.execute(query)}


def _decisions(conn: sa.Connection, ids: Iterable[int]) -> dict[int, Row]:
    query = (
        sa.select(decisions, rules.c.title, rulebooks.c.version)
        .outerjoin(
            rules,
            sa.and_(
                rules.c.rulebook_id == decisions.c.rulebook_id,
                rules.c.key == decisions.c.rule_key,
            ),
        )
        .outerjoin(rulebooks, rulebooks.c.id == decisions.c.rulebook_id)
        .where(decisions.c.id.in_(list(ids)))
    )
    return {row.id: row for row in conn.execute(query)}


def _comments(conn: sa.Connection, ids: Iterable[int]) -> dict[int, Row]:
    query: sa.Select[Any] = (
        sa.select(comments.c.id, comments.c.featured_reason, stories.c.title, stories.c.mode)
        .join(stories, stories.c.id == comments.c.story_id)
        .where(comments.c.id.in_(list(ids)))
    )
    return {row.id: row for row in conn.execute(query)}


def _sanctions_of(conn: sa.Connection, by_decision: Mapping[int, Row]) -> dict[int, Row]:
    """Return the sanction that each decision imposed, for notices about a sanction's appeal."""
    query = sa.select(sanctions).where(sanctions.c.decision_id.in_(list(by_decision)))
    return {row.decision_id: row for row in conn.execute(query)}
