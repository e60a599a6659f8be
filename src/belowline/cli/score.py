"""``belowline score``: the models that come with Belowline, by themselves, for any text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, BinaryIO

import click

from belowline.core.errors import InvalidInput, Unavailable
from belowline.scoring.classifier import LocalClassifier, read_classifier

NO_HURRY = timedelta(minutes=1)


@click.command()
@click.option(
    "--language",
    default="en",
    show_default=True,
    help="Whose model judges a text that does not show its language.",
)
@click.option(
    "--json",
    "is_json",
    is_flag=True,
    help='Each line is an object with a "text"; what else is in it comes back with the scores.',
)
@click.option(
    "--model",
    type=click.Choice(["linear", "encoder"]),
    default="linear",
    show_default=True,
    help="With which models; the encoder needs the extra belowline[encoder], and knows English.",
)
@click.option(
    "--about",
    "is_about",
    is_flag=True,
    help="Tell instead which models there are and how reliable each of their scores is.",
)
@click.argument("texts", type=click.File("rb"), default="-")
def score(texts: BinaryIO, *, language: str, is_json: bool, model: str, is_about: bool) -> None:
    """Score each line of TEXTS (or of what is piped in), and write a line of JSON for each.

    Nothing is kept and nothing is sent anywhere. A score is a probability from 0 to 1. A text
    that cannot be scored gets a line that says why; the exit status is 2 if no model can be read.
    """
    classifier = read_classifier(kind=model)
    if is_about:
        from belowline.cli.score_about import tell_about

        tell_about(classifier)
        return
    if len(classifier.problems) == len(classifier.languages):
        raise Unavailable(next(iter(classifier.problems.values())), code="no_model")
    if language not in classifier.languages:
        known = ", ".join(classifier.languages)
        raise InvalidInput(f"There is a model for each of {known}.", field="language")
    for told in _score_lines(classifier, texts, language=language, is_json=is_json):
        click.echo(json.dumps(told, ensure_ascii=False))


def _score_lines(
    classifier: LocalClassifier, texts: BinaryIO, *, language: str, is_json: bool
) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(texts, start=1):
        if not line.strip():
            continue
        try:
            given = _read(line, is_json=is_json)
        except InvalidInput as error:
            yield {"line": number, "error": error.message}
            continue
        try:
            answer = classifier.score(given["text"], language=language, deadline=NO_HURRY)
        except Unavailable as unavailable:
            yield {**given, "error": str(unavailable)}
            continue
        if answer is not None:
            yield {
                **given,
                "scores": {name: round(value, 4) for name, value in answer.attributes.items()},
                "passages": [[one.start, one.end] for one in answer.passages],
            }


def _read(line: bytes, *, is_json: bool) -> dict[str, Any]:
    """Return a line as an object with a text. Raises InvalidInput."""
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidInput("This is not UTF-8.", field="text") from None
    if not is_json:
        return {"text": text}
    try:
        given = json.loads(text)
        # Half a character can be written in JSON, and is no text.
        json.dumps(given, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise InvalidInput('This is not an object with a "text".', field="text")
    return given
