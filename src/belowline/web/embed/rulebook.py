"""A site's published rules for machines: every version, with the ladder of sanctions."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.rules import store as rules
from belowline.rules.model import Rulebook
from belowline.sanctions.ladders import get_ladder
from belowline.sanctions.messages import ladder_steps
from belowline.web.answers_rules import LadderStep, RulebookOut, RuleFull
from belowline.web.auth import Visitor


def current_rulebook(visitor: Visitor) -> RulebookOut:
    """Return the rules in force."""
    with visitor.house.db.read() as conn:
        return _out(conn, visitor, rules.get_current_rulebook(conn, visitor.at.id))


def rulebook(visitor: Visitor, version: int) -> RulebookOut:
    """Return one published version of the rules."""
    with visitor.house.db.read() as conn:
        return _out(conn, visitor, rules.get_rulebook(conn, visitor.at.id, version=version))


def _out(conn: sa.Connection, visitor: Visitor, found: Rulebook) -> RulebookOut:
    versions = [one.version for one in rules.list_versions(conn, visitor.at.id)]
    return RulebookOut(
        site=visitor.at.key,
        version=found.version,
        is_current=found.version == max(versions),
        published_at=found.published_at,
        intro=found.intro,
        rules=[
            RuleFull(rule.key, rule.title, rule.text, rule.severity, rule.eu_category)
            for rule in found.rules
        ],
        ladder=[
            LadderStep(
                step.kind,
                str(step.title),
                str(step.what_it_means),
                str(step.when_it_comes),
                str(step.lasts),
                str(step.how_it_ends),
            )
            for step in ladder_steps(get_ladder(conn, visitor.at.id).settings)
        ],
        versions=versions,
    )
