"""How "best" is decided: what must hold of any thread, and what an editor would ask about."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import CommentId, ReaderId
from belowline.storage.places import FRESH
from belowline.threads.ranking import STEPS, Respect, Root, bound, rank
from belowline.threads.voices import Voice
from tests.conftest import START

Thread = tuple[list[Root], list[Respect], dict[Voice, float]]


def root(number: int, *, minute: int = 0, author: int | None = None) -> Root:
    at = START + timedelta(minutes=minute)
    return Root(CommentId(number), at, ReaderId(author or 1000 + number))


def respect(comment: int, reader: int, *, minute: float, voice: str | None = None) -> Respect:
    at = START + timedelta(minutes=minute)
    return Respect(CommentId(comment), ReaderId(reader), voice or str(reader), at)


def minute_of(one: Root | Respect) -> float:
    return (one.at - START).total_seconds() / 60


@st.composite
def threads(draw: st.DrawFn) -> Thread:
    """Give a thread of up to nine roots, with what up to a dozen voices respect in it."""
    roots = [
        replace(
            root(number, minute=draw(st.integers(0, 300)), author=draw(st.integers(1, 4))),
            featured=draw(st.booleans()),
            seen=draw(st.none() | st.floats(0, 1)),
            counted=draw(st.none() | st.floats(0, 1)),
        )
        for number in range(1, draw(st.integers(2, 9)))
    ]
    pairs = draw(st.sets(st.tuples(st.sampled_from(roots), st.integers(1, 12)), max_size=40))
    respects = [
        respect(one.id, reader, minute=minute_of(one) + draw(st.integers(0, 200)))
        for one, reader in sorted(pairs, key=lambda pair: (pair[0].id, pair[1]))
    ]
    sides = draw(st.dictionaries(st.integers(1, 12).map(str), st.floats(0, 1)))
    return roots, respects, sides


def order_of(thread: Thread) -> list[CommentId]:
    roots, respects, sides = thread
    found = rank(roots, respects, sides=sides)
    return sorted(found, key=lambda one: (found[one].score, one), reverse=True)


@given(threads(), st.data())
def test_one_more_respect_never_sets_a_comment_back(thread: Thread, data: st.DataObject) -> None:
    roots, respects, sides = thread
    chosen = data.draw(st.sampled_from(roots))
    known = {one.voice for one in respects if one.comment_id == chosen.id}
    reader = data.draw(st.integers(1, 15).filter(lambda one: str(one) not in known))
    latest = max(minute_of(one) for one in (*roots, *respects))
    minute = latest + data.draw(st.integers(0, 100))
    more = [*respects, respect(chosen.id, reader, minute=minute)]

    before, after = rank(roots, respects, sides=sides), rank(roots, more, sides=sides)

    assert after[chosen.id].score >= before[chosen.id].score
    for other in roots:
        if other.id != chosen.id and before[chosen.id].score >= before[other.id].score:
            assert after[chosen.id].score >= after[other.id].score


@given(threads(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_told_makes_no_difference(
    thread: Thread, chance: random.Random
) -> None:
    roots, respects, sides = thread
    shuffled = (chance.sample(roots, len(roots)), chance.sample(respects, len(respects)), sides)
    assert rank(roots, respects, sides=sides) == rank(*shuffled[:2], sides=sides)


@given(threads())
def test_which_side_is_called_the_first_makes_no_difference(thread: Thread) -> None:
    roots, respects, sides = thread
    swapped = {voice: 1 - side for voice, side in sides.items()}
    one, other = rank(roots, respects, sides=sides), rank(roots, respects, sides=swapped)
    for each in roots:
        # Halves are added in another order, so the last digit may differ.
        assert abs(one[each.id].score - other[each.id].score) <= 1


@given(threads())
def test_ranking_again_changes_nothing_and_every_score_is_in_its_range(thread: Thread) -> None:
    roots, respects, sides = thread
    found = rank(roots, respects, sides=sides)
    assert found == rank(roots, respects, sides=sides)
    assert {one.id for one in roots} == set(found)
    assert all(0 <= one.score < STEPS for one in found.values())


@given(threads(), st.data())
def test_an_editors_pick_never_stands_later_than_it_would_without(
    thread: Thread, data: st.DataObject
) -> None:
    roots, respects, sides = thread
    chosen = data.draw(st.sampled_from(roots))
    without = [replace(one, featured=one.featured and one != chosen) for one in roots]
    picked = [replace(one, featured=one.featured or one == chosen) for one in roots]
    assert order_of((picked, respects, sides)).index(chosen.id) <= order_of(
        (without, respects, sides)
    ).index(chosen.id)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        pytest.param((0, 20), (1, 20), id="one is more than nobody"),
        pytest.param((5, 50), (5, 20), id="the same respect from fewer readers is more"),
        pytest.param((2, 2), (20, 22), id="two of two say less than twenty of twenty-two"),
        pytest.param((0, 100), (0, 0), id="unread is better than passed over by a hundred"),
    ],
)
def test_a_share_is_trusted_as_far_as_it_is_known(
    less: tuple[int, int], more: tuple[int, int]
) -> None:
    assert bound(*less) < bound(*more)


def test_a_new_comment_begins_where_its_root_is_put_when_it_is_stored() -> None:
    assert rank([root(1)], [], sides={})[CommentId(1)].score == FRESH


def a_lively_thread() -> Thread:
    """Give sixty roots over two hours, of growing merit, and two hundred readers."""
    chance = random.Random(7)  # noqa: S311 - a fixed thread
    roots = [root(number, minute=2 * number) for number in range(1, 61)]
    respects = [
        respect(one.id, reader, minute=130 + 3 * reader + chance.random())
        for reader in range(1, 201)
        for one in roots
        if chance.random() < 0.25 * ((int(one.id) * 37) % 60 + 6) / 66
    ]
    sides = {str(reader): float(reader % 2) for reader in range(1, 151)}
    return roots, respects, sides


ATTACKS = {
    "new accounts": [respect(0, 900 + n, minute=200 + 3 * n, voice="new") for n in range(100)],
    "one network": [respect(0, 900 + n, minute=200 + 3 * n, voice="900") for n in range(100)],
    "one minute": [respect(0, 900 + n, minute=950 + n / 200) for n in range(100)],
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", [59, 45, 30, 10])
@pytest.mark.parametrize("counted", [None, 0.5, 0.8])
def test_a_hundred_accounts_that_push_one_comment_move_it_no_more_than_a_few(
    attack: str, place: int, counted: float | None
) -> None:
    roots, respects, sides = a_lively_thread()
    roots = [replace(one, counted=counted) for one in roots]
    before = order_of((roots, respects, sides))
    pushed = before[place]
    pushes = [replace(one, comment_id=pushed) for one in ATTACKS[attack]]

    after = order_of((roots, [*respects, *pushes], sides))

    assert 0 <= place - after.index(pushed) <= 3
    # Nor do they upset what the others made of each other.
    rest = [one for one in before if one != pushed]
    moved = [one for one in after if one != pushed]
    assert max(abs(rest.index(one) - moved.index(one)) for one in rest) <= 3


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", [59, 45, 30, 10])
@pytest.mark.parametrize("counted", [0.3, 0.1])
def test_where_few_come_upon_a_comment_a_hundred_accounts_move_it_as_far_as_one_reader(
    attack: str, place: int, counted: float
) -> None:
    """Among sixty of which so little is known one voice is up to four places."""
    roots, respects, sides = a_lively_thread()
    roots = [replace(one, counted=counted) for one in roots]
    pushed = order_of((roots, respects, sides))[place]
    pushes = [replace(one, comment_id=pushed) for one in ATTACKS[attack]]

    by_one = order_of((roots, [*respects, pushes[0]], sides))
    by_all = order_of((roots, [*respects, *pushes], sides))

    assert by_all.index(pushed) == by_one.index(pushed)
    assert 0 <= place - by_all.index(pushed) <= 4
    rest, moved = ([one for one in each if one != pushed] for each in (by_one, by_all))
    assert max(abs(rest.index(one) - moved.index(one)) for one in rest) <= 3


def test_a_crowd_that_comes_at_once_and_respects_many_things_is_no_plot() -> None:
    """As after a push message: sixty within four minutes, each of whom respects two or three."""
    chance = random.Random(7)  # noqa: S311 - a fixed thread
    roots = [root(number) for number in range(1, 7)]
    crowd = [
        respect(number, reader, minute=100 + chance.random() * 4)
        for reader in range(60)
        for number in chance.sample(range(1, 7), 2)
    ]
    crowd_alone = rank(roots, crowd, sides={})
    assert all(rank.voices >= 4 for rank in crowd_alone.values())
    # Once it has been heard what the thread's readers usually respect, half of it is believed.
    usual = [
        respect(1 + (reader + n) % 6, 100 + reader, minute=300 + 10 * reader)
        for reader in range(60)
        for n in (0, 1)
    ]
    known = rank(roots, [*usual, *crowd], sides={})
    without = rank(roots, usual, sides={})
    for number in range(1, 7):
        came = sum(one.comment_id == number for one in crowd)
        one = CommentId(number)
        assert known[one].voices >= without[one].voices + came / 3


@pytest.mark.parametrize("others", [1, 3])
def test_a_hundred_who_make_a_crowd_of_themselves_count_as_fifteen_at_most(others: int) -> None:
    """Old accounts on separate networks, each of which respects something else in that minute."""
    roots, respects, sides = a_lively_thread()
    before = rank(roots, respects, sides=sides)
    for place in (50, 30, 10):
        pushed = order_of((roots, respects, sides))[place]
        chance = random.Random(place)  # noqa: S311 - a fixed attack
        pushes = []
        for n in range(100):
            decoys = chance.sample([one.id for one in roots if one.id != pushed], others)
            minute = 400 + n / 25
            pushes += [respect(one, 900 + n, minute=minute) for one in (pushed, *decoys)]
        after = rank(roots, [*respects, *pushes], sides=sides)
        assert after[pushed].voices <= before[pushed].voices + 15


def test_a_steady_stream_of_readers_is_no_burst() -> None:
    """Ten a minute for half an hour is a busy day, not a plot."""
    roots = [root(1), root(2)]
    steady = [respect(1, n, minute=10 + n / 10) for n in range(300)]
    found = rank(roots, steady, sides={})[CommentId(1)]
    assert found.voices > 280
    assert not found.fewer


def test_one_side_alone_does_not_carry_a_comment() -> None:
    """Thirty of one side are outdone by ten of each."""
    roots = [root(1), root(2)]
    loud = [respect(1, n, minute=10 + 5 * n) for n in range(30)]
    shared = [respect(2, n, minute=12 + 5 * n) for n in (*range(10), *range(30, 40))]
    sides = {str(n): float(n < 30) for n in range(60)}
    heard = [respect(3, n, minute=400 + n) for n in range(60)]
    roots.append(root(3))

    found = rank(roots, [*loud, *shared, *heard], sides=sides)

    assert found[CommentId(2)].score > found[CommentId(1)].score
    assert found[CommentId(1)].balance < found[CommentId(2)].balance
    # Without sides, thirty are more than twenty.
    blind = rank(roots, [*loud, *shared, *heard], sides={})
    assert blind[CommentId(1)].score > blind[CommentId(2)].score


def test_a_late_comment_is_judged_by_those_who_came_after_it() -> None:
    early, late = root(1, minute=0), root(2, minute=600)
    respects = [respect(1, n, minute=10 + 5 * n) for n in range(0, 100, 4)]
    respects += [respect(3, n, minute=10 + 5 * n) for n in range(100)]
    respects += [respect(2, n, minute=700 + 5 * n) for n in range(100, 112)]
    respects += [respect(3, n, minute=700 + 5 * n) for n in range(100, 120)]
    found = rank([early, late, root(3)], respects, sides={})
    assert found[CommentId(2)].score > found[CommentId(1)].score


def test_whoever_fills_a_thread_does_not_get_a_fresh_look_each_time() -> None:
    roots = [root(number, minute=number, author=1) for number in range(1, 6)]
    scores = [rank(roots, [], sides={})[one.id].score for one in roots]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 5


def test_a_fair_look_ends_when_readers_have_passed_by() -> None:
    roots = [root(1), root(2)]
    found = rank(roots, [respect(2, n, minute=5 + 3 * n) for n in range(30)], sides={})
    assert found[CommentId(1)].fair_look == 0
    assert found[CommentId(1)].score < FRESH


def test_a_line_that_only_holds_up_replies_stands_last() -> None:
    gone = replace(root(1), published=False, featured=True)
    respects = [respect(1, n, minute=5 + 3 * n) for n in range(30)]
    assert order_of(([gone, root(2)], respects, {})) == [2, 1]
