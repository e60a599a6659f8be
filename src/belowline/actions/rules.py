"""Writing and publishing a site's rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from belowline.actions.facts import ask_standing
from belowline.actions.shared_rules import MOST_RULES, compose, pass_on
from belowline.core.errors import Conflict, InvalidInput, StaleVersion
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId
from belowline.core.text import Text
from belowline.events import kinds, log
from belowline.rules import store as rules
from belowline.rules.model import Rulebook, RuleDraft
from belowline.sites import store as sites
from belowline.storage.database import Database
from belowline.stories import store as stories

KEY = re.compile(r"[a-z][a-z0-9-]{1,39}")


def save_draft(  # noqa: PLR0913 - what an editor's form holds
    db: Database,
    site_id: SiteId,
    *,
    by: ReaderId | None,
    intro: str,
    drafts: Sequence[RuleDraft],
    seen: str | None = None,
) -> Rulebook:
    """Write the site's draft of the next version, checked. Nothing changes for readers yet.

    ``seen`` is the fingerprint of the rules that the writer began with, if they looked.

    Raises:
        StaleVersion: somebody else has saved or published other rules since.
        InvalidInput: no rules, too many, a key twice, or a rule that is not complete.
    """
    intro = clean_text(intro, field="intro", longest=2000)
    with db.write(_actor(by)) as tx:
        if by is not None:
            ask_standing(tx, Privilege.WRITE_RULES, site_id=site_id, by=by)
        if seen is not None:
            stands = rules.find_draft(tx.conn, site_id) or rules.get_current_rulebook(
                tx.conn, site_id
            )
            _require_seen(stands, seen)
        shares = bool(sites.get_site_by_id(tx.conn, site_id).settings.rules_from)
        checked = check_rules(drafts, least=0 if shares else 1)
        rules.put_draft(tx, site_id, intro=intro, drafts=compose(tx.conn, site_id, checked))
        draft = rules.find_draft(tx.conn, site_id)
    if draft is None:
        raise Conflict("The draft was published meanwhile.", code="draft_gone")
    return draft


def publish_rulebook(
    db: Database, site_id: SiteId, *, by: ReaderId | None, version: int, seen: str | None = None
) -> Rulebook:
    """Put the draft in force. Readers are asked to accept it with their next comment.

    ``seen`` is the fingerprint of the draft that was read before, if it was.

    Raises:
        StaleVersion: the draft is no longer the one that was seen.
        Conflict: there is no draft of that version (any more).
    """
    with db.write(_actor(by)) as tx:
        if by is not None:
            ask_standing(tx, Privilege.WRITE_RULES, site_id=site_id, by=by)
        draft = rules.find_draft(tx.conn, site_id)
        if draft is None or draft.version != version:
            raise Conflict("This draft is no longer the site's draft.", code="draft_gone")
        if seen is not None:
            _require_seen(draft, seen)
        rules.mark_published(tx, draft.id, by=by)
        log.append(tx, site_id, kinds.RulebookPublished(draft.id, draft.version))
        stories.touch_all(tx, site_id)
        pass_on(tx, site_id, draft)
        return rules.get_current_rulebook(tx.conn, site_id)


def check_rules(drafts: Sequence[RuleDraft], *, least: int = 1) -> list[RuleDraft]:
    """Return the rules in the form in which they are kept. Raises InvalidInput."""
    if not least <= len(drafts) <= MOST_RULES:
        raise InvalidInput(
            Text("A rulebook has one to %(most)s rules.", most=MOST_RULES),
            field="rules",
            code="rule_count",
        )
    seen: set[str] = set()
    checked = []
    for number, rule in enumerate(drafts, start=1):
        if not KEY.fullmatch(rule.key) or rule.key in seen:
            raise InvalidInput(
                Text(
                    "Rule %(number)s: each rule has its own short name of letters and hyphens.",
                    number=number,
                ),
                field="key",
                code="bad_rule_key",
            )
        seen.add(rule.key)
        title = clean_text(rule.title, field="title", longest=120, lines=False)
        text = clean_text(rule.text, field="text", longest=1500)
        if not title or not text or rule.severity not in {1, 2, 3, 4}:
            raise InvalidInput(
                Text(
                    "Rule %(number)s: each rule has a title, a sentence and a severity from 1 to "
                    "4.",
                    number=number,
                ),
                field="rules",
                code="incomplete_rule",
            )
        checked.append(
            replace(
                rule,
                title=title,
                text=text,
                eu_category=clean_text(
                    rule.eu_category, field="eu_category", longest=80, lines=False
                ),
                guidance=clean_text(rule.guidance, field="guidance", longest=3000),
                stays=clean_text(rule.stays, field="stays", longest=500),
                goes=clean_text(rule.goes, field="goes", longest=500),
                shared=False,
            )
        )
    return checked


def _require_seen(stands: Rulebook, seen: str) -> None:
    if stands.fingerprint != seen:
        raise StaleVersion("A colleague has changed the draft meanwhile; look at it again.")


def _actor(by: ReaderId | None) -> Actor:
    return Actor(by) if by is not None else Actor.of_system("cli")
