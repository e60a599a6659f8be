"""The parts of a statement of reasons: what EU law asks a decision against somebody to say.

Pure, like ``messages``, which puts these parts together. A part that does not apply is empty.
"""

from __future__ import annotations

from typing import assert_never

from belowline.core.terms import Source
from belowline.core.text import Known, Text, later, together
from belowline.notifications.model import NoticeFacts

OTHER_REDRESS = later(
    "You also have whatever other ways the law gives you, such as a certified out-of-court "
    "dispute settlement body or a court. An appeal to us takes none of them away."
)
BROKE = later("It broke the rule “%(rule)s” (version %(version)s of our rules).")
RESTS_ON = later("It rests on the rule “%(rule)s” (version %(version)s of our rules).")
MAY_BREAK = later("It may break the rule “%(rule)s” (version %(version)s of our rules).")
CITES = later("The decision cites the rule “%(rule)s” (version %(version)s of our rules).")
SOMEBODY_ELSE = later(
    "The appeal is free. Somebody other than the person who decided reads it, never a machine."
)


def statement(facts: NoticeFacts) -> tuple[str, ...]:
    """Say what a statement of reasons says after what was done."""
    return (
        cited(facts, RESTS_ON if facts.sanction else BROKE),
        given_reason(facts),
        how_it_came_up(facts),
        _how_to_appeal(facts),
        OTHER_REDRESS,
    )


def cited(facts: NoticeFacts, pattern: str) -> str:
    """Cite the rule in the version of the rules that the decision rests on."""
    if facts.rule is None:
        return ""
    return Text(pattern, rule=facts.rule.title, version=facts.rule.version)


def given_reason(facts: NoticeFacts) -> str:
    """Give the reason in the words of who decided."""
    return Text("The reason: %(reason)s", reason=Known(facts.reason)) if facts.reason else ""


def how_it_came_up(facts: NoticeFacts) -> str:
    """Say how the matter came up and whether a machine decided, without saying who reported."""
    match facts.source:
        case None:
            return ""
        case Source.OWN_INITIATIVE:
            came_up = later("We noticed it ourselves.")
        case Source.REPORT:
            came_up = later("It was reported to us.")
        case Source.SCREEN:
            came_up = later("An automatic check noticed it.")
        case Source.LEGAL_NOTICE:
            came_up = later("We received a legal notice about it.")
        case Source.ORDER:
            came_up = later("An authority ordered it.")
        case Source.APPEAL:
            came_up = later("It came up in an appeal.")
        case Source.EARLIER_SYSTEM:
            return later("It was decided in the system that the site used before.")
        case _:
            assert_never(facts.source)
    decider = (
        later("The decision was made automatically.")
        if facts.automated
        else later("A person made the decision, not a machine.")
    )
    return together(came_up, decider)


def _how_to_appeal(facts: NoticeFacts) -> str:
    if facts.appeal_until is None:
        return ""
    return together(
        Text(
            "If you think that this is a mistake, you can appeal until %(when)s: open the page "
            "that this notice links to and say why.",
            when=facts.appeal_until,
        ),
        SOMEBODY_ELSE,
    )


def under(facts: NoticeFacts) -> str:
    """Name the story, or nothing if it is hidden."""
    title = " ".join(facts.story_title.split())
    return Text(" under “%(story)s”", story=title) if title else ""
