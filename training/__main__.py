"""``python -m training``: teach a linear model, write it, and tell how well it does.

    python -m training --data ../shared/data/toxicity --language en

What takes long is kept under ``training/out`` and found again, so a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from belowline.scoring.attributes import Attribute
from belowline.scoring.linear import LinearScorer
from belowline.scoring.model import FOLDER, pack
from training import evaluate, fit, sources
from training.prepare import TEST, TRAIN, TUNE, cap, prepare

MOST = {"en": 6000.0, "de": 10_000.0}
NUMBERS = {"en": 2, "de": 2}
"""Which model of each language this teaches; a change of what is taught needs the next."""


def main() -> None:
    """Teach, write and measure."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--language", default="en", choices=sorted(MOST))
    arguments.add_argument("--out", type=Path, default=FOLDER)
    arguments.add_argument("--bits", type=int, default=19)
    arguments.add_argument("--penalty", type=float, default=1.0)
    arguments.add_argument("--rounds", type=int, default=40)
    arguments.add_argument("--attributes", nargs="*")
    asked = arguments.parse_args()
    began = time.monotonic()

    def tell(what: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {what}", flush=True)

    read = {"en": sources.english, "de": sources.german}[asked.language]
    prepared = prepare(sources.with_rules(read(asked.data), language=asked.language))
    sides = prepared.sides
    tell(
        f"{', '.join(f'{name} {len(side):,}' for name, side in sides.items())}; "
        f"{prepared.same:,} the same, {prepared.alike:,} alike"
    )
    choices = fit.Choices(bits=asked.bits, penalty=asked.penalty, rounds=asked.rounds)
    taught = fit.for_a_sum(cap(sides[TRAIN], most=MOST[asked.language]))
    rows = fit.matrix([one.text for one in taught], mask=(1 << choices.bits) - 1)
    tell(f"{rows.nnz:,} features in {rows.shape[0]:,} texts")
    known = {attribute for one in taught for attribute in one.shares}
    wanted = [Attribute(name) for name in asked.attributes or sorted(known)]
    fitted = fit.fit(taught, rows, wanted, choices)
    tell("fitted")
    version = f"linear-{asked.language}-{NUMBERS[asked.language]}"
    model = fit.make_bytes(fitted, choices, version=version, language=asked.language)
    tune = fit.for_a_sum(cap(sides[TUNE], most=MOST[asked.language] / 8))
    model = fit.calibrate(model, tune)
    tell(json.dumps({one: str(learnt.calibration) for one, learnt in model.attributes.items()}))
    asked.out.mkdir(parents=True, exist_ok=True)
    path = asked.out / f"linear-{asked.language}.bin"
    path.write_bytes(pack(model))
    tell(f"written: {path}, {path.stat().st_size:,} bytes")
    test = sides[TEST]
    scores = evaluate.score_all(LinearScorer(model), [one.text for one in test])
    tell("scored")
    for part in evaluate.parts(test):
        if part.attribute not in scores:
            continue
        told = scores[part.attribute][part.rows]
        measured = evaluate.with_interval(told, part.labels, part.groups)
        print(f"{part.name:14} {part.attribute:16} {len(part.rows):6,}  AUC {measured}")


if __name__ == "__main__":
    main()
