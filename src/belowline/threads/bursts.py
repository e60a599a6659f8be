"""How much counts of what comes all at once: a crowd is heard, a plot is one voice. Pure.

What many readers think comes over a while, or it comes while many are there. Where within minutes
more respect one comment than the half hours around bear out, and more than the readers who were
there for other comments lead one to expect, it was agreed upon.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from belowline.core.terms import CommentId
from belowline.threads.voices import Voice

BURST = 5
"""Minutes within which many voices at once may be one."""
AROUND = 6
"""Such stretches before and after one, half an hour each way, with which it is compared."""
PACE = 3.0
"""How many times the pace of the time around it a stretch may have before it is a burst."""
CROWD = 0.5
"""How much of what a crowd leads one to expect is believed. Not all of it, because accounts that
push one comment can respect others as well, and pass for a crowd."""
USUAL, KNOWN = 0.1, 10.0
"""What part of those who are there is expected to respect a comment of which nothing is known, and
how many of them that guess outweighs."""

Halves = tuple[float, float]
"""How much of something there is on each side."""


def stretch_of(at: datetime) -> int:
    """Return the stretch of ``BURST`` minutes that a time lies in."""
    return int(at.timestamp()) // (60 * BURST)


def by_stretch(given: Iterable[tuple[datetime, float]]) -> dict[int, float]:
    """Return what is given in each stretch."""
    sums: dict[int, float] = defaultdict(float)
    for at, weight in given:
        sums[stretch_of(at)] += weight
    return sums


def damp(
    given: Sequence[tuple[datetime, float]], *, expected: Callable[[int], float] | None = None
) -> dict[int, float]:
    """Return how much remains of each stretch of time when bursts count as one voice.

    A stretch is borne out by the half hours before and after, or by what was ``expected`` in it.
    Without that, only by the hour before. The stretches next to one bear out nothing, because a
    burst may lie across the line between two.
    """
    sums = by_stretch(given)
    loudest: dict[int, float] = defaultdict(float)
    for at, weight in given:
        loudest[stretch_of(at)] = max(loudest[stretch_of(at)], weight)
    so_far = _Sums(sums)
    kept = {}
    for one in sums:
        if expected is None:
            around = so_far.between(one - 2 * AROUND + 1, one - 2)
        else:
            around = so_far.between(one - AROUND, one - 2) + so_far.between(one + 2, one + AROUND)
        borne_out = PACE * around / (2 * (AROUND - 1))
        if expected is not None and sums[one] > loudest[one] + borne_out:
            borne_out = max(borne_out, CROWD * expected(one))
        kept[one] = min(sums[one], loudest[one] + borne_out)
    return kept


class Company:
    """Who was there at the same time for other comments of the thread.

    Whoever pushes a single comment brings no company for it.
    """

    def __init__(
        self,
        given: Iterable[tuple[CommentId, Voice, datetime]],
        *,
        halves: Callable[[Voice], Halves],
        weights: Mapping[Voice, Halves],
    ) -> None:
        """Take what was ``given`` in the thread, and how much of a reader each voice is."""
        only: dict[tuple[int, Voice], CommentId | None] = {}
        first: dict[Voice, datetime] = {}
        last: dict[Voice, datetime] = {}
        for comment, voice, at in given:
            here = stretch_of(at), voice
            if only.setdefault(here, comment) != comment:
                only[here] = None
            first[voice] = min(first.get(voice, at), at)
            last[voice] = max(last.get(voice, at), at)
        self._there: dict[int, Halves] = defaultdict(lambda: (0.0, 0.0))
        self._for_one: dict[tuple[int, CommentId], Halves] = defaultdict(lambda: (0.0, 0.0))
        # In an order, so that what is told in another one adds up alike.
        for (stretch, voice), single in sorted(only.items(), key=lambda one: one[0]):
            self._there[stretch] = _plus(self._there[stretch], halves(voice))
            if single is not None:
                for_it = self._for_one[stretch, single]
                self._for_one[stretch, single] = _plus(for_it, halves(voice))
        self._weights = {voice: sum(both) for voice, both in weights.items()}
        self._came = _Sums(by_stretch((at, self._weights[one]) for one, at in first.items()))
        self._left = _Sums(by_stretch((at, self._weights[one]) for one, at in last.items()))

    def expected(
        self, comment: CommentId, given: Sequence[tuple[Voice, datetime]], *, since: datetime
    ) -> Callable[[int], Halves]:
        """Return how much respect for a comment each stretch leads one to expect, from each side.

        Of those who are there for other comments that is the part of all who were heard since the
        comment was there that respects it (``given`` says which voice did when). Whoever came in
        the stretch itself or next to it says nothing of that.
        """
        own = _Sums(by_stretch((at, self._weights[voice]) for voice, at in given))
        written = stretch_of(since)

        def in_stretch(stretch: int) -> Halves:
            before, after = max(written, stretch - 1), stretch + 1
            respected = own.all - own.between(before, after) + KNOWN * USUAL
            heard = self._left.since(written) - self._came.between(before, after) + KNOWN
            part = min(1.0, respected / heard)
            for_it = self._for_one.get((stretch, comment), (0.0, 0.0))
            one, other = self._there[stretch]
            return part * (one - for_it[0]), part * (other - for_it[1])

        return in_stretch


class _Sums:
    """What lies between two stretches."""

    def __init__(self, sums: Mapping[int, float]) -> None:
        self._stretches = sorted(sums)
        self._up_to = [0.0]
        for stretch in self._stretches:
            self._up_to.append(self._up_to[-1] + sums[stretch])

    def between(self, first: int, last: int) -> float:
        """Return the sum from one stretch to another one, both included."""
        to, since = bisect_right(self._stretches, last), bisect_left(self._stretches, first)
        return self._up_to[to] - self._up_to[since]

    @property
    def all(self) -> float:
        """Return the sum of everything."""
        return self._up_to[-1]

    def since(self, first: int) -> float:
        """Return the sum from a stretch on."""
        return self.all - self._up_to[bisect_left(self._stretches, first)]


def _plus(one: Halves, other: Halves) -> Halves:
    return one[0] + other[0], one[1] + other[1]
