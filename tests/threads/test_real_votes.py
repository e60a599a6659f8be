"""Ranking tried on real votes; what is printed in full by ``python -m bench.ranking``.

The conversations are not in the repository. ``BELOWLINE_VOTES`` names a folder that holds them.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from belowline.core.terms import CommentId, ReaderId
from belowline.threads.ranking import Respect
from bench.ranking import (
    Conversation,
    by_best,
    by_count,
    by_wilson,
    names_in,
    read_conversation,
    support_of,
)

VOTES = os.environ.get("BELOWLINE_VOTES", "")

pytestmark = pytest.mark.skipif(
    not VOTES or not Path(VOTES).is_dir(),
    reason="BELOWLINE_VOTES names no folder with conversations; bench/ranking.py says which",
)


@cache
def conversations() -> list[Conversation]:
    return [read_conversation(Path(VOTES), name) for name in names_in(Path(VOTES))]


@pytest.mark.parametrize("top", [5, 10])
@pytest.mark.parametrize("order", [by_count, by_wilson], ids=["count", "Wilson"])
def test_the_top_of_best_has_more_support_across_groups(
    order: Callable[[Conversation], list[CommentId]], top: int
) -> None:
    best = statistics.mean(support_of(one, by_best(one), top=top) for one in conversations())
    other = statistics.mean(support_of(one, order(one), top=top) for one in conversations())
    assert best > other


def test_a_hundred_new_accounts_move_a_comment_no_more_than_a_few_places() -> None:
    for told in conversations():
        before = by_best(told)
        middle = len(before) // 2
        after = [push(told, before[middle], accounts=number) for number in (1, 100)]
        # Where merits are as close as in the middle of three hundred, one voice is a few places.
        assert 0 <= middle - after[1] <= max(5, len(before) // 30), told.name
        assert after[1] == after[0], told.name


def push(told: Conversation, comment: CommentId, *, accounts: int) -> int:
    """Return where the comment stands after so many new accounts have respected it."""
    latest = max(one.at for one in told.respects)
    ring = [
        Respect(comment, ReaderId(10**9 + n), "new", latest + timedelta(minutes=n))
        for n in range(accounts)
    ]
    return by_best(replace(told, respects=[*told.respects, *ring])).index(comment)
