"""A text as an encoder reads it: folded, undisguised, without what it quotes, in windows of tokens.

What is quoted of somebody else's is left out, unless there is nothing else. A disguised word stands
there as what it can be read as if that is a word that the encoder knows. Each token knows where it
stands in the folded text. The same code serves teaching and scoring, and ``VERSION`` says which.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from belowline.scoring.features import QUOTE, Parts, take_apart
from belowline.scoring.wordpiece import Cutter

VERSION = 1
WINDOW = 128
"""Tokens that are read at once, a beginning and an end included."""
MOST_TOKENS = 4096
"""Tokens of a text that are read at all."""
LINK = "link"
"""What is read for an address."""
START, END = "[CLS]", "[SEP]"
_LINK = re.compile(r"https?://\S+|www\.\S+")
_QUOTED = re.compile(r"(?m)^[ \t]*>.*$")


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and where it stands in the folded text."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Read:
    """A text as it is read."""

    parts: Parts
    windows: tuple[tuple[Token, ...], ...]
    """Whole sentences together where they fit."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of what is read, and the stretch of the folded text that it stands for."""

    text: str
    start: int
    end: int


def read(text: str, cutter: Cutter) -> Read:
    """Return a text's tokens in windows."""
    parts = take_apart(text)
    stretches = _stretches(parts, cutter)
    begins = [0, *accumulate(len(stretch.text) for stretch in stretches)]
    cut = cutter.cut("".join(stretch.text for stretch in stretches))
    tokens = []
    for number, start, end in islice(cut, MOST_TOKENS):
        at = bisect_right(begins, start) - 1
        stretch, before = stretches[at], begins[at]
        if len(stretch.text) == stretch.end - stretch.start:
            tokens.append(
                Token(number, stretch.start + start - before, stretch.start + end - before)
            )
        else:
            # What stands for another word stands where that word does.
            tokens.append(Token(number, stretch.start, stretch.end))
    return Read(parts, tuple(_windows(tokens, parts)))


def _stretches(parts: Parts, cutter: Cutter) -> list[_Stretch]:
    """Return the folded text with disguises and addresses replaced and quotes left out."""
    folded = parts.folded
    instead = [
        (word.start, word.end, word.text)
        for word in parts.readings
        if word.text in cutter and folded[word.start : word.end] not in cutter
    ]
    if "://" in folded or "www." in folded:
        instead += [(*found.span(), LINK) for found in _LINK.finditer(folded)]
    # Whoever says nothing of their own says what they quote.
    if any(not word.text.startswith(QUOTE) for word in parts.words):
        instead += [(*found.span(), "") for found in _QUOTED.finditer(folded)]
    stretches, done = [], 0
    for start, end, text in sorted(instead, key=lambda one: (one[0], -one[1])):
        if start < done:
            continue
        stretches += [_Stretch(folded[done:start], done, start), _Stretch(text, start, end)]
        done = end
    return [
        stretch
        for stretch in [*stretches, _Stretch(folded[done:], done, len(folded))]
        if stretch.text
    ]


def _windows(tokens: Sequence[Token], parts: Parts) -> Iterator[tuple[Token, ...]]:
    """Give the tokens in windows, a sentence on both sides only where it is longer than one."""
    starts = [start for start, _ in parts.sentences]
    room = WINDOW - 2
    held: list[Token] = []
    sentence: list[Token] = []
    before = -1
    for token in [*tokens, None]:
        number = bisect_right(starts, token.start) - 1 if token else -2
        if (number != before or len(sentence) == room) and sentence:
            if len(held) + len(sentence) > room:
                yield tuple(held)
                held = []
            held += sentence
            sentence = []
        before = number
        if token:
            sentence.append(token)
    if held:
        yield tuple(held)
