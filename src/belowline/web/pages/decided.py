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
from belowline.sites.profile import owes_statements
from belowline.transparency.restrictions import At, find_restrictions
from belowline.transparency.statements import Restriction
from belowline.web.auth import Asking
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
    restriction: Restriction | None = None
    """What the statement of reasons says, where the site's legal profile asks for one."""


def states_at(visitor: Asking) -> At | None:
    """Return what statements of reasons need to know of the site, or None if it owes none."""
    site = visitor.at
    if not owes_statements(site.settings):
        return None
    return At(site.id, site.key, site.language, visitor.house.settings.base_url)


def tell(
    conn: sa.Connection,
    site_id: SiteId,
    found: Sequence[Decision],
    *,
    now: datetime,
    states: At | None = None,
) -> list[Told]:
    """Return what readers are told of these decisions; those that did nothing to them are left out.

    The decisions are all about one reader. With ``states``, each that restricts them comes with
    what its statement of reasons says.
    """
    shown = [one for one in found if one.outcome in DECISIONS and one.undone_at is None]
    if not shown:
        return []
    filed = appeals.list_for_decisions(conn, [one.id for one in shown], of_authors=True)
    imposed = {
        one.decision_id: one for one in sanctions.list_sanctions(conn, site_id, shown[0].reader_id)
    }
    books = {
        rulebook_id: rules.get_rulebook_by_id(conn, site_id, rulebook_id)
        for rulebook_id in {one.ground.rulebook_id for one in shown if one.ground is not None}
    }
    stated = find_restrictions(conn, states, [one.id for one in shown]) if states else {}
    # An authority may have forbidden to tell that it ordered something.
    barred = find_barred(conn, [one.id for one in shown if one.source is Source.ORDER])
    told = [
        replace(_told(one, filed, imposed, books, now), restriction=stated.get(one.id))
        for one in shown
    ]
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
