"""Rules that several sites share: a base that one site keeps, and additions of each site's own.

A site that shares another's rules has them in each of its versions, as text of its own, before the
rules that it adds. When the base changes, the draft of each such site's next version takes the
change in; an editor of that site reads it and publishes it. Nothing changes for its readers before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from belowline.actions.facts import ask_standing
from belowline.core.errors import Conflict, InvalidInput
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId
from belowline.core.text import Text
from belowline.events import kinds, log
from belowline.rules import store as rules
from belowline.rules.model import Rulebook, RuleDraft
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Database, Tx

MOST_RULES = 40


def share_rules(db: Database, site_id: SiteId, *, by: ReaderId, base_key: str) -> Rulebook:
    """Let the site share another's rules from its next version on; an empty key ends that.

    Only the draft changes; what an editor publishes after reading it is what counts.

    Raises:
        NotSignedIn, NotAllowed: not an editor or an owner.
        InvalidInput: there is no such site, or it is this one.
        Conflict: that site shares another's rules itself, or others share this one's.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.WRITE_RULES, site_id=site_id, by=by)
        site = sites.lock_site(tx, site_id)
        if base_key:
            _require_base(tx.conn, site, base_key)
        settings = replace(site.settings, rules_from=base_key)
        sites.change_site(tx, site_id, settings=settings)
        log.append(tx, site_id, kinds.SiteChanged())
        stands = rules.find_draft(tx.conn, site_id) or rules.get_current_rulebook(tx.conn, site_id)
        own = [rule for rule in stands.rules if base_key or not rule.shared]
        # Who had none of their own keeps the words of the shared ones, as their own from now on.
        kept = [replace(rule, shared=False) for rule in own or stands.rules]
        drafts = compose(tx.conn, site_id, kept)
        rules.put_draft(tx, site_id, intro=stands.intro, drafts=drafts)
        draft = rules.find_draft(tx.conn, site_id)
    if draft is None:  # pragma: no cover - it was just written
        raise Conflict("The draft was published meanwhile.", code="draft_gone")
    return draft


def find_base(conn: sa.Connection, site: Site) -> tuple[Site, Rulebook] | None:
    """Return the site whose rules this one shares, with those in force there, or None."""
    if not site.settings.rules_from:
        return None
    base = sites.find_site(conn, site.settings.rules_from)
    return (base, rules.get_current_rulebook(conn, base.id)) if base is not None else None


def is_up_to_date(current: Rulebook, base: Rulebook) -> bool:
    """Say whether a site's rules in force have the shared ones as they are in force."""
    shared = [replace(rule, shared=False) for rule in current.rules if rule.shared]
    return shared == [replace(rule, shared=False) for rule in base.rules]


def compose(conn: sa.Connection, site_id: SiteId, own: Sequence[RuleDraft]) -> list[RuleDraft]:
    """Return the rules of a draft: the shared ones as they are in force, then the site's own.

    A site that shares nobody's rules has its own alone. One of its own under a shared rule's key
    gives way to that.

    Raises:
        InvalidInput: together they are too many.
    """
    found = find_base(conn, sites.get_site_by_id(conn, site_id))
    if found is None:
        return list(own)
    shared = [replace(rule, shared=True) for rule in found[1].rules]
    keys = {rule.key for rule in shared}
    together = [*shared, *(rule for rule in own if rule.key not in keys)]
    if len(together) > MOST_RULES:
        raise InvalidInput(
            Text("With the shared rules a rulebook has at most %(most)s rules.", most=MOST_RULES),
            field="rules",
            code="rule_count",
        )
    return together


def pass_on(tx: Tx, base_id: SiteId, published: Rulebook) -> None:
    """Take a new version of shared rules into the draft of each site that shares them."""
    base = sites.get_site_by_id(tx.conn, base_id)
    for site in sites.list_sites(tx.conn):
        if site.settings.rules_from != base.key or site.id == base_id:
            continue
        stands = rules.find_draft(tx.conn, site.id) or rules.get_current_rulebook(tx.conn, site.id)
        own = [rule for rule in stands.rules if not rule.shared]
        # One site's many rules must not keep the base from being published.
        shared = [replace(rule, shared=True) for rule in published.rules]
        keys = {rule.key for rule in shared}
        drafts = [*shared, *(rule for rule in own if rule.key not in keys)]
        rules.put_draft(tx, site.id, intro=stands.intro, drafts=drafts)
        draft = rules.find_draft(tx.conn, site.id)
        if draft is not None:
            log.append(tx, site.id, kinds.RulebookShared(published.id, draft.version))


def _require_base(conn: sa.Connection, site: Site, base_key: str) -> None:
    base = sites.find_site(conn, base_key)
    if base is None or base.id == site.id:
        raise InvalidInput("There is no such site.", field="base", code="no_site")
    if base.settings.rules_from:
        raise Conflict(
            "That site shares another’s rules itself; share those.", code="shared_already"
        )
    if any(one.settings.rules_from == site.key for one in sites.list_sites(conn)):
        raise Conflict("Other sites share the rules of this one.", code="shared_by_others")
