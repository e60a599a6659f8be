"""What a case shows of like ones: how they were decided, and what would depart from that."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from belowline.core.terms import CommentId, Outcome
from belowline.search.likeness import departs
from belowline.search.model import Precedent
from belowline.search.precedents import LikeCases, find_precedents
from belowline.sites.model import Site
from belowline.web.auth import Visitor
from belowline.web.console.dossier import DECIDABLE
from belowline.web.console.everywhere import moderated_sites
from belowline.web.console.found import plain_text
from belowline.web.console.queue import shortened
from belowline.web.console.shown import Titles

SHOWN = 5


@dataclass(frozen=True, slots=True)
class ShownPrecedent:
    """A like case with the names that belong to it."""

    precedent: Precedent
    site: Site
    rule_title: str | None
    excerpt: str
    percent: int


@dataclass(frozen=True, slots=True)
class ShownLikeCases:
    """The like cases of a case."""

    shown: tuple[ShownPrecedent, ...]
    kept: int
    removed: int
    rules: tuple[str, ...]
    """Titles of the rules under which most were removed."""
    departing: frozenset[str]
    """Outcomes that would depart from most of them."""


def read_like_cases(
    conn: sa.Connection, visitor: Visitor, text: str, *, but_not: CommentId
) -> ShownLikeCases:
    """Find the like cases of a comment, at the sites where the visitor moderates."""
    sites = moderated_sites(conn, visitor)
    found = find_precedents(conn, text, site_id=visitor.at.id, sites=tuple(sites), but_not=but_not)
    titles = {site_id: Titles(conn, site_id) for site_id in sites}

    def title(one: Precedent) -> str | None:
        if one.rule is None or one.rulebook_id is None:
            return None
        return titles[one.site_id].of(one.rulebook_id, one.rule)

    return ShownLikeCases(
        tuple(
            ShownPrecedent(
                one,
                sites[one.site_id],
                title(one),
                shortened(plain_text(one.html)),
                round(100 * one.likeness),
            )
            for one in found.precedents[:SHOWN]
        ),
        found.practice.kept,
        found.practice.removed,
        _rules(found, {one.rule: title(one) for one in found.precedents}),
        frozenset(one.value for one in DECIDABLE if departs(Outcome(one), found.practice)),
    )


def _rules(found: LikeCases, titles: dict[str | None, str | None]) -> tuple[str, ...]:
    return tuple(titles.get(key) or key for key, _ in found.practice.rules)
