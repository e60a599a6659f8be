"""The rules of a site as everybody may read them, and every earlier version."""

from __future__ import annotations

import sqlalchemy as sa
from litestar import Response

from belowline.core.errors import NotFound
from belowline.core.terms import SiteId
from belowline.rules import store as rules
from belowline.rules.compare import compare_for_readers
from belowline.rules.model import Rulebook
from belowline.sanctions.ladders import get_ladder
from belowline.sanctions.messages import ladder_steps
from belowline.sites.model import Site
from belowline.web.auth import Visitor
from belowline.web.marking import changes
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


def rules_changes(visitor: Visitor, version: int, since: int | None = None) -> Response[bytes]:
    """Show what a version changed for readers, against the one before it or an earlier one."""
    with visitor.house.db.read() as conn:
        later, earlier = read_two(conn, visitor.at.id, version, since)
    return public_page(
        visitor,
        "pages/rules_changes.html",
        later=later,
        earlier=earlier,
        intro_change=changes(earlier.intro, later.intro) if earlier.intro != later.intro else None,
        changed=compare_for_readers(earlier, later),
        changes=changes,
    )


def read_two(
    conn: sa.Connection, site_id: SiteId, version: int, since: int | None
) -> tuple[Rulebook, Rulebook]:
    """Return a version and an earlier one to compare it with. Raises NotFound."""
    before = version - 1 if since is None else since
    if not 0 < before < version <= LARGEST_ID:
        raise NotFound("There is no earlier version to compare with.", code="no_rulebook")
    return (
        rules.get_rulebook(conn, site_id, version=version),
        rules.get_rulebook(conn, site_id, version=before),
    )


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
