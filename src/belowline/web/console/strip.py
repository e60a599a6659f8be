"""The strip above a page: what the visitor just decided, undo while it lasts, the ladder's step.

The page's address names the decision, so a reload or a second window shows the same. Somebody
else's decision shows nothing. It may be another site's: whoever works through the queue over all
sites decides here and goes on there.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from belowline.actions.records import proposal_for
from belowline.core.errors import NotFound
from belowline.core.terms import DecisionId, Outcome, Refusal
from belowline.moderation import decisions
from belowline.moderation.model import Decision
from belowline.readers.search import names_of
from belowline.rules import store as rules
from belowline.sanctions import ladder
from belowline.sanctions import store as sanctions
from belowline.sites import store as sites
from belowline.web.auth import Visitor
from belowline.web.console.dossier import explain_proposal
from belowline.web.console.shown import ShownDecision, Titles, show_decisions
from belowline.web.console.steps import refuse_step


@dataclass(frozen=True, slots=True)
class Offer:
    """The step of the ladder that a removal leads to, for a person to impose or not."""

    proposal: ladder.Proposal
    days: int | None
    why: tuple[str, ...]
    may_propose: Refusal | None
    """Why this visitor cannot impose what is proposed."""
    seen: int
    """The reader's latest sanction, or 0."""


def read_strip(
    conn: sa.Connection, visitor: Visitor, did: int | None, *, here: int | None = None
) -> dict[str, Any]:
    """Return what a page's strip shows; ``here`` is the comment that the page is about."""
    found = _find_own(conn, visitor, did)
    if found is None:
        return {
            "did": None,
            "did_site": None,
            "whose": "",
            "undo_left": 0,
            "offer": None,
            "here_comment": here,
        }
    decision = found.decision
    until = decision.decided_at + visitor.house.settings.undo_for
    return {
        "did": found,
        "did_site": sites.get_site_by_id(conn, decision.site_id),
        "whose": names_of(conn, [decision.reader_id]).get(decision.reader_id, ""),
        "undo_left": max(int((until - visitor.house.db.clock()).total_seconds()), 0),
        "offer": _offer(conn, visitor, decision),
        # Of another site's comment the strip cannot lead back to this one.
        "here_comment": here if visitor.site and decision.site_id == visitor.site.id else None,
    }


def _find_own(conn: sa.Connection, visitor: Visitor, did: int | None) -> ShownDecision | None:
    """Return the visitor's own decision, at any site where they still have a role."""
    if did is None:
        return None
    for site_id in sites.roles_of(conn, visitor.reader_id):
        with suppress(NotFound):
            found = decisions.get_decision(conn, site_id, DecisionId(did))
            if found.decided_by != visitor.reader_id or found.undone_at is not None:
                return None
            return show_decisions(conn, Titles(conn, site_id), [found])[0]
    return None


def _offer(conn: sa.Connection, visitor: Visitor, decision: Decision) -> Offer | None:
    site_id = decision.site_id
    role = sites.find_role(conn, site_id, visitor.reader_id)
    if decision.outcome is not Outcome.REMOVE or not decision.stands or role is None:
        return None
    if sanctions.list_resting_on(conn, site_id, decision.id):
        return None
    proposal = proposal_for(conn, site_id, decision.reader_id, now=visitor.house.db.clock())
    refusal = None
    if proposal.kind is not None:
        refusal = refuse_step(conn, visitor, decision.reader_id, proposal.kind, proposal.lasts_for)
    return Offer(
        proposal,
        proposal.lasts_for.days if proposal.lasts_for is not None else None,
        explain_proposal(proposal, rules.get_current_rulebook(conn, site_id)),
        refusal,
        sanctions.latest_id(conn, site_id, decision.reader_id),
    )
