from __future__ import annotations

from belowline.scoring.attributes import Attribute
from training.prepare import cap, prepare
from training.sources import Example

YES, NO = {Attribute.TOXICITY: 1.0}, {Attribute.TOXICITY: 0.0}


def make(text: str, group: str, source: str = "a", *, weight: float = 1.0) -> Example:
    return Example(text, YES, source, group, weight)


def sides_of(examples: list[Example]) -> dict[str, set[str]]:
    prepared = prepare(examples)
    return {
        one.text: {name for name, side in prepared.sides.items() if one in side} for one in examples
    }


def test_the_same_text_stands_on_one_side_once() -> None:
    twice = [make("You are an idiot.", "a-1"), make("you are an IDIOT", "b-1", "b")]

    prepared = prepare(twice)

    assert sum(map(len, prepared.sides.values())) == 1
    assert prepared.same == 1


def test_the_richer_answers_to_the_same_text_stay() -> None:
    rich = Example("You idiot.", {**YES, Attribute.INSULT: 1.0}, "b", "b-1")

    prepared = prepare([make("you idiot", "a-1"), rich])

    (kept,) = (one for side in prepared.sides.values() for one in side)
    assert kept.shares == rich.shares


def test_texts_that_are_nearly_the_same_never_stand_on_both_sides() -> None:
    """Fifty pairs, so that chance alone would part many of them."""
    pairs = []
    for number in range(50):
        base = " ".join(f"word{number}x{at}" for at in range(20))
        pairs.append((make(base, f"a-{number}"), make(f"{base} and more", f"b-{number}", "b")))

    sides = sides_of([one for pair in pairs for one in pair])

    assert all(sides[one.text] == sides[other.text] for one, other in pairs)
    assert len({next(iter(sides[one.text])) for one, _ in pairs}) > 1


def test_what_belongs_together_stays_together() -> None:
    examples = [
        make(f"text number {number} of many", f"group-{number % 7}") for number in range(70)
    ]

    sides = sides_of(examples)

    for group in range(7):
        mine = [sides[one.text] for one in examples if one.group == f"group-{group}"]
        assert all(side == mine[0] for side in mine)


def test_a_set_phrase_joins_nobody() -> None:
    """A signature under a hundred comments does not make them one."""
    phrase = "sent from my telephone in the train"
    examples = [
        make(f"{' '.join(f'w{number}x{at}' for at in range(8))} {phrase}", f"g-{number}")
        for number in range(100)
    ]

    assert len({str(side) for side in sides_of(examples).values()}) > 1


def test_no_collection_outweighs_the_others() -> None:
    examples = [make(str(number), str(number), "long") for number in range(1000)]
    examples += [make(f"s{number}", str(number), "short") for number in range(10)]

    capped = cap(examples, most=100)

    assert abs(sum(one.weight for one in capped if one.source == "long") - 100) < 1e-6
    assert sum(one.weight for one in capped if one.source == "short") == 10
