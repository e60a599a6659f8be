"""What somebody names in a search: which readers, stories and rules are meant by a few letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentStatus, SiteId
from belowline.search.query import Sought
from belowline.search.words import mark
from belowline.storage.fulltext import Match, Term
from belowline.storage.tables import readers, rulebooks, rules, stories

MOST_MEANT = 50
"""Readers, stories or rules that one name can stand for; with more it says too little."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What is asked for, in ids. A list that is empty asks for what is not there."""

    sought: Sought
    sites: tuple[SiteId, ...]
    authors: tuple[int, ...] | None
    stories: tuple[int, ...] | None
    rules: tuple[str, ...] | None

    @property
    def is_nothing(self) -> bool:
        """Say whether nothing can be found, because something was named that is not there."""
        return not self.sites or () in {self.authors, self.stories, self.rules}

    def match(self, *, statuses: Sequence[CommentStatus] = ()) -> Match:
        """Return what the index is asked."""
        groups = [
            _marks("s", self.sites),
            *((Term(one.words, one.begins),) for one in self.sought.phrases),
            _marks("a", self.authors or ()),
            _marks("y", self.stories or ()),
            _marks("r", self.rules or ()),
            _marks("t", statuses),
        ]
        none = tuple(Term(one.words, one.begins) for one in self.sought.without)
        return Match(tuple(group for group in groups if group), none)


def find_meant(conn: sa.Connection, sought: Sought, sites: Sequence[SiteId]) -> Meant:
    """Look up what is named, at these sites alone."""
    return Meant(
        sought,
        tuple(sites),
        _ids(conn, [_authors(name) for name in sought.authors]),
        _ids(conn, [_stories(name, sites) for name in sought.stories]),
        _ids(conn, [_rules(name, sites) for name in sought.rules]),
    )


def _ids(conn: sa.Connection, queries: Sequence[sa.Select[Any]]) -> tuple[Any, ...] | None:
    """Return what these find, each once; None where nothing is asked."""
    if not queries:
        return None
    return tuple(
        dict.fromkeys(found for query in queries for found in conn.execute(query).scalars())
    )


def _authors(name: str) -> sa.Select[tuple[int]]:
    # The shortest name that has it is the one that was meant, if one was.
    return (
        sa.select(readers.c.id)
        .where(
            readers.c.erased_at.is_(None),
            sa.func.lower(readers.c.name).contains(name.lower(), autoescape=True),
        )
        .order_by(sa.func.length(readers.c.name), readers.c.id)
        .limit(MOST_MEANT)
    )


def _stories(name: str, sites: Sequence[SiteId]) -> sa.Select[tuple[int]]:
    return (
        sa.select(stories.c.id)
        .where(
            stories.c.site_id.in_(sites),
            sa.or_(stories.c.key == name, stories.c.title.icontains(name, autoescape=True)),
        )
        .order_by(stories.c.id.desc())
        .limit(MOST_MEANT)
    )


def _rules(name: str, sites: Sequence[SiteId]) -> sa.Select[tuple[str]]:
    return (
        sa.select(rules.c.key)
        .join(rulebooks, rulebooks.c.id == rules.c.rulebook_id)
        .where(
            rulebooks.c.site_id.in_(sites),
            sa.or_(rules.c.key == name, rules.c.title.icontains(name, autoescape=True)),
        )
        .distinct()
        .order_by(rules.c.key)
        .limit(MOST_MEANT)
    )


def _marks(kind: str, values: Sequence[int | str]) -> tuple[Term, ...]:
    return tuple(Term((mark(kind, value),)) for value in values)
