"""Decisions as the console shows them, with the names that belong to them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from belowline.core.terms import (
    RulebookId,
    SiteId,
)
from belowline.moderation.model import Decision
from belowline.readers.search import names_of
from belowline.rules import store as rules
from belowline.rules.model import Rulebook


class Titles:
    """Looks up what rules were called in the version of the rules that was cited."""

    def __init__(self, conn: sa.Connection, site_id: SiteId) -> None:
        self._conn = conn
        self._site_id = site_id
        self._known: dict[RulebookId, Rulebook] = {}

    def book(self, rulebook_id: RulebookId) -> Rulebook:
        """Return a version of the rules, read once."""
        if rulebook_id not in self._known:
            self._known[rulebook_id] = rules.get_rulebook_by_id(
                self._conn, self._site_id, rulebook_id
            )
        return self._known[rulebook_id]

    def of(self, rulebook_id: RulebookId, key: str) -> str:
        """Return a rule's title in that version, or its key if it is not in there."""
        rule = self.book(rulebook_id).rule(key)
        return rule.title if rule is not None else key


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """A decision with the names of its rule and of who decided."""

    decision: Decision
    rule_title: str | None
    version: int | None
    decided_by: str | None


def show_decisions(
    conn: sa.Connection, titles: Titles, found: list[Decision]
) -> tuple[ShownDecision, ...]:
    """Return decisions with the names that belong to them, in the order given."""
    names = names_of(conn, [one.decided_by for one in found])
    return tuple(
        ShownDecision(
            one,
            titles.of(one.ground.rulebook_id, one.ground.rule) if one.ground else None,
            titles.book(one.ground.rulebook_id).version if one.ground else None,
            names.get(one.decided_by) if one.decided_by is not None else None,
        )
        for one in found
    )
