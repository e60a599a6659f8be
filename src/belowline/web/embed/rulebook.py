"""A site's published rules for machines: every version, with the ladder of sanctions."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.rules import store as rules
from belowline.rules.compare import compare_for_readers
from belowline.rules.model import Rulebook, RuleDraft
from belowline.sanctions.ladders import get_ladder
from belowline.sanctions.messages import ladder_steps
from belowline.web.answers_rules import (
    LadderStep,
    RulebookChanges,
    RulebookOut,
    RuleChangeOut,
    RuleFull,
)
from belowline.web.auth import Visitor
from belowline.web.pages.rules import read_two


def current_rulebook(visitor: Visitor) -> RulebookOut:
    """Return the rules in force."""
    with visitor.house.db.read() as conn:
        return _out(conn, visitor, rules.get_current_rulebook(conn, visitor.at.id))


def rulebook(visitor: Visitor, version: int) -> RulebookOut:
    """Return one published version of the rules."""
    with visitor.house.db.read() as conn:
        return _out(conn, visitor, rules.get_rulebook(conn, visitor.at.id, version=version))


def rule_changes(visitor: Visitor, version: int, since: int | None = None) -> RulebookChanges:
    """Return what a version changed for readers, against the one before it or ``since``."""
    with visitor.house.db.read() as conn:
        found, earlier = read_two(conn, visitor.at.id, version, since)
    return RulebookChanges(
        site=visitor.at.key,
        version=found.version,
        since=earlier.version,
        intro_changed=found.intro != earlier.intro,
        changed=[
            RuleChangeOut(
                one.kind,
                _rule(one.before) if one.before is not None else None,
                _rule(one.after) if one.after is not None else None,
            )
            for one in compare_for_readers(earlier, found)
        ],
    )


def _rule(rule: RuleDraft) -> RuleFull:
    return RuleFull(rule.key, rule.title, rule.text, rule.severity, rule.eu_category)


def _out(conn: sa.Connection, visitor: Visitor, found: Rulebook) -> RulebookOut:
    versions = [one.version for one in rules.list_versions(conn, visitor.at.id)]
    return RulebookOut(
        site=visitor.at.key,
        version=found.version,
        is_current=found.version == max(versions),
        published_at=found.published_at,
        intro=found.intro,
        rules=[_rule(rule) for rule in found.rules],
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
