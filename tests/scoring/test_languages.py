from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.scoring.languages import detect

SAID = {
    "en": "I do not think that the council has thought about what this means for the people here.",
    "de": "Ich glaube nicht, dass die Stadt sich überlegt hat, was das für die Leute hier heißt.",
    "fr": "Je ne pense pas que la mairie ait réfléchi à ce que cela veut dire pour les gens d'ici.",
    "es": "No creo que el ayuntamiento haya pensado en lo que esto significa para la gente aquí.",
    "it": "Non credo che il comune abbia pensato a che cosa questo significa per la gente di qui.",
    "pt": "Não acho que a câmara tenha pensado no que isso significa para as pessoas daqui.",
    "nl": "Ik denk niet dat de gemeente heeft nagedacht over wat dit voor de mensen hier betekent.",
    "pl": "Nie sądzę, żeby rada pomyślała o tym, co to znaczy dla ludzi, którzy tu mieszkają.",
    "cy": "Nid wyf yn meddwl bod y cyngor wedi ystyried beth mae hyn yn ei olygu i bobl yr ardal.",
    "ru": "Не думаю, что совет подумал о том, что это значит для людей, которые здесь живут.",
    "ar": "لا أعتقد أن المجلس فكر في ما يعنيه هذا للناس الذين يعيشون هنا.",
    "ko": "시의회가 이것이 여기 사는 사람들에게 무엇을 의미하는지 생각해 봤는지 모르겠습니다.",
}


@pytest.mark.parametrize("language", SAID)
def test_a_sentence_shows_its_language(language: str) -> None:
    assert detect(SAID[language]) == language


@pytest.mark.parametrize(
    "text", ["", "Hear, hear!", "Rubbish.", "LOL", "https://example.com/the-and"]
)
def test_a_word_or_two_show_nothing(text: str) -> None:
    assert detect(text) is None


def test_a_foreign_word_changes_nothing() -> None:
    assert (
        detect("This is the kind of Schadenfreude that they have for us, and it is not nice")
        == "en"
    )


@given(text=st.text(max_size=400))
def test_any_text_has_one_language_or_none(text: str) -> None:
    found = detect(text)

    assert found is None or len(found) == 2
