"""Cutting words into the pieces that an encoder knows, the longest first.

As BERT does it (J. Devlin and others, 2018; Y. Wu and others, 2016), here in Python: for one
comment at a time it takes a fraction of what the net takes, and libraries for it bring a dozen
packages that reach for the network.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache

UNKNOWN = "[UNK]"
LONGEST_WORD = 100
"""A longer one is unknown as a whole."""
WORDS_KEPT = 8192
"""Words that are remembered with their pieces."""
_ALONE_FROM_TO = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)
"""Letters that are words: those of Chinese."""

Piece = tuple[int, int, int]
"""Its place in the vocabulary, its start and its end."""


class _Kind(Enum):
    SPACE = 0
    PART = 1
    ALONE = 2


class _Kinds(dict[str, _Kind]):
    """Tells what a character is in a word, and remembers it; Unicode bounds its size."""

    def __missing__(self, char: str) -> _Kind:
        if char.isspace():
            kind = _Kind.SPACE
        elif (char.isascii() and char.isprintable() and not char.isalnum()) or (
            unicodedata.category(char)[0] == "P"
            or any(first <= ord(char) <= last for first, last in _ALONE_FROM_TO)
        ):
            kind = _Kind.ALONE
        else:
            kind = _Kind.PART
        self[char] = kind
        return kind


_KINDS = _Kinds()


class Cutter:
    """Cuts texts into the pieces of a vocabulary."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """Cut into these pieces; a piece that goes on with a word begins with ``##``."""
        self._places = {piece: number for number, piece in enumerate(vocabulary)}
        self._unknown = self._places[UNKNOWN]
        self._cut = lru_cache(WORDS_KEPT)(self._cut_word)

    def __contains__(self, word: str) -> bool:
        """Say whether a word is in the vocabulary as a whole."""
        return word in self._places

    def cut(self, text: str) -> Iterator[Piece]:
        """Give the pieces of a text."""
        for start, end in _words(text):
            for number, begins, ends in self._cut(text[start:end]):
                yield number, start + begins, start + ends

    def _cut_word(self, word: str) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        start = 0
        while start < len(word) <= LONGEST_WORD:
            for end in range(len(word), start, -1):
                found = self._places.get(("##" if start else "") + word[start:end])
                if found is not None:
                    pieces.append((found, start, end))
                    start = end
                    break
            else:
                break
        # A word is known from its beginning to its end or not at all.
        return tuple(pieces) if start == len(word) else ((self._unknown, 0, len(word)),)


def _words(text: str) -> Iterator[tuple[int, int]]:
    start = -1
    for at, char in enumerate(text):
        kind = _KINDS[char]
        if kind is _Kind.PART:
            start = at if start < 0 else start
            continue
        if start >= 0:
            yield start, at
            start = -1
        if kind is _Kind.ALONE:
            yield at, at + 1
    if start >= 0:
        yield start, len(text)
