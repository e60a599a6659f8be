"""Which cases may be decided together with others, and which want a look of their own. Pure.

Deciding together is for what is plain: many that are alike, each of which somebody has read in the
queue. Whatever the law, a danger or a colleague asks for is decided on its own page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from belowline.core.terms import CommentId, CommentStatus, Outcome, Refusal, SiteId
from belowline.core.text import later
from belowline.moderation.care import is_hard

MOST = 50
"""So many are decided together at most: what one person can have read a moment ago."""

MESSAGES: Mapping[str, str] = {
    "nothing_waits_now": later(
        "Nothing waits here any more: somebody has decided it, or its author has taken it back."
    ),
    "changed_meanwhile": later(
        "It has changed, or another report has come in, since the queue was shown."
    ),
    "leased": later("A colleague is looking at it."),
    "danger_alone": later("Somebody’s life or safety may be in danger. It is seen to by itself."),
    "notice_alone": later("Somebody has given notice that it is illegal. It is decided by itself."),
    "evidence_alone": later("It is kept as evidence. It is decided by itself."),
    "court_alone": later("Its story has a legal status. It is decided by itself."),
    "severe_alone": later("The rule in question is among the gravest. It is decided by itself."),
    "handed_on_alone": later("A colleague asks for a second opinion. It is decided by itself."),
    "appealed_alone": later("An appeal waits. It is decided by itself."),
    "no_rule_here": later("There is no such rule at its site."),
    "grave_rule": later("A removal under so grave a rule is decided by itself."),
    "rules_changed": later("New rules have come into force at its site since you were shown this."),
}


@dataclass(frozen=True, slots=True)
class CommentChoice:
    """A comment that somebody chose, as the queue showed it to them."""

    site_id: SiteId
    comment_id: CommentId
    seen_version: int
    seen_reports: int


@dataclass(frozen=True, slots=True)
class CaseAmongMany:
    """What is looked at in a case that somebody would decide together with others."""

    waits: bool
    """Whether it is held or reported."""
    changed: bool
    """Whether the comment or its reports are others than those that were shown."""
    leased: bool
    """Whether a colleague looks at it now."""
    danger: bool
    notice: bool
    """Whether a notice of illegal content or of defamation is open about it."""
    evidence: bool
    court: bool
    severity: int
    """The severity of the worst rule in question, 0 if there is none."""
    handed_on: bool
    appealed: bool


@dataclass(frozen=True, slots=True)
class RuleAmongMany:
    """The rule that a removal would cite at one of the sites."""

    severity: int | None
    """None if that site has no such rule."""
    changed: bool
    """Whether the rules in force are others than those that were shown."""


def may_decide_together(case: CaseAmongMany) -> Refusal | None:
    """Say why a case cannot be decided together with others, or None if it can.

    What has changed or is somebody else's now comes first, then what wants a look of its own: a
    danger, the law, one of the gravest rules, a question by a colleague, an appeal.
    """
    against = {
        "nothing_waits_now": not case.waits and not case.appealed,
        "changed_meanwhile": case.changed,
        "leased": case.leased,
        "danger_alone": case.danger,
        "notice_alone": case.notice,
        "evidence_alone": case.evidence,
        "court_alone": case.court,
        "severe_alone": is_hard(case.severity),
        "handed_on_alone": case.handed_on,
        "appealed_alone": case.appealed,
    }
    return _first(against)


def may_cite_together(rule: RuleAmongMany) -> Refusal | None:
    """Say why a removal together with others cannot cite a rule at a site, or None if it can.

    It is the rule as it was shown, and none of the gravest: what follows from those is too much to
    follow from a list.
    """
    against = {
        "rules_changed": rule.changed,
        "no_rule_here": rule.severity is None,
        "grave_rule": rule.severity is not None and is_hard(rule.severity),
    }
    return _first(against)


def outcome_for(status: CommentStatus, *, removes: bool) -> Outcome:
    """Return what is decided about a comment that stands so.

    To leave it to its readers is to keep what they can read and to publish what they cannot.
    """
    if removes:
        return Outcome.REMOVE
    return Outcome.KEEP if status is CommentStatus.PUBLISHED else Outcome.PUBLISH


def _first(against: Mapping[str, bool]) -> Refusal | None:
    code = next((code for code, holds in against.items() if holds), None)
    return None if code is None else Refusal(code, MESSAGES[code])
