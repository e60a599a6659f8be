"""“My standing”: what a reader may do here now, and everything that bears on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from litestar import Response

from belowline.actions.sanctions import acknowledge as acknowledge_sanction
from belowline.comments import store as comments
from belowline.core.terms import (
    CommentId,
    CommentStatus,
    Privilege,
    Refusal,
    SanctionId,
    SanctionKind,
    SiteId,
)
from belowline.moderation import decisions
from belowline.readers.standing import holds_first, may
from belowline.reports import store as reports
from belowline.rules import store as rules
from belowline.sanctions import proposals, reviews
from belowline.sanctions import store as sanctions
from belowline.sanctions.model import WARNINGS, Sanction, WithdrawalReview
from belowline.sanctions.withdrawal import review_due
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.web.auth import Visitor
from belowline.web.pages.decided import states_at, tell
from belowline.web.pages.frame import reader_page
from belowline.web.pages.words import APPEALS, PRIVILEGES, REPORTS
from belowline.web.redirects import see_other

REPORTS_SHOWN = 20
SHOWN = frozenset({CommentStatus.PUBLISHED, CommentStatus.REMOVED})


@dataclass(frozen=True, slots=True)
class Line:
    """One privilege in words, and why it is not there, if it is not."""

    what: str
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a reader is told of the withdrawal of their privilege."""

    review_at: datetime
    waits: bool
    """Whether the review is due and waits for somebody."""
    reviewed: WithdrawalReview | None
    """The last one."""
    parties: proposals.Parties | None


@dataclass(frozen=True, slots=True)
class Reported:
    """Where a comment stands that a reader reported."""

    story: Story
    is_there: bool
    """Whether the thread shows it, or a line that says that it was removed."""


def standing(visitor: Visitor) -> Response[bytes]:
    """Show what I may do, until when not and why, and what was decided about me."""
    house, site, by = visitor.house, visitor.at, visitor.reader_id
    now = house.db.clock()
    with house.db.read() as conn:
        told = tell(
            conn,
            site.id,
            decisions.list_for_reader(conn, site.id, by),
            now=now,
            states=states_at(visitor),
        )
        imposed = sanctions.list_sanctions(conn, site.id, by)
        made = reports.list_by_reporter(conn, site.id, by, limit=REPORTS_SHOWN)
        reported = _reported(conn, site.id, {one.report.comment_id for one in made})
        rulebook = rules.get_current_rulebook(conn, site.id)
        accepted = rules.has_accepted(conn, by, rulebook.id)
        accepted_before = rules.find_accepted(conn, site.id, by)
        withdrawal = _withdrawal(conn, site.id, imposed, now=now)
        proposal = proposals.find_open(conn, site.id, by)
    in_force = [one for one in imposed if one.is_in_force(now)]
    return reader_page(
        visitor,
        "pages/standing.html",
        told=told,
        in_force=in_force,
        reports=made,
        reported=reported,
        withdrawal=withdrawal,
        proposal=proposal if proposal is not None and proposal.waits(now) else None,
        unread_warnings=[one for one in in_force if _waits(one)],
        rulebook=rulebook,
        accepted=accepted,
        accepted_before=accepted_before,
        held_first=holds_first(visitor.facts, now=now),
        refusal=may(Privilege.POST, visitor.facts, now=now),
        report_words=REPORTS,
        appeal_words=APPEALS,
        lines=[Line(what, may(one, visitor.facts, now=now)) for one, what in PRIVILEGES.items()],
    )


def _withdrawal(
    conn: sa.Connection, site_id: SiteId, imposed: Collection[Sanction], *, now: datetime
) -> Withdrawn | None:
    found = next(
        (one for one in imposed if one.kind is SanctionKind.WITHDRAWAL and one.is_in_force(now)),
        None,
    )
    if found is None:
        return None
    held = reviews.list_of_sanction(conn, site_id, found.id)
    decided = [one for one in held if one.decided_at is not None]
    waits = next((one for one in held if one.decided_at is None), None)
    parties = proposals.find_parties(conn, found.decision_id)
    return Withdrawn(
        waits.due_at
        if waits is not None
        else review_due(
            withdrawn_at=found.starts_at,
            reviewed_at=decided[0].decided_at if decided else None,
        ),
        waits is not None,
        decided[0] if decided else None,
        parties,
    )


def acknowledge(visitor: Visitor, sanction: int) -> Response[Any]:
    """Acknowledge a warning of mine."""
    acknowledge_sanction(
        visitor.house.db, SanctionId(sanction), site_id=visitor.at.id, by=visitor.reader_id
    )
    return see_other(f"/me/{visitor.at.key}")


def _reported(
    conn: sa.Connection, site_id: SiteId, ids: Collection[CommentId]
) -> dict[CommentId, Reported]:
    about = {one: comments.get_comment(conn, site_id, one) for one in ids}
    told = {
        one: stories.get_story_by_id(conn, site_id, one)
        for one in {comment.story_id for comment in about.values()}
    }
    return {
        one: Reported(told[comment.story_id], is_there=comment.status in SHOWN)
        for one, comment in about.items()
    }


def _waits(sanction: Sanction) -> bool:
    return sanction.kind in WARNINGS and sanction.acknowledged_at is None
