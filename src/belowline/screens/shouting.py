"""Whether a draft makes noise instead of saying something.

No words at all, capitals throughout, letters buried in accents, and one character or word over and
over. Only the first is certain enough to refuse; the rest waits for a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from operator import eq

from belowline.core.folding import visible_part
from belowline.core.terms import Finding, Passage, ScreenName, Verdict
from belowline.screens.model import DISRUPTION, Draft, ScreenFacts

# Below this many letters, capitals are an abbreviation or a name as often as a shout.
_CAPS_MIN_LETTERS = 20
_CAPS_MIN_WORDS = 3
_CAPS_SHARE = 0.7

# Real spelling stacks up to four marks on a letter (Hebrew with accents, Tibetan).
_STACKED_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{6,}"
)
_MARK_MIN = 8

_SAME_TIMES = 30
_SAME_CHARACTER = re.compile(rf"(\S)\1{{{_SAME_TIMES - 1},}}")
_FLOOD_MIN_CHARACTERS = 40
_FLOOD_MIN_WORDS = 20
_FLOOD_SHARE = 0.6
_WORD = re.compile(r"[^\W_]+")


class _WithoutCapitals(dict[int, str | None]):
    """Takes away each capital, and remembers which characters are."""

    def __missing__(self, code_point: int) -> str | None:
        char = chr(code_point)
        seen = self[code_point] = None if char.isupper() else char
        return seen


_WITHOUT_CAPITALS = _WithoutCapitals()


def screen_shouting(draft: Draft, facts: ScreenFacts) -> Verdict:
    """Refuse what has no word, digit or picture in it; hold capitals, buried letters and floods.

    A draft of nothing but empty space passes here: it is the length screen's to refuse. A site may
    let capitals pass.
    """
    visible = visible_part(draft.text)
    if visible and not any(_says_something(char) for char in visible):
        return Verdict(ScreenName.SHOUTING, Finding.REFUSE, code="no_words", rule=DISRUPTION)
    checks: tuple[tuple[str, Callable[[str, str], Passage | None]], ...] = (
        ("zalgo", _find_buried_letters),
        ("flood", _find_flood),
        ("shouting", _find_capitals),
    )
    for code, find in checks if facts.settings.hold_capitals else checks[:-1]:
        passage = find(draft.text, visible)
        if passage is not None:
            return Verdict(
                ScreenName.SHOUTING,
                Finding.HOLD,
                code=code,
                rule=DISRUPTION,
                passages=(passage,),
            )
    return Verdict(ScreenName.SHOUTING, Finding.PASS)


def _says_something(char: str) -> bool:
    # "So" is where the pictures are: a thumb up answers a question.
    return char.isalnum() or unicodedata.category(char) == "So"


def _find_buried_letters(text: str, visible: str) -> Passage | None:
    stacked = _STACKED_MARKS.search(text)
    if stacked:
        return Passage(stacked.start(), stacked.end())
    marks = 0 if text.isascii() else sum("\u0300" <= char <= "\u036f" for char in visible)
    if marks >= _MARK_MIN and marks * 2 > len(visible):
        return Passage(0, len(text))
    return None


def _find_flood(text: str, visible: str) -> Passage | None:
    # So many in a row would meet two of these that stand next to each other.
    sample = text[:: _SAME_TIMES // 2]
    same = _SAME_CHARACTER.search(text) if any(map(eq, sample, sample[1:])) else None
    if same:
        return Passage(same.start(), same.end())
    words = _WORD.findall(text.casefold())
    crowds: tuple[tuple[Sequence[str], int], ...] = (
        (visible, _FLOOD_MIN_CHARACTERS),
        (words, _FLOOD_MIN_WORDS),
    )
    for crowd, least in crowds:
        # Where one makes up most of it there are few others, and counting all is for those texts.
        if len(crowd) >= least and _may_flood(crowd):
            commonest = Counter(crowd).most_common(1)[0][1]
            if commonest > _FLOOD_SHARE * len(crowd):
                return Passage(0, len(text))
    return None


def _may_flood(crowd: Sequence[str]) -> bool:
    """Tell, without counting each, whether one of them may have such a share."""
    return len(set(crowd)) - 1 < (1 - _FLOOD_SHARE) * len(crowd)


def _find_capitals(text: str, visible: str) -> Passage | None:
    upper = len(visible) - len(visible.translate(_WITHOUT_CAPITALS))
    if upper < _CAPS_SHARE * _CAPS_MIN_LETTERS:
        return None
    letters = upper + sum(map(str.islower, visible))
    if letters < _CAPS_MIN_LETTERS or upper < _CAPS_SHARE * letters:
        return None
    if len(_WORD.findall(text)) < _CAPS_MIN_WORDS:
        return None
    return Passage(0, len(text))
