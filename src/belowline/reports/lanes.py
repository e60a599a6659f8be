"""What a notice of illegal content says, and whether it says enough. Pure.

The law asks for little (article 16 of the EU's Digital Services Act): why it is illegal, exactly
where it is, who says so if they wish, and that they say it in good faith. Nothing here is stricter
than that. How a notice is kept is in ``legal_notices``.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from belowline.core.errors import InvalidInput
from belowline.core.terms import CommentId, RuleKey
from belowline.core.text import Text, later

LONGEST_WHY = 4000
SHORTEST_WHY = 15
"""Fewer characters say nothing that could be looked into."""
LONGEST_NAME = 120
MOST_COMMENTS = 20
"""So many comments are taken with one notice; whoever knows of more sends another."""
TARGET = timedelta(hours=24)
"""Within this time a notice should be decided; a danger is seen to at once."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters of a number that nobody mistakes for one another, on paper or on the telephone."""
NUMBER_LENGTH = 6


class IllegalKind(StrEnum):
    """What a comment is said to be, in the words of somebody who is no lawyer."""

    THREAT = "threat"
    HATE = "hate"
    CHILD_ABUSE = "child_abuse"
    HARASSMENT = "harassment"
    PRIVATE = "private"
    DEFAMATION = "defamation"
    COURT = "court"
    FRAUD = "fraud"
    COPYRIGHT = "copyright"
    OTHER = "other"


TITLES: Mapping[IllegalKind, str] = {
    IllegalKind.THREAT: later("A threat, or a call for violence or terror"),
    IllegalKind.HATE: later("Hatred or discrimination against a group of people"),
    IllegalKind.CHILD_ABUSE: later("Sexual abuse of a child"),
    IllegalKind.HARASSMENT: later("Stalking, harassment, or intimate things without consent"),
    IllegalKind.PRIVATE: later("Somebody’s private data"),
    IllegalKind.DEFAMATION: later("A false claim that damages somebody"),
    IllegalKind.COURT: later("A court’s order or a trial: names or facts that must not be told"),
    IllegalKind.FRAUD: later("Fraud, or forbidden goods and services"),
    IllegalKind.COPYRIGHT: later("Somebody’s copyright or trade mark"),
    IllegalKind.OTHER: later("Something else that the law forbids"),
}
"""How the form names each."""

RULES: Mapping[IllegalKind, RuleKey] = {
    IllegalKind.THREAT: RuleKey("threat"),
    IllegalKind.HATE: RuleKey("hate"),
    IllegalKind.CHILD_ABUSE: RuleKey("child-selfharm"),
    IllegalKind.HARASSMENT: RuleKey("harassment"),
    IllegalKind.PRIVATE: RuleKey("private-info"),
    IllegalKind.DEFAMATION: RuleKey("defamation"),
    IllegalKind.COURT: RuleKey("court-safety"),
    IllegalKind.FRAUD: RuleKey("spam"),
    IllegalKind.COPYRIGHT: RuleKey("rights-links"),
}
"""The rule of the default rulebook that comes nearest; its severity orders the queue."""

DANGERS = frozenset({IllegalKind.THREAT, IllegalKind.CHILD_ABUSE})
"""Notices of these are taken from everybody, whatever stands against their reports."""
ANONYMOUS = frozenset({IllegalKind.CHILD_ABUSE})
"""Whoever gives notice of these is not asked who they are."""

_NUMBERED = re.compile(r"(?:^|/c/|#c|#belowline-c)(\d{1,18})(?:[/?#]\S*)?$")


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A notice as somebody sends it, text by text as it was typed."""

    kind: str
    why: str = dataclasses.field(repr=False)
    good_faith: bool
    name: str = dataclasses.field(default="", repr=False)
    email: str = dataclasses.field(default="", repr=False)
    others: str = dataclasses.field(default="", repr=False)
    """Further comments that it is about: an address or a number on each line."""


def read_kind(text: str) -> IllegalKind:
    """Read what a comment is said to be. Raises InvalidInput if nothing was chosen."""
    try:
        return IllegalKind(text)
    except ValueError as error:
        raise InvalidInput(
            "Choose what comes nearest.", field="kind", code="kind_needed"
        ) from error


def check_said(draft: NoticeDraft, *, why: str) -> None:
    """Refuse a notice that does not say enough; ``why`` is its text as it would be kept.

    Raises:
        InvalidInput: no reason, one that says nothing, or no statement of good faith.
    """
    if len(why) < SHORTEST_WHY:
        raise InvalidInput(
            "Say in a sentence or two why it is illegal, so that somebody can look into it.",
            field="why",
            code="why_needed",
        )
    if not draft.good_faith:
        raise InvalidInput(
            "Please confirm that what you say is true as far as you know.",
            field="good_faith",
            code="good_faith_needed",
        )


def read_others(text: str, *, field: str = "others") -> tuple[CommentId, ...]:
    """Read which comments a notice or an order is about, from addresses or numbers, one a line.

    Raises:
        InvalidInput: a line names no comment, or there are too many.
    """
    found: dict[CommentId, None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        named = _NUMBERED.search(line.strip())
        if named is None:
            raise InvalidInput(
                Text("Line %(number)s is not the address of a comment here.", number=number),
                field=field,
                code="not_a_comment",
            )
        found[CommentId(int(named[1]))] = None
    if len(found) >= MOST_COMMENTS:
        raise InvalidInput(
            Text("One notice is about %(most)s comments at most.", most=MOST_COMMENTS),
            field=field,
            code="too_many_comments",
        )
    return tuple(found)


def make_number(chosen: str) -> str:
    """Write six characters of the alphabet as a number that can be read aloud: R-7K3M-2Q."""
    if len(chosen) != NUMBER_LENGTH or not set(chosen) <= set(ALPHABET):
        raise ValueError("a number is six characters of its alphabet")
    return f"R-{chosen[:4]}-{chosen[4:]}"
