"""How well a model does on what it was not taught, with what chance alone could make of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from belowline.scoring.attributes import Attribute
from belowline.scoring.weighed import Scorer
from training.sources import Example

RESAMPLES = 500
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure and the 95 % interval that resampling gives it."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Tell all three."""
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def auc(scores: Floats, labels: NDArray[np.bool_]) -> float:
    """Return the share of pairs of a yes and a no that the scores put in the right order.

    Ties count half (Mann and Whitney, 1947). Not a number if one side is empty.
    """
    yes = int(labels.sum())
    no = len(labels) - yes
    if not yes or not no:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    ranks = (ends - (counts - 1) / 2)[inverse]
    return float((ranks[labels].sum() - yes * (yes + 1) / 2) / (yes * no))


def with_interval(
    scores: Floats, labels: NDArray[np.bool_], groups: Sequence[str], *, seed: int = 0
) -> Measured:
    """Return the AUC and its interval, whole groups drawn again and again."""
    found = [auc(scores[rows], labels[rows]) for rows in _draws(groups, seed)]
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return Measured(auc(scores, labels), float(low), float(high))


def gain(
    before: Floats, after: Floats, *, labels: NDArray[np.bool_], groups: Sequence[str]
) -> Measured:
    """Return by how much the AUC is higher after, both measured on the same rows of each draw."""
    found = [
        auc(after[rows], labels[rows]) - auc(before[rows], labels[rows])
        for rows in _draws(groups, seed=0)
    ]
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return Measured(auc(after, labels) - auc(before, labels), float(low), float(high))


def _draws(groups: Sequence[str], seed: int) -> Iterator[NDArray[np.int64]]:
    chance = np.random.default_rng(seed)
    _, numbers = np.unique(np.array(groups), return_inverse=True)
    members = [np.flatnonzero(numbers == one) for one in range(numbers.max() + 1)]
    for _ in range(RESAMPLES):
        drawn = chance.integers(len(members), size=len(members))
        yield np.concatenate([members[one] for one in drawn])


def calibration_error(scores: Floats, shares: Floats, *, bins: int = 10) -> float:
    """Return how far probabilities are from what happens, on average over ten bins of them."""
    at = np.minimum((scores * bins).astype(int), bins - 1)
    gap = 0.0
    for one in range(bins):
        inside = at == one
        if inside.any():
            gap += float(inside.sum()) * abs(float(scores[inside].mean() - shares[inside].mean()))
    return gap / len(scores)


def score_all(scorer: Scorer, texts: Sequence[str]) -> dict[Attribute, Floats]:
    """Return the scores of all texts, by attribute."""
    weighed = [scorer.score(text).scores for text in texts]
    return {
        attribute: np.array([one[attribute] for one in weighed])
        for attribute in scorer.model.attributes
    }


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one collection that were asked about one attribute."""

    name: str
    attribute: Attribute
    rows: NDArray[np.int64]
    shares: Floats
    groups: tuple[str, ...]

    @property
    def labels(self) -> NDArray[np.bool_]:
        """Whether at least half of the people said yes."""
        return self.shares >= 0.5


def parts(examples: Sequence[Example]) -> Iterator[Part]:
    """Give every part that has enough of both sides to measure."""
    for name in [*sorted({family(one.source) for one in examples}), "all of them"]:
        for attribute in sorted({attribute for one in examples for attribute in one.shares}):
            rows = np.array(
                [
                    number
                    for number, one in enumerate(examples)
                    if name in {family(one.source), "all of them"} and attribute in one.shares
                ],
                dtype=np.int64,
            )
            shares = np.array([examples[number].shares[attribute] for number in rows])
            yes = int((shares >= 0.5).sum())
            if len(rows) >= 30 and min(yes, len(rows) - yes) >= 5:
                groups = tuple(examples[number].group for number in rows)
                yield Part(name, attribute, rows, shares, groups)


def family(source: str) -> str:
    """Return a collection's name without the part of it."""
    return source.partition("-")[0]
