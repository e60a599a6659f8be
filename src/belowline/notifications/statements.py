"""The parts of a statement of reasons: what EU law asks a decision against somebody to say.

Pure, like ``messages``, which puts these parts together. A part that does not apply is empty.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from belowline.core.terms import Source
from belowline.notifications.model import NoticeFacts

OTHER_REDRESS = (
    "You also have whatever other ways the law gives you, such as a certified out-of-court "
    "dispute settlement body or a court. An appeal to us takes none of them away."
)
SOMEBODY_ELSE = (
    "The appeal is free. Somebody other than the person who decided reads it, never a machine."
)


def statement(facts: NoticeFacts) -> tuple[str, ...]:
    """Say what a statement of reasons says after what was done."""
    return (
        cited(facts, before="It rests on" if facts.sanction else "It broke"),
        given_reason(facts),
        how_it_came_up(facts),
        _how_to_appeal(facts),
        OTHER_REDRESS,
    )


def cited(facts: NoticeFacts, *, before: str) -> str:
    """Cite the rule in the version of the rules that the decision rests on."""
    if facts.rule is None:
        return ""
    return f"{before} the rule “{facts.rule.title}” (version {facts.rule.version} of our rules)."


def given_reason(facts: NoticeFacts) -> str:
    """Give the reason in the words of who decided."""
    return f"The reason: {facts.reason}" if facts.reason else ""


def how_it_came_up(facts: NoticeFacts) -> str:
    """Say how the matter came up and whether a machine decided, without saying who reported."""
    match facts.source:
        case None:
            return ""
        case Source.OWN_INITIATIVE:
            came_up = "We noticed it ourselves."
        case Source.REPORT:
            came_up = "It was reported to us."
        case Source.SCREEN:
            came_up = "An automatic check noticed it."
        case Source.LEGAL_NOTICE:
            came_up = "We received a legal notice about it."
        case Source.APPEAL:
            came_up = "It came up in an appeal."
        case _:
            assert_never(facts.source)
    decider = (
        "The decision was made automatically."
        if facts.automated
        else "A person made the decision, not a machine."
    )
    return f"{came_up} {decider}"


def _how_to_appeal(facts: NoticeFacts) -> str:
    if facts.appeal_until is None:
        return ""
    return (
        f"If you think that this is a mistake, you can appeal until {day(facts.appeal_until)}: "
        f"open the page that this notice links to and say why. {SOMEBODY_ELSE}"
    )


def under(facts: NoticeFacts) -> str:
    """Name the story, or nothing if it is hidden."""
    title = " ".join(facts.story_title.split())
    return f" under “{title}”" if title else ""


def day(at: datetime | None) -> str:
    """Write a time out, in UTC."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC" if at is not None else ""
