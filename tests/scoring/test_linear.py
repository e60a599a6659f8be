from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import Unavailable
from belowline.scoring.attributes import Attribute
from belowline.scoring.features import feature_of_pair, features_of
from belowline.scoring.linear import LinearScorer
from belowline.scoring.model import ZERO, Calibration, Learnt, LinearModel, pack, read_model

MASK = (1 << 14) - 1


def make_model(
    toxic: dict[str, int], pairs: dict[tuple[str, str], int] | None = None
) -> LinearModel:
    """Return a model in which these words, and these pairs, weigh so many steps."""
    table = bytearray([ZERO]) * (2 * (MASK + 1))
    for word, steps in toxic.items():
        table[2 * features_of(word, MASK)[0]] = ZERO + steps
    for pair, steps in (pairs or {}).items():
        table[2 * feature_of_pair(*pair, MASK)] = ZERO + steps
    learnt = Learnt(0.5, -2.0, Calibration(1.0, 0.5, 0.0))
    return LinearModel(
        "test-1",
        "en",
        MASK,
        {Attribute.TOXICITY: learnt, Attribute.THREAT: learnt},
        bytes(table),
    )


SCORER = LinearScorer(make_model({"idiot": 100, "kind": -100}, {("shut", "up"): 90}))


def toxicity(text: str) -> float:
    return SCORER.score(text).scores[Attribute.TOXICITY]


def test_words_and_pairs_speak_for_and_against() -> None:
    plain = toxicity("a remark about the weather")

    assert toxicity("you idiot of a man there") > plain
    assert toxicity("a kind man of the weather") < plain
    assert toxicity("just shut up about it now") > toxicity("just up shut about it now")


def test_each_attribute_is_weighed_by_itself() -> None:
    scores = SCORER.score("you idiot").scores

    assert scores[Attribute.TOXICITY] > scores[Attribute.THREAT]


def test_an_insult_does_not_drown_in_a_long_comment() -> None:
    long = "The council has published its plan for the road. " * 30

    assert toxicity(long + "You idiot. " + long) > toxicity(long + "You there. " + long) + 0.1


def test_the_passages_are_the_words_that_speak_for_it() -> None:
    text = "Well, my dear IDIOT, here is the plan."
    weighed = SCORER.score(text)

    passages = SCORER.passages(text, weighed, Attribute.TOXICITY)

    assert [text[one.start : one.end] for one in passages] == ["IDIOT"]


def test_a_disguised_word_is_shown_as_it_was_written() -> None:
    text = "What an 1d10t you are"

    passages = SCORER.passages(text, SCORER.score(text), Attribute.TOXICITY)

    assert [text[one.start : one.end] for one in passages] == ["1d10t"]


@given(text=st.text(max_size=200))
def test_any_text_has_a_probability_and_passages_within_it(text: str) -> None:
    weighed = SCORER.score(text)

    assert all(0 < score < 1 for score in weighed.scores.values())
    assert len(weighed.by_sentence) == len(weighed.parts.sentences)
    for one in SCORER.passages(text, weighed, Attribute.TOXICITY):
        assert 0 <= one.start < one.end <= len(text)


def test_a_file_gives_back_the_model(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(pack(SCORER.model))

    assert read_model(path) == SCORER.model


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda content: content[:0], id="empty"),
        pytest.param(lambda content: content[:-1], id="cut short"),
        pytest.param(lambda content: content + b"\x80", id="with something more"),
        pytest.param(lambda content: content[:-5] + b"\x00" + content[-4:], id="a byte changed"),
        pytest.param(lambda content: b"x" + content, id="no model"),
        pytest.param(lambda content: content.replace(b'"toxicity"', b'"toxicitx"'), id="a name"),
        pytest.param(lambda content: content.replace(b'"mask": 1', b'"mask": 2'), id="its size"),
        pytest.param(
            lambda content: content.replace(b'"features": 1', b'"features": 0'),
            id="for other features",
        ),
        pytest.param(lambda content: content[:200] + b"\n" + content[200:], id="its head"),
    ],
)
def test_a_broken_file_is_refused_when_it_is_read(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    path = tmp_path / "linear-en.bin"
    path.write_bytes(spoil(pack(SCORER.model)))

    with pytest.raises(Unavailable, match=r"linear-en\.bin"):
        read_model(path)


def test_a_missing_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"linear-en\.bin"):
        read_model(tmp_path / "linear-en.bin")


def test_a_calibration_turns_no_order_round() -> None:
    steeper = LinearScorer(
        replace(
            SCORER.model,
            attributes={
                name: replace(learnt, calibration=Calibration(2.0, 1.0, -1.0))
                for name, learnt in SCORER.model.attributes.items()
            },
        )
    )
    texts = ["you idiot", "a kind word", "just shut up", "the weather is fine today"]

    def order(scorer: LinearScorer) -> list[str]:
        return sorted(texts, key=lambda text: scorer.score(text).scores[Attribute.TOXICITY])

    assert order(steeper) == order(SCORER)
