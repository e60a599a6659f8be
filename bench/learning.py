"""What a desk's decisions add to the scores, and how long that takes: ``python -m bench.learning``.

News comments that raters had found doubtful and others judged again stand for a desk: what most of
these others found toxic was removed. None of them was taught to the model. Each is an author's own,
so nothing is known of anybody from another comment of theirs; a real desk has it easier.

    python -m bench.learning [--data ../shared/data/toxicity]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from belowline.scoring.attributes import Attribute
from belowline.scoring.desk import logit_of, places_of
from belowline.scoring.desk_fit import Judged, fit, has_enough, judge
from belowline.scoring.linear import LinearScorer
from belowline.scoring.model import FOLDER, read_model
from training import sources
from training.prepare import TEST, TUNE, prepare

SIZES = (100, 200, 400, 800, 1600, 3000)
HALF = 0.5


def main() -> None:
    """Print a line for each number of decisions."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=Path("../shared/data/toxicity"))
    folder = arguments.parse_args().data
    if not folder.is_dir():
        sys.exit(f"There is no data at {folder}.")
    scorer = LinearScorer(read_model(FOLDER / "linear-en.bin"))
    sides = prepare(sources.with_rules(sources.english(folder), language="en")).sides
    comments = [one for one in (*sides[TUNE], *sides[TEST]) if one.source == "civil"]
    random.Random(1).shuffle(comments)
    for attribute in (Attribute.TOXICITY, Attribute.INSULT):
        names = (attribute, *(one for one in scorer.model.attributes if one is not attribute))
        rows = []
        for number, one in enumerate(comments):
            scores = scorer.score(one.text).scores
            models = tuple(logit_of(scores[name]) for name in names)
            removed = float(one.shares[attribute] >= HALF)
            rows.append(Judged(f"r{number}", models, places_of(one.text), removed, 1.0))
        for size in SIZES:
            _tell(attribute, rows[:size])


def _tell(attribute: Attribute, rows: list[Judged]) -> None:
    if not has_enough(rows):
        return
    began = time.process_time()
    gain = judge(rows)
    fit(rows, names=("",) * len(rows[0].models))
    took = time.process_time() - began
    print(
        f"{attribute:10} {len(rows):5,} decisions, {gain.removed:5,} removed:"
        f" model {gain.model:.3f}, with the desk {gain.layer:.3f},"
        f" gain {gain.least:+.3f} to {gain.most:+.3f},"
        f" {'in use' if gain.is_better else 'not in use'}, {took:.2f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
