"""How "best" is decided: which place a comment earns by what readers made of it. Pure.

A comment is judged by the readers who could have respected it and by how many of them did, with the
caution that few voices deserve. It is asked of both sides, so that one side alone cannot carry it.
A new comment gets a fair look, and an editor's pick is lifted. What is worked out stays right until
somebody does something: no clock moves a comment. For readers and editors it is told in
docs/explanation/how-best-is-decided.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import sqrt

from belowline.core.terms import CommentId, ReaderId
from belowline.threads.seen import among_others, guess
from belowline.threads.voices import Voice

Z = 0.906
"""How cautious each side's bound is. Both together are as cautious as Wilson's bound with 1.28, the
usual 80 %: a half of the readers spreads √2 times as wide."""
PRIOR_RESPECT, PRIOR_READINGS = 0.5, 2.5
"""What is imagined of every comment on each side: one reading in five gave respect."""
WEAKER = 0.9
"""How much the side that respects a comment less weighs in the geometric mean of both. More than
half, because sides are found through fog: what is seen of their difference is less than it is."""
FAIR_LOOK = 0.2
"""What a comment that nobody has passed over yet is given on top of what it has earned."""
LOOKS = 20.0
"""Readings without respect after which the fair look is over."""
BURST = 5
"""Minutes within which many voices at once may be one."""
AROUND = 6
"""Such stretches before and after one, half an hour each way, with which it is compared."""
PACE = 3.0
"""How many times the pace of the time around it a stretch may have before it is a burst."""
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


def _rank_one(root: Root, respects: list[Respect], audience: _Audience, earlier: int) -> Rank:
    if not root.published:
        return Rank(0)
    voices = _first_of_each(respects)
    one, other = audience.respect_of(voices)
    beside = audience.others(root, voices, gave=one + other)
    first, second = bound(one, one + beside[0]), bound(other, other + beside[1])
    share = min(first, second) ** WEAKER * max(first, second) ** (1 - WEAKER)
    passed = sum(beside)
    # Whoever fills a thread does not get a fresh look for each of many comments.
    fair = FAIR_LOOK * max(0.0, 1 - passed / LOOKS) * 0.5**earlier
    score = 1 - (1 - share) * (1 - fair)
    if root.featured:
        score = 1 - (1 - score) / 2
    heard = one + other
    # A touch is taken off, so that sums that differ by how they were added round alike. Figures are
    # kept as finely as anybody is told, so that they need not be written anew each time.
    return Rank(
        round(score * STEPS - TOUCH),
        round(heard, 1),
        round(heard + passed),
        round(share, 2),
        round(min(first, second) / max(first, second), 1),
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
        for one in chain.from_iterable(respects.values()):
            first[one.voice] = min(first.get(one.voice, one.at), one.at)
            last[one.voice] = max(last.get(one.voice, one.at), one.at)
        self._last = last
        self._weights = self._weigh(first)
        ordered = sorted((at, self._weights[voice]) for voice, at in last.items())
        self._times = [at for at, _ in ordered]
        self._after = [(0.0, 0.0)]
        for _, (one_side, other) in reversed(ordered):
            sums = self._after[-1]
            self._after.append((sums[0] + one_side, sums[1] + other))
        self._after.reverse()

    def respect_of(self, voices: Sequence[Respect]) -> tuple[float, float]:
        """Return how much each side respects a comment, bursts taken off."""
        given = [(one.at, self._halves(one.voice)) for one in voices]
        one, other = (_damp([(at, halves[side]) for at, halves in given]) for side in (0, 1))
        return sum(one.values()), sum(other.values())

    def others(self, root: Root, voices: Sequence[Respect], *, gave: float) -> tuple[float, float]:
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

    def _weigh(self, first: Mapping[Voice, datetime]) -> dict[Voice, tuple[float, float]]:
        """Say how much of a reader each voice is, on each side.

        Whoever comes in a burst is less of one: otherwise a hundred who push one comment would
        pass for a hundred whom all the others left cold.
        """
        halves = {voice: self._halves(voice) for voice in first}
        sums, kept = [], []
        for side in (0, 1):
            given = [(at, halves[voice][side]) for voice, at in first.items()]
            sums.append(_by_stretch(given))
            kept.append(_damp(given, until_then=True))
        return {
            voice: tuple(  # type: ignore[misc]
                halves[voice][side] * kept[side][_stretch(at)] / (sums[side][_stretch(at)] or 1.0)
                for side in (0, 1)
            )
            for voice, at in first.items()
        }

    def _halves(self, voice: Voice) -> tuple[float, float]:
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


def _stretch(at: datetime) -> int:
    return int(at.timestamp()) // (60 * BURST)


def _by_stretch(given: Iterable[tuple[datetime, float]]) -> dict[int, float]:
    sums: dict[int, float] = defaultdict(float)
    for at, weight in given:
        sums[_stretch(at)] += weight
    return sums


def _damp(given: Sequence[tuple[datetime, float]], *, until_then: bool = False) -> dict[int, float]:
    """Return how much remains of each stretch of time when bursts count as one voice.

    What many readers think comes over a while. What comes within minutes and is not borne out by
    the half hours before and after (``until_then``: by the hour before) was agreed upon. The
    stretches next to one bear out nothing, because a burst may lie across the line between two.
    """
    sums = _by_stretch(given)
    loudest: dict[int, float] = defaultdict(float)
    for at, weight in given:
        loudest[_stretch(at)] = max(loudest[_stretch(at)], weight)
    stretches = sorted(sums)
    up_to = [0.0]
    for stretch in stretches:
        up_to.append(up_to[-1] + sums[stretch])

    def between(first: int, last: int) -> float:
        return up_to[bisect_right(stretches, last)] - up_to[bisect_left(stretches, first)]

    kept = {}
    for one in stretches:
        if until_then:
            around = between(one - 2 * AROUND + 1, one - 2)
        else:
            around = between(one - AROUND, one - 2) + between(one + 2, one + AROUND)
        kept[one] = min(sums[one], loudest[one] + PACE * around / (2 * (AROUND - 1)))
    return kept


def _earlier_by_author(roots: Sequence[Root]) -> dict[CommentId, int]:
    """Say for each root how many of its author's stand before it in time."""
    seen: dict[ReaderId, int] = defaultdict(int)
    found = {}
    for root in sorted(roots, key=lambda one: (one.at, one.id)):
        found[root.id] = seen[root.author_id]
        seen[root.author_id] += 1
    return found
