"""Why a comment stands where it stands, in words that everybody may read. Pure.

It says what counted, in whole numbers and never who; and nothing of the number in the first hour.
"""

from __future__ import annotations

from dataclasses import dataclass

from belowline.core.text import later, numbered, together
from belowline.threads.ranking import LOOKS, Rank

ALIKE = 0.7
"""From this balance on, both sides respect a comment about alike."""
APART = 0.4
"""Below this one, one side does so much more."""
FEW = 5
"""Voices below which nothing is said of sides: there it would be chance."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that counted: a stable code, and a sentence."""

    code: str
    text: str


REPLY = Reason("reply", "It is a reply: replies stand under what they answer, in their order.")
GONE = Reason("gone", "It is only a line that holds up replies, and stands last.")
UNRANKED = Reason("unranked", "It is so new that its place has not been worked out yet.")
FEATURED = Reason("featured", "The editors featured it, which lifts it half the way to the top.")
FAIR_LOOK = Reason(
    "fair_look", "Few readers have come upon it yet, so it is shown earlier to get a fair look."
)
FIRST_HOUR = Reason(
    "first_hour", "In its first hour nobody is told how much respect a comment has."
)
BOTH_SIDES = Reason("both_sides", "Readers who usually disagree respect it alike.")
ONE_SIDE = Reason(
    "one_side", "Readers who usually agree with each other respect it, others much less."
)
AS_ONE = Reason(
    "as_one",
    "Some of its respect counts as one: it came from new or connected accounts, or all at once.",
)


def explain(rank: Rank | None, *, is_published: bool, is_shown: bool) -> tuple[Reason, ...]:
    """Say why a root stands where it stands in "best".

    ``is_shown`` is whether readers are told by now how much respect it has.
    """
    if not is_published:
        return (GONE,)
    if rank is None:
        return (UNRANKED, FAIR_LOOK)
    reasons = []
    if rank.featured:
        reasons.append(FEATURED)
    if rank.fair_look > 0 and rank.readings < LOOKS:
        reasons.append(FAIR_LOOK)
    if not is_shown:
        return (*reasons, FIRST_HOUR)
    reasons.append(_respect(rank))
    if rank.voices >= FEW and rank.balance >= ALIKE:
        reasons.append(BOTH_SIDES)
    elif rank.voices >= FEW and rank.balance < APART:
        reasons.append(ONE_SIDE)
    if rank.fewer:
        reasons.append(AS_ONE)
    return tuple(reasons)


def _respect(rank: Rank) -> Reason:
    voices, readings = round(rank.voices), max(rank.readings, round(rank.voices))
    if readings == 0:
        return Reason(
            "respect", later("No reader has been heard in this thread since it was written.")
        )
    return Reason(
        "respect",
        together(
            numbered(
                "About %(num)s reader is taken to have read it.",
                "About %(num)s readers are taken to have read it.",
                readings,
            ),
            numbered("%(num)s of them respects it.", "%(num)s of them respect it.", voices)
            if voices
            else later("None of them respects it."),
        ),
    )
