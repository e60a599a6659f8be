"""A trained linear model as a file: what it is in JSON, then a row of weights for each feature.

A row has a byte for each attribute, 128 meaning nothing. The file names its own digest, so that a
broken one is found when it is opened and not when it has judged wrongly for a month.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from belowline.core.errors import Unavailable
from belowline.scoring import features
from belowline.scoring.attributes import Attribute

FOLDER = Path(__file__).parent / "models"
_MAGIC = b"belowline linear model\n"
ZERO = 128


@dataclass(frozen=True, slots=True)
class Calibration:
    """How what the words weigh becomes a probability, fitted on what was not learnt from."""

    whole: float
    """What the whole text's weight counts for."""
    worst: float
    """What the weight of its worst sentence counts for."""
    bias: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a sum of weights comes to for one attribute."""

    scale: float
    """What a step of a weight is worth."""
    bias: float
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A trained model."""

    version: str
    language: str
    mask: int
    """The number of rows less one; the number is a power of two."""
    attributes: Mapping[Attribute, Learnt]
    """In the order in which they stand in a row."""
    weights: bytes


def read_model(path: Path) -> LinearModel:
    """Read a model.

    Raises:
        Unavailable: it is not there, or broken, or made by another version of the features.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unavailable(f"The model {path.name} cannot be read.", code="no_model") from error
    try:
        return _unpack(content)
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"The model {path.name} is broken: {error}.", code="no_model") from error


def pack(model: LinearModel) -> bytes:
    """Return a model as the bytes of its file."""
    head = {
        "version": model.version,
        "language": model.language,
        "features": features.VERSION,
        "mask": model.mask,
        "sha256": hashlib.sha256(model.weights).hexdigest(),
        "attributes": {name.value: asdict(learnt) for name, learnt in model.attributes.items()},
    }
    return _MAGIC + json.dumps(head).encode() + b"\n" + model.weights


def _unpack(content: bytes) -> LinearModel:
    if not content.startswith(_MAGIC):
        raise ValueError("it does not begin as one")
    end = content.index(b"\n", len(_MAGIC))
    head: dict[str, Any] = json.loads(content[len(_MAGIC) : end])
    weights = content[end + 1 :]
    if head["features"] != features.VERSION:
        raise ValueError(f"it is for features {head['features']}, not {features.VERSION}")
    if hashlib.sha256(weights).hexdigest() != head["sha256"]:
        raise ValueError("its weights are not those that were written")
    attributes = {
        Attribute(name): Learnt(
            float(told["scale"]), float(told["bias"]), Calibration(**told["calibration"])
        )
        for name, told in head["attributes"].items()
    }
    if len(weights) != (head["mask"] + 1) * len(attributes):
        raise ValueError("it has not as many weights as it says")
    return LinearModel(head["version"], head["language"], head["mask"], attributes, weights)
