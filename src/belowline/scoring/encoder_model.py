"""A trained encoder as a file: what it is and its vocabulary in JSON, then its net in ONNX.

The file names its own digest, so that a broken one is found when it is opened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from belowline.core.errors import Unavailable
from belowline.scoring import reading
from belowline.scoring.attributes import Attribute
from belowline.scoring.model import Calibration

_MAGIC = b"belowline encoder\n"


@dataclass(frozen=True, slots=True)
class EncoderModel:
    """A trained encoder."""

    version: str
    language: str
    attributes: Mapping[Attribute, Calibration]
    """In the order in which the net tells them."""
    vocabulary: tuple[str, ...]
    net: bytes
    """An ONNX model: ``tokens`` go in, ``gates`` and ``values`` of each token come out."""


def read_encoder(path: Path) -> EncoderModel:
    """Read an encoder.

    Raises:
        Unavailable: it is not there, or broken, or made for another way of reading.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unavailable(f"The model {path.name} cannot be read.", code="no_model") from error
    try:
        return _unpack(content)
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"The model {path.name} is broken: {error}.", code="no_model") from error


def pack_encoder(model: EncoderModel) -> bytes:
    """Return an encoder as the bytes of its file."""
    head = {
        "version": model.version,
        "language": model.language,
        "reading": reading.VERSION,
        "sha256": _digest(model.vocabulary, model.net),
        "attributes": {name.value: asdict(fitted) for name, fitted in model.attributes.items()},
        "vocabulary": model.vocabulary,
    }
    return _MAGIC + json.dumps(head).encode() + b"\n" + model.net


def _unpack(content: bytes) -> EncoderModel:
    if not content.startswith(_MAGIC):
        raise ValueError("it does not begin as one")
    end = content.index(b"\n", len(_MAGIC))
    head: dict[str, Any] = json.loads(content[len(_MAGIC) : end])
    net = content[end + 1 :]
    if head["reading"] != reading.VERSION:
        raise ValueError(f"it is for reading {head['reading']}, not {reading.VERSION}")
    vocabulary = tuple(head["vocabulary"])
    if _digest(vocabulary, net) != head["sha256"]:
        raise ValueError("its net is not the one that was written")
    attributes = {Attribute(name): Calibration(**told) for name, told in head["attributes"].items()}
    return EncoderModel(head["version"], head["language"], attributes, vocabulary, net)


def _digest(vocabulary: tuple[str, ...], net: bytes) -> str:
    return hashlib.sha256("\n".join(vocabulary).encode() + net).hexdigest()
