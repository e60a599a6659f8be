"""Saving reasons for the desk, by rule, and dropping them."""

from __future__ import annotations

from belowline.actions.facts import ask_standing
from belowline.actions.sanctions import require_rule
from belowline.core.errors import InvalidInput, NotFound
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Privilege, ReaderId, RuleKey, SiteId
from belowline.events import kinds, log
from belowline.moderation import saved
from belowline.moderation.reasons import ENOUGH, LONGEST_SAVED, MOST_SAVED, refuse_unknown
from belowline.storage.database import Database


def save_reason(db: Database, *, site_id: SiteId, by: ReaderId, rule: RuleKey, text: str) -> None:
    """Save a reason for removals under a rule in force; a repeat is success.

    Raises:
        NotSignedIn, NotAllowed: no role. InvalidInput: no such rule; the text is empty, too long
        or has something in braces that cannot be filled in; or there are enough for this rule.
    """
    text = clean_text(text, field="text", longest=LONGEST_SAVED)
    if not text:
        raise InvalidInput("Write the reason.", field="text", code="reason_needed")
    wrong = refuse_unknown(text)
    if wrong is not None:
        raise InvalidInput(wrong.message, field="text", code=wrong.code)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        require_rule(tx.conn, site_id, rule)
        there = saved.list_saved(tx.conn, site_id, rule=rule)
        if any(one.text == text for one in there):
            return
        if len(there) >= MOST_SAVED:
            raise InvalidInput(ENOUGH.message, field="text", code=ENOUGH.code)
        saved.save(tx, site_id, rule=rule, text=text, by=by)
        log.append(tx, site_id, kinds.ReasonSaved(rule))


def drop_reason(db: Database, reason_id: int, *, site_id: SiteId, by: ReaderId) -> None:
    """Drop a saved reason.

    Raises:
        NotSignedIn, NotAllowed: no role. NotFound: no such reason at the site.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        rule = saved.drop(tx, site_id, reason_id)
        if rule is None:
            raise NotFound("There is no such saved reason.", code="no_reason")
        log.append(tx, site_id, kinds.ReasonDropped(rule))
