"""Why a comment stands where it stands, in words."""

from __future__ import annotations

import pytest

from belowline.threads.ranking import Rank
from belowline.threads.why import explain

LIKED = Rank(8000, 24.0, 40, 0.5, 0.9)


@pytest.mark.parametrize(
    ("rank", "shown", "codes"),
    [
        pytest.param(None, False, ["unranked", "fair_look"], id="just written"),
        pytest.param(LIKED, True, ["respect", "both_sides"], id="liked by both sides"),
        pytest.param(LIKED, False, ["first_hour"], id="its number is not told yet"),
        pytest.param(
            Rank(8000, 24.0, 40, 0.5, 0.2), True, ["respect", "one_side"], id="liked by one side"
        ),
        pytest.param(
            Rank(8000, 24.0, 33, 0.5, 0.9, 0.1), True, ["respect", "both_sides"], id="read by many"
        ),
        pytest.param(Rank(800, 3.0, 40, 0.05, 0.1), True, ["respect"], id="too few to tell sides"),
        pytest.param(
            Rank(3000, 1.0, 4, fair_look=0.1, featured=True, fewer=True),
            True,
            ["featured", "fair_look", "respect", "as_one"],
            id="picked, new and pushed",
        ),
    ],
)
def test_a_comment_says_what_counted(rank: Rank | None, shown: bool, codes: list[str]) -> None:  # noqa: FBT001
    found = explain(rank, is_published=True, is_shown=shown)
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("voices", "readings", "sentence"),
    [
        (0, 0, "No reader has been heard in this thread since it was written."),
        (0, 1, "About 1 reader is taken to have read it. None of them respects it."),
        (1, 1, "About 1 reader is taken to have read it. 1 of them respects it."),
        (24, 40, "About 40 readers are taken to have read it. 24 of them respect it."),
    ],
)
def test_respect_is_told_in_whole_readers(voices: float, readings: int, sentence: str) -> None:
    (reason,) = explain(Rank(1, voices, readings), is_published=True, is_shown=True)
    assert reason.text == sentence


def test_in_the_first_hour_no_number_is_told() -> None:
    found = explain(Rank(8000, 14.0, 18, 0.5, 0.9, 0.1), is_published=True, is_shown=False)
    assert not any(letter.isdigit() for one in found for letter in one.text)


def test_a_line_that_is_gone_only_says_so() -> None:
    assert [one.code for one in explain(LIKED, is_published=False, is_shown=True)] == ["gone"]
