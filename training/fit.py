"""Fitting a linear model: naive Bayes weights corrected by logistic regression, then made bytes.

Source of the recipe: S. Wang and C. Manning, "Baselines and Bigrams", 2012, with shares in place
of yes and no. Each feature's log ratio of how often it stands in what people said yes to and what
they did not is its prior; the regression scales it, so that rare words start from evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
import scipy.optimize
import scipy.sparse as sp
from numpy.typing import NDArray

from belowline.scoring.attributes import Attribute
from belowline.scoring.features import (
    feature_of_mark,
    feature_of_pair,
    features_of,
    take_apart,
)
from belowline.scoring.linear import LinearScorer
from belowline.scoring.model import ZERO, Calibration, Learnt, LinearModel
from training.sources import Example

SMOOTHING = 1.0
ONE_SIDED = {"encyclopedia": "wiki", "spam": "wiki", "spam-de": "germeval"}
"""Collections in which everybody would say the same, and whose bias each has: one of its own would
explain it all."""
STATEMENTS_COUNT = 0.5
UNASKED = {Attribute.INSULT, Attribute.SEVERE_TOXICITY}
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen, and was by comparing on the tuning side."""

    bits: int = 19
    """The table has two to the power of these rows."""
    penalty: float = 1.0
    rounds: int = 40
    widest: float = 99.995
    """Percentile of the weights beyond which they are cut to fit into a byte."""


def matrix(
    texts: Sequence[str], *, mask: int, letters: bool = True, pairs: bool = True
) -> sp.csr_matrix:
    """Return a row for each text, each feature's count over the root of how many there are.

    Letters in a row, and pairs of words, can be left out to see what they are worth.
    """
    known = lru_cache(200_000)(features_of)
    places: list[NDArray[np.int32]] = []
    ends = [0]
    for text in texts:
        parts = take_apart(text)
        words = [word.text for word in parts.words]
        found = [feature_of_mark(mark, mask) for mark in parts.marks]
        for word in dict.fromkeys([*words, *(word.text for word in parts.readings)]):
            found += known(word, mask) if letters else known(word, mask)[:1]
        if pairs:
            found += [feature_of_pair(*pair, mask) for pair in dict.fromkeys(pairwise(words))]
        places.append(np.array(found, dtype=np.int32))
        ends.append(ends[-1] + len(found))
    counts = np.diff(ends)
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    made = sp.csr_matrix(
        (values, np.concatenate(places), np.array(ends)), shape=(len(texts), mask + 1)
    )
    made.sum_duplicates()
    return made


def fit(
    examples: Sequence[Example],
    rows: sp.csr_matrix,
    attributes: Sequence[Attribute],
    choices: Choices,
) -> dict[Attribute, tuple[Floats, float]]:
    """Return for each attribute the weight of each feature and the bias."""
    return {attribute: _fit_one(examples, rows, attribute, choices) for attribute in attributes}


def _fit_one(
    examples: Sequence[Example], rows: sp.csr_matrix, attribute: Attribute, choices: Choices
) -> tuple[Floats, float]:
    asked = [number for number, one in enumerate(examples) if attribute in one.shares]
    shares = np.array([examples[number].shares[attribute] for number in asked])
    weights = np.array([examples[number].weight for number in asked])
    part = rows[asked]
    names, places = np.unique([base_of(examples[number]) for number in asked], return_inverse=True)
    # How much of a collection is toxic was its collectors' choice. Each has a bias of its own, so
    # that no word is learnt to be toxic for sounding like where toxic texts were looked for.
    own = sp.csr_matrix(
        (np.ones(len(asked)), (np.arange(len(asked)), places)), shape=(len(asked), len(names))
    )
    yes = part.T @ (weights * shares) + SMOOTHING * 0.05
    no = part.T @ (weights * (1 - shares)) + SMOOTHING * 0.05
    prior = np.log((yes / yes.sum()) / (no / no.sum()))
    scaled = (part @ sp.diags(prior.astype(np.float32))).tocsr()
    turned = scaled.T.tocsr()

    def loss(point: Floats) -> tuple[float, Floats]:
        slopes, biases = point[:size], point[size:]
        logits = scaled @ slopes + biases[places]
        cost = weights * (np.logaddexp(0, logits) - shares * logits)
        gap = weights * (1 / (1 + np.exp(-logits)) - shares)
        total = cost.sum() + 0.5 * choices.penalty * slopes @ slopes
        slope = turned @ gap + choices.penalty * slopes
        return float(total), np.concatenate([slope, own.T @ gap])

    size = rows.shape[1]
    start = np.zeros(size + len(names))
    found = scipy.optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": choices.rounds}
    )
    return found.x[:size] * prior, float(np.mean(found.x[size:]))


def for_a_sum(examples: Sequence[Example]) -> list[Example]:
    """Return examples as a linear model can bear them: made-up statements count little.

    A sum cannot tell hatred denied from hatred. With half a weight, and with their answers on
    insults and on severe toxicity, the statements cost more on real comments than they gave.
    """
    return [
        replace(
            one,
            weight=one.weight * STATEMENTS_COUNT,
            shares={name: share for name, share in one.shares.items() if name not in UNASKED},
        )
        if one.source.startswith("statements")
        else one
        for one in examples
    ]


def base_of(example: Example) -> str:
    """Return whose bias an example shares: one-sided collections have none of their own."""
    return ONE_SIDED.get(example.source) or example.source.partition("-")[0]


def make_bytes(
    fitted: dict[Attribute, tuple[Floats, float]],
    choices: Choices,
    *,
    version: str,
    language: str,
) -> LinearModel:
    """Return a model with each weight rounded to a byte, not calibrated yet."""
    columns, attributes = [], {}
    for attribute, (weights, bias) in fitted.items():
        widest = float(np.percentile(np.abs(weights), choices.widest)) or 1.0
        scale = widest / (ZERO - 1)
        steps = np.clip(np.rint(weights / scale), 1 - ZERO, ZERO - 1)
        columns.append((steps + ZERO).astype(np.uint8))
        attributes[attribute] = Learnt(scale, bias, Calibration(1.0, 0.0, 0.0))
    table = np.stack(columns, axis=1)
    mask = len(table) - 1
    return LinearModel(version, language, mask, attributes, table.tobytes())


def calibrate(model: LinearModel, examples: Sequence[Example]) -> LinearModel:
    """Fit how the whole text and its worst sentence make a probability, on the tuning side."""
    fitted = calibrations(LinearScorer(model).logits, examples, list(model.attributes))
    attributes = {
        attribute: replace(learnt, calibration=fitted[attribute])
        for attribute, learnt in model.attributes.items()
    }
    return replace(model, attributes=attributes)


def calibrations(
    logits_of: Callable[[str], Mapping[Attribute, tuple[float, float]]],
    examples: Sequence[Example],
    attributes: Sequence[Attribute],
) -> dict[Attribute, Calibration]:
    """Return for each attribute what makes probabilities of what a scorer weighs."""
    logits = [logits_of(example.text) for example in examples]
    fitted = {}
    for attribute in attributes:
        asked = [number for number, one in enumerate(examples) if attribute in one.shares]
        shares = np.array([examples[number].shares[attribute] for number in asked])
        weights = np.array([examples[number].weight for number in asked])
        two = np.array([logits[number][attribute] for number in asked])
        fitted[attribute] = _platt(two, shares, weights)
    return fitted


def _platt(two: Floats, shares: Floats, weights: Floats) -> Calibration:
    """Fit three numbers, none of them turning a weight round."""

    def loss(point: Floats) -> tuple[float, Floats]:
        logits = two @ point[:2] + point[2]
        cost = weights * (np.logaddexp(0, logits) - shares * logits)
        gap = weights * (1 / (1 + np.exp(-logits)) - shares)
        return float(cost.sum()), np.append(two.T @ gap, gap.sum())

    found = scipy.optimize.minimize(
        loss,
        np.array([1.0, 0.0, 0.0]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, None), (0, None), (None, None)],
    )
    whole, worst, bias = (float(number) for number in found.x)
    return Calibration(whole, worst, bias)
