"""How "best" is decided: which place a comment earns by what readers made of it. Pure.

A comment is judged by the readers who could have respected it and by how many of them did, with the
caution that few voices deserve. It is asked of both sides, so that one side alone cannot carry it.
A new comment gets a fair look, and an editor's pick is lifted. What is worked out stays right until
somebody does something: no clock moves a comment. For readers and editors it is told in
docs/explanation/how-best-is-decided.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import sqrt

from belowline.core.terms import CommentId, ReaderId
from belowline.threads.bursts import Company, Halves, by_stretch, damp, stretch_of
from belowline.threads.seen import among_others, guess
from belowline.threads.voices import Voice

Z = 1.282
"""How cautious the bound is: eight in ten lie within it on both ends."""
PRIOR_RESPECT, PRIOR_READINGS = 0.2, 1.0
"""What is imagined of every comment: one reading, in one of five cases with respect."""
UNTOLD = 10.0
"""Readings on each side that outweigh the guess that both sides think alike."""
WEAKER = 0.9
"""How much the side that respects a comment less weighs in the geometric mean of both. More than
half, because sides are found through fog: what is seen of their difference is less than it is."""
FAIR_LOOK = 0.1
"""What a comment that nobody has passed over yet is given on top of what it has earned."""
LOOKS = 20.0
"""Readings without respect after which the fair look is over."""
MANY, MOST = 3, 0.75
"""More than so many respects that count together, and so small a part left, are worth a word."""
STEPS = 10_000
"""So finely are places told apart."""
TOUCH = 1e-6
"""Less than this is what adding in another order leaves, and not a reader."""


@dataclass(frozen=True, slots=True)
class Root:
    """A comment that has a place of its own in the order."""

    id: CommentId
    at: datetime
    author_id: ReaderId
    featured: bool = False
    published: bool = True
    seen: float | None = None
    """What part of those who do not respect it came upon it; None where that is not observed."""
    counted: float | None = None
    """What part of the visits since it was there came upon it; None if nothing was counted."""


@dataclass(frozen=True, slots=True)
class Respect:
    """One reader's respect for a comment of the thread, and as whose voice it counts."""

    comment_id: CommentId
    reader_id: ReaderId
    voice: Voice
    at: datetime


@dataclass(frozen=True, slots=True)
class Rank:
    """A comment's place, as a score from 0 to ``STEPS``, and what it is made of."""

    score: int
    voices: float = 0.0
    """Independent voices that respect it."""
    readings: int = 0
    """How many readers are taken to have read it, those voices among them."""
    share: float = 0.0
    """What share of readers, at least, respects it on both sides together."""
    balance: float = 0.5
    """From 0, only one side respects it, to 1, both do alike; 0.5 says hardly anything."""
    fair_look: float = 0.0
    """What it is given for being new, from 0 to ``FAIR_LOOK``."""
    featured: bool = False
    fewer: bool = False
    """Whether some of its respect counts together as one."""


def rank(
    roots: Sequence[Root], respects: Iterable[Respect], *, sides: Mapping[Voice, float]
) -> dict[CommentId, Rank]:
    """Return the rank of every root; the order in which things are given makes no difference.

    ``respects`` are those of the whole thread, replies included: whoever respects a reply has read
    there too. ``sides`` says for voices how far they are on the first of two sides, from 0 to 1;
    whoever is not in it counts half on each.
    """
    by_comment: dict[CommentId, list[Respect]] = defaultdict(list)
    for one in respects:
        by_comment[one.comment_id].append(one)
    audience = _Audience(roots, by_comment, sides)
    earlier = _earlier_by_author(roots)
    return {
        root.id: _rank_one(root, by_comment.get(root.id, []), audience, earlier[root.id])
        for root in roots
    }


def bound(respect: float, readings: float) -> float:
    """Return the share of readers who respect a comment that one may safely assume.

    The lower end of Wilson's interval (E. B. Wilson, JASA 22, 1927), with what is imagined of
    every comment added, so that nothing is 0 or 1 for want of readers.
    """
    number = readings + PRIOR_READINGS
    share = (respect + PRIOR_RESPECT) / number
    square = Z * Z
    middle = share + square / (2 * number)
    spread = Z * sqrt(share * (1 - share) / number + square / (4 * number * number))
    return (middle - spread) / (1 + square / number)


def on_both_sides(gave: Halves, beside: Halves) -> tuple[float, float]:
    """Return the share of readers to assume with both sides in mind, and how alike the sides are.

    ``gave`` is the respect of each side, ``beside`` how many of each have read it and gave none.
    It is the bound for all, times what the geometric mean of both sides' shares is of the share of
    all. Of a side from which little is heard it is supposed that it thinks as all do.
    """
    respect, readings = sum(gave), sum(gave) + sum(beside)
    usual = (respect + PRIOR_RESPECT) / (readings + PRIOR_READINGS)
    sides = [
        (one + UNTOLD * usual) / (one + other + UNTOLD)
        for one, other in zip(gave, beside, strict=True)
    ]
    joint = min(sides) ** WEAKER * max(sides) ** (1 - WEAKER)
    return bound(respect, readings) * joint / usual, min(sides) / max(sides)


def _rank_one(root: Root, respects: list[Respect], audience: _Audience, earlier: int) -> Rank:
    if not root.published:
        return Rank(0)
    voices = _first_of_each(respects)
    gave = audience.respect_of(root, voices)
    heard = sum(gave)
    beside = audience.others(root, voices, gave=heard)
    share, balance = on_both_sides(gave, beside)
    passed = sum(beside)
    # Whoever fills a thread does not get a fresh look for each of many comments.
    fair = FAIR_LOOK * max(0.0, 1 - passed / LOOKS) * 0.5**earlier
    score = 1 - (1 - share) * (1 - fair)
    if root.featured:
        score = 1 - (1 - score) / 2
    # A touch is taken off, so that sums that differ by how they were added round alike. Figures are
    # kept as finely as anybody is told, so that they need not be written anew each time.
    return Rank(
        round(score * STEPS - TOUCH),
        round(heard, 1),
        round(heard + passed),
        round(share, 2),
        round(balance, 1),
        round(fair, 2),
        root.featured,
        fewer=len(respects) - heard > MANY and heard < MOST * len(respects),
    )


class _Audience:
    """Who reads the thread, so that a comment is judged by those who could have respected it."""

    def __init__(
        self,
        roots: Sequence[Root],
        respects: Mapping[CommentId, list[Respect]],
        sides: Mapping[Voice, float],
    ) -> None:
        self._sides = sides
        self._usual = guess(len(roots))
        first: dict[Voice, datetime] = {}
        last: dict[Voice, datetime] = {}
        only: dict[Voice, CommentId | None] = {}
        for one in chain.from_iterable(respects.values()):
            if only.setdefault(one.voice, one.comment_id) != one.comment_id:
                only[one.voice] = None
            first[one.voice] = min(first.get(one.voice, one.at), one.at)
            last[one.voice] = max(last.get(one.voice, one.at), one.at)
        self._last = last
        self._weights = self._weigh(first, only)
        given = chain.from_iterable(respects.values())
        self._company = Company(
            ((one.comment_id, one.voice, one.at) for one in given),
            halves=self._halves,
            weights=self._weights,
        )
        ordered = sorted((at, self._weights[voice]) for voice, at in last.items())
        self._times = [at for at, _ in ordered]
        self._after = [(0.0, 0.0)]
        for _, (one_side, other) in reversed(ordered):
            sums = self._after[-1]
            self._after.append((sums[0] + one_side, sums[1] + other))
        self._after.reverse()

    def respect_of(self, root: Root, voices: Sequence[Respect]) -> Halves:
        """Return how much each side respects a comment, bursts taken off."""
        known = [(one.voice, one.at) for one in voices]
        expected = self._company.expected(root.id, known, since=root.at)
        given = [(one.at, self._halves(one.voice)) for one in voices]
        first = damp([(at, one) for at, (one, _) in given], expected=lambda at: expected(at)[0])
        second = damp([(at, one) for at, (_, one) in given], expected=lambda at: expected(at)[1])
        return sum(first.values()), sum(second.values())

    def others(self, root: Root, voices: Sequence[Respect], *, gave: float) -> Halves:
        """Return how much of each side read the comment and did not respect it.

        That is whoever was heard in the thread after it was there, times the part of them that
        came upon it.
        """
        first, second = self._after[bisect_left(self._times, root.at)]
        for one in voices:
            if self._last[one.voice] >= root.at:
                first -= self._weights[one.voice][0]
                second -= self._weights[one.voice][1]
        # In what they are worth: a burst that pushes one is no audience that the others left cold.
        first, second = max(first, 0.0), max(second, 0.0)
        if root.seen is not None:
            seen = root.seen
        elif root.counted is not None and first + second > TOUCH:
            seen = among_others(root.counted, gave=gave, rest=first + second)
        else:
            seen = self._usual
        return first * seen, second * seen

    def _weigh(
        self, first: Mapping[Voice, datetime], only: Mapping[Voice, CommentId | None]
    ) -> dict[Voice, Halves]:
        """Say how much of a reader each voice is, on each side.

        Whoever comes in a burst and respects one comment alone is less of one: otherwise a hundred
        who push it would pass for a hundred whom all the others left cold.
        """
        weights = {voice: self._halves(voice) for voice in first}
        single = [voice for voice, comment in only.items() if comment is not None]
        kept = []
        for side in (0, 1):
            given = [(first[voice], weights[voice][side]) for voice in single]
            sums = by_stretch(given)
            kept.append({at: left / (sums[at] or 1.0) for at, left in damp(given).items()})
        for voice in single:
            one, other = weights[voice]
            at = stretch_of(first[voice])
            weights[voice] = one * kept[0][at], other * kept[1][at]
        return weights

    def _halves(self, voice: Voice) -> Halves:
        side = self._sides.get(voice, 0.5)
        return side, 1 - side


def _first_of_each(respects: Iterable[Respect]) -> list[Respect]:
    """Return one respect for each voice, its earliest, in the order of time."""
    found: dict[Voice, Respect] = {}
    for one in respects:
        known = found.get(one.voice)
        if known is None or one.at < known.at:
            found[one.voice] = one
    return sorted(found.values(), key=lambda one: (one.at, one.voice))


def _earlier_by_author(roots: Sequence[Root]) -> dict[CommentId, int]:
    """Say for each root how many of its author's stand before it in time."""
    seen: dict[ReaderId, int] = defaultdict(int)
    found = {}
    for root in sorted(roots, key=lambda one: (one.at, one.id)):
        found[root.id] = seen[root.author_id]
        seen[root.author_id] += 1
    return found
