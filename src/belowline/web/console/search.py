"""The console's search: comments, readers and the reasons of decisions, at one site or at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from litestar import Response
from markupsafe import Markup

from belowline.core.errors import InvalidInput, NotFound
from belowline.core.terms import RulebookId, RuleKey, SiteId
from belowline.readers.search import MOST_FOUND, FoundReader, search_readers
from belowline.rules import store as rules
from belowline.rules.model import Rulebook
from belowline.search.model import FoundComment, FoundDecision, SearchOrder, SearchPlace
from belowline.search.named import find_meant
from belowline.search.query import LONGEST_QUERY, Sought, read_query
from belowline.search.store import find_comments, find_decisions
from belowline.sites.model import Site
from belowline.web.auth import Visitor
from belowline.web.console.desk import desk_page
from belowline.web.console.everywhere import everywhere_page, moderated_sites
from belowline.web.console.found import plain_text, shown_passage

PAGE = 25
SHORTEST_NAME = 2
NARROWING = ("author:", "story:", "rule:", "status:held", "after:2026-01-31", "before:2026-02")
"""What the page says can be typed beside words; it is the same in every language."""

_PLACE = re.compile(r"(\d{1,4}(?:\.\d{1,20})?(?:e-\d{1,3})?)_(\d{1,18})")


class Kind(StrEnum):
    """What is looked for."""

    COMMENTS = "comments"
    DECISIONS = "decisions"
    READERS = "readers"


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One result, with its site and the passage that fits."""

    site: Site
    passage: Markup
    rule_title: str | None
    comment: FoundComment | None = None
    decision: FoundDecision | None = None
    reader: FoundReader | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    typed: str
    sought: Sought
    kind: Kind
    order: SearchOrder
    after: SearchPlace | None

    def address(self, base: str, **other: str) -> str:
        """Return the address of the same search, but for these parts."""
        parts = {"q": self.typed, "kind": self.kind.value, "order": self.order.value, **other}
        return f"{base}?{urlencode(parts)}"


def search(
    visitor: Visitor,
    q: str | None = None,
    kind: str | None = None,
    order: str | None = None,
    after: str | None = None,
) -> Response[bytes]:
    """Search the site."""
    asked = _read(q, kind, order, after)
    with visitor.house.db.read() as conn:
        found = _find(conn, asked, {visitor.at.id: visitor.at})
    base = f"/console/{visitor.at.key}/search"
    return desk_page(visitor, "search.html", here="search", **_shown(asked, found, base))


def search_everywhere(
    visitor: Visitor,
    q: str | None = None,
    kind: str | None = None,
    order: str | None = None,
    after: str | None = None,
) -> Response[bytes]:
    """Search all sites where the visitor moderates."""
    asked = _read(q, kind, order, after)
    with visitor.house.db.read() as conn:
        found = _find(conn, asked, moderated_sites(conn, visitor))
    return everywhere_page(
        visitor, "search.html", here="search", **_shown(asked, found, "/desk/search")
    )


def _read(q: str | None, kind: str | None, order: str | None, after: str | None) -> Asked:
    typed = (q or "").strip()[:LONGEST_QUERY]
    try:
        chosen, ordered = Kind(kind or "comments"), SearchOrder(order or "newest")
    except ValueError as error:
        raise InvalidInput("There is no such view.", field="kind", code="bad_view") from error
    place = _PLACE.fullmatch(after) if after else None
    if after and place is None:
        raise InvalidInput("This page address is not valid.", field="after", code="bad_cursor")
    return Asked(
        typed,
        read_query(typed),
        chosen,
        ordered,
        SearchPlace(int(place[2]), float(place[1])) if place else None,
    )


def _find(
    conn: sa.Connection, asked: Asked, sites: Mapping[SiteId, Site]
) -> Sequence[FoundLine] | None:
    """Return what is found, one line more than a page holds if there is more; None if not asked."""
    if asked.kind is Kind.READERS:
        return _find_readers(conn, asked, sites)
    if asked.sought.is_empty:
        return None
    meant = find_meant(conn, asked.sought, tuple(sites))
    books = _Books(conn)
    how: dict[str, Any] = {"order": asked.order, "after": asked.after, "limit": PAGE + 1}
    if asked.kind is Kind.DECISIONS:
        return [
            FoundLine(
                sites[one.site_id],
                shown_passage(one.reason, asked.sought),
                books.cited(one.site_id, one.rulebook_id, one.rule),
                decision=one,
            )
            for one in find_decisions(conn, meant, **how)
        ]
    return [
        FoundLine(
            sites[one.site_id],
            shown_passage(plain_text(one.html), asked.sought),
            books.title(one.site_id, one.rule),
            comment=one,
        )
        for one in find_comments(conn, meant, **how)
    ]


def _find_readers(
    conn: sa.Connection, asked: Asked, sites: Mapping[SiteId, Site]
) -> Sequence[FoundLine] | None:
    name = asked.typed[:80]
    if len(name) < SHORTEST_NAME:
        return None
    return [
        FoundLine(site, Markup(""), None, reader=one)
        for site in sites.values()
        for one in search_readers(conn, site.id, name=name)
    ]


def _shown(asked: Asked, found: Sequence[FoundLine] | None, base: str) -> dict[str, Any]:
    lines = found
    if found is not None and asked.kind is not Kind.READERS:
        lines = found[:PAGE]
    more = found is not None and lines is not None and len(found) > len(lines)
    return {
        "asked": asked,
        "narrowing": NARROWING,
        "base": base,
        "found": lines,
        "kinds": {kind.value: asked.address(base, kind=kind.value) for kind in Kind},
        "orders": {one.value: asked.address(base, order=one.value) for one in SearchOrder},
        "next": asked.address(base, after=_write_place(lines[-1])) if more and lines else None,
        "most": MOST_FOUND,
    }


def _write_place(line: FoundLine) -> str:
    found = line.comment or line.decision
    if found is None:
        raise ValueError("only comments and decisions come in pages")
    return f"{found.place.score!r}_{found.place.id}"


class _Books:
    """Looks up what rules are called, each version of the rules once."""

    def __init__(self, conn: sa.Connection) -> None:
        self._conn = conn
        self._current: dict[SiteId, Rulebook | None] = {}
        self._cited: dict[RulebookId, Rulebook] = {}

    def title(self, site_id: SiteId, key: RuleKey | None) -> str | None:
        """Return a rule's title in the rules in force, or its key."""
        if key is None:
            return None
        if site_id not in self._current:
            try:
                self._current[site_id] = rules.get_current_rulebook(self._conn, site_id)
            except NotFound:
                self._current[site_id] = None
        return _title(self._current[site_id], key)

    def cited(
        self, site_id: SiteId, rulebook_id: RulebookId | None, key: RuleKey | None
    ) -> str | None:
        """Return a rule's title in the version that was cited, or its key."""
        if key is None or rulebook_id is None:
            return None
        if rulebook_id not in self._cited:
            self._cited[rulebook_id] = rules.get_rulebook_by_id(self._conn, site_id, rulebook_id)
        return _title(self._cited[rulebook_id], key)


def _title(book: Rulebook | None, key: RuleKey) -> str:
    rule = book.rule(key) if book is not None else None
    return rule.title if rule is not None else key
