"""What a screen passes over at a first look holds nothing that a second would find."""

from __future__ import annotations

from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from belowline.core.folding import fold
from belowline.screens.links import _LINK, _LINK_SIGN, _PROGRAM, _PROGRAM_LINK, _PROGRAM_SIGNS
from belowline.screens.shouting import _FLOOD_SHARE, _may_flood

BITS = (
    *("http", "hxxp", "h**p", "ftp", ":", "/", "//", "www", ".", " ", "  ", "dot", "com", "co uk"),
    *("a", "x-1", "(", ")", "[", "]", "{", "}", "java", "script", "vbscript", "data", "text/html"),
    *("]", "<", ",", ";", "\n", "é", "。", "&#46;", "&colon;"),
)


@given(st.lists(st.sampled_from(BITS), max_size=12).map("".join))
@example("example (.) com")
@example("example[ dot ]com")
@example("example . com")
@example("example .com")
@example("data : text/html,")
def test_a_link_or_a_program_has_one_of_its_signs(text: str) -> None:
    folded = fold(text)
    if _LINK.search(folded):
        assert _LINK_SIGN.search(folded)
    if _PROGRAM.search(folded) or _PROGRAM_LINK.search(folded):
        assert any(sign in folded for sign in _PROGRAM_SIGNS)


@given(st.text(st.sampled_from("aabc d"), min_size=1, max_size=60))
def test_what_makes_up_most_of_a_text_may_flood_it(text: str) -> None:
    for crowd in (text, text.split() or ["a"]):
        commonest = Counter(crowd).most_common(1)[0][1]
        if commonest > _FLOOD_SHARE * len(crowd):
            assert _may_flood(crowd)
