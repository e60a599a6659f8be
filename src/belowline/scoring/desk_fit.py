"""Making a site's layer from what its desk decided, and saying honestly whether it is better.

One way of counting, no drawing of lots that matters: the same decisions give the same layer, and
decisions that are gone have left nothing. First the model's logits are weighed for this site
(logistic regression, drawn to what the model says by itself). Then each word gets what the
decisions on texts with it were above that, as one step of Newton's method with a ridge. Last, both
are weighed against each other on words that were counted without the text at hand.

Whether the layer is better is judged on authors whose decisions it was not made from: authors are
dealt into folds, each fold is judged by a layer made from the others, and the interval of the gain
comes from drawing authors anew (bootstrap; Efron and Tibshirani 1993, chapter 13).
"""

from __future__ import annotations

import math
import random
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

from belowline.scoring.desk import PLACES, Layer, probability, weigh

FOLDS = 5
LEAST_OF_EACH = 30
"""Decisions that a layer needs, of removals and of what stayed."""
LEAST_AUTHORS = 20
LEAST_WRITERS = 3
"""Different authors who used a word before it counts."""
RIDGE = 20.0
"""Holds what each logit counts for near what it does in the model: 1 for its own, 0 for others."""
WORDS_RIDGE = 4.0
LEVEL_RIDGE = 0.1
WORD_RIDGE = 0.4
DRAWS = 200
ROUNDS = 25
NEAR = 1e-5
"""A step of the regression below which it is done."""
HALF = 0.5

Breathe = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """A text that was decided on, without the text."""

    author: str
    """Whoever wrote it; texts of one author are on one side of every split."""
    models: tuple[float, ...]
    """The model's logits, the attribute's own first."""
    places: frozenset[int]
    removed: float
    """1 if it was removed for this, 0 if it stayed, between them where two people disagreed."""
    weight: float
    """What it counts for: less the older it is, more where it stands for others like it."""
    by_person: bool = True
    """Whether a person decided; the others only nobody objected to."""

    @property
    def model(self) -> float:
        """The model's own logit."""
        return self.models[0]


@dataclass(frozen=True, slots=True)
class Gain:
    """How well pairs of a removed text and another are put in order, as shares from 0 to 1."""

    model: float
    layer: float
    least: float
    most: float
    """The gain's 95 % interval."""
    removed: int
    stayed: int

    @property
    def is_better(self) -> bool:
        """Whether the layer beats the model beyond what chance would do."""
        return self.least > 0


def has_enough(rows: Sequence[Judged]) -> bool:
    """Say whether there are decisions enough to make and to judge a layer."""
    decided = [row for row in rows if row.by_person]
    removed = sum(row.removed > HALF for row in decided)
    stayed = sum(row.removed < HALF for row in decided)
    authors = len({row.author for row in decided})
    return min(removed, stayed) >= LEAST_OF_EACH and authors >= LEAST_AUTHORS


def fit(
    rows: Sequence[Judged], *, names: tuple[str, ...], breathe: Breathe = lambda: None
) -> Layer:
    """Return the layer that these decisions make; ``names`` are those of the logits."""
    rows = sorted(rows, key=_in_order)
    by_fold = _fold(rows)
    own = (1.0, *(0.0 for _ in names[1:]))
    ridge = (RIDGE,) * len(names)
    level = _regress(
        [(*row.models, 1.0) for row in rows], rows, (*own, 0.0), (*ridge, LEVEL_RIDGE), breathe
    )
    counted = [_count([rows[at] for at in fold], level) for fold in by_fold]
    apart = [0.0] * len(rows)
    for number, fold in enumerate(by_fold):
        weights = _weights([one for at, one in enumerate(counted) if at != number])
        for at in fold:
            apart[at] = weigh(weights, rows[at].places)
        breathe()
    *logits, words, bias = _regress(
        [(*row.models, words, 1.0) for row, words in zip(rows, apart, strict=True)],
        rows,
        (*level[:-1], 0.0, level[-1]),
        (*ridge, WORDS_RIDGE, LEVEL_RIDGE),
        breathe,
    )
    # Words that speak the wrong way round on texts they were not counted from say nothing.
    return Layer(names, tuple(logits), max(words, 0.0), bias, _weights(counted))


def judge(rows: Sequence[Judged], *, breathe: Breathe = lambda: None) -> Gain:
    """Return how much better a layer made from other authors does, on people's decisions."""
    rows = sorted(rows, key=_in_order)
    logits: dict[int, float] = {}
    for fold in _fold(rows):
        held = set(fold)
        others = [row for at, row in enumerate(rows) if at not in held]
        layer = fit(others, names=("",) * len(rows[0].models), breathe=breathe)
        logits |= {at: layer.logit(rows[at].models, rows[at].places) for at in fold}
    at_hand = [at for at in range(len(rows)) if rows[at].by_person and rows[at].removed != HALF]
    return compare(
        [rows[at] for at in at_hand],
        [logits[at] for at in at_hand],
        # Each fold's layer has a level of its own, so only texts of one fold are compared.
        group_of=_fold_of,
        breathe=breathe,
    )


def compare(
    rows: Sequence[Judged],
    logits: Sequence[float],
    *,
    group_of: Callable[[str], int] = lambda _: 0,
    breathe: Breathe = lambda: None,
) -> Gain:
    """Return how logits put decided texts in order beside the model's own, in groups of authors."""
    labels, models = [row.removed > HALF for row in rows], [row.model for row in rows]
    of_author: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        of_author[row.author].append(at)
    everyone = sorted(of_author)
    lots = random.Random(1)  # noqa: S311 - an interval, not a secret

    def shares(authors: Sequence[str]) -> tuple[float, float]:
        groups: dict[int, list[int]] = defaultdict(list)
        for one in authors:
            groups[group_of(one)] += of_author[one]
        told = [[labels[at] for at in group] for group in groups.values()]
        model, layer = (
            order_share([[scores[at] for at in group] for group in groups.values()], told)
            for scores in (models, logits)
        )
        return model, layer

    gains = []
    for _ in range(DRAWS):
        model, layer = shares(lots.choices(everyone, k=len(everyone)))
        gains.append(layer - model)
        breathe()
    gains.sort()
    model, layer = shares(everyone)
    least, most = gains[int(DRAWS * 0.025)], gains[int(DRAWS * 0.975) - 1]
    return Gain(model, layer, least, most, sum(labels), len(labels) - sum(labels))


def order_share(scores: Sequence[Sequence[float]], labels: Sequence[Sequence[bool]]) -> float:
    """Return the share of pairs in the right order, ties as half (the area under the ROC curve).

    Pairs are those within each of the groups that are given. Where there are none it is a half.
    """
    pairs, right = 0, 0.0
    for group, told in zip(scores, labels, strict=True):
        positive = sum(told)
        pairs += positive * (len(told) - positive)
        found = Counter(group)
        hits = Counter(score for score, label in zip(group, told, strict=True) if label)
        below = 0
        for score in sorted(found):
            stayed = found[score] - hits[score]
            right += hits[score] * (below + stayed / 2)
            below += stayed
    return right / pairs if pairs else HALF


_Counted = tuple[dict[int, float], dict[int, float], dict[int, set[str]]]
"""By place: decisions above what was expected, how much they could tell, who wrote the word."""


def _in_order(row: Judged) -> tuple[str, float, tuple[float, ...], list[int]]:
    return row.author, row.removed, row.models, sorted(row.places)


def _fold(rows: Sequence[Judged]) -> list[list[int]]:
    """Deal authors into folds, each author whole."""
    folds: list[list[int]] = [[] for _ in range(FOLDS)]
    for at, row in enumerate(rows):
        folds[_fold_of(row.author)].append(at)
    return folds


def _fold_of(author: str) -> int:
    return crc32(author.encode()) % FOLDS


def _count(rows: Sequence[Judged], level: tuple[float, ...]) -> _Counted:
    above: dict[int, float] = defaultdict(float)
    told: dict[int, float] = defaultdict(float)
    writers: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        expected = probability(math.fsum(map(float.__mul__, level, row.models)) + level[-1])
        share = 1 / math.sqrt(len(row.places) or 1)
        over = row.weight * (row.removed - expected) * share
        tells = row.weight * expected * (1 - expected) * share * share
        for place in row.places:
            above[place] += over
            told[place] += tells
            if len(writers[place]) < LEAST_WRITERS:
                writers[place].add(row.author)
    return above, told, writers


def _weights(counted: Sequence[_Counted]) -> array[float]:
    weights = array("f", bytes(4 * PLACES))
    above: dict[int, float] = defaultdict(float)
    told: dict[int, float] = defaultdict(float)
    writers: dict[int, set[str]] = defaultdict(set)
    for one in counted:
        for place, value in one[0].items():
            above[place] += value
            told[place] += one[1][place]
            writers[place] |= one[2][place]
    for place, value in above.items():
        if len(writers[place]) >= LEAST_WRITERS:
            weights[place] = value / (told[place] + WORD_RIDGE)
    return weights


def _regress(
    given: Sequence[tuple[float, ...]],
    rows: Sequence[Judged],
    start: tuple[float, ...],
    ridge: tuple[float, ...],
    breathe: Breathe,
) -> tuple[float, ...]:
    """Return the coefficients of a weighted logistic regression, drawn to ``start``."""
    found = list(start)
    size = range(len(start))
    for _ in range(ROUNDS):
        slope = [pull * (began - now) for pull, began, now in zip(ridge, start, found, strict=True)]
        bend = [[ridge[row] * (row == column) for column in range(row + 1)] for row in size]
        for values, row in zip(given, rows, strict=True):
            expected = probability(sum(map(float.__mul__, found, values)))
            over = row.weight * (row.removed - expected)
            tells = row.weight * expected * (1 - expected)
            for one, value in enumerate(values):
                slope[one] += over * value
                line, share = bend[one], tells * value
                for other in range(one + 1):
                    line[other] += share * values[other]
        breathe()
        step = _solve(bend, slope)
        found = [now + max(-2.0, min(2.0, by)) for now, by in zip(found, step, strict=True)]
        if max(map(abs, step)) < NEAR:
            break
    return tuple(found)


def _solve(lower: list[list[float]], right: list[float]) -> list[float]:
    """Solve for a symmetric positive matrix, of which the lower half is given (Cholesky)."""
    size = len(right)
    root = [[0.0] * size for _ in range(size)]
    for row in range(size):
        for column in range(row + 1):
            rest = lower[row][column] - sum(map(float.__mul__, root[row], root[column]))
            root[row][column] = math.sqrt(rest) if row == column else rest / root[column][column]
    middle = [0.0] * size
    for row in range(size):
        known = sum(map(float.__mul__, root[row], middle))
        middle[row] = (right[row] - known) / root[row][row]
    found = [0.0] * size
    for row in reversed(range(size)):
        known = sum(root[below][row] * found[below] for below in range(row + 1, size))
        found[row] = (middle[row] - known) / root[row][row]
    return found
