"""``python -m training.card``: how good the shipped models are, on what they were not taught.

    python -m training.card --data ../shared/data/toxicity [--write]

With ``--write`` the tables go into the model card, docs/reference/model-card.md, and the figures of
each score beside its model. English is scored
by both models, and what one has on the other is measured on the same rows.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from belowline.scoring.attributes import Attribute
from belowline.scoring.encoder import EncoderScorer
from belowline.scoring.encoder_model import read_encoder
from belowline.scoring.linear import LinearScorer
from belowline.scoring.model import FOLDER, read_model
from belowline.scoring.weighed import Scorer
from training import card_file, evaluate, reliability, sources, statements
from training.prepare import TEST, Prepared, prepare
from training.sources import Example

READ = {"en": sources.english, "de": sources.german}
LEAST = 40
"""Phrases that name a group before a figure is given for it."""
FIGURES = "figures: make evaluate writes them"
TOXIC, IDENTITY = Attribute.TOXICITY, Attribute.IDENTITY_ATTACK


@dataclass(frozen=True, slots=True)
class Judged:
    """A model, and what it says of the test side."""

    name: str
    path: Path
    scores: Mapping[Attribute, evaluate.Floats]


def main() -> None:
    """Measure, print, and write if that is asked for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--models", type=Path, default=FOLDER)
    arguments.add_argument("--before", type=Path, help="A folder of models to compare with.")
    arguments.add_argument("--languages", nargs="*", default=sorted(READ, reverse=True))
    arguments.add_argument("--write", action="store_true")
    asked = arguments.parse_args()
    if not asked.data.is_dir():
        sys.exit(f"There is no data at {asked.data}.")
    lines: list[str] = []
    for language in sorted(asked.languages, reverse=True):
        read = READ[language]
        prepared = prepare(sources.with_rules(read(asked.data), language=language))
        paths = [asked.models / f"linear-{language}.bin", asked.models / f"encoder-{language}.bin"]
        if asked.before:
            paths = [asked.before / paths[0].name, paths[0]]
        here = [path for path in paths if path.exists()]
        lines += _told(here, prepared, write=asked.write)
    print("\n".join(lines))
    if asked.write:
        card_file.write(FIGURES, lines)


def _scorer(path: Path) -> Scorer:
    if path.name.startswith("encoder"):
        return EncoderScorer(read_encoder(path))
    return LinearScorer(read_model(path))


def _told(paths: Sequence[Path], prepared: Prepared, *, write: bool) -> list[str]:
    test = prepared.sides[TEST]
    texts = [one.text for one in test]
    judged = []
    for path in paths:
        scorer = _scorer(path)
        scores = evaluate.score_all(scorer, texts)
        judged.append(Judged(scorer.model.version, path, scores))
        if write:
            reliability.write(path, scorer.model.version, test=test, scores=scores)
    count = ", ".join(f"{len(side):,} to {name}" for name, side in prepared.sides.items())
    lines = [f"### {' and '.join(one.name for one in judged)}", ""]
    for one in judged:
        content = one.path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        lines.append(f"{one.name}: {len(content):,} bytes, SHA-256 `{digest[:16]}…`.")
    lines += [
        f"Examples: {count}.",
        f"Dropped as the same: {prepared.same:,}. Kept beside one like them: {prepared.alike:,}.",
        "",
        *_table(test, judged),
        "",
        *_groups(test, judged),
        *_kinds(test, judged),
    ]
    return lines


def _table(test: Sequence[Example], judged: Sequence[Judged]) -> list[str]:
    names = [one.name for one in judged]
    more = [f"gain of {names[1]}"] if len(judged) > 1 else []
    columns = [*names, *more, "calibration error"]
    lines = [
        f"| collection | attribute | examples | {' | '.join(columns)} |",
        "|---|---|---|" + "---|" * len(columns),
    ]
    for part in evaluate.parts(test):
        if any(part.attribute not in one.scores for one in judged):
            continue
        scores = [one.scores[part.attribute][part.rows] for one in judged]
        told = [str(evaluate.with_interval(one, part.labels, part.groups)) for one in scores]
        if len(scores) > 1:
            found = evaluate.gain(*scores, labels=part.labels, groups=part.groups)
            told.append(f"{found.value:+.3f} ({found.low:+.3f} to {found.high:+.3f})")
        errors = [f"{evaluate.calibration_error(one, part.shares):.3f}" for one in scores]
        row = [part.name, part.attribute, f"{len(part.rows):,}", *told, ", ".join(errors)]
        lines.append(f"| {' | '.join(row)} |")
    return lines


def _groups(test: Sequence[Example], judged: Sequence[Judged]) -> list[str]:
    """Tell how well good and bad are told apart for each group that was never taught about."""
    phrases = {
        number: one.text.rstrip(".").split()[-1]
        for number, one in enumerate(test)
        if one.source == "phrases"
    }
    unheard = {
        number: name
        for number, one in enumerate(test)
        if one.source.startswith("statements")
        for name in statements.UNHEARD_STEMS
        if name.lower() in one.text.lower()
    }
    lines = []
    for what, named in (("phrases", phrases), ("made-up statements", unheard)):
        counts = Counter(named.values())
        for one in judged:
            found = {}
            for name, count in sorted(counts.items()):
                here = [number for number, said in named.items() if said == name]
                labels = np.array([test[number].shares[TOXIC] > 0.5 for number in here])
                if count >= (LEAST if what == "phrases" else 15) and 3 < labels.sum() < count - 3:
                    found[name] = evaluate.auc(one.scores[TOXIC][here], labels)
            if found:
                told = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
                lines += [
                    f"Groups of people never taught about, in {what}, {one.name}: {told}.",
                    "",
                ]
    return lines


def _kinds(test: Sequence[Example], judged: Sequence[Judged]) -> list[str]:
    """Tell for each kind of made-up statement how many are on the right side of a half."""
    kinds: dict[str, list[int]] = {}
    for number, one in enumerate(test):
        if one.source.startswith("statements"):
            kinds.setdefault(one.source.partition("-")[2], []).append(number)
    if not kinds:
        return []
    lines = [
        "Made-up statements that were kept out, on the right side of 0.5 for `identity_attack`:",
        "",
        f"| kind | hateful | statements | {' | '.join(one.name for one in judged)} |",
        "|---|---|---|" + "---|" * len(judged),
    ]
    everything = [number for here in kinds.values() for number in here]
    for kind, here in [*sorted(kinds.items()), ("all of them", everything)]:
        known = [number for number in here if IDENTITY in test[number].shares]
        labels = np.array([test[number].shares[IDENTITY] >= 0.5 for number in known])
        right = [f"{((one.scores[IDENTITY][known] >= 0.5) == labels).mean():.2f}" for one in judged]
        hateful = "both" if kind == "all of them" else "yes" if labels.all() else "no"
        lines.append(f"| {kind} | {hateful} | {len(known):,} | {' | '.join(right)} |")
    return [*lines, ""]


if __name__ == "__main__":
    main()
