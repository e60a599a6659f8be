"""How alike two comments are, and what that says about a decision. Pure.

Alike is what shares its rare words: two comments that both speak of a footbridge and a petition
have more in common than two that both say "the" and "they". So a word weighs the less, the more of
the decided comments it stands in. Order counts too, a little: whole runs of words that are the same
make a copy stand out from a comment that happens to use the same words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from belowline.core.terms import Outcome, RuleKey

USUAL_LENGTH = 40
"""Words in a usual comment; a longer one says a word more often without being more about it."""
RUN = 3
RUNS_COUNT = 0.2
"""How much of the likeness is runs of words; the rest is the words themselves."""
ALIKE = 0.2
"""From here on two comments are shown as like cases."""
NOT_LOOKED_UP = 0.4
"""What a word weighs of which nobody counted where else it stands."""
SHORT, SHORT_WEIGHS = 3, 0.1
"""Words of so few letters hold sentences together and say little about what these are about."""
FEWEST_TO_DEPART = 3
"""So many like cases make a practice from which a decision can depart."""
MOST = 2 / 3

TAKES_DOWN = frozenset({Outcome.REMOVE, Outcome.REFUSE})


@dataclass(frozen=True, slots=True)
class Practice:
    """How like cases were decided: how many were left or taken down, and under which rules."""

    kept: int
    removed: int
    rules: tuple[tuple[RuleKey, int], ...]
    """The rules of those removed, the most cited first."""

    @property
    def all(self) -> int:
        """Return how many like cases there are."""
        return self.kept + self.removed


def weigh(found_in: int) -> float:
    """Return what a word weighs that stands in so many decided comments: 1 for the rarest."""
    return 1 / (1 + math.log2(max(found_in, 1)))


def likeness(one: Sequence[str], other: Sequence[str], *, weights: Mapping[str, float]) -> float:
    """Say how alike two texts are, from 0 for nothing in common to 1 for the same words in order.

    The same whichever comes first.
    """
    words, others = set(one), set(other)
    if not words or not others:
        return 0.0

    def total(some: Collection[str]) -> float:
        return math.fsum(weights.get(word, _usual_weight(word)) for word in some)

    both = total(words & others) / math.sqrt(total(words) * total(others))
    runs, other_runs = _runs(one), _runs(other)
    shared = len(runs & other_runs) / len(runs | other_runs)
    return min((1 - RUNS_COUNT) * both + RUNS_COUNT * shared, 1.0)


def relevance(words: Sequence[str], asked: Collection[str]) -> float:
    """Say how well a text fits words that are all in it: the more it is about them, the better."""
    length = 0.25 + 0.75 * len(words) / USUAL_LENGTH
    times = Counter(words)
    return math.fsum(times[word] / (times[word] + length) for word in asked)


def practice_of(decided: Sequence[tuple[Outcome, RuleKey | None]]) -> Practice:
    """Sum up how like cases were decided; each counts once."""
    removed = [rule for outcome, rule in decided if outcome in TAKES_DOWN]
    cited = Counter(rule for rule in removed if rule is not None)
    rules = sorted(cited.items(), key=lambda one: (-one[1], one[0]))
    return Practice(len(decided) - len(removed), len(removed), tuple(rules))


def departs(outcome: Outcome, practice: Practice) -> bool:
    """Say whether a decision goes against most like cases: at least two of three, of three or more.

    It is no mistake to depart from them, only something to know before.
    """
    if practice.all < FEWEST_TO_DEPART:
        return False
    against = practice.kept if outcome in TAKES_DOWN else practice.removed
    return against / practice.all >= MOST


def _usual_weight(word: str) -> float:
    # With the letter that says what kind of word it is.
    return NOT_LOOKED_UP if len(word) > SHORT + 1 else SHORT_WEIGHS


def _runs(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    if len(words) < RUN:
        return frozenset({tuple(words)})
    return frozenset(zip(*(words[at:] for at in range(RUN)), strict=False))
