"""The rules of a site as everybody may read them, and every earlier version."""

from __future__ import annotations

from litestar import Response

from belowline.core.errors import NotFound
from belowline.core.terms import SiteId
from belowline.rules import store as rules
from belowline.rules.model import Rulebook
from belowline.sanctions.ladders import get_ladder
from belowline.sanctions.messages import ladder_steps
from belowline.sites.model import Site
from belowline.web.auth import Visitor
from belowline.web.pages.frame import public_page
from belowline.web.payloads import LARGEST_ID


def current_rules(visitor: Visitor) -> Response[bytes]:
    """Show the rules in force."""
    with visitor.house.db.read() as conn:
        rulebook = rules.get_current_rulebook(conn, visitor.at.id)
    return _show(visitor, visitor.at, rulebook)


def rules_version(visitor: Visitor, version: int) -> Response[bytes]:
    """Show one version of the rules, such as the one that a decision cites."""
    if not 0 < version <= LARGEST_ID:
        raise NotFound("There is no such version of the rules.", code="no_rulebook")
    with visitor.house.db.read() as conn:
        rulebook = rules.get_rulebook(conn, SiteId(visitor.at.id), version=version)
    return _show(visitor, visitor.at, rulebook)


def _show(visitor: Visitor, site: Site, rulebook: Rulebook) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        versions = rules.list_versions(conn, site.id)
        ladder = get_ladder(conn, site.id)
    return public_page(
        visitor,
        "pages/rules.html",
        rulebook=rulebook,
        versions=versions,
        ladder=ladder_steps(ladder.settings),
        ladder_since=ladder.published_at,
        is_current=versions[0].version == rulebook.version,
    )
