"""Making a site's layer from what its desk decided, and saying honestly whether it is better.

One way of counting, no drawing of lots that matters: the same decisions give the same layer, and
decisions that are gone have left nothing. First the model's logit is set to the site's level
(logistic regression on one number). Then each word gets what the decisions on texts with it were
above that, as one step of Newton's method with a ridge. Last, both are weighed against each other
on words that were counted without the text at hand.

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
RIDGE = 4.0
WORD_RIDGE = 0.4
DRAWS = 200
ROUNDS = 25
HALF = 0.5

Breathe = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """A text that was decided on, without the text."""

    author: str
    """Whoever wrote it; texts of one author are on one side of every split."""
    model: float
    """The model's logit."""
    places: frozenset[int]
    removed: float
    """1 if it was removed for this, 0 if it stayed, between them where two people disagreed."""
    weight: float
    """What it counts for: less the older it is, more where it stands for others like it."""
    by_person: bool = True
    """Whether a person decided; the others only nobody objected to."""


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


def fit(rows: Sequence[Judged], *, breathe: Breathe = lambda: None) -> Layer:
    """Return the layer that these decisions make."""
    rows = sorted(rows, key=_in_order)
    by_fold = _fold(rows)
    level = _regress([(row.model, 1.0) for row in rows], rows, start=(1.0, 0.0))
    counted = [_count([rows[at] for at in fold], level) for fold in by_fold]
    apart = [0.0] * len(rows)
    for number, fold in enumerate(by_fold):
        weights = _weights([one for at, one in enumerate(counted) if at != number])
        for at in fold:
            apart[at] = weigh(weights, rows[at].places)
        breathe()
    given = [(row.model, words, 1.0) for row, words in zip(rows, apart, strict=True)]
    whole, words, bias = _regress(given, rows, start=(level[0], 0.0, level[1]))
    # Words that speak the wrong way round on texts they were not counted from say nothing.
    return Layer(whole, max(words, 0.0), bias, _weights(counted))


def judge(rows: Sequence[Judged], *, breathe: Breathe = lambda: None) -> Gain:
    """Return how much better a layer made from other authors does, on people's decisions."""
    rows = sorted(rows, key=_in_order)
    logits: dict[int, float] = {}
    for fold in _fold(rows):
        held = set(fold)
        layer = fit([row for at, row in enumerate(rows) if at not in held], breathe=breathe)
        logits |= {at: layer.logit(rows[at].model, rows[at].places) for at in fold}
    at_hand = [at for at in range(len(rows)) if rows[at].by_person and rows[at].removed != HALF]
    return compare([rows[at] for at in at_hand], [logits[at] for at in at_hand], breathe=breathe)


def compare(
    rows: Sequence[Judged], logits: Sequence[float], *, breathe: Breathe = lambda: None
) -> Gain:
    """Return how logits put decided texts in order beside the model's own."""
    labels = [row.removed > HALF for row in rows]
    of_author: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        of_author[row.author].append(at)
    everyone = sorted(of_author)
    lots = random.Random(1)  # noqa: S311 - an interval, not a secret
    gains = []
    for _ in range(DRAWS):
        drawn = [at for one in lots.choices(everyone, k=len(everyone)) for at in of_author[one]]
        chosen = [labels[at] for at in drawn]
        model = order_share([rows[at].model for at in drawn], chosen)
        gains.append(order_share([logits[at] for at in drawn], chosen) - model)
        breathe()
    gains.sort()
    return Gain(
        order_share([row.model for row in rows], labels),
        order_share(logits, labels),
        gains[int(DRAWS * 0.025)],
        gains[int(DRAWS * 0.975) - 1],
        sum(labels),
        len(labels) - sum(labels),
    )


def order_share(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Return the share of pairs in the right order, ties as half (the area under the ROC curve).

    Where there are no pairs it is a half.
    """
    positive = sum(labels)
    pairs = positive * (len(labels) - positive)
    if not pairs:
        return HALF
    found = Counter(scores)
    hits = Counter(score for score, label in zip(scores, labels, strict=True) if label)
    below, right = 0, 0.0
    for score in sorted(found):
        stayed = found[score] - hits[score]
        right += hits[score] * (below + stayed / 2)
        below += stayed
    return right / pairs


_Counted = tuple[dict[int, float], dict[int, float], dict[int, set[str]]]
"""By place: decisions above what was expected, how much they could tell, who wrote the word."""


def _in_order(row: Judged) -> tuple[str, float, float, list[int]]:
    return row.author, row.removed, row.model, sorted(row.places)


def _fold(rows: Sequence[Judged]) -> list[list[int]]:
    """Deal authors into folds, each author whole."""
    folds: list[list[int]] = [[] for _ in range(FOLDS)]
    for at, row in enumerate(rows):
        folds[crc32(row.author.encode()) % FOLDS].append(at)
    return folds


def _count(rows: Sequence[Judged], level: tuple[float, ...]) -> _Counted:
    above: dict[int, float] = defaultdict(float)
    told: dict[int, float] = defaultdict(float)
    writers: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        expected = probability(level[0] * row.model + level[1])
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
    given: Sequence[tuple[float, ...]], rows: Sequence[Judged], *, start: tuple[float, ...]
) -> tuple[float, ...]:
    """Return the coefficients of a weighted logistic regression, drawn a little to ``start``."""
    found = list(start)
    size = len(start)
    for _ in range(ROUNDS):
        slope = [RIDGE * (began - now) for began, now in zip(start, found, strict=True)]
        bend = [[RIDGE * (row == column) for column in range(size)] for row in range(size)]
        for values, row in zip(given, rows, strict=True):
            logit = sum(map(float.__mul__, found, values))
            expected = probability(logit)
            over, tells = row.weight * (row.removed - expected), row.weight * expected
            tells *= 1 - expected
            for one in range(size):
                slope[one] += over * values[one]
                for other in range(one + 1):
                    bend[one][other] += tells * values[one] * values[other]
        step = _solve(bend, slope)
        found = [now + max(-2.0, min(2.0, by)) for now, by in zip(found, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
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
