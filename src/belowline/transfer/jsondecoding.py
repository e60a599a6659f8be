"""One JSON value, decoded more strictly than Python does: no name twice, and no NaN.

Half characters, which JSON can name and no text can hold, are told and replaced.
"""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


class Refused(Exception):
    """What is wrong with a value, raised from inside its decoding, where no line is known."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def has_halves(raw: str) -> bool:
    """Tell whether escapes in a JSON text may name half a character."""
    return _HALF.search(raw) is not None


def without_halves(raw: str) -> str:
    """Return a JSON text with U+FFFD for each half character.

    Programs that cut a text in the middle of an emoji leave such halves behind.
    """
    return _ESCAPE.sub(lambda m: "\\ufffd" if m[2] else m[0], raw)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("duplicate_key", "names something twice in one object")
    return found


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _constant(text)
    return number


def _constant(_: str) -> NoReturn:
    raise Refused("malformed_json", "holds a number that JSON does not have, such as NaN")


DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_constant=_constant)
