"""A layer from a desk's decisions: what it learns, what it must not, and when it is better."""

from __future__ import annotations

import random
from array import array
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.outside.classifier import ClassifierAnswer
from belowline.scoring.desk import (
    FURTHEST,
    PLACES,
    Layer,
    adjust,
    logit_of,
    place_of,
    places_of,
    probability,
)
from belowline.scoring.desk_fit import (
    LEAST_AUTHORS,
    LEAST_OF_EACH,
    Judged,
    compare,
    fit,
    has_enough,
    judge,
    order_share,
)

NAMES = ("insult",)
WORDS = [f"word{number}" for number in range(400)]


def decisions(count: int, *, seed: int, slur: str | None) -> list[Judged]:
    """Make decisions of a desk that removes what the model finds bad, and a word of its own."""
    lots = random.Random(seed)  # noqa: S311 - not a secret
    rows = []
    for _ in range(count):
        said = lots.choices(WORDS, k=lots.randint(5, 30))
        bad, local = lots.random() < 0.3, lots.random() < 0.25
        if local:
            said.append("townie")
        removed = bad or (local and slur == "townie")
        if lots.random() < 0.05:
            removed = not removed
        model = lots.gauss(1.5 if bad else -2.0, 1.2)
        author = f"r{lots.randint(0, count // 3)}"
        rows.append(Judged(author, (model,), places_of(" ".join(said)), float(removed), 1.0))
    return rows


def test_a_word_that_this_desk_removes_is_learnt() -> None:
    rows = decisions(400, seed=3, slur="townie")

    gain, layer = judge(rows), fit(rows, names=NAMES)

    assert gain.is_better
    assert gain.layer > gain.model + 0.05
    with_it, without = places_of("the townie said hello"), places_of("the people said hello")
    assert layer.logit((-2.0,), with_it) > layer.logit((-2.0,), without) + 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_there_is_nothing_to_learn_the_model_is_not_beaten(seed: int) -> None:
    assert not judge(decisions(400, seed=seed, slur=None)).is_better


def test_decisions_that_follow_nothing_teach_nothing() -> None:
    lots = random.Random(5)  # noqa: S311 - not a secret
    rows = [
        replace(row, removed=float(lots.random() < 0.5))
        for row in decisions(300, seed=5, slur=None)
    ]

    assert not judge(rows).is_better


def test_the_same_decisions_in_any_order_give_the_same_layer() -> None:
    rows = decisions(150, seed=7, slur="townie")
    lots = random.Random(1)  # noqa: S311 - not a secret
    shuffled = lots.sample(rows, k=len(rows))

    assert fit(rows, names=NAMES) == fit(shuffled, names=NAMES)
    assert judge(rows) == judge(shuffled)


def test_no_word_counts_that_fewer_than_three_authors_used() -> None:
    rows = decisions(200, seed=8, slur=None)
    rare = [
        Judged(f"x{number}", (-2.0,), places_of("grimblewick is at it again"), 1.0, 1.0)
        for number in (1, 1, 1, 1, 2, 2, 2)
    ]
    place = place_of("grimblewick")
    rows = [replace(row, places=row.places - {place}) for row in rows]

    assert fit(rows + rare, names=NAMES).weights[place] == 0
    third = Judged("x3", (-2.0,), places_of("grimblewick again"), 1.0, 1.0)
    assert fit([*rows, *rare, third], names=NAMES).weights[place] > 0


def test_newer_decisions_count_more() -> None:
    rows = decisions(200, seed=9, slur=None)
    place = place_of("townie")
    older = [
        Judged(f"o{number}", (-2.0,), places_of("the townie"), 1.0, 0.05) for number in range(20)
    ]
    newer = [
        Judged(f"n{number}", (-2.0,), places_of("the townie"), 0.0, 1.0) for number in range(20)
    ]

    assert (
        fit([*rows, *older], names=NAMES).weights[place]
        > fit([*rows, *older, *newer], names=NAMES).weights[place]
    )


def test_what_stood_keeps_a_layer_from_finding_everything_bad() -> None:
    """Only what is doubtful comes to a desk; the many that nobody brought up count as well."""
    rows = decisions(300, seed=11, slur="townie")
    lots = random.Random(2)  # noqa: S311 - not a secret
    quiet = [
        Judged(
            f"q{number}",
            (lots.gauss(-2, 1),),
            places_of("fine weather"),
            0.0,
            10.0,
            by_person=False,
        )
        for number in range(200)
    ]
    doubtful = places_of("fine weather")

    alone, among = fit(rows, names=NAMES), fit([*rows, *quiet], names=NAMES)

    assert among.logit((-1.0,), doubtful) < alone.logit((-1.0,), doubtful)
    assert judge([*rows, *quiet]).stayed == judge(rows).stayed


def test_a_layer_takes_enough_decisions_of_enough_authors() -> None:
    place = frozenset({1})

    def made(removed: int, stayed: int, authors: int) -> list[Judged]:
        labels = [1.0] * removed + [0.0] * stayed
        return [
            Judged(f"r{number % authors}", (0.0,), place, label, 1.0)
            for number, label in enumerate(labels)
        ]

    assert has_enough(made(LEAST_OF_EACH, LEAST_OF_EACH, LEAST_AUTHORS))
    assert not has_enough(made(LEAST_OF_EACH - 1, 100, LEAST_AUTHORS))
    assert not has_enough(made(100, LEAST_OF_EACH - 1, LEAST_AUTHORS))
    assert not has_enough(made(100, 100, LEAST_AUTHORS - 1))
    quiet = [replace(row, by_person=False) for row in made(100, 100, 50)]
    assert not has_enough(quiet)


def test_a_layer_that_turns_the_order_round_is_known_by_it() -> None:
    rows = decisions(200, seed=12, slur=None)

    gain = compare(rows, [-row.model for row in rows])

    assert gain.most < 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from([f"r{number}" for number in range(8)]),
            st.floats(-20, 20),
            st.frozensets(st.integers(0, PLACES - 1), max_size=6),
            st.sampled_from([0.0, 0.5, 1.0]),
            st.floats(0, 20),
        ),
        max_size=40,
    ),
    st.floats(-20, 20),
)
@settings(max_examples=60, deadline=None)
def test_whatever_was_decided_a_score_is_a_probability(
    given_rows: list[tuple[str, float, frozenset[int], float, float]], model: float
) -> None:
    rows = [
        Judged(author, (own,), places, removed, weight)
        for author, own, places, removed, weight in given_rows
    ]

    layer = fit(rows, names=NAMES)

    for row in rows:
        assert 0 < probability(layer.logit((model,), row.places)) < 1
    assert layer.words >= 0


@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans()), max_size=40))
def test_the_share_of_pairs_is_that_of_all_pairs(pairs: list[tuple[int, bool]]) -> None:
    bad = [score for score, label in pairs if label]
    good = [score for score, label in pairs if not label]
    each = [(one > other) + (one == other) / 2 for one in bad for other in good]

    found = order_share([[float(score) for score, _ in pairs]], [[label for _, label in pairs]])

    assert found == pytest.approx(sum(each) / len(each) if each else 0.5)


@given(st.floats(0, 1))
def test_a_probability_and_its_logit_are_two_ways_of_saying_one_thing(score: float) -> None:
    least = probability(-FURTHEST)

    assert probability(logit_of(score)) == pytest.approx(min(max(score, least), 1 - least))


def test_the_word_that_made_the_difference_is_marked() -> None:
    weights = array("f", bytes(4 * PLACES))
    weights[place_of("townies")] = 12.0
    layers = {"insult": Layer(NAMES, (1.0,), 1.0, 0.0, weights)}
    text = "Go home, TOWNIES, nobody wants you."
    answer = ClassifierAnswer({"insult": 0.2, "spam": 0.1}, model="m")

    told = adjust(layers, text, answer)

    assert told.attributes["insult"] > 0.8
    assert told.attributes["spam"] == 0.1
    assert told.from_desk == {"insult"}
    assert [text[one.start : one.end] for one in told.passages] == ["TOWNIES"]
    assert adjust(layers, "Good morning.", answer).passages == ()


def test_a_disguised_word_is_the_word() -> None:
    assert place_of("townies") in places_of("t0wn1es")
    assert place_of("townies") in places_of("tоwniеs")
