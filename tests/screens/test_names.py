"""Protected names are found however they are written, and nobody can read one out of the list."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import Finding, SiteId
from belowline.screens.model import Draft, HashedName, NameList
from belowline.screens.names import (
    COURT_SAFETY,
    Hasher,
    hash_name,
    initials_of,
    name_words,
    screen_names,
)
from tests.screens.facts import cut

SECRET = "a-secret-for-tests-alone-0123456789abcdef"
SITE = SiteId(1)


def listed(*names: str, secret: str = SECRET, site: SiteId = SITE) -> NameList:
    hasher = Hasher.of(secret, site)
    return NameList(
        SITE,
        tuple(
            HashedName(number, *hash_name(name, hasher), hasher.check())
            for number, name in enumerate(names, start=1)
        ),
    )


def finds(text: str, *names: str) -> bool:
    verdict = screen_names(Draft(text), listed(*names), secret=SECRET)
    return verdict.finding is Finding.HOLD


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("It was Marta Quillfeather, everybody knows.", id="plain"),
        pytest.param("it was MARTA QUILLFEATHER", id="capitals"),
        pytest.param("Quillfeather, Marta, aged 14", id="turned-around"),
        pytest.param("Marta Jane Quillfeather did", id="middle-name"),
        pytest.param("Marta J. Quillfeather did", id="initial-between"),
        pytest.param("Marta Quilfeather", id="a-letter-lost"),
        pytest.param("Marta Quillfaether", id="letters-swapped"),
        pytest.param("Martha Quillfeather", id="a-letter-more"),
        pytest.param("Marta Quillfeather's brother", id="genitive"),
        pytest.param("MartaQuillfeather", id="written-as-one"),
        pytest.param("#quillfeathermarta", id="a-tag-turned-around"),
        pytest.param("M a r t a Quillfeather", id="pulled-apart"),
        pytest.param("M-a-r-t-a Q.u.i.l.l.f.e.a.t.h.e.r", id="both-pulled-apart"),
        pytest.param("M4rta Qu1llfeather", id="digits"),
        pytest.param("Мarta Quillfeаther", id="look-alikes"),
        pytest.param("Mártä Quíllfeather", id="accents"),
        pytest.param("Mar\u200bta Quill\u200bfeather", id="invisible"),
        pytest.param("Marta  \n Quillfeather", id="across-lines"),
        pytest.param("Maarta Quillfeeather", id="stretched"),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    assert finds(text, "Marta Quillfeather")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Marta is right about the bridge.", id="first-name-alone"),
        pytest.param("The Quillfeather Arms serves a fine pie.", id="surname-alone"),
        pytest.param("Marta said it. Much later that day Tom Quillfeather agreed.", id="far-apart"),
        pytest.param("Markus Quellwetter", id="another-name"),
        pytest.param("", id="nothing"),
        pytest.param("…", id="no-words"),
    ],
)
def test_others_are_not_taken_for_the_person(text: str) -> None:
    assert not finds(text, "Marta Quillfeather")


def test_short_names_are_found_as_they_are_and_not_nearly() -> None:
    assert finds("that was Bo Li", "Bo Li")
    assert not finds("that was So Li", "Bo Li")
    assert finds("Quillfeather did it", "Quillfeather")
    assert not finds("Tom did it", "Tim")


def test_the_verdict_holds_under_the_rule_on_courts_and_names_nobody() -> None:
    text = "It was Marta Quillfeather, everybody knows."

    verdict = screen_names(Draft(text), listed("Bo Li", "Marta Quillfeather"), secret=SECRET)

    assert (verdict.finding, verdict.rule, verdict.code) == (
        Finding.HOLD, COURT_SAFETY, "legal_check"
    )  # fmt: skip
    assert verdict.detail == {"entry": 2}
    assert cut(text, verdict.passages) == ["Marta Quillfeather"]


def test_a_list_made_under_another_secret_holds_everything() -> None:
    """Nothing can be compared any more, and nobody would notice."""
    names = listed("Marta Quillfeather", secret="another-secret-0123456789abcdefghijk")

    for secret in (SECRET, ""):
        verdict = screen_names(Draft("A calm remark."), names, secret=secret)
        assert verdict.finding is Finding.UNAVAILABLE


def test_a_list_is_worthless_at_another_site() -> None:
    one = msgspec.to_builtins(listed("Marta Quillfeather"))
    other = msgspec.to_builtins(listed("Marta Quillfeather", site=SiteId(2)))

    assert one["names"][0]["joined"] != other["names"][0]["joined"]


def test_what_is_kept_holds_no_part_of_the_name() -> None:
    kept = json.dumps(msgspec.to_builtins(listed("Marta Quillfeather"))).lower()

    assert not any(part in kept for part in ("mart", "quil", "feather"))
    assert initials_of("Marta Jane Quillfeather") == "M. J. Q."


LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßéł"
WORDS = st.text(LETTERS, min_size=6, max_size=12).filter(lambda word: len(name_words(word)[0]) >= 6)
"""Doubled letters count as one, so that some would be very short."""
NAMES = st.lists(WORDS, min_size=2, max_size=3)


@given(NAMES)
def test_every_name_is_found_in_itself_and_in_any_order(words: list[str]) -> None:
    name = " ".join(words)

    assert finds(f"Yes, {name.title()} did.", name)
    assert finds(" ".join(reversed(words)), name)


@given(NAMES, st.data())
def test_one_slip_of_the_finger_hides_nobody(words: list[str], data: st.DataObject) -> None:
    """Any letter of one word may be lost, changed or doubled."""
    at = data.draw(st.integers(0, len(words) - 1))
    word = words[at]
    place = data.draw(st.integers(0, len(word) - 1))
    slip = data.draw(st.sampled_from(["", "x", word[place] * 2]))
    written = [*words[:at], word[:place] + slip + word[place + 1 :], *words[at + 1 :]]

    assert finds(" ".join(written), " ".join(words))


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    verdict = screen_names(Draft(text), listed("Marta Quillfeather"), secret=SECRET)

    assert verdict.finding in {Finding.PASS, Finding.HOLD}
    assert all(0 <= one.start < one.end <= len(text) for one in verdict.passages)


def test_no_name_has_no_words() -> None:
    assert name_words("  … ") == ()
