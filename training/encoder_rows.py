"""Examples as the encoder is taught from them: tokens, shares, and whose bias each has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from belowline.core.folding import locate
from belowline.scoring.attributes import Attribute
from belowline.scoring.reading import Token, read
from belowline.scoring.wordpiece import Cutter
from training.fit import base_of
from training.sources import Example

ATTRIBUTES = tuple(Attribute)
Floats = NDArray[np.float32]
Marks = Mapping[str, Floats]
"""By text the share of people who marked each of its letters."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows side by side."""

    tokens: torch.Tensor
    mask: torch.Tensor
    shares: torch.Tensor
    weights: torch.Tensor
    families: torch.Tensor
    marks: torch.Tensor | None
    """What share of people marked each token, where anybody was asked."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Examples by their first windows."""

    tokens: list[NDArray[np.int32]]
    marks: list[Floats | None]
    shares: Floats
    weights: NDArray[np.float64]
    families: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def batch(self, places: NDArray[np.int64]) -> Batch:
        """Return some rows side by side, the short ones filled up."""
        longest = int(self.lengths[places].max())
        tokens = np.zeros((len(places), longest), dtype=np.int64)
        mask = np.zeros((len(places), longest), dtype=bool)
        marks = np.full((len(places), longest), np.nan, dtype=np.float32)
        for at, place in enumerate(places):
            length = self.lengths[place]
            tokens[at, :length] = self.tokens[place]
            mask[at, :length] = True
            told = self.marks[place]
            if told is not None:
                marks[at, :length] = told
        return Batch(
            torch.from_numpy(tokens),
            torch.from_numpy(mask),
            torch.from_numpy(self.shares[places]),
            torch.from_numpy(np.maximum(self.weights[places], 0.5).astype(np.float32)),
            torch.from_numpy(self.families[places]),
            torch.from_numpy(marks) if not np.isnan(marks).all() else None,
        )

    def first_biases(self) -> Floats:
        """Return for each family and attribute the logit of how many said yes."""
        count = int(self.families.max()) + 1
        biases = np.zeros((count, len(ATTRIBUTES)), dtype=np.float32)
        for family in range(count):
            told = self.shares[self.families == family]
            asked = ~np.isnan(told)
            mean = (np.nansum(told, axis=0) + 0.5) / (asked.sum(axis=0) + 1)
            biases[family] = np.log(mean / (1 - mean))
        return biases


def make_rows(
    examples: Sequence[Example],
    cutter: Cutter,
    *,
    ends: tuple[int, int],
    marks: Marks | None = None,
) -> Rows:
    """Return examples as rows; a text that is longer than a window is known by its first."""
    tokens, told = [], []
    for example in examples:
        windows = read(example.text, cutter).windows
        first = windows[0] if windows else ()
        tokens.append(np.array([ends[0], *(one.number for one in first), ends[1]], dtype=np.int32))
        letters = (marks or {}).get(example.text)
        told.append(_marked(example.text, first, letters) if letters is not None else None)
    shares = [[one.shares.get(attribute, np.nan) for attribute in ATTRIBUTES] for one in examples]
    names = sorted({base_of(one) for one in examples})
    families = [names.index(base_of(one)) for one in examples]
    return Rows(
        tokens,
        told,
        np.array(shares, dtype=np.float32),
        np.array([one.weight for one in examples]),
        np.array(families),
        np.array([len(one) for one in tokens]),
    )


def _marked(text: str, window: Sequence[Token], letters: Floats) -> Floats:
    """Return what share of people marked each token of a window, its ends not asked for."""
    places = locate(text, [(one.start, one.end) for one in window])
    shares = [float(letters[one.start : one.end].mean()) for one in places]
    return np.array([np.nan, *shares, np.nan], dtype=np.float32)
