"""The ways in which a folded text can be read: signs as gaps, or signs as the letters they mimic.

A reading keeps where each letter stands in the folded text, so that a find leads back to it.
Letters that repeat are squeezed into one with a count.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

MASK = "*"
_GAPS = " .'*"
_PIECE = re.compile(r"[^ .'*]+")
_DIGIT = re.compile(r"[0-9]")
_RUN = re.compile(r"(.)\1+", re.DOTALL)
_REPEATED = re.compile(r"(.)(?=\1)", re.DOTALL)

# A sign at a word's end is punctuation ("sh!t!"), one before another letter stands for a letter.
# A plus stands for a letter at the end as well ("cun+"); what it ends otherwise is on no list.
_TRAILING_SIGN = re.compile(r"[!|(<](?![^\W_]|[+$@])")

_SIGNS = {"0": "o", "2": "z", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"} | {
    "@": "a", "$": "s", "€": "e", "+": "t", "(": "c", "<": "c", "¢": "c"
}  # fmt: skip
_SIGNS_AS_I = _SIGNS | {"1": "i", "!": "i", "¡": "i", "|": "i", "6": "b"}
_SIGNS_AS_L = _SIGNS | {"1": "l", "!": "l", "|": "l", "6": "g", "v": "u"}

# A word needs this many letters before a double letter in it is no other word: "hop" and "hoop".
_SURE_LETTERS = 4
_STRETCHED = 3


class _ReadTable(dict[int, str]):
    """Maps each character to a letter or to one of four gaps: space, apostrophe, mask, other."""

    def __init__(self, signs: dict[str, str]) -> None:
        super().__init__({ord(sign): letter for sign, letter in signs.items()})
        self.update({ord(char): char for char in " '"})
        # Emphasis marks vanish when the comment is shown, and stars and hashes stand for letters.
        self.update({ord(char): MASK for char in "*_~#%"})

    def __missing__(self, code_point: int) -> str:
        char = chr(code_point)
        seen = self[code_point] = char if char.isalpha() else "."
        return seen


_SIGN = frozenset(_SIGNS_AS_I | _SIGNS_AS_L)
_ROW = re.compile(r"(?<![^ .'*])(?:[^ .'*][ .'*]{1,3}){2}[^ .'*](?![^ .'*])")

_PLAIN = _ReadTable({})
_WITH_I = _ReadTable(_SIGNS_AS_I)
_WITH_L = _ReadTable(_SIGNS_AS_L)


def squeeze(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the text with each run of one character made one, and how long each run was."""
    counts: list[int] = []
    at = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        counts += [1] * (start - at)
        counts.append(end - start)
        at = end
    counts += [1] * (len(text) - at)
    return squeezed(text), tuple(counts)


def squeezed(text: str) -> str:
    """Return the text with each run of one character made one."""
    return _REPEATED.sub("", text)


def counts_fit(counts: Sequence[int], listed: Sequence[int]) -> bool:
    """Tell whether runs of letters are those of a listed word, some of them perhaps stretched.

    A letter may be stretched freely in a word of four letters or more, but a doubled letter in a
    shorter one makes another word, so there it takes three.
    """
    is_sure = sum(listed) >= _SURE_LETTERS
    return all(
        count == wanted or (count > wanted and (is_sure or count >= _STRETCHED))
        for count, wanted in zip(counts, listed, strict=True)
    )


@dataclass(frozen=True)
class Reading:
    """One way to read a folded text. Positions are in ``squeezed`` unless said otherwise."""

    text: str
    digits: str
    """The folded text itself, to tell which letters were digits."""
    is_reversed: bool

    @cached_property
    def squeezed(self) -> str:
        """Return the text with each run of one character made one."""
        return squeezed(self.text)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """Return how long each run is. Most texts hold nothing that makes anybody ask."""
        return squeeze(self.text)[1]

    @cached_property
    def starts(self) -> list[int]:
        """Return where each run starts in ``text``, with the text's length at the end."""
        return list(accumulate(self.counts, initial=0))

    @cached_property
    def pieces(self) -> list[tuple[int, int]]:
        """Return the stretches of letters. What they are says whether anybody asks where."""
        return [piece.span() for piece in _PIECE.finditer(self.squeezed)]

    @cached_property
    def words(self) -> list[str]:
        """Return the stretches of letters themselves."""
        return _PIECE.findall(self.squeezed)

    def has_row(self) -> bool:
        """Tell whether three single letters stand in a row."""
        return _ROW.search(self.squeezed) is not None

    def split_words(self) -> list[str]:
        """Return the stretches of letters as they are in ``text``."""
        return _PIECE.findall(self.text)

    def gaps(self, pieces: Sequence[tuple[int, int]]) -> list[str]:
        """Return what stands between neighbouring pieces."""
        return [self.squeezed[before[1] : after[0]] for before, after in pairwise(pieces)]

    def is_letter(self, at: int) -> bool:
        """Tell whether there is a letter at a position, which may be outside the text."""
        return 0 <= at < len(self.squeezed) and self.squeezed[at] not in _GAPS

    def index(self, position: int) -> int:
        """Return where a position in ``text`` is in ``squeezed``."""
        return bisect_right(self.starts, position) - 1

    def is_mostly_letters(self, start: int, end: int) -> bool:
        """Tell whether no more digits than letters stand for letters: the A55 is a road."""
        part = self.digits[self.starts[start] : self.starts[end]]
        letters = sum(1 for char in part if char.isalpha() or char in _SIGNS_AS_I)
        return 2 * len(_DIGIT.findall(part)) <= letters

    def word_around(self, start: int, end: int) -> str:
        """Return the whole word, as it is in ``text``, that a find is a part of."""
        while self.is_letter(start - 1):
            start -= 1
        while self.is_letter(end):
            end += 1
        return self.text[self.starts[start] : self.starts[end]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a find is in the folded text."""
        first, last = self.starts[start], self.starts[end]
        if self.is_reversed:
            return len(self.text) - last, len(self.text) - first
        return first, last


def read(folded: str) -> Reading:
    """Read a folded text plainly: letters are letters, everything else is a gap."""
    return Reading(folded.translate(_PLAIN), folded, is_reversed=False)


def readings(folded: str, *, is_reversed: bool) -> Iterator[Reading]:
    """Give each different way to read a folded text, backwards too where a bidi mark turns it."""
    for backwards in (False, True) if is_reversed else (False,):
        source = folded[::-1] if backwards else folded
        signs = _TRAILING_SIGN.sub(".", source)
        texts = (source.translate(_PLAIN), signs.translate(_WITH_I), signs.translate(_WITH_L))
        for text in dict.fromkeys(texts):
            yield Reading(text, source, is_reversed=backwards)


def read_changed(folded: str) -> dict[str, None]:
    """Return every word that reading signs as letters can give and the plain reading does not."""
    words = _TRAILING_SIGN.sub(".", folded).split(" ")
    changed = " ".join([word for word in words if not _SIGN.isdisjoint(word)])
    both = f"{changed.translate(_WITH_I)} {changed.translate(_WITH_L)}"
    return dict.fromkeys(_PIECE.findall(squeezed(both)))
