from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from belowline.core.markup import render
from belowline.transfer.htmltext import to_text

# Raw HTML is on here, other than in our own renderer, so that whatever slips through shows.
_LENIENT = MarkdownIt("commonmark", {"html": True})
_HARMLESS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "a", "hr",
             "h1", "h2", "h3", "h4", "h5", "h6"}  # fmt: skip
_MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<b>", "</b>", "<em>", "</em>", "<ul>", "<li>", "</ul>", "<ol>", "</li>",
         "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<code>", "</code>", "<br />", "\n",
         '<a href="https://a.example/x_y">', "</a>", "<script>", "</script>", "<!--", "-->", "<![",
         "<?", "<", ">", "&lt;", "&amp;lt;", "&#0;", "*", "_", "`", "\\", "1.", "-", "+", "#", " ",
         "https://a.example/_b*", "word", "é", "<td>", "<tr>", "<table>", "<x", "'", '"', "~~~"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("One\nTwo", "One\nTwo", id="a single newline is a line break"),
        pytest.param("One\n\n\nTwo", "One\n\nTwo", id="an empty line is a paragraph"),
        pytest.param("One<br />\nTwo", "One\nTwo", id="a break and its newline are one"),
        pytest.param("One<br><br>Two", "One\n\nTwo", id="two breaks are a paragraph"),
        pytest.param("<p>One<p>Two", "One\n\nTwo", id="paragraphs need not be closed"),
        pytest.param("a <em>b</em> <b>c</b>", "a *b* **c**", id="emphasis"),
        pytest.param("a<b> b </b>c", "a **b** c", id="spaces stay outside the marks"),
        pytest.param("<i>a</i><i>b</i>", "a*b*", id="marks that would run together are left out"),
        pytest.param("<b><p>a</p><p>b</p></b>", "a\n\nb", id="marks round paragraphs are left out"),
        pytest.param("<b>a\n\nb</b>", "**a**\n\n**b**", id="marks end with their paragraph"),
        pytest.param("<s>a</s> <del><b>b</b></del><s></s>", "~~a~~ ~~**b**~~", id="struck out"),
        pytest.param("<q>a</q>", "“a”", id="a short quotation has marks"),
        pytest.param(
            "<blockquote>a\n\nb</blockquote>c",
            "> a\n>\n> b\n\nc",
            id="a quote keeps its paragraphs",
        ),
        pytest.param("<ul><li>a<li>b</ul>", "- a\n- b", id="a list need not close its entries"),
        pytest.param("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b", id="a numbered list"),
        pytest.param("<code>a`b</code>", "``a`b``", id="code with a backtick has a longer mark"),
        pytest.param("<pre>a\n\n  *b*</pre>", "`a`\n`*b*`", id="preformatted lines are code"),
        pytest.param("5 * 3 < 20 & <3", "5 * 3 < 20 & <3", id="what cannot be misread stays"),
        pytest.param("*a* `b` _c_", r"\*a\* \`b\` \_c\_", id="marks of the reader's own are words"),
        pytest.param("snake_case C:\\dir", "snake_case C:\\dir", id="marks inside words stay"),
        pytest.param(
            "- a\n1. b\n&gt; c", "\\- a\n1\\. b\n\\> c", id="no list or quote by accident"
        ),
        pytest.param("&lt;b&gt;&amp;lt;", r"\<b>\&lt;", id="escaped HTML stays words"),
        pytest.param("x <y 5", r"x \<y 5", id="a lone angle bracket is a word"),
        pytest.param("a<script>alert(1)</script>b", "ab", id="scripts are dropped whole"),
        pytest.param("a<xmp><b>x</b></xmp>b", "ab", id="old raw elements are dropped whole"),
        pytest.param("a<iframe src=x>b", "a", id="an open frame swallows the rest, as in browsers"),
        pytest.param("a<!-- b -->c<!-- d", "ac", id="remarks are dropped"),
        pytest.param("<script>x</script> &nbsp; &#8203;", "", id="nothing to see is nothing"),
    ],
)
def test_words_are_kept_and_only_our_marks_remain(source: str, expected: str):
    assert to_text(source, newlines_matter=True) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('<a href="https://a.example/x_y">here</a>', "here (https://a.example/x_y)"),
        pytest.param('<a href="https://a.example/x">https://a.example/x</a>', "https://a.example/x"),
        pytest.param('<a href="http://a.example/long/x">a.example/lo…</a>',
                     "http://a.example/long/x"),
        pytest.param('<a href="//a.example/">a</a>', "a (https://a.example/)"),
        pytest.param('<a href="javascript:alert(1)">a</a>', "a"),
        pytest.param('<a href="java\nscript:alert(1)">a</a>', "a"),
        pytest.param('<a href="JAVASCRIPT&#58;alert(1)">a</a>', "a"),
        pytest.param('<a href="data:text/html,x">a</a>', "a"),
        pytest.param('<a href="/local">a</a>', "a"),
        pytest.param('<a href="https://a.example/<b>(c)*_">x</a>', "x"),
        pytest.param('<a href="https://a.example/(c)*_">x</a>',
                     "x (https://a.example/%28c%29%2A%5F)"),
        pytest.param("https://a.example/x_y_z", "https://a.example/x_y_z"),
    ],
)  # fmt: skip
def test_a_link_is_written_out_or_reduced_to_its_words(source: str, expected: str):
    text = to_text(source, newlines_matter=True)
    if "<b>" in source:
        # A bracket inside an attribute is no well-made link; all that matters is that it is inert.
        assert "<b>" not in render(text)
    else:
        assert text == expected


def test_without_meaning_newlines_are_spaces():
    assert to_text("<p>a\nb</p>\n<p>c</p>", newlines_matter=False) == "a b\n\nc"


@settings(max_examples=300, deadline=None)
@given(source=st.text() | _MARKUP, newlines=st.booleans())
@example(source="<ul><pre>", newlines=False)
@example(source="<ul><li><pre>\n", newlines=True)
def test_no_text_is_ever_too_much_and_no_foreign_tag_comes_through(*, source: str, newlines: bool):
    text = to_text(source, newlines_matter=newlines)
    found = {tag.lower() for tag in re.findall(r"</?([A-Za-z][\w-]*)", _LENIENT.render(text))}
    assert found <= _HARMLESS


@given(st.text(alphabet="ab *_`\\<>&;#-+1.()[]!~|=:/\n", max_size=60))
def test_plain_words_come_out_of_the_renderer_as_they_went_in(words: str):
    text = to_text(html.escape(words), newlines_matter=True)
    shown = html.unescape(re.sub(r"<[^>]*>", "", render(text)))
    assert "".join(shown.split()) == "".join(words.split())


_NESTED = st.recursive(
    st.text(alphabet="ab .*_`\\-1&;<", min_size=1, max_size=6).map(html.escape),
    lambda inner: st.builds(
        lambda tag, words: f"<{tag}>{''.join(words)}</{tag}>",
        st.sampled_from(["b", "i", "em", "strong", "p", "blockquote", "div", "li"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(source=_NESTED)
@example(source="<p>1<b><i>;</i></b></p>")
@example(source="<b><i>1</i>1<i>1</i></b>")
def test_marks_that_do_not_fit_are_left_out_rather_than_shown(source: str):
    shown = html.unescape(re.sub(r"<[^>]*>", "", render(to_text(source, newlines_matter=True))))
    wanted = html.unescape(re.sub(r"<[^>]*>", "", source))
    assert "".join(shown.split()) == "".join(wanted.split())


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        '<a "',
        "<!--",
        "</",
        "<![CDATA[",
        "<b>",
        "<blockquote>",
        "*",
        "`",
        "<ul><li>",
        "http://",
        "&#" + "9" * 5000,
    ],
)
def test_hostile_repetition_takes_no_time(piece: str):
    assert len(to_text(piece * (60_000 // len(piece)), newlines_matter=True)) < 1_000_000
