"""Decisions as the reader whom they concern sees them: rule, reason, and the way to appeal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from belowline.actions.appeals import APPEALABLE
from belowline.appeals import store as appeals
from belowline.appeals.model import Appeal
from belowline.appeals.policy import APPEAL_WINDOW, may_appeal
from belowline.core.terms import DecisionId, Refusal, RulebookId, SiteId, Source
from belowline.moderation.model import Decision
from belowline.moderation.orders import find_barred
from belowline.rules import store as rules
from belowline.rules.model import Rulebook, RuleDraft
from belowline.sanctions import store as sanctions
from belowline.sanctions.model import Sanction
from belowline.web.pages.words import DECISIONS, SANCTION_TITLES, SOURCES


@dataclass(frozen=True, slots=True)
class Told:
    """A decision with what its reader is told beside it."""

    decision: Decision
    title: str
    tone: str
    rule: RuleDraft | None
    version: int | None
    """Of the rulebook that it cites."""
    came_up: str
    sanction: Sanction | None
    """The one that it imposed."""
    appeal: Appeal | None
    refusal: Refusal | None
    """Why there can be no appeal, or None if there can."""
    appeal_until: datetime


def tell(
    conn: sa.Connection, site_id: SiteId, found: Sequence[Decision], *, now: datetime
) -> list[Told]:
    """Return what readers are told of these decisions; those that did nothing to them are left out.

    The decisions are all about one reader.
    """
    shown = [one for one in found if one.outcome in DECISIONS and one.undone_at is None]
    if not shown:
        return []
    filed = appeals.list_for_decisions(conn, [one.id for one in shown])
    imposed = {
        one.decision_id: one for one in sanctions.list_sanctions(conn, site_id, shown[0].reader_id)
    }
    books = {
        rulebook_id: rules.get_rulebook_by_id(conn, site_id, rulebook_id)
        for rulebook_id in {one.ground.rulebook_id for one in shown if one.ground is not None}
    }
    # An authority may have forbidden to tell that it ordered something.
    barred = find_barred(conn, [one.id for one in shown if one.source is Source.ORDER])
    told = [_told(one, filed, imposed, books, now) for one in shown]
    return [replace(one, came_up="") if one.decision.id in barred else one for one in told]


def _told(
    decision: Decision,
    filed: dict[DecisionId, Appeal],
    imposed: dict[DecisionId, Sanction],
    books: dict[RulebookId, Rulebook],
    now: datetime,
) -> Told:
    title, tone = DECISIONS[decision.outcome]
    sanction, appeal = imposed.get(decision.id), filed.get(decision.id)
    book = books[decision.ground.rulebook_id] if decision.ground is not None else None
    rule = book.rule(decision.ground.rule) if book is not None and decision.ground else None
    return Told(
        decision,
        SANCTION_TITLES[sanction.kind] if sanction else title,
        tone,
        rule,
        book.version if book is not None else None,
        SOURCES[decision.source],
        sanction,
        appeal,
        may_appeal(
            decided_at=decision.decided_at,
            now=now,
            already_appealed=appeal is not None,
            by_subject=True,
            appealable=decision.outcome in APPEALABLE and decision.stands,
        ),
        decision.decided_at + APPEAL_WINDOW,
    )
