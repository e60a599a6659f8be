from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.markup import render
from belowline.transfer.markdowntext import from_markdown


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("One\ntwo\n\nthree", "One\ntwo\n\nthree"),
        ("*a* and **b**", "*a* and **b**"),
        ("# Heading", "**Heading**"),
        ("[words](https://far.example/x)", "words (https://far.example/x)"),
        ("[words](javascript:alert(1))", "[words](javascript:alert(1))"),
        ("![a cat](https://far.example/cat.png)", "a cat"),
        ("> quoted\n\nanswer", "> quoted\n\nanswer"),
        ("- a\n- b", "- a\n- b"),
        ("`code <b>`", "`code <b>`"),
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("<b>bold</b> <unknown>", r"**bold** \<unknown>"),
        ("a < b", "a < b"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("<script>alert(1)</script>", ""),
        ("<!-- hidden -->", ""),
        ("", ""),
    ],
)
def test_words_are_kept_and_looks_as_far_as_we_have_them(source: str, text: str):
    assert from_markdown(source) == text


@given(st.text(max_size=200))
def test_any_text_gives_source_text_that_renders_without_scripts(source: str):
    html = render(from_markdown(source))
    assert "<script" not in html
    assert "<img" not in html


@given(st.text(alphabet='<>/abscript[]()!*_`&#;\n" =:', max_size=80))
def test_any_marks_give_source_text_that_renders_without_scripts(source: str):
    html = render(from_markdown(source)).lower()
    assert "<script" not in html
    assert '<a href="javascript' not in html


def test_deep_nesting_takes_neither_long_nor_forever():
    for unit in ("> ", "- ", "[", "*a **b ", "<b>", "`", "(", "&#"):
        from_markdown(unit * (20_000 // len(unit)))
