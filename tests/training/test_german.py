"""German sentences of our own: what is kept for measuring is never taught, and slots are filled."""

from __future__ import annotations

from belowline.scoring.attributes import Attribute
from training.german import UNHEARD, made_up, spam
from training.prepare import TRAIN, TUNE, prepare
from training.sources import Example
from training.statements import HELD_OUT

ALL = list(made_up(seed=1))
SPAM = list(spam(seed=1))


def test_every_slot_is_filled() -> None:
    texts = [*(one.text for one in ALL), *(text for text, _ in SPAM)]

    assert not [text for text in texts if "{" in text or "}" in text]


def test_groups_kept_for_testing_are_never_taught_or_tuned_with() -> None:
    names = [name.partition("/")[0].lower() for name in UNHEARD.strip().split("|")]
    examples = [Example(one.text, one.shares, f"statements-{one.kind}", one.group) for one in ALL]

    sides = prepare(examples).sides

    for side in (TRAIN, TUNE):
        texts = "\n".join(one.text.lower() for one in sides[side])
        assert not [name for name in names if name in texts]
        assert not [one for one in sides[side] if one.group.startswith(HELD_OUT)]


def test_threats_and_spam_are_on_every_side() -> None:
    threats = [Example(one.text, one.shares, f"statements-{one.kind}", one.group) for one in ALL]
    sold = [Example(text, {Attribute.SPAM: 1.0}, "spam-de", group) for text, group in SPAM]

    for examples, attribute in ((threats, Attribute.THREAT), (sold, Attribute.SPAM)):
        for side in prepare(examples).sides.values():
            assert sum(one.shares.get(attribute, 0.0) > 0.5 for one in side) >= 20


def test_the_same_seed_makes_the_same() -> None:
    assert list(made_up(seed=1)) == ALL
    assert list(spam(seed=1)) == SPAM
