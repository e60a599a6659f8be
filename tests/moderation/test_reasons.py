"""What a saved reason may leave to be filled in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.moderation.reasons import NAMES, fill_in, refuse_unknown

VALUES = {"name": "Jo", "story": "A bridge", "rule": "Be kind"}


def test_each_name_is_filled_in_wherever_it_stands() -> None:
    text = "{name}: under “{story}” that breaks “{rule}”, {name}."
    assert refuse_unknown(text) is None
    assert fill_in(text, VALUES) == "Jo: under “A bridge” that breaks “Be kind”, Jo."


@pytest.mark.parametrize("text", ["{nme}", "Hello {Name}", "{}", "{name", "name}", "{{name}}", "{"])
def test_what_cannot_be_filled_in_is_refused(text: str) -> None:
    assert refuse_unknown(text) is not None


@given(st.text(st.characters(blacklist_characters="{}")))
def test_a_text_without_braces_is_taken_and_stays(text: str) -> None:
    assert refuse_unknown(text) is None
    assert fill_in(text, VALUES) == text


@given(
    st.lists(
        st.one_of(st.sampled_from([f"{{{one}}}" for one in NAMES]), st.just("word ")), max_size=6
    ),
    st.text(),
)
def test_what_is_filled_in_is_not_filled_in_again(parts: list[str], value: str) -> None:
    text = "".join(parts)
    filled = fill_in(text, dict.fromkeys(NAMES, value))
    assert filled == "".join(value if part.startswith("{") else part for part in parts)


@given(st.text(alphabet="{}nameruls toy"))
def test_whatever_is_taken_has_no_braces_left_when_filled(text: str) -> None:
    if refuse_unknown(text) is None:
        assert not set("{}") & set(fill_in(text, VALUES))
