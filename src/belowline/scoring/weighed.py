"""What every scorer answers, and which passages of a text it shows for a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Protocol

from belowline.core.folding import locate
from belowline.core.terms import Passage
from belowline.scoring.attributes import Attribute
from belowline.scoring.features import Parts
from belowline.scoring.model import Calibration

MOST_PASSAGES = 8
SHARE_SHOWN = 0.6
"""Passages are given until they carry so much of all that speaks for a score."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a text came to."""

    parts: Parts
    scores: Mapping[Attribute, float]
    """Probabilities from 0 to 1."""
    by_sentence: tuple[Mapping[Attribute, float], ...]
    """The same for each sentence by itself, in the order of ``parts.sentences``."""


class Model(Protocol):
    """What is known of any model."""

    @property
    def version(self) -> str:
        """Its name and number."""
        ...

    @property
    def attributes(self) -> Mapping[Attribute, object]:
        """What it scores."""
        ...


class Scorer(Protocol):
    """Scores texts with one model."""

    @property
    def model(self) -> Model:
        """What it scores with."""
        ...

    def score(self, text: str) -> Weighed:
        """Return the probability of each attribute that the model knows."""
        ...

    def logits(self, text: str) -> Mapping[Attribute, tuple[float, float]]:
        """Return what the whole text weighs, and its worst sentence, before any calibration."""
        ...

    def passages(self, text: str, weighed: Weighed, attribute: Attribute) -> tuple[Passage, ...]:
        """Return the passages of the text that speak most for an attribute, in their order."""
        ...


def probability(fitted: Calibration, whole: float, worst: float) -> float:
    """Return what the weight of a text and of its worst sentence come to."""
    logit = fitted.whole * whole + fitted.worst * worst + fitted.bias
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))


def best_passages(text: str, folded: str, gains: Mapping[Span, float]) -> tuple[Passage, ...]:
    """Return the passages that carry most, given what each stretch of the folded text gives."""
    wanted = SHARE_SHOWN * sum(gain for gain in gains.values() if gain > 0)
    spans: list[Span] = []
    for span, gain in sorted(gains.items(), key=lambda pair: -pair[1]):
        if gain <= 0 or wanted <= 0 or len(spans) == MOST_PASSAGES:
            break
        spans.append(span)
        wanted -= gain
    return locate(text, _joined(sorted(spans), folded))


def _joined(spans: Sequence[Span], folded: str) -> list[Span]:
    """Join spans with nothing but one sign between them."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start - joined[-1][1] <= 1 and "\n" not in folded[joined[-1][1] : start]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
