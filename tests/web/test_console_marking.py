"""Marks in readers' words, and what a change changed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import Passage
from belowline.web.marking import changes, marked


@pytest.mark.parametrize(
    ("passages", "expected"),
    [
        pytest.param([], "a &lt;b&gt; c", id="nothing marked"),
        pytest.param([(2, 5)], "a <mark>&lt;b&gt;</mark> c", id="a mark around what is escaped"),
        pytest.param([(0, 3), (2, 5)], "<mark>a &lt;b&gt;</mark> c", id="overlapping become one"),
        pytest.param([(4, 99)], "a &lt;b<mark>&gt; c</mark>", id="beyond the end"),
        pytest.param([(50, 60)], "a &lt;b&gt; c", id="nowhere"),
    ],
)
def test_passages_are_marked(passages: list[tuple[int, int]], expected: str) -> None:
    assert marked("a <b> c", [Passage(*one) for one in passages]) == expected


def test_a_change_of_several_words_reads_as_one() -> None:
    assert changes("He is a liar.", "He told us so.") == (
        "He <del>is a liar</del><ins>told us so</ins>."
    )


@given(st.text(), st.text())
def test_taking_one_side_of_a_change_gives_that_text_back(before: str, after: str) -> None:
    shown = str(changes(before, after))

    assert _text(re.sub(r"<del>.*?</del>", "", shown, flags=re.DOTALL)) == after
    assert _text(re.sub(r"<ins>.*?</ins>", "", shown, flags=re.DOTALL)) == before


def _text(html: str) -> str:
    return unescape(re.sub(r"</?(?:ins|del)>", "", html))
