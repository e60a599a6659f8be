"""What is asked of the database for a copy of a reader's data, one question for each part."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from belowline.core.terms import ReaderId
from belowline.storage.barred import told_source
from belowline.storage.tables import (
    appeals,
    comments,
    decisions,
    follows,
    network_traces,
    notices,
    past_records,
    reactions,
    reports,
    rule_acceptances,
    rulebooks,
    sanctions,
    saved_views,
    sites,
    stories,
    withdrawal_reviews,
)


def reactions_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask for the comments that the reader respects."""
    return (
        sa.select(
            reactions.c.comment_id.label("comment"),
            stories.c.url.label("story"),
            reactions.c.created_at,
        )
        .join(comments, comments.c.id == reactions.c.comment_id)
        .join(stories, stories.c.id == comments.c.story_id)
        .where(reactions.c.reader_id == reader_id)
        .order_by(reactions.c.created_at, reactions.c.comment_id)
    )


def reports_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask for the reports that the reader made."""
    return (
        sa.select(
            sites.c.key.label("site"),
            reports.c.comment_id.label("comment"),
            reports.c.rule_key.label("rule"),
            reports.c.note,
            reports.c.state,
            reports.c.created_at,
            decisions.c.outcome,
            decisions.c.decided_at,
        )
        .join(sites, sites.c.id == reports.c.site_id)
        .outerjoin(decisions, decisions.c.id == reports.c.decision_id)
        .where(reports.c.reporter_id == reader_id)
        .order_by(reports.c.id)
    )


def decisions_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask for the decisions about the reader."""
    return (
        sa.select(
            decisions.c.id,
            sites.c.key.label("site"),
            decisions.c.comment_id.label("comment"),
            decisions.c.outcome,
            decisions.c.rule_key.label("rule"),
            decisions.c.reason,
            told_source(),
            decisions.c.decided_by.is_(None).label("automated"),
            decisions.c.decided_at,
            decisions.c.overturned_at,
        )
        .join(sites, sites.c.id == decisions.c.site_id)
        # Taken back within the minute: it never took effect, and nobody was told.
        .where(decisions.c.reader_id == reader_id, decisions.c.undone_at.is_(None))
        .order_by(decisions.c.id)
    )


def sanctions_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask for the sanctions on the reader."""
    return (
        sa.select(
            sites.c.key.label("site"),
            sanctions.c.kind,
            decisions.c.rule_key.label("rule"),
            decisions.c.reason,
            sanctions.c.decision_id.label("decision"),
            sanctions.c.starts_at,
            sanctions.c.ends_at,
            sanctions.c.acknowledged_at,
            sanctions.c.lifted_at,
        )
        .join(sites, sites.c.id == sanctions.c.site_id)
        .join(decisions, decisions.c.id == sanctions.c.decision_id)
        .where(sanctions.c.reader_id == reader_id)
        .order_by(sanctions.c.id)
    )


def appeals_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask for the reader's appeals."""
    return (
        sa.select(
            sites.c.key.label("site"),
            appeals.c.decision_id.label("decision"),
            appeals.c.text,
            appeals.c.state,
            appeals.c.filed_at,
            appeals.c.decided_at,
            appeals.c.reason,
        )
        .join(sites, sites.c.id == appeals.c.site_id)
        .where(appeals.c.reader_id == reader_id)
        .order_by(appeals.c.id)
    )


def acceptances_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask for the rulebooks that the reader accepted."""
    return (
        sa.select(sites.c.key.label("site"), rulebooks.c.version, rule_acceptances.c.accepted_at)
        .join(rulebooks, rulebooks.c.id == rule_acceptances.c.rulebook_id)
        .join(sites, sites.c.id == rulebooks.c.site_id)
        .where(rule_acceptances.c.reader_id == reader_id)
        .order_by(rule_acceptances.c.accepted_at, rulebooks.c.id)
    )


def follows_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask for the stories that the reader follows."""
    return (
        sa.select(stories.c.url.label("story"), follows.c.created_at)
        .join(stories, stories.c.id == follows.c.story_id)
        .where(follows.c.reader_id == reader_id)
        .order_by(follows.c.id)
    )


def saved_views_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask for the views that the reader has saved."""
    return (
        sa.select(saved_views.c.name, saved_views.c.filters, saved_views.c.created_at)
        .where(saved_views.c.reader_id == reader_id)
        .order_by(saved_views.c.id)
    )


def notices_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask for the notices to the reader."""
    return (
        sa.select(
            sites.c.key.label("site"),
            notices.c.kind,
            notices.c.due_at,
            notices.c.read_at,
            notices.c.mail,
        )
        .join(sites, sites.c.id == notices.c.site_id)
        .where(notices.c.reader_id == reader_id)
        .order_by(notices.c.id)
    )


def networks_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask when the reader last came from each network: of it only a hash is kept."""
    return (
        sa.select(network_traces.c.seen_at)
        .where(network_traces.c.reader_id == reader_id)
        .order_by(network_traces.c.seen_at)
    )


def reviews_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask for the reviews of the reader's withdrawals."""
    held = withdrawal_reviews
    return (
        sa.select(held.c.due_at, held.c.decided_at, held.c.outcome, held.c.reason)
        .join(sanctions, sanctions.c.id == held.c.sanction_id)
        .where(sanctions.c.reader_id == reader_id)
        .order_by(held.c.id)
    )


def past_of(reader_id: ReaderId) -> sa.Select[Any]:
    """Ask for what came with an import about the reader, and what they reported there.

    Who reported them is not in it, nor what staff noted among themselves.
    """
    held = past_records
    about = sa.and_(
        held.c.reader_id == reader_id, held.c.kind.in_(("decision", "sanction", "role"))
    )
    reported = sa.and_(held.c.by_reader_id == reader_id, held.c.kind == "report")
    return (
        sa.select(
            sites.c.key.label("site"),
            held.c.kind,
            held.c.comment_id.label("comment"),
            held.c.what,
            held.c.reason,
            sa.case((reported, held.c.note), else_="").label("note"),
            held.c.at,
            held.c.ends_at,
        )
        .join(sites, sites.c.id == held.c.site_id)
        .where(about | reported)
        .order_by(held.c.id)
    )
