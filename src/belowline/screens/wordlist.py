"""A word list that sees through disguises, in time that grows with the text alone.

The text is folded, then read in a few ways (signs as letters or not), then squeezed so that each
run of one letter is one letter with a count. Whole words are then dictionary look-ups, parts of
words plain searches, and words that were pulled apart are put together from a few pieces at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from belowline.core.folding import fold, locate
from belowline.core.terms import Passage
from belowline.screens.model import ListedWord
from belowline.screens.pulled_apart import MAX_GAP, SHORT_WORD, is_pulled_apart
from belowline.screens.readings import (
    MASK,
    Reading,
    counts_fit,
    read,
    read_changed,
    readings,
    squeeze,
)

# Enough for a moderator to see; a text that is nothing else need not be searched to its end.
MAX_HITS = 100

# A spelled-out word has at most so many pieces, each stretch of one letter being one.
_MAX_PIECES = 14

# It starts only where a piece starts and never backtracks, so that a long token costs its length.
_MASKED = re.compile(r"(?<![^ .'*])[^ .'*]++(?:\*++[^ .'*]++)+")
_MAX_MASKED = 32


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed word and where it stands in the original text."""

    word: ListedWord
    passage: Passage


@dataclass(frozen=True, slots=True)
class _Entry:
    """A listed word, folded and squeezed, one form for each of its words."""

    word: ListedWord
    forms: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    starts_open: bool
    ends_open: bool

    @property
    def letters(self) -> int:
        return sum(map(sum, self.counts))


def _make_entry(word: ListedWord) -> _Entry | None:
    plain = fold(word.word)
    pieces = [squeeze(piece) for piece in read(plain).split_words()]
    if not pieces:
        return None
    return _Entry(
        word,
        forms=tuple(text for text, _ in pieces),
        counts=tuple(counts for _, counts in pieces),
        starts_open=plain.lstrip().startswith("*"),
        ends_open=plain.rstrip().endswith("*"),
    )


class WordList:
    """Listed words, compiled once and searched for in any number of texts."""

    def __init__(self, words: Iterable[ListedWord], *, allowed: Iterable[str] = ()) -> None:
        """Compile the words; a whole word that is in ``allowed`` is never a hit."""
        self._allowed = frozenset(fold(word).strip() for word in allowed)
        self._whole: dict[str, list[_Entry]] = {}
        self._phrases: dict[str, list[_Entry]] = {}
        self._parts: list[tuple[str, _Entry]] = []
        self._masks: dict[tuple[str, str, int], list[tuple[str, _Entry]]] = {}
        self._mask_lengths: set[int] = set()
        self._beginnings: set[str] = set()
        # Whatever a listed word can be pulled apart into, and each word of a phrase.
        self._pieces: set[str] = set()
        for entry in filter(None, map(_make_entry, words)):
            self._index(entry)

    def _index(self, entry: _Entry) -> None:
        first = entry.forms[0]
        if len(entry.forms) > 1:
            self._phrases.setdefault(first, []).append(entry)
            self._pieces.update(entry.forms)
            return
        ends = range(1, len(first) + 1)
        self._pieces.update(first[start:end] for end in ends for start in range(end))
        if entry.starts_open or entry.ends_open:
            self._parts.append((first, entry))
        self._whole.setdefault(first, []).append(entry)
        self._beginnings.update(first[:end] for end in range(1, len(first) + 1))
        letters = "".join(c * n for c, n in zip(first, entry.counts[0], strict=True))
        if len(letters) >= SHORT_WORD:
            key = (letters[0], letters[-1], len(letters))
            self._masks.setdefault(key, []).append((letters, entry))
            self._mask_lengths.add(len(letters))

    def search(self, text: str) -> tuple[Hit, ...]:
        """Return the listed words in the text, in the order of the text, at most ``MAX_HITS``."""
        folded = fold(text)
        if not self._whole and not self._phrases:
            return ()
        found: dict[tuple[int, int], ListedWord] = {}
        is_reversed = "\u202e" in text
        for number, reading in enumerate(readings(folded, is_reversed=is_reversed)):
            if number == 1 and not is_reversed and not self._may_show_more(reading, folded):
                break
            for entry, start, end in self._search_reading(reading):
                # The list's own order decides between two words in the same place.
                found.setdefault(reading.span(start, end), entry.word)
                if len(found) >= MAX_HITS:
                    break
        spans = sorted(found)
        return tuple(
            Hit(found[span], passage)
            for span, passage in zip(spans, locate(text, spans), strict=True)
        )

    def _may_show_more(self, reading: Reading, folded: str) -> bool:
        """Tell whether signs read as letters can show what the plain reading did not.

        In most texts no word has signs in it that could be of a listed one. A row of single letters
        counts as a word or not by what stands beside it, and stars are read in a way of their own.
        """
        if MASK in reading.text or reading.has_row():
            return True
        changed = read_changed(folded)
        if not changed.keys().isdisjoint(self._pieces):
            return True
        together = " ".join(changed)
        return any(form in together for form, _ in self._parts)

    def _search_reading(self, reading: Reading) -> Iterator[tuple[_Entry, int, int]]:
        searches = (
            self._find_words(reading),
            self._find_parts(reading),
            self._find_phrases(reading),
            self._find_masked(reading),
        )
        for search in searches:
            for entry, start, end in search:
                if reading.is_mostly_letters(start, end) and not self._is_allowed(
                    reading, start, end
                ):
                    yield entry, start, end

    def _is_allowed(self, reading: Reading, start: int, end: int) -> bool:
        return bool(self._allowed) and reading.word_around(start, end) in self._allowed

    def _find_words(self, reading: Reading) -> Iterator[tuple[_Entry, int, int]]:
        """Find whole words, in one piece or pulled apart."""
        begins = self._beginnings
        # Most words begin no listed one, and this loop is the quickest way past them.
        likely = [at for at, word in enumerate(reading.words) if word in begins]
        for first in likely:
            pieces = reading.pieces
            start = pieces[first][0]
            form, counts = "", list[int]()
            for last in range(first, min(first + _MAX_PIECES, len(pieces))):
                a, b = pieces[last]
                if last > first and a - pieces[last - 1][1] > MAX_GAP:
                    break
                piece = reading.squeezed[a:b]
                if _join_form(form, piece) not in self._beginnings:
                    break
                form, counts = _join(form, counts, piece, list(reading.counts[a:b]))
                for entry in self._whole.get(form, ()):
                    if not counts_fit(counts, entry.counts[0]):
                        continue
                    if last == first or is_pulled_apart(
                        reading, pieces, slice(first, last + 1), letters=entry.letters
                    ):
                        yield entry, start, b

    def _find_parts(self, reading: Reading) -> Iterator[tuple[_Entry, int, int]]:
        """Find listed words inside longer ones, where the list says so."""
        squeezed = reading.squeezed
        likely = [entry for form, entry in self._parts if form in squeezed]
        for entry in likely:
            form, counts = entry.forms[0], entry.counts[0]
            start = reading.squeezed.find(form)
            while start >= 0:
                end = start + len(form)
                if (
                    (entry.starts_open or not reading.is_letter(start - 1))
                    and (entry.ends_open or not reading.is_letter(end))
                    and counts_fit(reading.counts[start:end], counts)
                ):
                    yield entry, start, end
                start = reading.squeezed.find(form, start + 1)

    def _find_phrases(self, reading: Reading) -> Iterator[tuple[_Entry, int, int]]:
        """Find phrases, word by word."""
        if self._phrases.keys().isdisjoint(reading.words):
            return
        pieces = reading.pieces
        for at, (start, end) in enumerate(pieces):
            for entry in self._phrases.get(reading.squeezed[start:end], ()):
                here = pieces[at : at + len(entry.forms)]
                if len(here) == len(entry.forms) and all(
                    reading.squeezed[a:b] == form and counts_fit(reading.counts[a:b], counts)
                    for (a, b), form, counts in zip(here, entry.forms, entry.counts, strict=True)
                ):
                    yield entry, start, here[-1][1]

    def _find_masked(self, reading: Reading) -> Iterator[tuple[_Entry, int, int]]:
        """Find words whose middle letters are starred out, such as ``f**l``."""
        if MASK not in reading.text:
            return
        for masked in _MASKED.finditer(reading.text):
            cover = masked[0]
            if len(cover) > _MAX_MASKED:
                continue
            for at, letters, entry in self._unmask(cover):
                start = masked.start() + at
                yield entry, reading.index(start), reading.index(start + len(letters) - 1) + 1

    def _unmask(self, cover: str) -> Iterator[tuple[int, str, _Entry]]:
        for at in range(len(cover)):
            for length in self._mask_lengths:
                part = cover[at : at + length]
                if len(part) < length or MASK not in part:
                    continue
                for letters, entry in self._masks.get((part[0], part[-1], length), ()):
                    if _is_masked(entry, letters, cover=cover, at=at):
                        yield at, letters, entry


def _is_masked(entry: _Entry, letters: str, *, cover: str, at: int) -> bool:
    end = at + len(letters)
    if (at > 0 and not entry.starts_open) or (end < len(cover) and not entry.ends_open):
        return False
    shown = sum(1 for char in cover[at:end] if char != MASK)
    # With less than half of it shown it could be another word: "b*****d" is many.
    if 2 * shown < len(letters):
        return False
    return all(c in (MASK, letter) for c, letter in zip(cover[at:end], letters, strict=True))


def _join_form(form: str, more: str) -> str:
    return form + more[1:] if form and form[-1] == more[0] else form + more


def _join(form: str, counts: list[int], more: str, more_counts: list[int]) -> tuple[str, list[int]]:
    if form and form[-1] == more[0]:
        counts = [*counts[:-1], counts[-1] + more_counts[0], *more_counts[1:]]
    else:
        counts = counts + more_counts
    return _join_form(form, more), counts


@lru_cache(maxsize=64)
def compiled(words: tuple[ListedWord, ...], allowed: tuple[str, ...]) -> WordList:
    """Return the compiled list, kept for as many lists as an installation has sites and more."""
    return WordList(words, allowed=allowed)
