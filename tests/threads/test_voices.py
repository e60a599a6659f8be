"""Whose respect counts as one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.core.terms import ReaderId
from belowline.threads.voices import connect, is_new, voice_of
from tests.conftest import START

A, B, C, D = (ReaderId(number) for number in range(1, 5))


def test_readers_who_share_a_network_even_through_others_are_one() -> None:
    one, two, three = b"one", b"two", b"three"
    networks = {
        D: frozenset({three}),
        C: frozenset({two}),
        A: frozenset({one}),
        B: frozenset({one, two}),
    }
    assert connect(networks) == {A: A, B: A, C: A, D: D}
    assert connect(dict(reversed(networks.items()))) == connect(networks)


@pytest.mark.parametrize(
    ("site_for", "joined_for", "new"),
    [
        # An account is new for a week.
        pytest.param(365, 6.9, True, id="six days"),
        pytest.param(365, 7.1, False, id="eight days"),
        # On a young site, who came in the second half of its life.
        pytest.param(4, 1.9, True, id="late on a young site"),
        pytest.param(4, 2.1, False, id="early on a young site"),
        pytest.param(0, 0, False, id="on the first day, everybody"),
    ],
)
def test_an_account_is_new_for_a_week(site_for: float, joined_for: float, *, new: bool) -> None:
    assert new is is_new(
        joined_at=START - timedelta(days=joined_for),
        at=START,
        begun_at=START - timedelta(days=site_for),
    )


def test_all_new_accounts_are_one_voice_and_the_connected_another() -> None:
    connected = connect({A: frozenset({b"one"}), B: frozenset({b"one"})})
    voices = [voice_of(one, is_new=False, connected=connected) for one in (A, B, C)]
    assert len(set(voices)) == 2
    assert len({voice_of(one, is_new=True, connected=connected) for one in (A, B, C, D)}) == 1
