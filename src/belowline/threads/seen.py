"""Which part of a thread's visits came upon a comment, by where it stood on the pages served. Pure.

Nobody is watched while reading. What is known of a visit is which page was sent, and that readers
begin at its top and fewer and fewer go on.
"""

from __future__ import annotations

from dataclasses import dataclass

READ_AT_ONCE = 25
"""Comments that one visit is taken to read."""
READS_ON = 1 - 1 / READ_AT_ONCE
"""The part of those who came to a comment that goes on to the next: so that all that a visit comes
upon, in a thread without end, is ``READ_AT_ONCE``."""
BELIEVED = 10.0
"""Visits for which the guess stands, so that a handful does not say what a hundred would."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How often a comment was come upon, and what the thread's visits were until it was there."""

    met: float
    visits_before: float


def chance_at(place: int) -> float:
    """Return which part of a page's readers gets as far as this place; the first is 0."""
    return READS_ON**place


def guess(roots: int) -> float:
    """Return which part of its visits a comment of a thread is met in where nothing was counted."""
    return min(1.0, READ_AT_ONCE / max(1, roots))


def part_of_visits(shown: Shown | None, *, visits: float, roots: int) -> float:
    """Return the part of the visits, since a comment was there, that came upon it.

    ``visits`` are all that the thread had. Of a comment for which nothing is counted yet, and as
    far as few visits are, it is the guess.
    """
    usual = guess(roots)
    if shown is None:
        return usual
    since = max(0.0, visits - shown.visits_before)
    return min(1.0, (shown.met + BELIEVED * usual) / (since + BELIEVED))


def among_others(part: float, *, gave: float, rest: float) -> float:
    """Return which part of those who do not respect a comment came upon it.

    ``part`` is of all. Whoever respects it (``gave``) is among those who came upon it, and of the
    ``rest`` that many fewer did.
    """
    return max(0.0, part - (1 - part) * gave / rest)
