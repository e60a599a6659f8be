from __future__ import annotations

from belowline.scoring.attributes import Attribute
from training.prepare import TEST, TRAIN, TUNE, prepare
from training.sources import Example
from training.statements import HELD_OUT, UNHEARD_STEMS, Statement, made_up, one_of

ALL = list(made_up(seed=2))


def example(one: Statement) -> Example:
    return Example(one.text, one.shares, f"statements-{one.kind}", one.group)


def test_every_slot_is_filled() -> None:
    assert not [one.text for one in ALL if "{" in one.text or "}" in one.text]


def test_the_same_seed_gives_the_same_statements() -> None:
    assert list(made_up(seed=2)) == ALL
    assert list(made_up(seed=3)) != ALL


def test_what_is_kept_out_stands_on_the_test_side_alone() -> None:
    sides = prepare(map(example, ALL)).sides

    assert all(one.group.startswith(HELD_OUT) for one in ALL if "Zoroastrian" in one.text)
    for name in (TRAIN, TUNE):
        assert not [one for one in sides[name] if one.group.startswith(HELD_OUT)]
    assert [one for one in sides[TEST] if one.group.startswith(HELD_OUT)]


def test_no_group_that_is_kept_for_testing_is_named_elsewhere() -> None:
    known = [one.text.lower() for one in ALL if not one.group.startswith(HELD_OUT)]

    for stem in UNHEARD_STEMS:
        assert not [text for text in known if stem.lower() in text]


def test_there_are_both_sides_of_what_is_said_of_groups() -> None:
    hateful = [one for one in ALL if one.shares.get(Attribute.IDENTITY_ATTACK, 0.0) > 0.5]

    assert 0.3 < len(hateful) / len(ALL) < 0.7


def test_one_of_many_has_the_right_article() -> None:
    assert one_of("Muslims") == "a Muslim"
    assert one_of("old people") == "an old person"
    assert one_of("trans women") == "a trans woman"
    assert one_of("housewives") == "a housewife"
