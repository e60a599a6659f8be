"""The quick ways past most texts say what the long ways say."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belowline.core.folding import fold, locate
from belowline.core.markup import clean_text, render, render_markdown
from belowline.screens.model import ListedWord
from belowline.screens.readings import readings
from belowline.screens.wordlist import Hit, WordList

WORDS = WordList(
    [ListedWord(word) for word in ("shit", "*twat*", "fool", "twit", "ass", "go home", "vex")],
    allowed=("class",),
)
BITS = ["s", "h", "i", "t", "sh", "it", "f", "ool", "l", "o", "tw", "at", "wi", "a", "ss", "go",
        "home", "ve", "x", "v", "u"]  # fmt: skip
SIGNS = [" ", " ", " ", ".", "'", "*", "_", "-", "!", "|", "1", "0", "5", "4", "+", "(", "$", "@",
         "\u202e"]  # fmt: skip


def search_every_reading(words: WordList, text: str) -> tuple[Hit, ...]:
    """Search a text in every way in which it can be read, whatever its words are."""
    found: dict[tuple[int, int], ListedWord] = {}
    for reading in readings(fold(text), is_reversed="\u202e" in text):
        for entry, start, end in words._search_reading(reading):  # noqa: SLF001 - the long way
            found.setdefault(reading.span(start, end), entry.word)
    spans = sorted(found)
    return tuple(
        Hit(found[span], passage) for span, passage in zip(spans, locate(text, spans), strict=True)
    )


@given(st.lists(st.sampled_from([*BITS, *SIGNS]), max_size=24).map("".join))
@example("sh !t it")
@example("f o o l x5")
@example("f o o l 5")
@example("a55 and vex")
def test_signs_are_read_as_letters_wherever_that_shows_more(text: str) -> None:
    assert WORDS.search(text) == search_every_reading(WORDS, text)


PLAIN = "ab Zé0.,;:?!'\"()/%$€£’“–…+=-\n"


@given(st.text(st.sampled_from(PLAIN), max_size=60) | st.text(max_size=40))
@example("1. one\n2) two")
@example("- a\n+ b")
@example("http://x.example/a (b)")
@example("a \nb")
@example("a\n\nb\nc")
@example("=\n-")
def test_plain_text_is_rendered_as_markdown_would(raw: str) -> None:
    text = clean_text(raw, field="text", longest=1000)

    assert render(text) == render_markdown(text)


@pytest.mark.parametrize("text", ["", " ", "\n", "a\n\n\n\nb", "\n\na"])
def test_what_was_not_cleaned_is_rendered_as_markdown_would(text: str) -> None:
    assert render(text) == render_markdown(text)
