"""How reliable each score of a model is, as it was measured on texts that were not taught.

The figures lie in a small file beside the model's own and name its digest, so none are told of
another model than the one that is installed. They are read when somebody asks for them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from belowline.core.errors import Unavailable
from belowline.scoring.attributes import Attribute
from belowline.scoring.model import FOLDER


@dataclass(frozen=True, slots=True)
class Said:
    """Texts with about one score: what share of people said yes to them, and how many they are."""

    score: float
    share: float
    texts: int


@dataclass(frozen=True, slots=True)
class Reliable:
    """What was measured about one attribute."""

    examples: int
    yes: int
    """How many of them people found to be so."""
    by_rule: bool
    """Nobody was asked: a rule said yes or no, and the figures tell how well that is followed."""
    pairs: float
    """The share of pairs of a yes and a no that the scores put in the right order."""
    least: float
    most: float
    """Where that lies with 95 of 100 chances."""
    error: float
    """How far scores are from the shares of people, on average."""
    said: tuple[Said, ...]

    def near(self, score: float) -> Said | None:
        """Return what was measured nearest to a score, or None if too few scored high at all."""
        return min(self.said, key=lambda one: abs(one.score - score), default=None)


@dataclass(frozen=True, slots=True)
class Reliability:
    """What was measured about a model."""

    model: str
    attributes: Mapping[Attribute, Reliable]


def path_beside(model: Path) -> Path:
    """Return where the figures of a model lie."""
    return model.with_suffix(".reliability.json")


@lru_cache(maxsize=8)
def find_reliability(model: Path) -> Reliability | None:
    """Return the figures of the model in this file; None if there are none, or of another model.

    Raises:
        Unavailable: they are there and cannot be read.
    """
    path = path_beside(model)
    if not path.exists():
        return None
    try:
        told = json.loads(path.read_bytes())
        found = _read(told)
        is_its_own = told["sha256"] == hashlib.sha256(model.read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"The figures {path.name} cannot be read.", code="no_model") from error
    return found if is_its_own else None


def find_by_version(version: str) -> Reliability | None:
    """Return the figures of a model that comes with Belowline, by its version.

    Raises:
        Unavailable: they are there and cannot be read.
    """
    return find_reliability(FOLDER / f"{version.rpartition('-')[0]}.bin")


def _read(told: Mapping[str, Any]) -> Reliability:
    attributes = {}
    for name, one in told["attributes"].items():
        pairs, least, most = map(float, one["pairs"])
        attributes[Attribute(name)] = Reliable(
            int(one["examples"]),
            int(one["yes"]),
            bool(one["by_rule"]),
            pairs,
            least,
            most,
            float(one["error"]),
            tuple(Said(float(one), float(share), int(n)) for one, share, n in one["said"]),
        )
    return Reliability(str(told["model"]), attributes)
