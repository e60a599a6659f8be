"""Readers' and editors' words with something marked in them: passages, and what a change changed.

Pure. Everything that is not a mark is escaped here, piece by piece, so the result may stand in a
page as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from markupsafe import Markup, escape

from belowline.core.terms import Passage

PIECE = re.compile(r"\s+|\w+|[^\w\s]")
_MARK = Markup("<mark>{}</mark>")
_INS = Markup("<ins>{}</ins>")
_DEL = Markup("<del>{}</del>")


def marked(text: str, passages: Iterable[Passage]) -> Markup:
    """Return the text escaped, with the passages in ``mark``; overlapping ones become one."""
    parts: list[Markup] = []
    at = 0
    for start, end in _merged(passages, len(text)):
        parts += [escape(text[at:start]), _MARK.format(text[start:end])]
        at = end
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def changes(before: str, after: str) -> Markup:
    """Return the later text escaped, with what went in ``del`` and what came in ``ins``."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    parts: list[Markup] = []
    gone = come = ""
    steps = SequenceMatcher(None, old, new).get_opcodes()
    for place, (tag, i1, i2, j1, j2) in enumerate(steps):
        was, now = "".join(old[i1:i2]), "".join(new[j1:j2])
        # A space between two changed words belongs to the change, which then reads as one.
        joins = now.isspace() and 0 < place < len(steps) - 1
        if tag != "equal" or joins:
            gone, come = gone + was, come + now
            continue
        parts += [*_change(gone, come), escape(now)]
        gone = come = ""
    return Markup("").join([*parts, *_change(gone, come)])


def _change(gone: str, come: str) -> list[Markup]:
    return [mark.format(text) for mark, text in ((_DEL, gone), (_INS, come)) if text]


def _merged(passages: Iterable[Passage], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for one in sorted(passages, key=lambda passage: (passage.start, passage.end)):
        # A verdict about an erased text points nowhere.
        start, end = min(max(one.start, 0), length), min(one.end, length)
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
