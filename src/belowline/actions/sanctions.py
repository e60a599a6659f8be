"""Imposing, lifting and acknowledging sanctions. Only a person imposes one.

A withdrawal takes two people and is in ``withdrawals``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.actions.cases import record_decision
from belowline.actions.facts import ask_standing
from belowline.actions.misuse import require_warned
from belowline.comments import store as comments
from belowline.core.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleVersion,
    require,
)
from belowline.core.markup import clean_text
from belowline.core.terms import (
    Actor,
    DecisionId,
    Outcome,
    Privilege,
    ReaderId,
    Role,
    RuleKey,
    SanctionId,
    SanctionKind,
    SiteId,
    Source,
)
from belowline.events import kinds, log
from belowline.moderation import decisions
from belowline.moderation.model import Decision, Ground, NewDecision
from belowline.readers import store as readers
from belowline.readers.model import StandingFacts
from belowline.rules import store as rules
from belowline.sanctions import store as sanctions
from belowline.sanctions.model import WARNINGS, NewSanction, Sanction
from belowline.sanctions.policy import ends_at, may_impose, may_lift
from belowline.sites import store as sites
from belowline.storage.database import Database, Tx

LONGEST_REASON = 2000
SAME_CLICK_FOR = timedelta(minutes=1)
"""So long the same sanction by the same person, in the same words, is the same click."""


@dataclass(frozen=True, slots=True)
class SanctionDraft:
    """A sanction as a moderator imposes it. ``based_on`` is the removal that it answers, if one.

    ``seen`` is the reader's latest sanction that was on the screen, 0 if there was none; None where
    nobody looked at a screen.
    """

    kind: SanctionKind
    lasts_for: timedelta | None
    reason: str
    rule: RuleKey
    based_on: DecisionId | None = None
    seen: int | None = None


def impose(
    db: Database, *, site_id: SiteId, reader_id: ReaderId, by: ReaderId, sanction: SanctionDraft
) -> Sanction:
    """Impose a sanction, beginning now, with its rule and its reason; a second click is the first.

    Raises:
        NotSignedIn, NotAllowed: no role, not this step, not this length, or not this person.
        InvalidInput: no reason, no such rule, or ``based_on`` is not a removal that stands.
        NotFound: no such reader or decision here.
        Conflict: a sanction has answered that removal already.
        StaleVersion: the reader has been sanctioned since the screen was made.
    """
    reason = require_reason(sanction.reason)
    with db.write(Actor(by)) as tx:
        facts = ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        source = check_basis(tx, site_id, reader_id, sanction.based_on)
        lock_reader_of(tx, site_id, reader_id)
        require(
            may_impose(
                sanction.kind,
                lasts_for=sanction.lasts_for,
                role=role_of(facts),
                own_reader=reader_id == by,
                target_role=sites.find_role(tx.conn, site_id, reader_id),
            )
        )
        require_warned(tx, site_id, reader_id, kind=sanction.kind)
        asked = replace(sanction, reason=reason)
        if same := _find_same(tx, site_id, reader_id, by=by, sanction=asked):
            return same
        require_seen(tx, site_id, reader_id, sanction)
        until = ends_at(sanction.kind, starts_at=tx.now, lasts_for=sanction.lasts_for)
        return put_sanction(tx, imposing(tx, site_id, reader_id, asked, source=source), until)


def imposing(
    tx: Tx, site_id: SiteId, reader_id: ReaderId, sanction: SanctionDraft, *, source: Source
) -> tuple[SanctionKind, NewDecision]:
    """Return the decision that whoever acts imposes this sanction with. Raises InvalidInput."""
    return sanction.kind, NewDecision(
        site_id=site_id,
        reader_id=reader_id,
        outcome=Outcome.SANCTION,
        source=source,
        decided_by=tx.actor.reader_id,
        reason=sanction.reason,
        ground=require_rule(tx.conn, site_id, sanction.rule),
        based_on=sanction.based_on,
    )


def put_sanction(
    tx: Tx, imposed: tuple[SanctionKind, NewDecision], until: datetime | None
) -> Sanction:
    """Put a sanction on file in the open transaction, with its decision, beginning now."""
    kind, made = imposed
    decision = record_decision(tx, made)
    site_id, reader_id = made.site_id, made.reader_id
    new = NewSanction(reader_id, kind, decision.id, until)
    sanction_id = sanctions.add_sanction(tx, site_id, new)
    log.append(tx, site_id, kinds.SanctionImposed(sanction_id, decision.id, reader_id, kind))
    return sanctions.get_sanction(tx.conn, site_id, sanction_id)


def require_seen(tx: Tx, site_id: SiteId, reader_id: ReaderId, sanction: SanctionDraft) -> None:
    """Refuse what rests on an outdated screen. Raises StaleVersion."""
    if sanction.seen not in {None, sanctions.latest_id(tx.conn, site_id, reader_id)}:
        raise StaleVersion(
            "Somebody has sanctioned this reader since you opened the page. Look again first.",
            code="new_sanction",
        )


def _find_same(
    tx: Tx, site_id: SiteId, reader_id: ReaderId, *, by: ReaderId, sanction: SanctionDraft
) -> Sanction | None:
    """Find what a second click on the same button would impose again."""
    for one in sanctions.list_sanctions(tx.conn, site_id, reader_id):
        until = ends_at(sanction.kind, starts_at=one.starts_at, lasts_for=sanction.lasts_for)
        if (
            one.lifted_at is None
            and tx.now - one.starts_at < SAME_CLICK_FOR
            and (one.kind, one.rule, one.reason) == (sanction.kind, sanction.rule, sanction.reason)
            and (one.imposed_by, one.ends_at) == (by, until)
        ):
            return one
    return None


def lift(
    db: Database, sanction_id: SanctionId, *, site_id: SiteId, by: ReaderId, reason: str
) -> Decision:
    """End a sanction before its time, with a reason to the reader.

    Raises:
        NotSignedIn, NotAllowed: no role, it is one's own or of equal rank, or it is over.
        InvalidInput: no reason. NotFound: no such sanction here.
    """
    reason = require_reason(reason)
    with db.write(Actor(by)) as tx:
        facts = ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        found = sanctions.get_sanction(tx.conn, site_id, sanction_id)
        readers.lock_reader(tx, found.reader_id)
        found = sanctions.get_sanction(tx.conn, site_id, sanction_id)
        require(
            may_lift(
                found.kind,
                role=role_of(facts),
                own_reader=found.reader_id == by,
                target_role=sites.find_role(tx.conn, site_id, found.reader_id),
                in_force=found.is_in_force(tx.now),
            )
        )
        decision = record_decision(
            tx, lifting(found, source=Source.OWN_INITIATIVE, by=by, reason=reason)
        )
        end_sanction(tx, found, cause="lifted", decision_id=decision.id)
        return decision


def acknowledge(db: Database, sanction_id: SanctionId, *, site_id: SiteId, by: ReaderId) -> None:
    """Acknowledge a warning of one's own, of either kind; a repeat is success.

    Raises:
        NotFound: no such sanction, or somebody else's. NotAllowed: it is not a warning.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.ACKNOWLEDGE, site_id=site_id, by=by)
        found = sanctions.get_sanction(tx.conn, site_id, sanction_id)
        if found.reader_id != by:
            raise NotFound("There is no such sanction.", code="no_sanction")
        if found.kind not in WARNINGS:
            raise NotAllowed("Only a warning is acknowledged.", code="not_a_warning")
        if sanctions.acknowledge_sanction(tx, sanction_id):
            log.append(tx, site_id, kinds.SanctionAcknowledged(sanction_id, by))


def lifting(sanction: Sanction, *, source: Source, by: ReaderId, reason: str) -> NewDecision:
    """Return the decision that ends this sanction before its time."""
    return NewDecision(
        site_id=sanction.site_id,
        reader_id=sanction.reader_id,
        outcome=Outcome.LIFT,
        source=source,
        decided_by=by,
        reason=reason,
        based_on=sanction.decision_id,
    )


def end_sanction(tx: Tx, sanction: Sanction, *, cause: str, decision_id: DecisionId | None) -> None:
    """End a sanction in the open transaction, and note why, unless it has been ended before."""
    if sanctions.lift_sanction(tx, sanction.id):
        log.append(
            tx,
            sanction.site_id,
            kinds.SanctionLifted(sanction.id, sanction.reader_id, cause, decision_id),
        )


def require_rule(conn: sa.Connection, site_id: SiteId, key: RuleKey) -> Ground:
    """Return a rule of the rulebook in force, as a decision cites it. Raises InvalidInput."""
    rulebook = rules.get_current_rulebook(conn, site_id)
    rule = rulebook.rule(key)
    if rule is None:
        raise InvalidInput("There is no such rule.", field="rule", code="unknown_rule")
    return Ground(rulebook.id, rule.key, rule.severity)


def require_reason(raw: str) -> str:
    """Return a reason in the form in which it is kept. Raises InvalidInput if it is empty."""
    reason = clean_text(raw, field="reason", longest=LONGEST_REASON)
    if not reason:
        raise InvalidInput("Say why.", field="reason", code="reason_needed")
    return reason


def check_basis(
    tx: Tx, site_id: SiteId, reader_id: ReaderId, based_on: DecisionId | None
) -> Source:
    """Check that the removal can bear a sanction, and return how the matter came up."""
    if based_on is None:
        return Source.OWN_INITIATIVE
    basis = decisions.get_decision(tx.conn, site_id, based_on)
    if basis.comment_id is not None:
        # Whoever undoes the removal or answers an appeal about it waits here, and lifts this too.
        comments.lock_comment(tx, site_id, basis.comment_id)
        basis = decisions.get_decision(tx.conn, site_id, based_on)
    is_breach = basis.outcome is Outcome.REMOVE and basis.stands
    if not is_breach or basis.reader_id != reader_id:
        raise InvalidInput(
            "A sanction answers a removal of this reader that stands.",
            field="based_on",
            code="no_breach",
        )
    if sanctions.list_resting_on(tx.conn, site_id, based_on):
        raise Conflict("A sanction has answered this already.", code="already_sanctioned")
    return basis.source


def lock_reader_of(tx: Tx, site_id: SiteId, reader_id: ReaderId) -> None:
    """Take the reader, if they were ever active at this site or work for it. Raises NotFound."""
    reader = readers.lock_reader(tx, reader_id)
    is_known = (
        site_id in readers.sites_with_activity(tx.conn, reader_id)
        or sites.find_role(tx.conn, site_id, reader_id) is not None
    )
    if reader.erased_at is not None or not is_known:
        raise NotFound("There is no such reader.", code="no_reader")


def role_of(facts: StandingFacts) -> Role:
    """Return the role of somebody who has passed the guard of the staff."""
    assert facts.role is not None  # noqa: S101 - the privilege to moderate needs a role
    return facts.role
