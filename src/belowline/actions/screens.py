"""Setting what the screens do, at a site or under one story: checked, versioned, logged by name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import msgspec

from belowline.actions.facts import ask_standing
from belowline.actions.screening import settings_under
from belowline.core.errors import StaleVersion
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId, StoryId
from belowline.events import kinds, log
from belowline.rules import store as rules
from belowline.screens import versions
from belowline.sites import store as sites
from belowline.sites.model import SiteSettings
from belowline.sites.policy import check_settings
from belowline.storage.database import Database, Tx
from belowline.stories import store as stories
from belowline.stories.model import StoryScreens

ELSEWHERE = frozenset({"mode", "add_stories", "edit_seconds", "contact"})
"""Settings of a site that are no matter of the screens."""
OPTIONS = tuple(one.name for one in fields(SiteSettings) if one.name not in ELSEWHERE)
STORY_OPTIONS = tuple(one.name for one in fields(StoryScreens))


def site_options(settings: SiteSettings) -> dict[str, Any]:
    """Return what a site's settings say to the screens, ready for JSON."""
    kept = msgspec.to_builtins(settings)
    return {name: kept[name] for name in OPTIONS}


def story_options(screens: StoryScreens | None) -> dict[str, Any]:
    """Return what is done otherwise under a story, ready for JSON."""
    kept: dict[str, Any] = msgspec.to_builtins(screens or StoryScreens())
    return kept


def fingerprint(options: Mapping[str, Any]) -> str:
    """Return what tells these options from any others, for a page to send back."""
    return hashlib.sha256(msgspec.json.encode(options, order="sorted")).hexdigest()[:16]


def check_screens(db: Database, site_id: SiteId, settings: SiteSettings) -> None:
    """Refuse settings that could not be saved, before they are tried. Raises InvalidInput."""
    with db.read() as conn:
        rulebook = rules.get_current_rulebook(conn, site_id)
    check_settings(settings, rules=[rule.key for rule in rulebook.rules])


def change_screens(
    db: Database, site_id: SiteId, *, by: ReaderId, settings: SiteSettings, seen: str | None
) -> tuple[str, ...]:
    """Set what the screens do at the site; return the names of the options that changed.

    Only the options of the screens are taken from ``settings``. ``seen`` is the fingerprint of what
    whoever decides had before them.

    Raises:
        NotSignedIn, NotAllowed: no role for it.
        InvalidInput: a value is out of its bounds, or a word cites a rule that is not in force.
        StaleVersion: a colleague has changed them meanwhile.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.WRITE_RULES, site_id=site_id, by=by)
        site = sites.lock_site(tx, site_id)
        before = site_options(site.settings)
        _require_seen(before, seen)
        wanted = {name: getattr(settings, name) for name in OPTIONS}
        after = replace(site.settings, **wanted)
        rulebook = rules.get_current_rulebook(tx.conn, site_id)
        check_settings(after, rules=[rule.key for rule in rulebook.rules])
        changed = keep_change(tx, site_id, before=site.settings, after=after)
        if changed:
            sites.change_site(tx, site_id, settings=after)
            if "longest" in changed:
                # It stands beside the field in which a comment is written.
                stories.touch_all(tx, site_id)
    return changed


def change_story_screens(  # noqa: PLR0913 - where, who and what
    db: Database,
    site_id: SiteId,
    story_id: StoryId,
    *,
    by: ReaderId,
    screens: StoryScreens,
    seen: str | None,
) -> tuple[str, ...]:
    """Set what the screens do otherwise under a story; return the names of what changed.

    Raises:
        NotSignedIn, NotAllowed: no role for it. NotFound: no such story.
        InvalidInput: a value is out of its bounds, or a word cites a rule that is not in force.
        StaleVersion: a colleague has changed them meanwhile.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.WRITE_RULES, site_id=site_id, by=by)
        site = sites.get_site_by_id(tx.conn, site_id)
        story = stories.lock_story_by_id(tx, site_id, story_id)
        before = story_options(story.screens)
        _require_seen(before, seen)
        rulebook = rules.get_current_rulebook(tx.conn, site_id)
        under = settings_under(site.settings, screens)
        check_settings(under, rules=[rule.key for rule in rulebook.rules])
        changed = _changed(before, story_options(screens))
        if changed:
            stories.set_screens(tx, story_id, None if screens == StoryScreens() else screens)
            _keep(tx, site_id, story_id, options=story_options(screens), changed=changed)
    return changed


def keep_change(
    tx: Tx, site_id: SiteId, *, before: SiteSettings, after: SiteSettings
) -> tuple[str, ...]:
    """Keep a version of the site's options and log it; return the names of those that changed."""
    options = site_options(after)
    changed = _changed(site_options(before), options)
    if changed:
        _keep(tx, site_id, None, options=options, changed=changed)
    return changed


def _require_seen(before: Mapping[str, Any], seen: str | None) -> None:
    if seen is not None and seen != fingerprint(before):
        raise StaleVersion("A colleague has changed these settings meanwhile; look at them again.")


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in after if before[name] != after[name])


def _keep(
    tx: Tx,
    site_id: SiteId,
    story_id: StoryId | None,
    *,
    options: Mapping[str, Any],
    changed: tuple[str, ...],
) -> None:
    version = versions.add_version(tx, site_id, story_id, options=options, changed=changed)
    log.append(tx, site_id, kinds.ScreensChanged(version, changed, story_id))
