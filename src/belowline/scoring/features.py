"""Taking a text apart into what a linear model weighs: words, their letters, words side by side.

The text is folded first, so that disguises fall away. Words written with signs for letters, pulled
apart or stretched count a second time as what they are read as. What a text quotes of somebody
else's has features of its own, because quoting an insult is not giving one. The same code serves
training and scoring: a change here needs a new model, and ``VERSION`` says so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from zlib import crc32

from belowline.core.folding import fold

VERSION = 1
SHORTEST, LONGEST = 2, 5
"""Letters in a row that count as a feature, a word's beginning and end included."""
LONGEST_WORD = 40
MOST_WORDS = 4000
"""Words that are looked at; a comment is shorter, but somebody may ask about a book."""

_WORD = re.compile(r"[^\W_]+(?:['*@$!|#€+][^\W_]+)*[$*]*|[!?]+|[\U0001F300-\U0001FAFF☀-➿]")
_ROW = re.compile(r"(?<![^\W_])[^\W_](?:[ .*_-]{1,2}[^\W_]){2,}(?![^\W_])")
_QUOTED = re.compile(r"(?m)^[ \t]*>.*$")
_LINK = re.compile(r"https?://\S+|www\.\S+")
# Begun at the first sign of a row and held to its last, or a long row would take its square.
_SENTENCE = re.compile(r"(?<![.!?…])[.!?…]++[\s\"'”’)]++|\n+")
# A road, a size, a rank: "A55", "300m", "5th".
_NAMED_NUMBER = re.compile(r"[a-z]{1,3}[0-9]+|[0-9]+[a-z]{1,3}")
_STRETCHED = re.compile(r"(.)\1{2,}")
_AS_LETTERS = str.maketrans("013457@$!|€+", "oieastasilet")
_CAPITALS = re.compile(r"\b[^\W\d_]{2,}\b")

QUOTE = "\u203a"
"""Stands before a word that is quoted."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the folded text, as it is weighed, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parts:
    """What a text is made of."""

    folded: str
    words: tuple[Word, ...]
    """As they follow one another."""
    readings: tuple[Word, ...]
    """What words can be read as that are disguised, at the same places."""
    sentences: tuple[tuple[int, int], ...]
    """Where each begins and ends in the folded text."""
    marks: tuple[str, ...]
    """What is said of the text as a whole, such as that it shouts."""


def take_apart(text: str) -> Parts:
    """Return the parts of a text. It takes time in proportion to the text's length."""
    # Folding makes a space of a line's end; here lines are sentences, and quotes begin one.
    folded = "\n".join(map(fold, text.split("\n")))
    quoted = [found.span() for found in _QUOTED.finditer(folded)] if ">" in folded else []
    bare = folded
    if "://" in folded or "www." in folded:
        bare = _LINK.sub(lambda found: " " * len(found[0]), folded)
    words: list[Word] = []
    readings: list[Word] = []
    for found in islice(_WORD.finditer(bare), MOST_WORDS):
        word, (start, end) = found[0], found.span()
        at = bisect_right(quoted, (start, len(bare))) - 1
        if at >= 0 and start < quoted[at][1]:
            words.append(Word(QUOTE + word, start, end))
            continue
        words.append(Word(word, start, end))
        if not word.isalpha():
            readings += [Word(read, start, end) for read in _undisguised(word)]
        elif _STRETCHED.search(word):
            readings.append(Word(_STRETCHED.sub(r"\1", word), start, end))
    for row in _ROW.finditer(bare):
        joined = "".join(char for char in row[0] if char.isalnum())
        readings.append(Word(joined, *row.span()))
    marks = _marks(text, linked=bare != folded)
    return Parts(folded, tuple(words), tuple(readings), tuple(_sentences(folded)), marks)


def features_of(word: str, mask: int) -> tuple[int, ...]:
    """Return the places of a word's features, in a table of ``mask + 1``."""
    cut = word[:LONGEST_WORD]
    places = [_place("w" + cut, mask)]
    # Somebody else's words, when they are quoted, are known as such or not at all.
    if not word[0].isalnum():
        return tuple(places)
    around = f"<{cut}>"
    for length in range(SHORTEST, LONGEST + 1):
        places += [_place(around[at : at + length], mask) for at in range(len(around) - length + 1)]
    return tuple(places)


def feature_of_pair(first: str, second: str, mask: int) -> int:
    """Return the place of two words side by side."""
    return crc32(f"b{first} {second}".encode()) & mask


def feature_of_mark(mark: str, mask: int) -> int:
    """Return the place of something said of the whole text."""
    return crc32(f"m{mark}".encode()) & mask


def _place(feature: str, mask: int) -> int:
    return crc32(feature.encode()) & mask


def _undisguised(word: str) -> Iterator[str]:
    """Give what a word can be read as whose letters are stretched, or signs or digits."""
    if word[0] in "!?" or word.isdigit() or _NAMED_NUMBER.fullmatch(word):
        return
    plain = _STRETCHED.sub(r"\1", word)
    read = plain.translate(_AS_LETTERS)
    for one in {plain, read}:
        if one != word and one.isalnum():
            yield one


def _sentences(folded: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _SENTENCE.finditer(folded):
        if found.end() > start:
            yield start, found.end()
            start = found.end()
    if start < len(folded):
        yield start, len(folded)


def _marks(text: str, *, linked: bool) -> tuple[str, ...]:
    letters = _CAPITALS.findall(text)
    loud = sum(1 for word in letters if word.isupper())
    share = loud / len(letters) if letters else 0.0
    marks = [f"caps{min(int(share * 4), 3)}", f"long{len(text).bit_length()}"]
    if linked:
        marks.append("link")
    return tuple(marks)
