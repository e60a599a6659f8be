"""Looking at a decided case again, blind: it is counted, and changes nothing for anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from belowline.actions.facts import ask_standing
from belowline.actions.sanctions import require_rule
from belowline.core.errors import Conflict, InvalidInput, NotFound, require
from belowline.core.settings import Settings
from belowline.core.terms import Actor, DecisionId, Outcome, Privilege, ReaderId, RuleKey, SiteId
from belowline.events import kinds, log
from belowline.moderation import decisions
from belowline.moderation.second_looks import (
    WAITS_FOR,
    SecondLook,
    add_second_look,
    find_second_look,
    is_chosen,
    list_second_looks,
    may_look_again,
)
from belowline.storage.database import Database


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody would have decided about a case: it stays, or it goes under a rule."""

    decision_id: DecisionId
    outcome: Outcome
    rule: RuleKey | None = None


def span_of(now: datetime, settings: Settings) -> tuple[datetime, datetime]:
    """Return when decisions were made that wait for a second look now.

    One that can still be taken back is not looked at yet.
    """
    return now - WAITS_FOR, now - settings.undo_for


def waiting_looks(
    db: Database, *, site_id: SiteId, by: ReaderId, settings: Settings
) -> list[SecondLook]:
    """Return the cases that wait for this person's second look, oldest first."""
    with db.read() as conn:
        return list_second_looks(
            conn, site_id, by=by, secret=settings.secret, at=span_of(db.clock(), settings)
        )


def get_waiting_look(
    db: Database, decision_id: DecisionId, *, site_id: SiteId, by: ReaderId, settings: Settings
) -> SecondLook:
    """Return one case that waits for this person's second look. Raises NotFound."""
    with db.read() as conn:
        at = span_of(db.clock(), settings)
        found = find_second_look(conn, site_id, decision_id, by=by, at=at)
    if found is None or not is_chosen(settings.secret, decision_id):
        raise NotFound("There is no such case.", code="no_case")
    return found


def take_second_look(
    db: Database, *, site_id: SiteId, by: ReaderId, settings: Settings, answer: Answer
) -> None:
    """Keep what somebody would have decided who looked at a case again.

    Raises:
        NotSignedIn, NotAllowed: no role, not a case that was chosen, or they had a part in it.
        InvalidInput: it goes, but under no rule in force. NotFound: no such decision.
        Conflict: somebody else was quicker.
    """
    decision_id = answer.decision_id
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        decisions.lock_decision(tx, site_id, decision_id)
        at = span_of(tx.now, settings)
        found = find_second_look(tx.conn, site_id, decision_id, by=by, at=at)
        chosen = is_chosen(settings.secret, decision_id)
        require(may_look_again(chosen=chosen, open_to=found is not None, answer=answer.outcome))
        rule = None
        if answer.outcome is Outcome.REMOVE:
            if answer.rule is None:
                raise InvalidInput("A removal cites a rule.", field="rule", code="rule_needed")
            rule = require_rule(tx.conn, site_id, answer.rule).rule
        if not add_second_look(tx, site_id, decision_id, by=by, answer=(answer.outcome, rule)):
            raise Conflict("Somebody has looked at this already.", code="already_looked")
        log.append(tx, site_id, kinds.SecondLookTaken(decision_id, answer.outcome, rule))
