"""Telling beside a model's file how reliable each of its scores is, for whoever sets a threshold.

The figures are those of the model card's lines for all collections together, and how many people
said yes where the model said so many of a hundred. ``belowline.scoring.reliability`` reads them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from belowline.scoring.attributes import Attribute
from belowline.scoring.reliability import path_beside
from training import evaluate
from training.sources import Example

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9)
AROUND = 0.05
"""A score is looked at with those that are so near to it."""
LEAST = 20
"""Texts with about this score before anything is said of them."""
RULED = frozenset({Attribute.SPAM, Attribute.CONSTRUCTIVE})
"""Nobody was asked about these; a rule was."""


def write(
    path: Path,
    version: str,
    *,
    test: Sequence[Example],
    scores: Mapping[Attribute, evaluate.Floats],
) -> None:
    """Write the figures of the model at ``path``, which they name by its digest."""
    told = {
        "model": version,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "attributes": dict(measure(test, scores)),
    }
    text = json.dumps(told, indent=1, ensure_ascii=False)
    path_beside(path).write_text(text + "\n", encoding="utf-8")


def measure(
    test: Sequence[Example], scores: Mapping[Attribute, evaluate.Floats]
) -> dict[str, dict[str, Any]]:
    """Return the figures of each attribute that has enough of both sides to measure."""
    found: dict[str, dict[str, Any]] = {}
    for attribute, said in sorted(scores.items()):
        rows = [number for number, one in enumerate(test) if attribute in one.shares]
        shares = np.array([test[number].shares[attribute] for number in rows])
        labels = shares >= 0.5
        yes = int(labels.sum())
        if len(rows) < LEAST or min(yes, len(rows) - yes) < 5:
            continue
        here = said[rows]
        groups = [test[number].group for number in rows]
        pairs = evaluate.with_interval(here, labels, groups)
        found[attribute.value] = {
            "examples": len(rows),
            "yes": yes,
            "by_rule": attribute in RULED,
            "pairs": [round(one, 4) for one in (pairs.value, pairs.low, pairs.high)],
            "error": round(evaluate.calibration_error(here, shares), 4),
            "said": [*_levels(here, shares)],
        }
    return found


def _levels(scores: evaluate.Floats, shares: evaluate.Floats) -> list[tuple[float, float, int]]:
    """Return for each level the share of people who said yes there, and of how many texts."""
    levels = []
    for level in LEVELS:
        near = np.abs(scores - level) <= AROUND
        if near.sum() >= LEAST:
            levels.append((level, round(float(shares[near].mean()), 4), int(near.sum())))
    return levels
