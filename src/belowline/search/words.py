"""What counts as a word when the desk searches: the same on every database, for we fold ourselves.

Pure. A word is kept as plain letters and digits with a letter before it that says what it is, so
that a database has nothing of its own to decide: ``w`` an ordinary word, ``x`` one in other letters
than a to z (its bytes, written out), ``m`` a mark, which nobody can type.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_WORD = 60
"""Letters by which a word is known; what follows says nothing to anybody who searches."""

_PLAIN = re.compile(r"[a-z0-9]+")
# The virama and the nukta belong to a letter, as do vowel signs, which have no class. What is left
# are accents and points, and they fall away.
_KEPT_CLASSES = frozenset({0, 7, 9})
# Scripts without spaces between words: each sign is a word, and several are a phrase.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003fffd]"
)


def split_words(text: str) -> list[str]:
    """Return the words of a text in their order, folded: no case, no accents, no signs."""
    text = text.casefold()
    if text.isascii():
        return _PLAIN.findall(text)
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _split_folded("".join(map(_folded, parts)))


def _folded(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] == "M":
        return char if unicodedata.combining(char) in _KEPT_CLASSES else ""
    if category == "Cf":
        # A joiner or a soft hyphen stands inside a word and shows as nothing.
        return ""
    return char if category[0] in "LN" else " "


def _split_folded(text: str) -> list[str]:
    return _UNSPACED.sub(lambda sign: f" {sign[0]} ", text).split()


def keep_word(word: str) -> str:
    """Return the form in which a folded word is kept."""
    word = word[:LONGEST_WORD]
    return f"w{word}" if word.isascii() else f"x{word.encode().hex()}"


def kept_words(text: str) -> list[str]:
    """Return a text's words as they are kept, in their order."""
    return [keep_word(word) for word in split_words(text)]


def mark(kind: str, value: int | str) -> str:
    """Return a mark: a word that says what something is, such as its site, and cannot be typed."""
    plain = str(value) if isinstance(value, int) else value.encode().hex()
    return f"m{kind}{plain}"


def without_marks(words: Iterable[str]) -> list[str]:
    """Return kept words without the marks among them."""
    return [word for word in words if not word.startswith("m")]
