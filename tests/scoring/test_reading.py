from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.scoring.reading import MOST_TOKENS, WINDOW, read
from belowline.scoring.wordpiece import Cutter

WORDS = (
    *("[UNK]", "[CLS]", "[SEP]", "you", "are", "an", "idiot", "link", "see", "this", "is"),
    *("bad", ".", "!", ">", "bridge", "##s", "a", "b", "##b", "##a", "中", "i", "d"),
)
CUTTER = Cutter(WORDS)


def pieces(text: str) -> list[str]:
    return [WORDS[number] for number, _, _ in CUTTER.cut(text)]


def said(text: str) -> list[tuple[str, str]]:
    found = read(text, CUTTER)
    folded = found.parts.folded
    return [
        (WORDS[one.number], folded[one.start : one.end])
        for window in found.windows
        for one in window
    ]


def test_the_longest_piece_comes_first_and_signs_stand_alone() -> None:
    assert pieces("bridges!") == ["bridge", "##s", "!"]
    assert pieces("abba") == ["a", "##b", "##b", "##a"]
    assert pieces("a中b") == ["a", "中", "b"]


def test_a_word_is_known_to_its_end_or_not_at_all() -> None:
    assert pieces("bridgex an") == ["[UNK]", "an"]
    assert pieces("a" * 101) == ["[UNK]"]


@given(text=st.text(max_size=300))
def test_every_piece_lies_in_the_text_behind_the_one_before(text: str) -> None:
    before = 0
    for _, start, end in CUTTER.cut(text):
        assert before <= start < end <= len(text)
        before = end


@pytest.mark.parametrize("word", ["1d10t", "i d i o t", "idiooot"])
def test_a_disguise_is_read_and_stands_where_it_was_written(word: str) -> None:
    assert said(f"you are an {word}.")[-2:] == [("idiot", word), (".", ".")]


def test_an_address_is_one_word() -> None:
    assert said("see https://an.idiot/is?a=b") == [
        ("see", "see"),
        ("link", "https://an.idiot/is?a=b"),
    ]


def test_what_is_quoted_is_left_out_unless_it_is_all_there_is() -> None:
    assert said("> you idiot\nthis is bad") == [("this", "this"), ("is", "is"), ("bad", "bad")]
    assert ("idiot", "idiot") in said("> you idiot")


def test_windows_hold_whole_sentences() -> None:
    found = read("you are bad. " * 100, CUTTER)

    assert len(found.windows) > 2
    assert all(len(window) <= WINDOW - 2 for window in found.windows)
    assert all(WORDS[window[-1].number] == "." for window in found.windows)


def test_a_sentence_longer_than_a_window_is_cut_and_a_book_is_not_read_to_its_end() -> None:
    windows = read("bad " * 20_000, CUTTER).windows

    assert sum(map(len, windows)) == MOST_TOKENS
    assert all(len(window) <= WINDOW - 2 for window in windows)


@given(text=st.text(max_size=200))
def test_tokens_stand_in_the_folded_text_in_order(text: str) -> None:
    found = read(text, CUTTER)
    tokens = [one for window in found.windows for one in window]

    assert all(0 <= one.start < one.end <= len(found.parts.folded) for one in tokens)
    assert [one.start for one in tokens] == sorted(one.start for one in tokens)
