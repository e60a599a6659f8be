from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from belowline.cli.score import score
from belowline.core.errors import InvalidInput


def run(given: str, *options: str) -> list[dict[str, object]]:
    ran = CliRunner().invoke(score, options, input=given, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return [json.loads(line) for line in ran.output.splitlines()]


def test_each_line_is_scored_and_the_passages_lie_in_it() -> None:
    calm, rude = run("Thank you for the report.\n\nYou are a fucking idiot.\n")

    assert calm["text"] == "Thank you for the report."
    assert rude["scores"]["toxicity"] > 0.8 > calm["scores"]["toxicity"]  # type: ignore[index]
    text = str(rude["text"])
    shown = [text[start:end] for start, end in rude["passages"]]  # type: ignore[attr-defined]
    assert any("idiot" in one or "fucking" in one for one in shown)


def test_what_else_is_in_an_object_comes_back() -> None:
    (told,) = run('{"id": 7, "text": "A calm remark."}\n', "--json")

    assert told["id"] == 7
    assert "toxicity" in told["scores"]  # type: ignore[operator]


@pytest.mark.parametrize(
    "line",
    [
        *("{", "[]", '"words"', '{"text": 5}', '{"words": "x"}'),
        pytest.param('{"text": "\\ud800"}', id="half a character"),
        pytest.param('{"text": "x", "id": "\\ud800"}', id="half a character beside it"),
        pytest.param("[" * 100_000, id="deep brackets"),
    ],
)
def test_a_line_that_is_no_object_with_a_text_is_named_and_the_next_is_scored(line: str) -> None:
    first, second = run(f'{line}\n{{"text": "A calm remark."}}\n', "--json")

    assert first["line"] == 1
    assert "error" in first
    assert "scores" in second


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_bytes_that_are_no_text_are_named_and_the_next_line_is_scored(options: list[str]) -> None:
    ran = CliRunner().invoke(score, options, input=b'caf\xe9\n{"text": "A calm remark."}\n')

    first, second = [json.loads(line) for line in ran.output.splitlines()]
    assert first == {"line": 1, "error": "This is not UTF-8."}
    assert "scores" in second


def test_a_language_that_no_model_knows_is_said_for_that_text_alone() -> None:
    first, second = run(
        "Je ne pense pas que la mairie ait réfléchi à ce que cela veut dire.\nFine.\n"
    )

    assert "error" in first
    assert "scores" in second


def test_an_unknown_language_is_refused() -> None:
    ran = CliRunner().invoke(score, ["--language", "tlh"], input="words")

    assert isinstance(ran.exception, InvalidInput)
    assert "en, de" in ran.exception.message
