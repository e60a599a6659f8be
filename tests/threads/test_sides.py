"""Who usually agrees: found in what is respected, and in nothing else."""

from __future__ import annotations

import random
from datetime import timedelta

from belowline.core.terms import CommentId, StoryId
from belowline.threads.sides import FEWEST_READERS, Given, find_sides
from tests.conftest import START


def camps(*, readers: int = 60, blind: float = 0.1, days: int = 1, seed: int = 3) -> list[Given]:
    """Give two camps, odd and even, who each respect mostly their own comments of their day.

    Of three readers one comes every day.
    """
    chance = random.Random(seed)  # noqa: S311 - fixed camps
    found = []
    for reader in range(readers):
        day = reader * days // readers
        seen = range(days * 30) if reader % 3 == 0 else range(day * 30, day * 30 + 30)
        for comment in seen:
            own = comment % 2 == reader % 2
            if chance.random() < (0.6 if own else blind):
                at = START + timedelta(days=comment // 30, minutes=reader + chance.random())
                found.append(Given(StoryId(1), at, str(reader), CommentId(comment + 1)))
    return found


def agreement(sides: dict[str, float]) -> float:
    """Return how well the line tells odd from even, from 0 to 1."""
    right = sum((side > 0.5) == (int(reader) % 2 == 0) for reader, side in sides.items())
    return max(right, len(sides) - right) / len(sides)


def test_two_camps_are_told_apart() -> None:
    sides = find_sides(camps())
    assert len(sides) > 50
    assert agreement(sides) > 0.95
    assert all(0 <= side <= 1 for side in sides.values())


def test_who_came_early_and_who_came_late_are_not_taken_for_sides() -> None:
    """On each of three days there are other comments, which is no matter of opinion."""
    sides = find_sides(camps(readers=150, days=3))
    assert agreement(sides) > 0.9


def test_the_order_in_which_respect_is_told_makes_no_difference() -> None:
    given = camps()
    shuffled = random.Random(5).sample(given, len(given))  # noqa: S311 - any order
    assert find_sides(given) == find_sides(shuffled)


def test_too_few_readers_have_no_sides() -> None:
    assert find_sides([]) == {}
    assert find_sides(camps(readers=FEWEST_READERS - 1)) == {}


def test_whoever_hardly_ever_gives_respect_is_on_no_side() -> None:
    once = Given(StoryId(1), START + timedelta(hours=3), "passer-by", CommentId(1))
    assert "passer-by" not in find_sides([*camps(), once])


def test_where_all_respect_the_same_there_are_no_sides_to_fall_over() -> None:
    at = START + timedelta(minutes=1)
    same = [
        Given(StoryId(1), at, str(reader), CommentId(comment))
        for reader in range(30)
        for comment in range(1, 7)
    ]
    assert find_sides(same) == {}
