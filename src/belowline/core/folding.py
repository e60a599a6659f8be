"""Folding a text to what a reader's eye makes of it, so that disguises fall away.

Case, accents, look-alike letters, full-width and decorated letters, invisible characters and HTML
entities are all undone. Folding may change the text's length, and ``locate`` leads back to offsets
in the original.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from belowline.core.terms import Passage

# Whoever knows HTML reads "f&#111;o" as "foo".
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")

# Letters by category that show as nothing: Hangul fillers and the Braille blank.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")

_LOOK_ALIKES = {
    letter: plain
    for plain, letters in {
        "a": "аɑαᴀⱥ",
        "ae": "æᴁ",
        "b": "вьβʙƀɓ",
        "c": "сᴄƈȼҫꓚ",
        "d": "ԁđɗᴅð",
        "e": "еєεɛəᴇɇ",
        "f": "ƒꜰғꞙꓝ",
        "g": "ɡɢǥɠց",
        "h": "һнհʜħ",
        "i": "іιıɪɨ",
        "j": "јᴊʝ",
        "k": "кκᴋƙқҝҡꓗ",
        "l": "ӏłʟƚɭ",
        "m": "мᴍɱ",
        "n": "ипηոռɴɲŋπңꓠ",
        "o": "оοσօøᴏɔ",
        "oe": "œɶ",
        "p": "рρᴘþ",
        "q": "ԛ",
        "r": "гяʀɍ",
        "s": "ѕꜱʂ",
        "t": "тτᴛŧƭ",
        "u": "υμцսᴜʉꓴ",
        "v": "νѵᴠ",
        "w": "шԝωᴡ",
        "x": "хχ",
        "y": "уγʏɏ",
        "z": "ζᴢƶ",
        "'": "’‘ʼ´`′＇",
    }.items()
    for letter in letters
}

# First code points of alphabets of 26 decorated capitals that Unicode does not decompose:
# white on black circles, white on black squares, and the letters that flags are made of.
_DECORATED_ALPHABETS = (0x1F150, 0x1F170, 0x1F1E6)


def is_invisible(char: str) -> bool:
    """Tell whether a character shows as nothing: zero-width, bidi, control or blank filler."""
    return char in _BLANK or (unicodedata.category(char) in ("Cf", "Cc") and not char.isspace())


class _VisibleTable(dict[int, str | None]):
    """Takes away each character that shows as nothing, spaces too, and remembers which."""

    def __missing__(self, code_point: int) -> str | None:
        char = chr(code_point)
        seen = self[code_point] = None if char.isspace() or is_invisible(char) else char
        return seen


_VISIBLE = _VisibleTable()


@lru_cache(maxsize=32)
def visible_part(text: str) -> str:
    """Return the text's characters that leave a trace on the page."""
    return text.translate(_VISIBLE)


def _fold_char(char: str) -> str:
    if char.isspace():
        return " "
    if is_invisible(char):
        return ""
    for first in _DECORATED_ALPHABETS:
        if first <= ord(char) < first + 26:
            return chr(ord("a") + ord(char) - first)
    if char in _LOOK_ALIKES:
        return _LOOK_ALIKES[char]
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    shown = (part for part in parts if unicodedata.category(part) not in ("Mn", "Me"))
    folded = "".join(_LOOK_ALIKES.get(part, part) for part in shown)
    # Some symbols decompose with spaces around an accent; a lone accent is no word's end.
    return unicodedata.normalize("NFC", folded.replace(" ", ""))


class _FoldTable(dict[int, str]):
    """Folds each character once and remembers it; Unicode bounds its size."""

    def __missing__(self, code_point: int) -> str:
        folded = self[code_point] = _fold_char(chr(code_point))
        return folded


_TABLE = _FoldTable()


# Several screens look at the same draft.
@lru_cache(maxsize=32)
def fold(text: str) -> str:
    """Return the text as the eye reads it: lower case, plain letters, nothing invisible."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text).translate(_TABLE)


def _sources(text: str) -> Iterator[tuple[int, int, str]]:
    """Give each entity or character with its start, its end and what it folds to."""
    position = 0
    while position < len(text):
        entity = _ENTITY.match(text, position) if text[position] == "&" else None
        end = entity.end() if entity else position + 1
        shown = html.unescape(entity[0]) if entity else text[position]
        yield position, end, shown.translate(_TABLE)
        position = end


def locate(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Passage, ...]:
    """Turn each span of the folded text, none of them empty, into a passage of ``text``."""
    wanted = tuple(spans)
    if not wanted:
        return ()
    if "&" not in text and all(len(_TABLE[ord(char)]) == 1 for char in set(text)):
        # Each character became one, as in nearly every text.
        return tuple(Passage(start, end) for start, end in wanted)
    origins: list[tuple[int, int]] = []
    for start, end, folded in _sources(text):
        origins.extend([(start, end)] * len(folded))
    return tuple(Passage(origins[start][0], origins[end - 1][1]) for start, end in wanted)
