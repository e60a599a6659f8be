"""Story keys and addresses: a visitor's query string or host cannot make a story."""

from __future__ import annotations

import pytest

from belowline.core.errors import InvalidInput
from belowline.core.terms import StoryMode
from belowline.stories.policy import canonical_url, check_key, key_from_url, may_take_comments

ORIGINS = ("https://www.news.example",)


def test_query_and_fragment_do_not_make_another_story() -> None:
    url = canonical_url("https://www.news.example/a/b?utm_source=x#c9", origins=ORIGINS)

    assert url == "https://www.news.example/a/b"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a",
        "https://www.news.example.evil.example/",
        "javascript:alert(1)",
        "https://www.news.example:444/",
        "http://www.news.example/",
        "https://www.news.example@evil/",
        "//www.news.example/",
        "",
        "https://[",
        "https://news.example/" + "a" * 3000,
    ],
)
def test_an_address_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        canonical_url(url, origins=ORIGINS)


@pytest.mark.parametrize("key", ["", "-a", "a/b", "a b", "../x", "ü", "a" * 121, "a\n"])
def test_a_key_fits_into_an_address(key: str) -> None:
    with pytest.raises(InvalidInput):
        check_key(key)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://n.example/2024/05/bypass-row/", "bypass-row"),
        ("https://n.example/?p=12", "wp-1"),
        ("https://n.example/%E2%82%AC", "E2-82-AC"),
        ("https://[n.example/a", "wp-1"),
    ],
)
def test_an_imported_story_gets_a_readable_key(url: str, key: str) -> None:
    assert key_from_url(url, fallback="wp-1") == key


def test_only_open_and_held_first_stories_take_comments() -> None:
    taking = {mode for mode in StoryMode if may_take_comments(mode) is None}

    assert taking == {StoryMode.OPEN, StoryMode.HOLD_FIRST}
