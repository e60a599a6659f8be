"""The small transformer that comes with Belowline, as a publisher who chose it meets it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from belowline.cli.finding import State
from belowline.cli.findings_outside import check_models
from belowline.cli.score import score
from belowline.core.errors import Misconfigured, Unavailable
from belowline.core.settings import Settings
from belowline.scoring.attributes import Attribute
from belowline.scoring.classifier import read_classifier
from belowline.scoring.encoder import EncoderScorer
from belowline.scoring.encoder_model import EncoderModel, pack_encoder, read_encoder
from belowline.scoring.model import FOLDER

SOON = timedelta(seconds=1)
PATH = FOLDER / "encoder-en.bin"
MODEL = read_encoder(PATH)
SCORER = EncoderScorer(MODEL)
CLASSIFIER = read_classifier(kind="encoder")


def toxicity(text: str) -> float:
    return SCORER.score(text).scores[Attribute.TOXICITY]


def shown(text: str, attribute: Attribute = Attribute.TOXICITY) -> str:
    passages = SCORER.passages(text, SCORER.score(text), attribute)
    return " … ".join(text[one.start : one.end] for one in passages)


def test_it_is_not_larger_than_it_may_be() -> None:
    assert PATH.stat().st_size <= 25_000_000


@pytest.mark.parametrize(
    ("mild", "rude"),
    [
        ("I disagree with you about the bypass.", "You are a complete idiot about the bypass."),
        ("My neighbours are Muslims and lovely people.", "Muslims are vermin, all of them."),
        ("I did not say that you are an idiot.", "I say that you are an idiot."),
        ("The old mill will be shot for a film.", "I will find you and shoot you."),
        ('He wrote that "gays are vermin", and that is a disgrace.', "Gays are vermin."),
    ],
)
def test_what_is_rude_scores_higher_than_what_is_not(mild: str, rude: str) -> None:
    assert toxicity(rude) > toxicity(mild) + 0.2


@pytest.mark.parametrize(
    "text", ["", " ", "\n", ">", "> quoted only", "☃", "a" * 500, "\ud800", "\x00", "x. " * 400]
)
def test_any_text_has_probabilities_and_passages_within_it(text: str) -> None:
    weighed = SCORER.score(text)

    assert set(weighed.scores) == set(MODEL.attributes)
    assert all(0 < one < 1 for one in weighed.scores.values())
    assert len(weighed.by_sentence) == len(weighed.parts.sentences)
    for one in SCORER.passages(text, weighed, Attribute.INSULT):
        assert 0 <= one.start < one.end <= len(text)


def test_the_same_text_always_scores_the_same() -> None:
    text = "What the council says about the road is nonsense, and you are a liar."

    assert SCORER.score(text).scores == EncoderScorer(MODEL).score(text).scores


def test_the_passages_point_at_the_insult() -> None:
    assert "idiot" in shown("The plan has three stages, Peter, and you are an idiot to deny it.")


@pytest.mark.parametrize("word", ["1d10t", "i d i o t", "idiooot", "IDIOT", "ídíót"])
def test_a_disguise_does_not_help_and_is_shown_as_it_was_written(word: str) -> None:
    text = f"Sorry, but you are an {word} if you believe that"

    assert toxicity(text) == pytest.approx(
        toxicity("Sorry, but you are an idiot if you believe that"), abs=0.05
    )
    assert word in shown(text)


def test_quoting_an_insult_is_not_giving_one() -> None:
    answer = "Can we please stay polite in here?"

    assert toxicity(f"> You fucking idiot\n{answer}") == pytest.approx(toxicity(answer), abs=0.1)
    assert toxicity("> You fucking idiot") > 0.5


def test_an_insult_does_not_drown_in_a_long_comment() -> None:
    long = "The council has published its plan for the road. " * 40

    assert toxicity(f"{long}You fucking idiot. {long}") > toxicity(long) + 0.2
    sentences = SCORER.score(f"{long}You fucking idiot. {long}").by_sentence
    assert max(range(len(sentences)), key=lambda at: sentences[at][Attribute.TOXICITY]) == 40


def test_a_book_takes_no_longer_than_what_is_read_of_it() -> None:
    began = time.process_time()
    toxicity("The council has published its plan for the road. " * 4000)

    assert time.process_time() - began < 4


def test_a_comment_takes_milliseconds() -> None:
    text = "I have lived here for thirty years, and nobody has asked me about the bypass. " * 3
    toxicity(text)
    took = []
    for _ in range(9):
        began = time.process_time()
        toxicity(text)
        took.append(time.process_time() - began)

    assert sorted(took)[4] < 0.1


def test_german_is_still_judged_by_the_linear_model() -> None:
    text = "Du bist doch der letzte Vollidiot, und das weißt du auch ganz genau."
    told = CLASSIFIER.score(text, language="en", deadline=SOON)

    assert told == read_classifier().score(text, language="de", deadline=SOON)
    assert told is not None
    assert "linear-de" in told.model
    english = CLASSIFIER.score(
        "You are an idiot, and this is the end.", language="en", deadline=SOON
    )
    assert english is not None
    assert english.model == MODEL.version


def test_a_file_gives_back_the_model(tmp_path: Path) -> None:
    path = tmp_path / "encoder-en.bin"
    path.write_bytes(pack_encoder(MODEL))

    assert read_encoder(path) == MODEL


SMALL = EncoderModel("test-1", "en", dict(MODEL.attributes), ("[UNK]", "[CLS]", "[SEP]"), b"net")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda content: content[:0], id="empty"),
        pytest.param(lambda content: content[:-1], id="cut short"),
        pytest.param(lambda content: content + b"\x80", id="with something more"),
        pytest.param(lambda content: b"x" + content, id="no model"),
        pytest.param(lambda content: content.replace(b"[SEP]", b"[END]"), id="other words"),
        pytest.param(lambda content: content.replace(b'"insult"', b'"insulx"'), id="a name"),
        pytest.param(
            lambda content: content.replace(b'"reading": 1', b'"reading": 0'), id="other reading"
        ),
    ],
)
def test_a_broken_file_is_never_passed_over_in_silence(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "encoder-en.bin"
    path.write_bytes(spoil(pack_encoder(SMALL)))

    with pytest.raises(Unavailable, match=r"encoder-en\.bin"):
        read_encoder(path)
    broken = read_classifier(tmp_path, kind="encoder")
    with pytest.raises(Unavailable, match=r"encoder-en\.bin"):
        broken.score("A calm remark about the trees.", language="en", deadline=SOON)


def test_a_net_that_cannot_be_run_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="cannot be run"):
        EncoderScorer(replace(SMALL, net=b"nonsense"))


def test_without_the_extra_nothing_starts_and_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    with pytest.raises(Misconfigured, match=r"belowline\[encoder\]"):
        read_classifier(kind="encoder")
    with pytest.raises(Misconfigured):
        CliRunner().invoke(score, ["--model", "encoder"], input="x\n", catch_exceptions=False)
    (found,) = check_models(Settings(scoring="encoder"))
    assert found.state is State.FAIL
    assert "belowline[encoder]" in found.found


def test_the_linear_models_need_neither_the_extra_nor_numpy() -> None:
    program = """
import sys
sys.modules["onnxruntime"] = sys.modules["numpy"] = None
from datetime import timedelta
from belowline.scoring.classifier import read_classifier
told = read_classifier().score("You idiot.", language="en", deadline=timedelta(seconds=1))
print(told.attributes["toxicity"] > 0.5)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )

    assert ran.stdout == "True\n"


def test_the_command_scores_with_the_model_that_is_named() -> None:
    given = "Nobody should call the councillors idiots.\n"

    def run(model: str) -> float:
        ran = CliRunner().invoke(score, ["--model", model], input=given, catch_exceptions=False)
        return float(json.loads(ran.output)["scores"]["toxicity"])

    assert run("encoder") < run("linear")


def test_the_check_says_which_models_there_are() -> None:
    (found,) = check_models(Settings(scoring="encoder"))

    assert found.state is State.OK
    assert MODEL.version in found.found
