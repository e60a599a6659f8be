"""``python -m bench.parts FOLDER``: what each part of "best" costs on real votes.

First the votes are lived through (``bench.replay``), with one part of the formula left out at a
time. Then 40 settings of the constants are tried on all votes at once (``bench.ranking``): the best
one of each half of the conversations is judged by the other half.
"""

from __future__ import annotations

import itertools
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from unittest import mock

from belowline.threads import ranking
from belowline.threads.bursts import by_stretch
from bench import replay
from bench.ranking import Conversation, by_best, names_in, read_conversation, support_of

NOTHING_IMAGINED = {"PRIOR_RESPECT": 0.02, "PRIOR_READINGS": 0.1}
LEFT_OUT: dict[str, Mapping[str, float]] = {
    "two sides": {},
    "bursts": {},
    "fair look": {"FAIR_LOOK": 0.0},
    "what is imagined": NOTHING_IMAGINED,
}
IMAGINED = ((0.2, 1.0), (0.1, 0.5), (0.5, 2.5), (0.5, 1.0), (1.0, 2.0))
LOOK, WEAKER, CAUTION = (0.1, 0.2), (0.9, 0.7), (1.282, 1.96)


@contextmanager
def _set(constants: Mapping[str, float]) -> Iterator[None]:
    with ExitStack() as stack:
        for name, value in constants.items():
            stack.enter_context(mock.patch.object(ranking, name, value))
        yield


def main() -> None:
    """Print a row for each part, and what settings found on one half bring on the other."""
    folder = Path(sys.argv[1])
    told = [read_conversation(folder, name) for name in names_in(folder)]
    for name, constants in LEFT_OUT.items():
        switched_off: dict[str, AbstractContextManager[object]] = {
            "two sides": mock.patch.object(replay, "find_sides", return_value={}),
            "bursts": mock.patch.object(ranking, "damp", lambda given, **_: by_stretch(given)),
        }
        with _set(constants), switched_off.get(name, nullcontext()):
            print("without", name, replay.told_of(replay.supports(told, replay.by_best)))
    tried = [_try(told, setting) for setting in itertools.product(IMAGINED, LOOK, WEAKER, CAUTION)]
    first, second = replay.HALVES.values()
    chosen = [max(tried, key=lambda one: _mean(one[half])) for half in (first, second)]
    held_out = [*chosen[1][first], *chosen[0][second]]
    print("chosen on the other half:", replay.told_of(held_out))
    for end in (min, max):
        print(end.__name__, *(f"{end(_at(one, top) for one in tried):.3f}" for top in replay.TOPS))


def _try(
    told: Sequence[Conversation], setting: tuple[tuple[float, float], float, float, float]
) -> list[dict[int, float]]:
    (respect, readings), look, weaker, caution = setting
    constants = {
        "PRIOR_RESPECT": respect,
        "PRIOR_READINGS": readings,
        "FAIR_LOOK": look,
        "WEAKER": weaker,
        "Z": caution,
    }
    with _set(constants):
        orders = [by_best(one) for one in told]
    return [
        {top: support_of(one, order, top=top) for top in replay.TOPS}
        for one, order in zip(told, orders, strict=True)
    ]


def _at(found: Sequence[Mapping[int, float]], top: int) -> float:
    return statistics.mean(one[top] for one in found)


def _mean(found: Sequence[Mapping[int, float]]) -> float:
    return statistics.mean(_at(found, top) for top in replay.TOPS)


if __name__ == "__main__":
    main()
