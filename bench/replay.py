"""``python -m bench.replay FOLDER``: orders tried on real votes while they are being read.

``bench.ranking`` tells an order everything that was ever voted. Here the thread is lived through:
one after the other, the voters of a conversation come, see the statements on which they voted in
the order of the moment, read from the top as far as readers do, and respect what they agreed with.
So an order gets to know only what it showed. Counted is what Belowline counts: pages sent, and what
stood where on them. Whoever is told who read what ("told") knows more than any comment system.
"""

from __future__ import annotations

import random
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import log
from pathlib import Path

from rich.console import Console
from rich.table import Table

from belowline.core.terms import CommentId, ReaderId
from belowline.threads.ranking import Respect, Root, rank
from belowline.threads.seen import READ_AT_ONCE, Shown, chance_at, part_of_visits
from belowline.threads.sides import Given, find_sides
from bench.ranking import STORY, Conversation, names_in, read_conversation, support_of, wilson

RANKED_EVERY = 30
"""Visits between two rankings."""
TRIES = 6
"""Times that each conversation is lived through; how far each reads is drawn anew."""
TOPS = (5, 10, 20)
HALVES = {"first half": slice(0, None, 2), "second half": slice(1, None, 2)}
"""Every other conversation by name: what is tuned on one half is judged by the other."""
DEPTHS = (READ_AT_ONCE, READ_AT_ONCE / 2, READ_AT_ONCE * 2)
"""As what is counted supposes, and if that is wrong."""


@dataclass(slots=True)
class Seen:
    """What is known of a thread at one moment, and what only an all-knowing observer would know."""

    roots: list[Root]
    respects: list[Respect] = field(default_factory=list)
    visits: int = 0
    met: dict[CommentId, float] = field(default_factory=lambda: defaultdict(float))
    before: dict[CommentId, float] = field(default_factory=dict)
    read: dict[CommentId, int] = field(default_factory=lambda: defaultdict(int))
    """How many have really read each."""


Order = Callable[[Seen], Mapping[CommentId, float]]
"""Gives each root its score."""


def by_count(seen: Seen) -> Mapping[CommentId, float]:
    """Order by how many respect it."""
    return _counted(seen.respects)


def by_wilson_told(seen: Seen) -> Mapping[CommentId, float]:
    """Order by Wilson's bound, told how many have really read each."""
    respects = _counted(seen.respects)
    return {one: wilson(respects[one], number) for one, number in seen.read.items() if number}


def by_wilson_counting(seen: Seen) -> Mapping[CommentId, float]:
    """Order by Wilson's bound, by what Belowline counts."""
    respects = _counted(seen.respects)
    return {
        one: wilson(respects[one], max(met, respects[one])) for one, met in seen.met.items() if met
    }


def by_best(seen: Seen) -> Mapping[CommentId, float]:
    """Order as Belowline does, by what it counts."""
    shown = {
        root.id: Shown(seen.met[root.id], seen.before.get(root.id, 0.0)) for root in seen.roots
    }
    number = len(seen.roots)
    return _best(
        seen,
        lambda root: part_of_visits(shown[root.id], visits=seen.visits, roots=number),
    )


def by_best_guessing(seen: Seen) -> Mapping[CommentId, float]:
    """Order as Belowline does where nothing is counted."""
    return _best(seen, lambda _: None)


def by_best_told(seen: Seen) -> Mapping[CommentId, float]:
    """Order as Belowline would if it were told how many have really read each."""
    number = len(seen.roots)
    return _best(
        seen,
        lambda root: part_of_visits(
            Shown(seen.read[root.id], seen.before.get(root.id, 0.0)),
            visits=seen.visits,
            roots=number,
        ),
    )


ORDERS: dict[str, Order] = {
    "count": by_count,
    "Wilson, told": by_wilson_told,
    "Wilson, counting": by_wilson_counting,
    "best, guessing": by_best_guessing,
    "best": by_best,
    "best, told": by_best_told,
}


def live_through(
    told: Conversation, order: Order, *, chance: random.Random, depth: float = READ_AT_ONCE
) -> list[CommentId]:
    """Return the order in which the statements stand after the last visit.

    A statement is there from the first visit that could see it.

    ``depth`` is how many statements a visit really reads on average; what is counted supposes
    ``READ_AT_ONCE``.
    """
    at = {root.id: root for root in told.roots}
    votes: dict[ReaderId, dict[CommentId, int]] = defaultdict(dict)
    for comment, by_reader in told.votes.items():
        for reader, vote in by_reader.items():
            if comment in at:
                votes[reader][comment] = vote
    came = _as_they_came(told, votes)
    seen = Seen(_there_since(told.roots, came, votes))
    stands = _sorted(told, {})
    for number, (reader, when) in enumerate(came):
        if number % RANKED_EVERY == 0:
            stands = _sorted(told, order(seen))
        page = [one for one in stands if one in votes[reader]]
        for one in page:
            seen.before.setdefault(one, seen.visits)
        # Whoever has come to one goes on to the next with always the same chance.
        far = int(log(1 - chance.random()) / log(1 - 1 / depth))
        seen.visits += 1
        for place, comment in enumerate(page):
            seen.met[comment] += chance_at(place)
            if place <= far:
                seen.read[comment] += 1
                if votes[reader][comment] == 1:
                    seen.respects.append(Respect(comment, reader, str(reader), when))
    return _sorted(told, order(seen))


def _as_they_came(
    told: Conversation, votes: Mapping[ReaderId, Mapping[CommentId, int]]
) -> list[tuple[ReaderId, datetime]]:
    """Return the voters and when each came: when they were last heard.

    Who agreed with nothing comes in between, and at the time of whoever came before.
    """
    heard: dict[ReaderId, datetime] = {}
    for one in told.respects:
        heard[one.reader_id] = max(heard.get(one.reader_id, one.at), one.at)
    known = sorted((at, reader) for reader, at in heard.items())
    silent = sorted(reader for reader in votes if reader not in heard)
    step = max(1, len(known) // (len(silent) + 1))
    for number, reader in enumerate(silent):
        place = min(len(known), (number + 1) * (step + 1) - 1)
        known.insert(place, (known[place - 1][0], reader))
    return [(reader, at) for at, reader in known if reader in votes]


def _there_since(
    roots: Sequence[Root],
    came: Sequence[tuple[ReaderId, datetime]],
    votes: Mapping[ReaderId, Mapping[CommentId, int]],
) -> list[Root]:
    """Return the roots as if each had been written when the first came who could see it."""
    first: dict[CommentId, datetime] = {}
    for reader, at in came:
        for comment in votes[reader]:
            first.setdefault(comment, at)
    return [replace(root, at=first[root.id]) for root in roots]


def _best(seen: Seen, part: Callable[[Root], float | None]) -> Mapping[CommentId, float]:
    roots = [replace(root, seen=None, counted=part(root)) for root in seen.roots]
    sides = find_sides(Given(STORY, one.at, one.voice, one.comment_id) for one in seen.respects)
    return {one: found.score for one, found in rank(roots, seen.respects, sides=sides).items()}


def _counted(respects: Sequence[Respect]) -> dict[CommentId, int]:
    found: dict[CommentId, int] = defaultdict(int)
    for one in respects:
        found[one.comment_id] += 1
    return found


def _sorted(told: Conversation, scores: Mapping[CommentId, float]) -> list[CommentId]:
    ids = [root.id for root in told.roots]
    return sorted(ids, key=lambda one: (scores.get(one, 0.0), one), reverse=True)


def supports(
    told: Sequence[Conversation], order: Order, *, depth: float = READ_AT_ONCE, tries: int = TRIES
) -> list[dict[int, float]]:
    """Return for each conversation the mean support of the top over tries, by length of the top."""
    found = []
    for one in told:
        figures: dict[int, list[float]] = defaultdict(list)
        for number in range(tries):
            # The same visits for every order.
            chance = random.Random(f"{one.name} {number}")
            stands = live_through(one, order, chance=chance, depth=depth)
            for top in TOPS:
                figures[top].append(support_of(one, stands, top=top))
        found.append({top: statistics.mean(each) for top, each in figures.items()})
    return found


def main() -> None:
    """Print a row for each order and how far readers really read: of all, and of each half."""
    folder = Path(sys.argv[1])
    told = [read_conversation(folder, name) for name in names_in(folder)]
    table = Table("reads on average", "order", "all, top 5 / 10 / 20", *HALVES)
    for depth in DEPTHS:
        for name, order in ORDERS.items():
            found = supports(told, order, depth=depth)
            parts = [told_of(found), *(told_of(found[half]) for half in HALVES.values())]
            print(f"{depth:g}", name, *parts, sep=" | ", flush=True)
            table.add_row(f"{depth:g}", name, *parts)
    Console(width=110).print(table)


def told_of(found: Sequence[Mapping[int, float]]) -> str:
    """Say what the mean over conversations is, for each length of the top."""
    return " ".join(f"{statistics.mean(one[top] for one in found):.3f}" for top in TOPS)


if __name__ == "__main__":
    main()
