"""``python -m training.card``: how good the shipped models are, on what they were not taught.

    python -m training.card --data ../shared/data/toxicity [--write]

With ``--write`` the tables go into the model card, docs/reference/model-card.md.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from belowline.scoring.attributes import Attribute
from belowline.scoring.linear import LinearScorer
from belowline.scoring.model import FOLDER, read_model
from training import evaluate, reliability, sources
from training.prepare import TEST, Prepared, prepare
from training.sources import Example

CARD = Path(__file__).parents[1] / "docs" / "reference" / "model-card.md"
BEGIN, END = "<!-- figures: make evaluate writes them -->", "<!-- end of figures -->"
READ = {"en": sources.english, "de": sources.german}
LEAST = 40
"""Phrases that name a group before a figure is given for it."""


def main() -> None:
    """Measure, print, and write if that is asked for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--models", type=Path, default=FOLDER)
    arguments.add_argument("--write", action="store_true")
    asked = arguments.parse_args()
    if not asked.data.is_dir():
        sys.exit(f"There is no data at {asked.data}.")
    lines: list[str] = []
    for language, read in READ.items():
        path = asked.models / f"linear-{language}.bin"
        scorer = LinearScorer(read_model(path))
        prepared = prepare(sources.with_rules(read(asked.data), language=language))
        lines += _told(scorer, prepared, path, write=asked.write)
    print("\n".join(lines))
    if asked.write:
        before, _, rest = CARD.read_text().partition(BEGIN)
        after = rest.partition(END)[2]
        CARD.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{after}")


def _told(scorer: LinearScorer, prepared: Prepared, path: Path, *, write: bool) -> list[str]:
    test = prepared.sides[TEST]
    scores = evaluate.score_all(scorer, [one.text for one in test])
    if write:
        reliability.write(path, scorer.model.version, test=test, scores=scores)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    count = ", ".join(f"{len(side):,} to {name}" for name, side in prepared.sides.items())
    lines = [
        f"### {scorer.model.version}",
        "",
        f"{path.stat().st_size:,} bytes, SHA-256 `{digest[:16]}…`.",
        f"Examples: {count}.",
        f"Dropped as the same: {prepared.same:,}. Kept beside one like them: {prepared.alike:,}.",
        "",
        "| collection | attribute | examples | AUC (95 % interval) | calibration error |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {attribute} | {number:,} | {measured} | {error:.3f} |"
        for name, attribute, number, measured, error in evaluate.by_source(test, scores)
    ]
    lines += ["", *_groups(test, scores[Attribute.TOXICITY])]
    return lines


def _groups(test: Sequence[Example], scores: evaluate.Floats) -> list[str]:
    """Tell how well good and bad phrases are told apart for each group of people."""
    at = [number for number, one in enumerate(test) if one.source == "phrases"]
    names = [test[number].text.rstrip(".").split()[-1] for number in at]
    found = []
    for name, count in sorted(Counter(names).items()):
        here = [number for number, said in zip(at, names, strict=True) if said == name]
        labels = np.array([test[number].shares[Attribute.TOXICITY] > 0.5 for number in here])
        if count >= LEAST and labels.any() and not labels.all():
            found.append(f"{name} {evaluate.auc(scores[here], labels):.3f}")
    if not found:
        return []
    return [f"Groups of people that it was never taught about, AUC: {', '.join(found)}.", ""]


if __name__ == "__main__":
    main()
