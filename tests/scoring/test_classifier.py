"""The models that come with Belowline, as the pipeline meets them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import Unavailable
from belowline.core.terms import Finding, ScreenName
from belowline.scoring.attributes import Attribute
from belowline.scoring.classifier import LANGUAGES, read_classifier
from belowline.scoring.model import FOLDER
from belowline.screens.model import Draft
from belowline.screens.pipeline import screen
from tests.screens.facts import make_facts

SOON = timedelta(seconds=1)
SHIPPED = read_classifier()


def scores(text: str, language: str = "en") -> dict[str, float]:
    answer = SHIPPED.score(text, language=language, deadline=SOON)
    assert answer is not None
    return dict(answer.attributes)


def test_every_model_that_is_shipped_can_be_read() -> None:
    assert SHIPPED.problems == {}
    assert set(SHIPPED.languages) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shipped_model_is_not_larger_than_it_may_be(language: str) -> None:
    assert (FOLDER / f"linear-{language}.bin").stat().st_size <= 8_000_000


@pytest.mark.parametrize(
    ("mild", "rude"),
    [
        ("I disagree with you about the bypass.", "You are a complete idiot about the bypass."),
        ("This is a bad idea.", "This is a fucking stupid idea."),
        ("My neighbours are Muslims and lovely people.", "Muslims are filthy scum, all of them."),
        ("I will write to my councillor.", "I will kill my councillor."),
        ("He is a gay man from Leeds.", "He is a disgusting faggot from Leeds."),
    ],
)
def test_what_is_rude_scores_higher_than_what_is_not(mild: str, rude: str) -> None:
    assert scores(rude)["toxicity"] > scores(mild)["toxicity"] + 0.2


@pytest.mark.parametrize("text", ["you are an 1d10t", "you are an i d i o t", "you are an idiooot"])
def test_a_disguise_does_not_help(text: str) -> None:
    assert scores(text)["toxicity"] > 0.6 * scores("you are an idiot")["toxicity"]


def test_german_has_a_model_of_its_own() -> None:
    mild = "Ich bin nicht der Meinung, dass die Straße gebaut werden sollte."
    rude = "Du bist doch der letzte Vollidiot, halt einfach die Fresse."

    assert scores(rude, "de-AT")["toxicity"] > scores(mild, "de-AT")["toxicity"] + 0.2


def test_a_text_in_another_language_is_not_judged_by_the_wrong_model() -> None:
    french = "Je ne pense pas que la mairie ait réfléchi à ce que cela veut dire pour nous."

    with pytest.raises(Unavailable) as refused:
        SHIPPED.score(french, language="en-GB", deadline=SOON)

    assert refused.value.code == "language"


def test_a_german_comment_at_an_english_site_is_judged_by_the_german_model() -> None:
    text = "Du bist doch der letzte Vollidiot, und das weißt du auch ganz genau."

    assert scores(text, "en") == scores(text, "de")


def test_a_site_whose_language_has_no_model_is_not_scored() -> None:
    assert SHIPPED.score("Bore da, sut mae pawb?", language="cy", deadline=SOON) is None


def test_a_missing_model_holds_every_comment(tmp_path: Path) -> None:
    broken = read_classifier(tmp_path)

    verdicts = screen(Draft("A calm remark about trees."), make_facts(), classifier=broken)

    found = {one.screen: one for one in verdicts}[ScreenName.CLASSIFIER]
    assert found.finding is Finding.UNAVAILABLE
    assert set(broken.problems) == set(LANGUAGES)


@given(text=st.text(max_size=300))
def test_whatever_is_said_a_score_only_passes_or_holds(text: str) -> None:
    found = {one.screen: one for one in screen(Draft(text), make_facts(), classifier=SHIPPED)}[
        ScreenName.CLASSIFIER
    ]

    assert found.finding in {Finding.PASS, Finding.HOLD, Finding.UNAVAILABLE}


def test_being_constructive_holds_nobody() -> None:
    verdicts = screen(Draft("Here is why: the figures say so."), make_facts(), classifier=SHIPPED)
    found = {one.screen: one for one in verdicts}[ScreenName.CLASSIFIER]

    assert found.detail.get("attribute") != Attribute.CONSTRUCTIVE
