"""Weighing a text's parts with a trained linear model: scores, and the passages that carry them.

A weight belongs to a word, its letters or two words side by side, so a text's score is a sum, and
what each word gives to it is known. A sum is divided by the root of how many parts there are, in
the whole text and in each sentence; the worst sentence counts beside the whole, so that an insult
does not drown in a long comment.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import sqrt

from belowline.core.terms import Passage
from belowline.scoring.attributes import Attribute
from belowline.scoring.features import (
    Parts,
    feature_of_mark,
    feature_of_pair,
    features_of,
    take_apart,
)
from belowline.scoring.model import ZERO, Learnt, LinearModel
from belowline.scoring.weighed import Weighed, best_passages, probability

WORDS_KEPT = 8192
"""Words, and pairs of words, that are remembered with what they weigh."""

Sums = tuple[int, ...]
"""What parts weigh together by attribute, and how many they are."""


class LinearScorer:
    """Scores texts with one model. It keeps what words weigh, not what anybody wrote."""

    def __init__(self, model: LinearModel) -> None:
        """Score with this model."""
        self.model = model
        self._width = len(model.attributes)
        self._weigh = lru_cache(WORDS_KEPT)(self._weigh_word)
        self._pair = lru_cache(WORDS_KEPT)(self._find_pair)

    def score(self, text: str) -> Weighed:
        """Return the probability of each attribute that the model knows."""
        parts, whole, sentences = self._sums(text)
        scores: dict[Attribute, float] = {}
        apart: list[dict[Attribute, float]] = [{} for _ in sentences]
        for number, (attribute, learnt) in enumerate(self.model.attributes.items()):
            total = _logit(whole, number, learnt)
            each = [_logit(one, number, learnt) for one in sentences]
            scores[attribute] = probability(learnt.calibration, total, max(each, default=total))
            for told, logit in zip(apart, each, strict=True):
                told[attribute] = probability(learnt.calibration, logit, logit)
        return Weighed(parts, scores, tuple(apart))

    def logits(self, text: str) -> dict[Attribute, tuple[float, float]]:
        """Return what the whole text weighs, and its worst sentence, before any calibration."""
        _, whole, sentences = self._sums(text)
        found: dict[Attribute, tuple[float, float]] = {}
        for number, (attribute, learnt) in enumerate(self.model.attributes.items()):
            total = _logit(whole, number, learnt)
            worst = max((_logit(one, number, learnt) for one in sentences), default=total)
            found[attribute] = (total, worst)
        return found

    def _sums(self, text: str) -> tuple[Parts, Sums, list[Sums]]:
        """Return what the whole text weighs, every part counted once, and each sentence."""
        parts = take_apart(text)
        starts = [start for start, _ in parts.sentences]
        known: list[list[Sums]] = [[] for _ in starts]
        rows: list[list[bytes]] = [[] for _ in starts]
        every_word: dict[str, Sums] = {}
        every_pair: dict[tuple[str, str], bytes] = {}
        before, sentence_before = "", -1
        for word in parts.words:
            sentence = bisect_right(starts, word.start) - 1
            weight = every_word[word.text] = self._weigh(word.text)
            known[sentence].append(weight)
            if sentence_before >= 0:
                row = every_pair[before, word.text] = self._pair(before, word.text)
                if sentence == sentence_before:
                    rows[sentence].append(row)
            before, sentence_before = word.text, sentence
        for word in parts.readings:
            weight = every_word[word.text] = self._weigh(word.text)
            known[bisect_right(starts, word.start) - 1].append(weight)
        marks = [self._row(feature_of_mark(mark, self.model.mask)) for mark in parts.marks]
        whole = self._add([*every_word.values()], [*marks, *every_pair.values()])
        return parts, whole, [self._add(*one) for one in zip(known, rows, strict=True)]

    def passages(self, text: str, weighed: Weighed, attribute: Attribute) -> tuple[Passage, ...]:
        """Return the passages of the text that speak most for an attribute, in their order."""
        at = list(self.model.attributes).index(attribute)
        gains = self._gains(weighed.parts, at)
        return best_passages(text, weighed.parts.folded, gains)

    def _gains(self, parts: Parts, at: int) -> dict[tuple[int, int], float]:
        """Return what the word at each place gives to an attribute, pairs shared by two."""
        gains: dict[tuple[int, int], float] = {}
        for word in (*parts.words, *parts.readings):
            span = (word.start, word.end)
            gains[span] = gains.get(span, 0.0) + self._weigh(word.text)[at]
        for first, second in pairwise(parts.words):
            row = self._pair(first.text, second.text)
            for word in (first, second):
                gains[word.start, word.end] += (row[at] - ZERO) / 2
        return gains

    def _add(self, known: Sequence[Sums], rows: Sequence[bytes]) -> Sums:
        """Add up words that are weighed already and the rows of other parts."""
        sums = [sum(column) for column in zip(*known, strict=True)] or [0] * (self._width + 1)
        if rows:
            less = ZERO * len(rows)
            for at, column in enumerate(zip(*rows, strict=True)):
                sums[at] += sum(column) - less
            sums[-1] += len(rows)
        return tuple(sums)

    def _weigh_word(self, text: str) -> Sums:
        rows = [self._row(place) for place in features_of(text, self.model.mask)]
        less = ZERO * len(rows)
        return (*(sum(column) - less for column in zip(*rows, strict=True)), len(rows))

    def _find_pair(self, first: str, second: str) -> bytes:
        return self._row(feature_of_pair(first, second, self.model.mask))

    def _row(self, place: int) -> bytes:
        return self.model.weights[place * self._width : (place + 1) * self._width]


def _logit(sums: Sums, number: int, learnt: Learnt) -> float:
    return learnt.bias + learnt.scale * sums[number] / sqrt(sums[-1] or 1)
