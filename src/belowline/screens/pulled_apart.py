"""Telling a listed word that was pulled apart from words that happen to stand side by side."""

from __future__ import annotations

from belowline.screens.readings import MASK, Reading

MAX_GAP = 3
"""Characters between two pieces of one word, at most."""
SHORT_WORD = 4
"""Letters below which a word is found by chance more easily."""
_VOWELS = frozenset("aeiouy")

# Words that stand beside others all day: "pass it", "as he", "his hit" are no spelled-out words.
_ORDINARY_WORDS = """
    a about all am an and ant any ape are as ask at be bit but by can cap cat con do end for from
    get go got had has hat have he her him hit his hole how i if in is it its kin king lap let me
    men my no not now of off oh ok on one or our out own pen per rap rat ring she so tar the them
    to too up us was we were who why will wit with yes you
"""
_ORDINARY = frozenset(_ORDINARY_WORDS.split())


def is_pulled_apart(
    reading: Reading, pieces: list[tuple[int, int]], window: slice, *, letters: int
) -> bool:
    """Tell a word that was pulled apart from words that happen to stand side by side.

    Single letters in a row are pulled apart, except that a short word must be all of the row: the
    first three of a longer abbreviation are chance. So are pieces with only markup between them,
    for markup is not shown. Otherwise no piece may be an ordinary word, unless another
    cannot be said (``sh it``). What follows an apostrophe (``it's hit``) belongs to what is before.
    """
    first, last = pieces[window][0], pieces[window][-1]
    if reading.squeezed[max(first[0] - 1, 0) : first[0]] == "'":
        return False
    words = [reading.squeezed[a:b] for a, b in pieces[window]]
    gaps = reading.gaps(pieces[window])
    if all(set(gap) == {MASK} for gap in gaps):
        return True
    if all(len(word) == 1 for word in words):
        before = pieces[window.start - 1] if window.start else None
        after = pieces[window.stop] if window.stop < len(pieces) else None
        in_longer_row = _is_single(before, gap_to=first) or _is_single(after, gap_to=last)
        return len(words) >= SHORT_WORD - 1 and (letters >= SHORT_WORD or not in_longer_row)
    if any(len(word) > 1 and not _VOWELS & set(word) for word in words):
        return True
    return not any(word in _ORDINARY for word in words)


def _is_single(piece: tuple[int, int] | None, *, gap_to: tuple[int, int]) -> bool:
    """Tell whether a neighbouring piece is a single letter within reach."""
    if piece is None or piece[1] - piece[0] != 1:
        return False
    gap = gap_to[0] - piece[1] if piece[1] <= gap_to[0] else piece[0] - gap_to[1]
    return gap <= MAX_GAP
