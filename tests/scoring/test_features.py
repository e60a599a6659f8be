from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.scoring.features import MOST_WORDS, QUOTE, features_of, take_apart

MASK = (1 << 12) - 1


def words(text: str) -> set[str]:
    parts = take_apart(text)
    return {word.text for word in (*parts.words, *parts.readings)}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("you are an 1d10t", "idiot", id="digits for letters"),
        pytest.param("you are an i d i o t", "idiot", id="pulled apart"),
        pytest.param("you are an i.d.i.o.t", "idiot", id="pulled apart with dots"),
        pytest.param("you are an idiooooot", "idiot", id="stretched"),
        pytest.param("you are an ιԁιοτ", "idiot", id="letters that look alike"),
        pytest.param("you are an id\u200biot", "idiot", id="with what nobody sees"),
        pytest.param("what a b!tch", "bitch", id="a sign for a letter"),
        pytest.param("kiss my a$$", "ass", id="signs at the end"),
    ],
)
def test_a_disguised_word_counts_as_what_it_is_read_as(written: str, read: str) -> None:
    assert read in words(written)


@pytest.mark.parametrize("text", ["The A55 is closed.", "In 1984 there were 300.", "I am 5 or 6."])
def test_numbers_stay_numbers(text: str) -> None:
    assert not take_apart(text).readings or "ass" not in words(text)


def test_what_is_quoted_is_not_what_is_said() -> None:
    found = words("> you are an idiot\nPlease do not say so.")

    assert f"{QUOTE}idiot" in found
    assert "idiot" not in found
    assert "please" in found


def test_links_are_no_words_but_leave_a_mark() -> None:
    parts = take_apart("Look at https://idiot.example/hate here")

    assert "idiot" not in {word.text for word in parts.words}
    assert "link" in parts.marks


def test_lines_and_full_stops_end_sentences() -> None:
    parts = take_apart("One thing. Another thing!\nA third")

    assert [parts.folded[start:end].strip() for start, end in parts.sentences] == [
        "one thing.",
        "another thing!",
        "a third",
    ]


@given(text=st.text(max_size=300))
def test_any_text_can_be_taken_apart(text: str) -> None:
    parts = take_apart(text)

    for word in (*parts.words, *parts.readings):
        assert 0 <= word.start < word.end <= len(parts.folded)
        assert all(0 <= place <= MASK for place in features_of(word.text, MASK))
    ends = [end for _, end in parts.sentences]
    assert ends == sorted(ends)
    assert not ends or ends[-1] == len(parts.folded)


@pytest.mark.parametrize("piece", ["a ", "a.", "1d10t ", "!?", "> a\n", "a" * 1000 + " ", "$", "@"])
def test_a_book_takes_no_longer_than_a_book_should(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    before = time.process_time()

    parts = take_apart(text)

    assert time.process_time() - before < 3
    assert len(parts.words) <= MOST_WORDS
