"""Which readers usually agree: two sides, found in what they respect and nothing else. Pure.

The readers of one reckoning are laid on a line so that those who respect the same comments lie
together. Which end is which means nothing, and what the sides think is not known here. The result
lives as long as the reckoning; nothing of it is kept with a reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import sqrt

from belowline.core.terms import CommentId, StoryId
from belowline.threads.voices import Voice

FEWEST_GIVEN = 5
"""Comments that somebody must have respected before a side can be told."""
FEWEST_GOT = 2
"""Readers who must have respected a comment before it can tell sides apart."""
FEWEST_READERS = 20
"""With fewer who can be told, everybody counts half on each side."""
AT_ONE_TIME = 300
"""Respects in a row, under one story, whose readers are taken to have had the same choice."""
ROUNDS = 60

Time = tuple[StoryId, int]
"""A stretch of one thread's life."""


@dataclass(frozen=True, slots=True, order=True)
class Given:
    """A respect that somebody gave, under this story or another one of the site."""

    story_id: StoryId
    at: datetime
    voice: Voice
    comment_id: CommentId


def find_sides(given: Iterable[Given]) -> dict[Voice, float]:
    """Return how far each voice is on the first of two sides, from 0 to 1.

    Voices of which too little is known are left out. The line is the leading axis of who respects
    what beyond what is expected (modularity, as M. J. Barber has it for two kinds of nodes, Phys.
    Rev. E 76, 2007), found by power iteration. Expected is what others respected in the same
    thread at the same time: otherwise the line would only tell who came early and who came late.
    """
    rows = _enough(_by_voice(given))
    if len(rows) < FEWEST_READERS:
        return {}
    table = _Table(rows)
    # Any start will do that is not the same for all; this one is the same every time.
    line = [((7919 * place) % 1009) / 1009 - 0.5 for place in range(len(rows))]
    for _ in range(ROUNDS):
        line = table.there_and_back(line)
        length = sqrt(sum(one * one for one in line))
        if length < 1e-12:
            return {}
        line = [one / length for one in line]
    places = table.places(line)
    usual = sorted(abs(one) for one in places)[len(places) // 2]
    if usual == 0.0:
        return {}
    return {
        voice: 0.5 + 0.5 * max(-1.0, min(1.0, place / usual))
        for voice, place in zip(rows, places, strict=True)
    }


def _by_voice(given: Iterable[Given]) -> dict[Voice, dict[CommentId, Time]]:
    """Return what each voice respects, and in which stretch of its thread's life."""
    rows: dict[Voice, dict[CommentId, Time]] = defaultdict(dict)
    seen: dict[StoryId, int] = defaultdict(int)
    for one in sorted(given):
        time = (one.story_id, seen[one.story_id] // AT_ONE_TIME)
        seen[one.story_id] += 1
        rows[one.voice].setdefault(one.comment_id, time)
    return {voice: rows[voice] for voice in sorted(rows)}


def _enough(rows: dict[Voice, dict[CommentId, Time]]) -> dict[Voice, dict[CommentId, Time]]:
    """Leave out, until nothing changes, the voices and comments of which there is too little."""
    while True:
        got: dict[CommentId, int] = defaultdict(int)
        for comment in chain.from_iterable(rows.values()):
            got[comment] += 1
        kept = {
            voice: {comment: time for comment, time in row.items() if got[comment] >= FEWEST_GOT}
            for voice, row in rows.items()
            if len(row) >= FEWEST_GIVEN
        }
        if sum(map(len, kept.values())) == sum(map(len, rows.values())):
            return kept
        rows = kept


class _Table:
    """Who respects what, less what is expected; the very active and very popular are damped."""

    def __init__(self, rows: Mapping[Voice, Mapping[CommentId, Time]]) -> None:
        number: dict[CommentId, int] = {}
        for comment in chain.from_iterable(rows.values()):
            number.setdefault(comment, len(number))
        self._rows = [[number[comment] for comment in row] for row in rows.values()]
        gave: dict[Time, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        got: dict[Time, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        totals = [0.0] * len(number)
        for voice, row in enumerate(rows.values()):
            for comment, time in row.items():
                gave[time][voice] += 1.0
                got[time][number[comment]] += 1.0
                totals[number[comment]] += 1.0
        self._times = [
            (list(gave[time].items()), list(got[time].items()), sum(got[time].values()))
            for time in gave
        ]
        self._by_voice = _damped([float(len(row)) for row in self._rows])
        self._by_comment = _damped(totals)

    def there_and_back(self, line: list[float]) -> list[float]:
        """Carry the voices' places over to the comments and back."""
        scaled = self.places(line)
        comments = [0.0] * len(self._by_comment)
        for row, place in zip(self._rows, scaled, strict=True):
            for comment in row:
                comments[comment] += place
        for gave, got, total in self._times:
            usual = sum(number * scaled[voice] for voice, number in gave) / total
            for comment, number in got:
                comments[comment] -= number * usual
        comments = [
            one * scale * scale for one, scale in zip(comments, self._by_comment, strict=True)
        ]
        voices = [sum(comments[comment] for comment in row) for row in self._rows]
        for gave, got, total in self._times:
            usual = sum(number * comments[comment] for comment, number in got) / total
            for voice, number in gave:
                voices[voice] -= number * usual
        return self.places(voices)

    def places(self, line: list[float]) -> list[float]:
        """Return where each voice stands, whatever the number of its respects."""
        return [one * scale for one, scale in zip(line, self._by_voice, strict=True)]


def _damped(counts: list[float]) -> list[float]:
    usual = sum(counts) / len(counts)
    return [1 / sqrt(one + usual) for one in counts]
