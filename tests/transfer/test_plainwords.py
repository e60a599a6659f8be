"""The short way over plain words says what the long way says, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.transfer.htmltext import to_text
from belowline.transfer.markdowntext import from_markdown
from belowline.transfer.plainwords import plain_lines, plain_paragraphs

WORDS = st.text(alphabet="aZé7Жあ ,.;:?!'\"()/%=-–…\n", max_size=40)
PIECES = st.sampled_from(
    ["<p>", "</p>", "<br>", "<br />", "<p>One</p>", "words", "1. x", "- y", "\n", " ", "&", "<b>",
     "http://x.example", "...", "5", "=", "é", "<p>", "</p>", "<p >", "</P>"]
)  # fmt: skip


@given(WORDS | st.text(max_size=20))
def test_lines_are_what_the_parsers_make_of_them(body: str):
    short = plain_lines(body)
    if short is not None:
        assert short == to_text(body, newlines_matter=True)
        assert short == from_markdown(body)


@given(WORDS | st.text(max_size=20) | st.lists(PIECES, max_size=8).map("".join))
def test_paragraphs_are_what_the_parser_makes_of_them(body: str):
    short = plain_paragraphs(body)
    if short is not None:
        assert short == to_text(body, newlines_matter=False)


@given(st.lists(WORDS, max_size=4), st.sampled_from(["", "\n", " "]))
def test_whole_paragraphs_are_too(inner: list[str], between: str):
    body = between.join(f"<p>{words}</p>" for words in inner)
    short = plain_paragraphs(body)
    if short is not None:
        assert short == to_text(body, newlines_matter=False)


@pytest.mark.parametrize(
    "body", ["<p>One, two.</p><p>Three!</p>", "<p>One<br>two</p>\n", "One\ntwo", "Ж – ж"]
)
def test_what_readers_mostly_write_is_seen_at_a_glance(body: str):
    assert plain_paragraphs(body) is not None


def test_nothing_is_seen_in_what_may_be_more():
    for body in ("*a*", "a_b", "# a", "1. a", "- a", "> a", "a  b", "http://x", "&amp;", "a\n==="):
        assert plain_lines(body) is None
