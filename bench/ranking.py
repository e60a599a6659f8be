"""``python -m bench.ranking FOLDER``: "best" tried on real votes, beside plain count and Wilson.

The folder holds conversations as the Computational Democracy Project publishes them
(https://github.com/compdemocracy/openData, CC BY 4.0): readers' statements, everybody's votes on
them, and the opinion group that the project found for each voter. Agreement is taken for respect.
"Best" is told who respected what and when, and how often each statement was read, as Belowline
counts it: all readings in one figure. Disagreement and the groups are used for nothing but to judge
the outcome. "Guessing" has to guess the readings, as Belowline must where nothing was counted;
"told" knows of each reader what was read; the last column knows that and the groups, and shows how
far one could get. Below each table the same with every third agreement taken for respect, because
most readers give it more sparingly than these voters agreed. How counting by places does while a
thread is read is in ``bench.replay``.
"""

from __future__ import annotations

import csv
import gzip
import random
import statistics
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import prod, sqrt
from pathlib import Path

from rich.console import Console
from rich.table import Table

from belowline.core.terms import CommentId, ReaderId, StoryId
from belowline.threads.ranking import Respect, Root, rank
from belowline.threads.sides import Given, find_sides
from belowline.threads.voices import Voice

TOP = 10
DRAWS = 4
"""Times that the third of all agreements is drawn."""
SPARINGLY = ("count", "Wilson", "best")
STORY = StoryId(1)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One data set: what Belowline would know, and what judges the outcome."""

    name: str
    roots: list[Root]
    respects: list[Respect]
    votes: dict[CommentId, dict[ReaderId, int]]
    groups: dict[ReaderId, str]


def read_conversation(folder: Path, name: str) -> Conversation:
    """Read a data set; a voter's last vote on a statement counts."""
    votes: dict[CommentId, dict[ReaderId, int]] = defaultdict(dict)
    last: dict[tuple[CommentId, ReaderId], datetime] = {}
    for row in sorted(_rows(folder, name, "votes"), key=lambda one: int(one["timestamp"])):
        comment, reader = CommentId(int(row["comment-id"])), ReaderId(int(row["voter-id"]))
        votes[comment][reader] = int(row["vote"])
        last[comment, reader] = _at(row["timestamp"])
    roots = []
    for row in _rows(folder, name, "comments"):
        comment = CommentId(int(row["comment-id"]))
        # What the moderators took out has no place in the order, and what nobody saw none to judge.
        if row["moderated"] != "-1" and votes.get(comment):
            seen = min(last[comment, reader] for reader in votes[comment])
            at = min(_at(row["timestamp"]), seen)
            # Not by its author: dozens of seeds were entered by one account for many people.
            roots.append(Root(comment, at, ReaderId(comment)))
    respects = [
        Respect(comment, reader, str(reader), last[comment, reader])
        for comment, by_reader in votes.items()
        for reader, vote in by_reader.items()
        if vote == 1
    ]
    groups = {
        ReaderId(int(row["participant"])): row["group-id"]
        for row in _rows(folder, name, "participants-votes")
        if row["group-id"]
    }
    return Conversation(name, _with_readings(roots, respects, votes), respects, dict(votes), groups)


def sparser(told: Conversation, *, every: int, number: int) -> Conversation:
    """Return a conversation in which one in so many agreements, by chance, was given as respect."""
    chance = random.Random(f"{told.name} {number}")
    respects = [one for one in told.respects if chance.random() * every < 1]
    kept = {(one.comment_id, one.reader_id) for one in respects}
    votes = {
        comment: {
            reader: vote if vote != 1 or (comment, reader) in kept else 0
            for reader, vote in by_reader.items()
        }
        for comment, by_reader in told.votes.items()
    }
    return replace(
        told, roots=_with_readings(told.roots, respects, votes), respects=respects, votes=votes
    )


def names_in(folder: Path) -> list[str]:
    """Return the data sets of a folder."""
    return sorted(one.name.partition("__")[0] for one in folder.glob("*__votes.csv.gz"))


def by_best(told: Conversation) -> list[CommentId]:
    """Order as Belowline does, with what it counts."""
    return by_best_told(replace(told, roots=[replace(root, seen=None) for root in told.roots]))


def by_best_told(told: Conversation) -> list[CommentId]:
    """Order as Belowline would if it were told who read what."""
    return _ranked(
        told, find_sides(Given(STORY, one.at, one.voice, one.comment_id) for one in told.respects)
    )


def by_best_guessing(told: Conversation) -> list[CommentId]:
    """Order as Belowline does where it has to guess how often each statement was read."""
    roots = [replace(root, seen=None, counted=None) for root in told.roots]
    return by_best_told(replace(told, roots=roots))


def by_knowing_groups(told: Conversation) -> list[CommentId]:
    """Order as Belowline would if it knew the groups; of more than two, the first and the rest."""
    first = min(told.groups.values())
    return _ranked(
        told, {str(reader): float(group == first) for reader, group in told.groups.items()}
    )


def by_count(told: Conversation) -> list[CommentId]:
    """Order by how many respect it."""
    return _sorted(told, lambda one: _agreed(told.votes[one]))


def by_wilson(told: Conversation) -> list[CommentId]:
    """Order by Wilson's bound (95 %) on how many of those who read it respect it."""
    return _sorted(told, lambda one: wilson(_agreed(told.votes[one]), len(told.votes[one])))


def wilson(respect: int, readings: float, *, z: float = 1.96) -> float:
    """Return the plain bound, nothing imagined."""
    share = respect / readings
    middle = share + z * z / (2 * readings)
    spread = z * sqrt(share * (1 - share) / readings + z * z / (4 * readings * readings))
    return (middle - spread) / (1 + z * z / readings)


def support(told: Conversation, comment: CommentId) -> float:
    """Return the geometric mean, over the groups, of the share that agrees.

    Of two who are imagined in each group, one agrees, so that a group of whom hardly anybody has
    voted says neither yes nor no.
    """
    shares = [
        (sum(vote == 1 for vote in of_group) + 1) / (len(of_group) + 2)
        for of_group in _by_group(told, comment).values()
    ]
    return float(prod(shares) ** (1 / len(shares)))


def support_of(told: Conversation, order: Sequence[CommentId], *, top: int = TOP) -> float:
    """Return the mean support of what stands at the top of an order."""
    return statistics.mean(support(told, one) for one in order[:top])


ORDERS: dict[str, Callable[[Conversation], list[CommentId]]] = {
    "count": by_count,
    "Wilson": by_wilson,
    "best": by_best,
    "guessing": by_best_guessing,
    "told": by_best_told,
    "groups": by_knowing_groups,
}


def main() -> None:
    """Print a row for each data set, and their mean, for tops of several lengths."""
    told = [read_conversation(Path(sys.argv[1]), name) for name in names_in(Path(sys.argv[1]))]
    found = {(one.name, name): order(one) for one in told for name, order in ORDERS.items()}
    for top in (5, TOP, 20):
        table = Table("conversation", "statements", "respects", *ORDERS, title=f"top {top}")
        for one in told:
            figures = [support_of(one, found[one.name, name], top=top) for name in ORDERS]
            table.add_row(
                one.name,
                str(len(one.roots)),
                str(len(one.respects)),
                *(f"{figure:.3f}" for figure in figures),
            )
        # Every other one by name: what is tuned on one half is judged by the other.
        for part, half in (("mean", told), ("first half", told[::2]), ("second half", told[1::2])):
            means = (
                statistics.mean(support_of(one, found[one.name, name], top=top) for one in half)
                for name in ORDERS
            )
            table.add_row(part, "", "", *(f"{mean:.3f}" for mean in means))
        for name in SPARINGLY:
            found_sparsely = [_sparsely(one, ORDERS[name], top=top) for one in told]
            mean = statistics.mean(found_sparsely)
            table.caption = (
                f"{table.caption or 'every third agreement as respect:'} {name} {mean:.3f}"
            )
        Console(width=110).print(table)


def _sparsely(told: Conversation, order: Callable[..., list[CommentId]], *, top: int) -> float:
    return statistics.mean(
        support_of(told, order(sparser(told, every=3, number=number)), top=top)
        for number in range(DRAWS)
    )


def _ranked(told: Conversation, sides: Mapping[Voice, float]) -> list[CommentId]:
    found = rank(told.roots, told.respects, sides=sides)
    return _sorted(told, lambda one: found[one].score)


def _with_readings(
    roots: Sequence[Root],
    respects: Sequence[Respect],
    votes: Mapping[CommentId, Mapping[ReaderId, int]],
) -> list[Root]:
    """Say of each root which part of the readers who came after it was there came upon it.

    Of all of them, as counting shows it; and of those who do not respect it, which only an observer
    of each reader would know.
    """
    heard: dict[ReaderId, datetime] = {}
    given: dict[CommentId, int] = defaultdict(int)
    for one in respects:
        heard[one.reader_id] = max(heard.get(one.reader_id, one.at), one.at)
        given[one.comment_id] += 1
    times = sorted(heard.values())
    found = []
    for root in roots:
        after, read = len(times) - bisect_left(times, root.at), len(votes[root.id])
        passed = (read - given[root.id]) / max(1, after - given[root.id])
        counted = min(1.0, read / max(1, after))
        found.append(replace(root, seen=min(1.0, passed), counted=counted))
    return found


def _rows(folder: Path, name: str, part: str) -> Iterator[dict[str, str]]:
    with gzip.open(folder / f"{name}__{part}.csv.gz", "rt", newline="") as file:
        yield from csv.DictReader(file)


def _at(milliseconds: str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def _agreed(votes: Mapping[ReaderId, int]) -> int:
    return sum(vote == 1 for vote in votes.values())


def _by_group(told: Conversation, comment: CommentId) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {group: [] for group in sorted(set(told.groups.values()))}
    for reader, vote in told.votes[comment].items():
        if reader in told.groups:
            found[told.groups[reader]].append(vote)
    return found


def _sorted(told: Conversation, score: Callable[[CommentId], float]) -> list[CommentId]:
    ids: Sequence[CommentId] = [root.id for root in told.roots]
    return sorted(ids, key=lambda one: (score(one), one), reverse=True)


if __name__ == "__main__":
    main()
