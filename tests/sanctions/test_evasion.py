"""What may point to somebody who is back after a withdrawal, and what is never enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import ReaderId
from belowline.sanctions.evasion import (
    MANY_SHARE,
    SENTENCES,
    Sign,
    Trace,
    Weight,
    compare,
    is_worth_showing,
)

AT = datetime(2026, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOME, TRAIN = b"home", b"train"
RANT = "They want to close our bridge because the mayor is in their pocket, mark my words."

GONE = Trace(ReaderId(1), "jimbo", frozenset({HOME, TRAIN}), (RANT,))
NEW = Trace(ReaderId(2), "fred", frozenset(), ("What a lovely day it is down at the harbour.",))


def signs(newer: Trace, **crowds: int) -> dict[str, Weight]:
    found = compare(
        newer,
        GONE,
        withdrawn_at=AT,
        crowds={name.encode(): number for name, number in crowds.items()},
        own_hosts=frozenset({"echo.example"}),
    )
    assert all(sign.sentence and sign.weighs for sign in found)
    return {sign.code: sign.weight for sign in found}


def test_two_who_share_nothing_have_no_sign():
    assert signs(NEW) == {}


def test_a_reader_is_not_compared_with_themselves():
    assert signs(GONE) == {}


@pytest.mark.parametrize(
    ("newer", "code", "weight"),
    [
        pytest.param(
            replace(NEW, networks=frozenset({HOME})), "same_network", Weight.SOME, id="network"
        ),
        pytest.param(replace(NEW, name_key="jimbo"), "same_name", Weight.SOME, id="name"),
        pytest.param(
            replace(NEW, first_wrote_at=AT + 3 * DAY), "came_soon_after", Weight.LITTLE, id="timing"
        ),
        pytest.param(
            replace(NEW, texts=("The mayor is in their pocket, he said.",)),
            "same_phrases",
            Weight.SOME,
            id="one phrase",
        ),
        pytest.param(replace(NEW, texts=(RANT,)), "same_phrases", Weight.MUCH, id="many phrases"),
    ],
)
def test_each_sign_has_its_weight(newer: Trace, code: str, weight: Weight):
    assert signs(newer) == {code: weight}


def test_a_network_that_many_use_says_little():
    shared = replace(NEW, networks=frozenset({TRAIN}))
    assert signs(shared, train=MANY_SHARE) == {"crowded_network": Weight.LITTLE}
    assert signs(shared, train=MANY_SHARE - 1) == {"same_network": Weight.SOME}
    # One lonely network among crowded ones counts as what it is.
    both = replace(NEW, networks=frozenset({TRAIN, HOME}))
    assert signs(both, train=MANY_SHARE, home=2) == {"same_network": Weight.SOME}


def test_what_is_quoted_is_not_the_readers_own_phrase():
    assert signs(replace(NEW, texts=(f"> {RANT}\n\nNonsense.",))) == {}


@pytest.mark.parametrize(
    ("link", "counts"),
    [
        ("https://www.elsewhere.example/bridge-lies", True),
        ("https://elsewhere.example", False),
        ("https://www.echo.example/bridge", False),
    ],
)
def test_only_a_page_that_is_not_the_publishers_is_a_shared_link(link: str, *, counts: bool):
    gone = replace(GONE, texts=(f"Read {link}/ !",))
    found = compare(
        replace(NEW, texts=(f"See {link}.",)),
        gone,
        withdrawn_at=AT,
        crowds={},
        own_hosts=frozenset({"echo.example"}),
    )
    assert [sign.code for sign in found] == (["same_links"] if counts else [])


@pytest.mark.parametrize(
    ("weights", "shown"),
    [
        ([("same_network", Weight.SOME)], False),
        ([("same_name", Weight.SOME)], False),
        ([("came_soon_after", Weight.LITTLE)], False),
        ([("same_network", Weight.SOME), ("came_soon_after", Weight.LITTLE)], True),
        ([("same_network", Weight.SOME), ("same_name", Weight.SOME)], True),
        ([("crowded_network", Weight.LITTLE), ("came_soon_after", Weight.LITTLE)], False),
        ([("same_phrases", Weight.MUCH)], True),
    ],
)
def test_one_weak_sign_is_never_shown(weights: list[tuple[str, Weight]], *, shown: bool):
    assert is_worth_showing([Sign(code, weight) for code, weight in weights]) is shown


every_sign = st.builds(Sign, st.sampled_from(sorted(SENTENCES)), st.sampled_from(Weight))


@given(st.lists(every_sign, max_size=5), every_sign)
def test_a_further_sign_never_hides_what_was_shown(found: list[Sign], further: Sign):
    if is_worth_showing(found):
        assert is_worth_showing([*found, further])


@given(st.integers(-60, 60))
def test_only_who_came_within_a_month_after_came_soon_after(days: int):
    newer = replace(NEW, first_wrote_at=AT + days * DAY)
    assert ("came_soon_after" in signs(newer)) is (0 <= days <= 30)
