"""``python -m training.ablate``: what each part of the linear model's teaching is worth.

    python -m training.ablate --data ../shared/data/toxicity [--write]

English, and toxicity alone: taught with a part of the examples, without a kind of feature, and
without each collection, and measured on the same rows each time. A whole text is weighed here, and
not its worst sentence, so the figures are near those in the tables and not the same. With
``--write`` the table goes into the model card.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from belowline.scoring.attributes import Attribute
from training import card_file, evaluate, fit, sources
from training.prepare import TEST, TRAIN, cap, prepare
from training.sources import Example

MOST = 6000.0
PARTS = (1 / 8, 1 / 4, 1 / 2)
SHOWN = ("wiki", "civil", "surge", "pairs", "phrases", "statements")
"""The collections that are looked at, those of the test side."""
TOXIC = Attribute.TOXICITY


def main() -> None:
    """Teach again and again, and tell."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--write", action="store_true")
    asked = arguments.parse_args()
    began = time.monotonic()
    prepared = prepare(sources.with_rules(sources.english(asked.data), language="en"))
    taught = [one for one in prepared.sides[TRAIN] if TOXIC in one.shares]
    test = [one for one in prepared.sides[TEST] if TOXIC in one.shares]
    lines = [
        f"| taught with | {' | '.join(SHOWN)} |",
        "|---|" + "---|" * len(SHOWN),
    ]
    for name, told in _variants(taught, test):
        lines.append(f"| {name} | {' | '.join(told)} |")
        print(f"{time.monotonic() - began:6.0f} s  {lines[-1]}", flush=True)
    if asked.write:
        card_file.write("ablations: make ablate writes them", lines)


def _variants(
    taught: Sequence[Example], test: Sequence[Example]
) -> Iterator[tuple[str, list[str]]]:
    """Give what was taught with, and the AUC on each collection that is shown."""
    rows, asked = _matrices(taught, test)
    everything = np.arange(len(taught))
    yield "everything", _measure(taught, rows, asked, test)
    order = np.random.default_rng(1).permutation(len(taught))
    for part in PARTS:
        here = np.sort(order[: int(len(taught) * part)])
        told = _measure([taught[at] for at in here], rows[here], asked, test)
        yield f"one in {round(1 / part)} examples", told
    for name in sorted({evaluate.family(one.source) for one in taught}):
        here = np.array(
            [at for at in everything if evaluate.family(taught[at].source) != name], dtype=np.int64
        )
        told = _measure([taught[at] for at in here], rows[here], asked, test)
        yield f"all but {name}", told
    del rows, asked
    yield "no pairs of words", _measure(taught, *_matrices(taught, test, pairs=False), test)
    yield "no letters in a row", _measure(taught, *_matrices(taught, test, letters=False), test)


def _matrices(
    taught: Sequence[Example], test: Sequence[Example], *, letters: bool = True, pairs: bool = True
) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    mask = (1 << fit.Choices().bits) - 1
    one, other = (
        fit.matrix([one.text for one in side], mask=mask, letters=letters, pairs=pairs)
        for side in (taught, test)
    )
    return one, other


def _measure(
    taught: Sequence[Example], rows: sp.csr_matrix, asked: sp.csr_matrix, test: Sequence[Example]
) -> list[str]:
    fitted = fit.fit(fit.for_a_sum(cap(taught, most=MOST)), rows, [TOXIC], fit.Choices())
    scores = asked @ fitted[TOXIC][0]
    told = []
    for name in SHOWN:
        here = [at for at, one in enumerate(test) if evaluate.family(one.source) == name]
        labels = np.array([test[at].shares[TOXIC] >= 0.5 for at in here])
        told.append(f"{evaluate.auc(scores[here], labels):.3f}")
    return told


if __name__ == "__main__":
    main()
