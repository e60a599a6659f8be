from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from belowline.scoring.attributes import Attribute
from belowline.scoring.reliability import find_reliability
from training.reliability import LEAST, measure, write
from training.sources import Example

TOXIC = Attribute.TOXICITY


def example(share: float, number: int) -> Example:
    return Example(f"Text {number}.", {TOXIC: share}, "made", str(number))


def test_what_is_written_beside_a_model_is_read_as_its_own(tmp_path: Path) -> None:
    chance = np.random.default_rng(2)
    said = chance.random(600)
    test = [example(float(chance.random() < one), number) for number, one in enumerate(said)]
    model = tmp_path / "linear-xx.bin"
    model.write_bytes(b"a model")

    write(model, "linear-xx-1", test=test, scores={TOXIC: said})

    found = find_reliability(model)
    assert found is not None
    told = found.attributes[TOXIC]
    assert found.model == "linear-xx-1"
    assert told.examples == 600
    assert 0.7 < told.least < told.pairs < told.most < 0.95
    assert not told.by_rule
    near = told.near(0.8)
    assert near is not None
    assert near.score == 0.8
    assert near.share == pytest.approx(0.8, abs=0.15)
    assert json.loads((tmp_path / "linear-xx.reliability.json").read_text("utf-8"))["sha256"]


def test_too_few_are_not_told() -> None:
    test = [example(number % 2, number) for number in range(40)]
    said = np.linspace(0, 0.5, 40)

    (told,) = measure(test, {TOXIC: said}).values()

    assert told["said"] == []
    assert measure(test[: LEAST - 1], {TOXIC: said[: LEAST - 1]}) == {}
