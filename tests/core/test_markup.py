"""Readers' text to HTML: what stays, what goes, and that nothing in it can run."""

from __future__ import annotations

import re
import sys
import unicodedata

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core import markup
from belowline.core.errors import InvalidInput
from belowline.core.markdown import TAGS, render_markdown
from belowline.core.markup import clean_text, render

SIGNS = "<>\"'&/=()[]*_`!:\\ \n\tajscriptonhefvx\x00\u202e\u200b"
HOSTILE = st.text(alphabet=st.sampled_from(list(SIGNS)))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("Hello", "<p>Hello</p>", id="plain"),
        pytest.param("one\ntwo", "<p>one<br>\ntwo</p>", id="a line end is a line break"),
        pytest.param("*a* **b**", "<p><em>a</em> <strong>b</strong></p>", id="emphasis"),
        pytest.param("> said", "<blockquote>\n<p>said</p>\n</blockquote>", id="a quote"),
        pytest.param("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>", id="HTML is text"),
        pytest.param("# big", "<p># big</p>", id="no headings"),
        pytest.param("![x](https://a.example/y.png)", None, id="no images"),
        pytest.param("[x](javascript:alert(1))", None, id="no script links"),
        pytest.param("https://bank.example@evil.example/", None, id="no user part"),
        pytest.param("//evil.example/x", "<p>//evil.example/x</p>", id="no link without a scheme"),
    ],
)
def test_text_becomes_the_small_subset(text: str, html: str | None) -> None:
    rendered = render(text)
    if html is not None:
        assert rendered == html
    assert "<img" not in rendered
    assert 'href="javascript' not in rendered
    assert "@evil" not in re.sub(r">[^<]*<", "><", rendered)


def test_a_link_shows_where_it_goes() -> None:
    rendered = render("See https://council.example/plan?x=1&y=2 today")

    assert '<a href="https://council.example/plan?x=1&amp;y=2"' in rendered
    assert 'rel="nofollow ugc noopener noreferrer"' in rendered


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        pytest.param("https://a.example/%E2%80%AEgpj.exe", None, id="a hidden bidi override"),
        pytest.param("https://a.example/%0A%00%3Cb%3E", None, id="hidden line ends and tags"),
        pytest.param("https://xn--80ak6aa92e.com/", None, id="a look-alike host, spelled out"),
        pytest.param("https://аррӏе.com/", "https://xn--80ak6aa92e.com/", id="a look-alike host"),
        pytest.param("https://tw\u0131tter.com/", "https://xn--twtter-q9a.com/", id="no dot on i"),
        pytest.param("https://zürich.example/über", None, id="a plain host with an accent"),
    ],
)
def test_a_link_never_shows_another_address_than_its_own(address: str, shown: str | None) -> None:
    for text in (address, f"<{address}>"):
        rendered = render(clean_text(text, field="text", longest=100))

        assert f">{shown or address}</a>" in rendered
        assert "%E2%80%AE" not in address or "\u202e" not in rendered


@pytest.mark.parametrize("spelled", ["&#8238;", "&#x202E;", "&RightToLeftArrow;", "&zwnj;", "&lt;"])
def test_nothing_comes_back_spelled_out(spelled: str) -> None:
    """What the moderators' word list and the cleaning read is what readers see."""
    assert render(f"a{spelled}b") == f"<p>a&amp;{spelled[1:]}b</p>"


@given(st.one_of(st.text(), HOSTILE))
def test_only_the_allowed_tags_and_one_attribute_come_out(text: str) -> None:
    rendered = render(text)

    for tag, rest in re.findall(r"<([a-zA-Z!/?][^\s>]*)([^>]*)>", rendered):
        assert tag.strip("/") in TAGS
        assert re.fullmatch(r'( href="https?://[^"]*")?( rel="[^"]*")?', rest), rest


@given(st.one_of(st.text(), HOSTILE))
def test_sanitising_again_changes_nothing(text: str) -> None:
    rendered = render(text)

    again = nh3.clean(
        rendered,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow ugc noopener noreferrer",
    )

    assert again == rendered


TRICKS = st.text(
    alphabet=st.sampled_from(
        list("ae\u0301\u0327\u0489\u034f\u200d\u200c\u200b\u3164\u0e31\U0001f3f4")
        + [chr(0xE0000 + ord(letter)) for letter in "gbengsctwl"]
        + ["\U000e007f", "\n", " ", "\u1100", "\u1161", "\u0340"]
    )
)


@given(st.one_of(st.text(), TRICKS))
def test_cleaning_is_done_once(text: str) -> None:
    try:
        clean = clean_text(text, field="text", longest=5000)
    except InvalidInput as error:
        assert error.code in {"bad_unicode", "too_long"}  # noqa: PT017 - either is right
        return

    assert clean_text(clean, field="text", longest=5000) == clean


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        pytest.param("a\r\nb\rc", "a\nb\nc", id="line ends"),
        pytest.param("a\x00b\x07c\x7f\x9b", "abc", id="controls"),
        pytest.param("a\x85b", "a\nb", id="the line end of mainframes"),
        pytest.param("safe\u202egnirts", "safegnirts", id="bidi override"),
        pytest.param("in\u200bvis\u2060ible", "invisible", id="zero width"),
        pytest.param("e" + "\u0301" * 50, "é" + "\u0301" * 4, id="a tower of marks"),
        pytest.param(
            "e" + "\u0301\u0301\u0301\u0301\u034f" * 9, "é" + "\u0301" * 4, id="a tower in storeys"
        ),
        pytest.param(
            "e" + "\u0301\u0301\u0301\u200d" * 9,
            "é" + "\u0301\u0301\u200d" + "\u0301" * 2,
            id="a tower with joiners",
        ),
        pytest.param("e" + "\u0489" * 50, "e" + "\u0489" * 4, id="a tower of enclosing marks"),
        pytest.param("\u3164\u115f\u2063\u061c", "", id="letters that show as nothing"),
        pytest.param("a" + "\u200d" * 50 + "b", "a\u200db", id="a row of joiners"),
        pytest.param("a\U000e0068\U000e0069b", "ab", id="words in tags"),
        pytest.param("\U0001f3f4\U000e0068\U000e007f", "\U0001f3f4", id="a flag of nowhere"),
        pytest.param("a\n\n\n\n\nb", "a\n\nb", id="a wall of blank lines"),
    ],
)
def test_what_cannot_be_seen_is_not_kept(raw: str, kept: str) -> None:
    assert clean_text(raw, field="text", longest=100) == kept


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", id="England"
        ),
        pytest.param("\U0001f469\u200d\U0001f469\u200d\U0001f467", id="a family"),
        pytest.param("1\ufe0f\u20e3 ❤\ufe0f", id="a key and a heart"),
        pytest.param("می\u200cخواهم", id="Persian"),
        pytest.param("בְּרֵאשִׁ֖ית", id="Hebrew with points and accents"),
        pytest.param("ที่นี่", id="Thai"),
        pytest.param("བསྒྲུབས་", id="Tibetan"),
        pytest.param("हिन्दी क्ष्म्य", id="Hindi"),
    ],
)
def test_what_people_write_is_kept(text: str) -> None:
    clean = clean_text(text, field="text", longest=100)

    assert clean == unicodedata.normalize("NFC", text)


def test_nothing_is_ever_cut() -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_text("x" * 101, field="text", longest=100)

    assert refused.value.code == "too_long"


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(InvalidInput):
        clean_text("a\ud800b", field="text", longest=100)


def test_what_is_taken_for_clean_could_not_be_cleaned_any_further():
    """Every letter that the quick way lets through, alone and as the second of a pair."""
    every = map(chr, range(sys.maxunicode + 1))
    alone = {char for char in every if markup.CLEAN.fullmatch(char)}
    for char in alone:
        assert unicodedata.category(char) not in {"Mn", "Me", "Cf", "Cs", "Zl", "Zp"}
        assert char in "\n\t" or unicodedata.category(char) != "Cc"
        assert ord(char) not in markup.INVISIBLE
        assert unicodedata.normalize("NFC", char) == char
    joined = {
        part
        for code in range(sys.maxunicode + 1)
        if not (parts := unicodedata.decomposition(chr(code))).startswith("<")
        for part in parts.split()[1:]
    }
    assert not {chr(int(part, 16)) for part in joined} & alone


@given(st.text(alphabet=st.sampled_from("aZ0é ß\n.,;:?!'\"()/%$€“”–…+=-ΩжЩשא1)9."), max_size=40))
def test_plain_sentences_in_any_alphabet_come_out_as_by_way_of_markdown(text: str) -> None:
    cleaned = clean_text(text, field="text", longest=1000)
    assert render(cleaned) == render_markdown(cleaned)
