"""What a site's own decisions add to a score: words that this desk removes for, or lets stand.

A layer lies on a model's probabilities. It weighs them anew, since one desk lets swearing stand
that goes for nobody and another does not; and it knows words, hashed, that the model judges
otherwise. No word counts that fewer than three authors used, so that nobody's habit, and nobody's
name, becomes a rule. Pure: ``desk_fit`` makes layers, ``desk_store`` keeps them.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from belowline.core.folding import locate
from belowline.core.terms import Passage
from belowline.outside.classifier import ClassifierAnswer
from belowline.scoring.features import Word, take_apart

PLACES = 8192
"""Places in a layer's table of words."""
MOST_WORDS = 400
"""Different words of one text that are looked at."""
LOUD = 0.35
"""A word is marked in the text from this much on that it adds, in logits."""
LEAST_MARKED = 0.5
"""Words are marked from this probability on."""
MOST_MARKED = 8
FURTHEST = 7.0
"""Logits; nothing here is surer than 999 of 1,000."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What a site's decisions add to one attribute."""

    names: tuple[str, ...]
    """Whose logits it looks at, the attribute's own first."""
    logits: tuple[float, ...]
    """What each of them counts for."""
    words: float
    """What the sum of the words' weights counts for."""
    bias: float
    weights: array[float]
    """By place."""

    def logit(self, models: Sequence[float], places: frozenset[int]) -> float:
        """Return the logit for a text with these words, to which the model gives these logits."""
        told = math.fsum(map(float.__mul__, self.logits, models))
        return told + self.words * weigh(self.weights, places) + self.bias


def adjust(layers: Mapping[str, Layer], text: str, answer: ClassifierAnswer) -> ClassifierAnswer:
    """Return a model's answer as the site's own decisions would have it."""
    known = [
        name
        for name in answer.attributes
        if name in layers and answer.attributes.keys() >= {*layers[name].names}
    ]
    if not known:
        return answer
    words = list(_words(text))
    places = frozenset(place_of(word.text) for word in words)
    logits = {name: logit_of(score) for name, score in answer.attributes.items()}
    scores = dict(answer.attributes)
    passages = {*answer.passages}
    for name in known:
        layer = layers[name]
        scores[name] = probability(layer.logit([logits[one] for one in layer.names], places))
        if scores[name] >= LEAST_MARKED:
            passages.update(_loud(text, words, layer, len(places)))
    shown = sorted(passages, key=lambda one: (one.start, one.end))[:MOST_MARKED]
    return replace(answer, attributes=scores, passages=tuple(shown), from_desk=frozenset(known))


def places_of(text: str) -> frozenset[int]:
    """Return where a text's words stand in the table."""
    return frozenset(place_of(word.text) for word in _words(text))


def place_of(word: str) -> int:
    """Return where a word stands in the table."""
    return crc32(word.encode()) % PLACES


def weigh(weights: array[float], places: frozenset[int]) -> float:
    """Return what words weigh together: their sum over the root of their number."""
    if not places:
        return 0.0
    return math.fsum(weights[place] for place in places) / math.sqrt(len(places))


def probability(logit: float) -> float:
    """Return a logit as a probability, never quite sure."""
    return 1 / (1 + math.exp(-max(-FURTHEST, min(FURTHEST, logit))))


def logit_of(score: float) -> float:
    """Return a probability as a logit, never infinite."""
    least = probability(-FURTHEST)
    bounded = max(least, min(1 - least, score))
    return math.log(bounded / (1 - bounded))


def _words(text: str) -> Iterator[Word]:
    """Give each different word once, what disguised ones can be read as too."""
    parts = take_apart(text)
    seen: set[str] = set()
    for word in (*parts.words, *parts.readings):
        # Signs alone are the model's matter.
        if word.text not in seen and any(map(str.isalnum, word.text)):
            seen.add(word.text)
            yield word
        if len(seen) == MOST_WORDS:
            return


def _loud(text: str, words: list[Word], layer: Layer, count: int) -> tuple[Passage, ...]:
    """Return the words that add much, where they first stand."""
    share = layer.words / math.sqrt(count)
    spans = [
        (word.start, word.end)
        for word in words
        if layer.weights[place_of(word.text)] * share >= LOUD
    ]
    return locate(text, spans[:MOST_MARKED])
