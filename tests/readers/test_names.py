"""Names: what two of them look like, which are refused, and that none passes for staff."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.readers.names import (
    LONGEST_NAME,
    SUGGESTED_NUMBERS,
    check_name,
    may_use_name,
    name_key,
    suggest_name,
)

NOBODY: frozenset[str] = frozenset()

words = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=12)
anything = st.text(max_size=60)


@pytest.mark.parametrize(
    "disguise",
    [
        pytest.param("jane doe", id="case"),
        pytest.param("JaneDoe", id="no space"),
        pytest.param("Jane  Doe.", id="punctuation at the end"),
        pytest.param("Jane Doe!", id="an exclamation"),
        pytest.param("@Jane Doe", id="like a handle"),
        pytest.param("Jane_Doe", id="underscore"),
        pytest.param("Jäné Dōe", id="accents"),
        pytest.param("Јаnе Dое", id="Cyrillic"),
        pytest.param("Jαnε Dοe", id="Greek"),
        pytest.param("Ｊａｎｅ Ｄｏｅ", id="full width"),
        pytest.param("𝕁𝕒𝕟𝕖 𝔻𝕠𝕖", id="mathematical letters"),
        pytest.param("J4n3 D03", id="digits for letters"),
        pytest.param("Ja\u200bne\u200d Doe", id="zero width"),
        pytest.param("Jane Doe ✓", id="a check mark"),
        pytest.param("Jane Doe (editor)", id="an office beside it"),
        pytest.param("Jane Doe, M0derat0r", id="an office in disguise"),
        pytest.param("The real Jane Doe", id="said to be real"),
        pytest.param("jane.doe.official", id="said to be official"),
        pytest.param("Jane-Doe_mod", id="in one word with an office"),
    ],
)
def test_a_disguised_name_of_staff_is_refused(disguise: str) -> None:
    refusal = may_use_name(disguise, staff_keys={name_key("Jane Doe")}, own_keys=NOBODY)

    assert refusal is not None
    assert refusal.code == "name_of_staff"


@pytest.mark.parametrize("name", ["Jane Dole", "Jan Doe", "Jane Doe and Sons", "Doe Jane"])
def test_another_name_than_staffs_is_free(name: str) -> None:
    assert may_use_name(name, staff_keys={name_key("Jane Doe")}, own_keys=NOBODY) is None


def test_staff_may_keep_and_respell_their_own_name() -> None:
    key = name_key("Jane Doe")

    assert may_use_name("JANE DOE", staff_keys={key}, own_keys={key}) is None


@pytest.mark.parametrize(
    "name",
    [
        *("Moderator", "M0derat0r", "the EDITORS", "Erased reader", "Аdmin", "mods"),
        *(
            "Moderator Jo",
            "Jo (moderators)",
            "xXModerat\u043erXx",
            "Jo [admin]",
            "m o d e r a t o r",
        ),
        *("mode\u00adrator jo", "Ｍｏｄｅｒａｔｏｒ Jo", "Belowline Team"),
    ],
)
def test_nobody_may_be_called_like_an_office(name: str) -> None:
    refusal = may_use_name(name, staff_keys=NOBODY, own_keys=NOBODY)

    assert refusal is not None
    assert refusal.code == "name_reserved"


@pytest.mark.parametrize(
    "name",
    ["Retired editor", "Moderate Tory", "Admiral Jo", "Adam Minister", "Real Ale Fan", "The Desk"],
)
def test_a_word_that_is_only_near_an_office_is_free(name: str) -> None:
    assert may_use_name(name, staff_keys={name_key("Jane Doe")}, own_keys=NOBODY) is None


@pytest.mark.parametrize(
    ("one", "other"), [("Modern", "Modem"), ("vvill", "will"), ("dark", "clark")]
)
def test_letters_that_run_together_look_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@given(words, words)
def test_case_accents_width_and_spaces_never_make_another_name(first: str, last: str) -> None:
    key = name_key(first + last)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in first + last)

    assert name_key(f"{first} {last}") == key
    assert name_key((first + last).upper()) == key
    assert name_key(wide) == key
    assert name_key("".join(f"{char}\u0301" for char in first + last)) == key


@given(anything)
def test_every_name_that_can_be_used_has_a_key_and_stays_as_it_is(raw: str) -> None:
    try:
        name = check_name(raw)
    except InvalidInput:
        return

    assert name_key(name)
    assert check_name(name) == name
    assert len(name) <= LONGEST_NAME
    assert unicodedata.is_normalized("NFC", name)
    assert "\n" not in name


@given(anything)
def test_a_key_can_be_made_of_anything(raw: str) -> None:
    assert isinstance(name_key(raw), str)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param("", "name_too_short", id="empty"),
        pytest.param(" x ", "name_too_short", id="one letter"),
        pytest.param("\u3164\u3164\u3164", "name_too_short", id="Hangul fillers"),
        pytest.param("\u2800\u2800", "name_too_short", id="Braille blanks"),
        pytest.param("\u200b\u200d\u200c", "name_too_short", id="zero width"),
        pytest.param("\u0301\u0301\u0301", "name_too_short", id="marks without a letter"),
        pytest.param("a" * 41, "too_long", id="too long"),
        pytest.param("jane@paper.example", "name_is_address", id="an e-mail address"),
        pytest.param("jane＠paper．example", "name_is_address", id="one in full width"),
        pytest.param("https://x.yz", "name_is_address", id="a web address"),
        pytest.param("www.cheap-pills", "name_is_address", id="www"),
        pytest.param("Visit cheap-pills.com now", "name_is_address", id="a domain"),
        pytest.param("pills。shop", "name_is_address", id="a domain with another dot"),
        pytest.param("ab\ud800", "bad_unicode", id="half a character"),
    ],
)
def test_what_is_no_name_is_refused(raw: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_name(raw)

    assert refused.value.code == code
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    "name",
    ["Jo", "J. R. Smith", "St.John", "李明", "محمد", "O’Neill", "Zoë", "😀😀", "R2-D2", "Dr.Who"],
)
def test_people_may_be_called_what_they_are_called(name: str) -> None:
    assert check_name(name) == name


def test_a_name_is_cleaned_of_tricks() -> None:
    assert check_name("  Jane\n\u202eDoe\x00 ") == "Jane Doe"


@given(st.integers(min_value=0, max_value=SUGGESTED_NUMBERS - 1))
def test_a_suggested_name_can_always_be_used(number: int) -> None:
    name = suggest_name(number)

    assert check_name(name) == name
    assert may_use_name(name, staff_keys={name_key("Jane Doe")}, own_keys=NOBODY) is None
