"""Making examples fit to learn from: duplicates found, sides chosen, one-sided collections capped.

Whoever measures on what was learnt from measures memory. So texts that are alike, word for word or
nearly, are one group, whichever collection they come from, and a group stands on one side only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import combinations
from zlib import crc32

from belowline.core.folding import fold
from training.sources import Example
from training.statements import FOR_TUNING, HELD_OUT

SHINGLE = 5
"""Words in a row that are compared."""
ALIKE = 0.5
"""Share of the shorter text's shingles that make two texts one group."""
MOST_HOLDERS = 30
"""A shingle that more texts hold is a set phrase and says nothing."""
_WORDS = re.compile(r"[^\W_]+")

TRAIN, TUNE, TEST = "train", "tune", "test"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Examples by side, and what was found on the way."""

    sides: dict[str, list[Example]]
    same: int
    """Examples dropped, because the same text stands there already."""
    alike: int
    """Examples that share a group with one that is nearly the same."""


def prepare(examples: Iterable[Example]) -> Prepared:
    """Drop what stands there twice, group what is alike, and choose sides."""
    by_key: dict[str, Example] = {}
    same = 0
    for example in examples:
        key = " ".join(_WORDS.findall(fold(example.text)))
        if not key:
            continue
        before = by_key.get(key)
        if before is None:
            by_key[key] = example
            continue
        same += 1
        # The richer answers stay; the groups of both are kept together by the text itself.
        if len(example.shares) > len(before.shares):
            by_key[key] = replace(example, group=before.group)
    kept, keys = list(by_key.values()), list(by_key)
    leaders = _group(kept, keys)
    alike = len(kept) - len(set(leaders))
    sides: dict[str, list[Example]] = {TRAIN: [], TUNE: [], TEST: []}
    chosen: dict[str, str] = {}
    for name, prefix in ((TUNE, FOR_TUNING), (TEST, HELD_OUT)):
        for example, leader in zip(kept, leaders, strict=True):
            if example.group.startswith(prefix):
                chosen[leader] = name
    for example, leader in zip(kept, leaders, strict=True):
        sides[chosen.get(leader) or _side(leader)].append(example)
    return Prepared(sides, same, alike)


def cap(examples: Sequence[Example], *, most: float) -> list[Example]:
    """Return the examples with no collection weighing more than ``most`` full examples."""
    heavy: dict[str, float] = defaultdict(float)
    for example in examples:
        heavy[example.source] += example.weight
    return [
        replace(example, weight=example.weight * min(1.0, most / heavy[example.source]))
        for example in examples
    ]


def _group(examples: Sequence[Example], keys: Sequence[str]) -> list[str]:
    """Return a name for each text that texts like it share."""
    groups = [example.group for example in examples]
    leaders = _Leaders(len(keys))
    first: dict[str, int] = {}
    for number, group in enumerate(groups):
        leaders.join(number, first.setdefault(group, number))
    # One pattern's statements are alike by design, and what parts them is chosen with them.
    shingles = [
        set() if example.source.startswith("statements") else _shingles(key)
        for example, key in zip(examples, keys, strict=True)
    ]
    for (one, other), count in _shared(shingles).items():
        if count >= ALIKE * min(len(shingles[one]), len(shingles[other])):
            leaders.join(one, other)
    return [groups[leaders.find(number)] for number in range(len(keys))]


class _Leaders:
    """Who leads whom, where those who are joined have one leader (Tarjan, 1975)."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def find(self, at: int) -> int:
        while self._above[at] != at:
            self._above[at] = self._above[self._above[at]]
            at = self._above[at]
        return at

    def join(self, one: int, other: int) -> None:
        self._above[self.find(one)] = self.find(other)


def _shared(shingles: Sequence[set[int]]) -> dict[tuple[int, int], int]:
    """Return how many shingles two texts share, where they share any that is not a set phrase."""
    holders: dict[int, list[int]] = defaultdict(list)
    for number, found in enumerate(shingles):
        for shingle in found:
            holders[shingle].append(number)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for some in holders.values():
        if len(some) <= MOST_HOLDERS:
            for pair in combinations(some, 2):
                shared[pair] += 1
    return shared


def _shingles(key: str) -> set[int]:
    words = key.split(" ")
    return {
        crc32(" ".join(words[at : at + SHINGLE]).encode())
        for at in range(max(len(words) - SHINGLE + 1, 0))
    }


def _side(group: str) -> str:
    digit = sha256(group.encode()).digest()[0]
    return TEST if digit < 26 else TUNE if digit < 52 else TRAIN
