"""Reading what is typed: every text can be, and what it says is what is looked for."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import CommentStatus, SiteId
from belowline.search.named import Meant
from belowline.search.query import LONGEST_QUERY, Phrase, Sought, read_query
from belowline.search.words import kept_words, split_words

TYPED = st.text(max_size=LONGEST_QUERY + 50) | st.lists(
    st.sampled_from(
        [
            '"',
            "-",
            "author:",
            "status:held",
            "before:2026-13",
            "*",
            "bridge",
            "OR",
            "NEAR(",
            "'",
            ":",
            "é",
        ]
    )
).map(" ".join)


@given(TYPED)
def test_nothing_that_can_be_typed_is_an_error(typed: str) -> None:
    """Not to us, and not to the database that is asked."""
    sought = read_query(typed)
    match = Meant(sought, (SiteId(1),), None, None, None).match(statuses=sought.statuses)

    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE VIRTUAL TABLE t USING fts5(words, tokenize='ascii')")
    assert conn.execute("SELECT * FROM t WHERE t MATCH ?", (match.for_sqlite(),)).fetchall() == []
    conn.close()


@given(st.text())
def test_words_are_kept_in_letters_and_digits_alone(text: str) -> None:
    assert all(word.isascii() and word.isalnum() and word[0] in "wx" for word in kept_words(text))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = " ".join(split_words(text))

    assert " ".join(split_words(once)) == once


@given(st.text())
def test_case_makes_no_difference(text: str) -> None:
    assert split_words(text.upper().lower()) == split_words(text.upper())


@given(st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True), max_size=8))
def test_plain_words_are_each_looked_for(words: list[str]) -> None:
    assert read_query(" ".join(words)).phrases == tuple(Phrase((f"w{word}",)) for word in words)


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        pytest.param("", Sought(), id="nothing"),
        pytest.param("  ... ", Sought(), id="signs alone"),
        pytest.param('"stay open"', Sought((Phrase(("wstay", "wopen")),)), id="a phrase"),
        pytest.param("“stay open”", Sought((Phrase(("wstay", "wopen")),)), id="curly quotes"),
        pytest.param('"stay open', Sought((Phrase(("wstay", "wopen")),)), id="a quote left open"),
        pytest.param("-noise", Sought(without=(Phrase(("wnoise",)),)), id="without"),
        pytest.param("bri*", Sought((Phrase(("wbri",), begins=True),)), id="a beginning"),
        pytest.param("br*", Sought((Phrase(("wbr",)),)), id="one too short to be a beginning"),
        pytest.param('Author:"Ann Lee"', Sought(authors=("Ann Lee",)), id="an author"),
        pytest.param(
            "story:bridge rule:spam", Sought(stories=("bridge",), rules=("spam",)), id="two"
        ),
        pytest.param("status:Held", Sought(statuses=(CommentStatus.HELD,)), id="a status"),
        pytest.param("status:odd", Sought(unread=("status:odd",)), id="no status"),
        pytest.param("after:2026-02-30", Sought(unread=("after:2026-02-30",)), id="no day"),
        pytest.param(
            "after:2026 before:2026-03-02",
            Sought(after=datetime(2026, 1, 1, tzinfo=UTC), before=datetime(2026, 3, 2, tzinfo=UTC)),
            id="days",
        ),
        pytest.param("-author:ann", Sought(unread=("-author:ann",)), id="not without an author"),
        pytest.param(
            "https://x.example", Sought((Phrase(("whttps", "wx", "wexample")),)), id="address"
        ),
    ],
)
def test_what_is_typed_is_what_is_looked_for(typed: str, sought: Sought) -> None:
    assert read_query(typed) == sought
