"""Reasons that a desk saves for a rule, so that the same thing is said in the same words. Pure.

A saved reason may name what differs from case to case in braces: ``{name}``, ``{story}`` and
``{rule}``. It is filled in when it is offered, and the moderator sees the whole text, and may
change it, before it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from belowline.core.terms import Refusal
from belowline.core.text import Text, later

NAMES = ("name", "story", "rule")
"""What can stand in braces: the author's display name, the story's title, the rule's title."""
LONGEST_SAVED = 1000
MOST_SAVED = 12
"""For one rule at one site. More than that nobody reads through."""

_GAP = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")

ENOUGH = Refusal(
    "enough_saved", later("There are enough saved reasons for this rule. Drop one first.")
)


def refuse_unknown(text: str) -> Refusal | None:
    """Say what in braces cannot be filled in, or None if all can be."""
    for gap in _GAP.finditer(text):
        if gap[1] not in NAMES:
            return Refusal(
                "unknown_gap",
                Text("There is nothing called {%(name)s} to fill in.", name=gap[1][:40]),
            )
    if _BRACE.search(_GAP.sub("", text)):
        return Refusal("open_brace", later("A brace is opened or closed alone."))
    return None


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return a saved reason with the values in its gaps; what is in a value is not filled again."""
    return _GAP.sub(lambda gap: values.get(gap[1], gap[0]), text)
