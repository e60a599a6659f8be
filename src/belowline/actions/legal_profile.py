"""Setting a site's legal profile: which laws apply, as an editor answers for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from belowline.actions.facts import ask_standing
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId
from belowline.events import kinds, log
from belowline.rules import store as rules
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.sites.policy import check_settings
from belowline.storage.database import Database


@dataclass(frozen=True, slots=True)
class LegalProfile:
    """The profile as somebody sets it."""

    hosting_tier: bool
    platform_tier: bool
    small_enterprise: bool
    uk_osa_exempt_mode: bool
    press_code: str


def profile_of(site: Site) -> LegalProfile:
    """Return the profile that a site has."""
    found = site.settings
    return LegalProfile(
        found.hosting_tier,
        found.platform_tier,
        found.small_enterprise,
        found.uk_osa_exempt_mode,
        found.press_code,
    )


def set_legal_profile(
    db: Database, site_id: SiteId, *, by: ReaderId, profile: LegalProfile
) -> None:
    """Set which laws apply to a site; the log keeps who answered so and when. A repeat is success.

    Raises:
        NotSignedIn, NotAllowed: no role for it.
        InvalidInput: the code of practice is unknown.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.ANSWER_FOR_SITE, site_id=site_id, by=by)
        site = sites.get_site_by_id(tx.conn, site_id)
        if profile_of(site) == profile:
            return
        settings = replace(
            site.settings,
            hosting_tier=profile.hosting_tier,
            platform_tier=profile.platform_tier,
            small_enterprise=profile.small_enterprise,
            uk_osa_exempt_mode=profile.uk_osa_exempt_mode,
            press_code=profile.press_code,
        )
        in_force = rules.get_current_rulebook(tx.conn, site_id)
        check_settings(settings, rules=[rule.key for rule in in_force.rules])
        sites.change_site(tx, site_id, settings=settings)
        log.append(
            tx,
            site_id,
            kinds.LegalProfileSet(
                profile.hosting_tier,
                profile.platform_tier,
                profile.small_enterprise,
                profile.uk_osa_exempt_mode,
                profile.press_code,
            ),
        )
