"""Which rules are in question in a case, and who brought them up.

The queue names them on the card and the form for a removal marks them, so that nobody has to look
for the rule that a reader or a check has already pointed at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from belowline.actions.case_facts import CaseMatter
from belowline.core.errors import NotFound
from belowline.core.terms import CommentStatus, Finding, RuleKey, SiteId
from belowline.rules import store as rules
from belowline.rules.model import Rulebook
from belowline.screens import store as verdicts


class Voice(StrEnum):
    """Who says that a rule is in question."""

    REPORT = "report"
    CHECK = "check"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class InQuestion:
    """A rule that a case may break, as it stands in the rules in force."""

    key: RuleKey
    title: str
    severity: int
    """From 1 to 4; 0 if the rule is no longer in force."""
    voices: tuple[Voice, ...]


def find_rulebook(conn: sa.Connection, site_id: SiteId) -> Rulebook | None:
    """Return the rules in force; comments can be imported before there are any."""
    try:
        return rules.get_current_rulebook(conn, site_id)
    except NotFound:
        return None


def rules_in_question(
    conn: sa.Connection, matter: CaseMatter, rulebook: Rulebook | None
) -> tuple[InQuestion, ...]:
    """Return the rules that reports, checks or the decision under appeal name, the worst first."""
    named: dict[RuleKey, list[Voice]] = {}
    for key, voice in _named(conn, matter):
        heard = named.setdefault(key, [])
        if voice not in heard:
            heard.append(voice)
    found = []
    for key, voices in named.items():
        rule = rulebook.rule(key) if rulebook is not None else None
        found.append(
            InQuestion(
                key,
                rule.title if rule is not None else key,
                rule.severity if rule is not None else 0,
                tuple(voices),
            )
        )
    return tuple(sorted(found, key=lambda one: -one.severity))


def _named(conn: sa.Connection, matter: CaseMatter) -> Iterable[tuple[RuleKey, Voice]]:
    comment = matter.comment
    for report in matter.reports:
        if report.rule:
            yield report.rule, Voice.REPORT
    if matter.held:
        for verdict in verdicts.list_verdicts(conn, comment.id, revision=comment.revision):
            if verdict.finding is not Finding.PASS and verdict.rule is not None:
                yield verdict.rule, Voice.CHECK
    decided = comment.status in {CommentStatus.REMOVED, CommentStatus.REFUSED}
    if decided and comment.rule_key:
        yield RuleKey(comment.rule_key), Voice.DECISION
