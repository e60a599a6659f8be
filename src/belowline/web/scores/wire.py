"""Perspective's messages: what is asked, what is answered, and how a refusal looks.

The names, the nesting and the error details are those of Comment Analyzer ``v1alpha1``, so that
programs written for it need another address and nothing else. Spans count UTF-16 code units, as
JavaScript does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from belowline.core.folding import locate
from belowline.scoring.attributes import Attribute
from belowline.scoring.weighed import Weighed

LONGEST = 20_480
"""Bytes of a comment's text; more is refused, as it was there."""
DETAIL = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
SERVICE = "commentanalyzer.googleapis.com"
EXPERIMENTAL = "_EXPERIMENTAL"
_TAG = re.compile(r"<[^>]{0,4000}>")

Json = dict[str, Any]


class Refused(Exception):
    """A request that is answered with an error, in Google's shape."""

    def __init__(
        self, status: int, name: str, message: str, *, kind: str = "", about: Json | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        details = [{"@type": DETAIL, "errorType": kind, **(about or {})}] if kind else []
        self.body: Json = {
            "error": {"code": status, "message": message, "status": name}
            | ({"details": details} if details else {})
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """One attribute that is asked for, by the name that the answer repeats."""

    name: str
    attribute: Attribute
    threshold: float = 0.0


@dataclass(frozen=True, slots=True)
class Analysis:
    """What ``comments:analyze`` is asked."""

    text: str
    wanted: tuple[Wanted, ...]
    languages: tuple[str, ...]
    spans: bool
    community: str
    client_token: str | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What ``comments:suggestscore`` is told."""

    text: str
    scores: Mapping[Attribute, float]
    languages: tuple[str, ...]
    community: str
    client_token: str | None


def read_json(body: bytes) -> Json:
    """Read a request's body. Raises Refused."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise _invalid("Invalid JSON payload received.")
    return read


def read_analysis(body: Json) -> Analysis:
    """Read what is asked. Raises Refused."""
    asked = body.get("requestedAttributes")
    if not isinstance(asked, dict) or not asked:
        raise _invalid("No requested attributes.")
    return Analysis(
        _text(body),
        tuple(_wanted(name, how) for name, how in asked.items()),
        _languages(body),
        body.get("spanAnnotations") is True,
        _short(body, "communityId") or "",
        _short(body, "clientToken"),
    )


def read_suggestion(body: Json) -> Suggestion:
    """Read what is suggested. Raises Refused."""
    told = body.get("attributeScores")
    if not isinstance(told, dict) or not told:
        raise _invalid("No attribute scores.")
    scores: dict[Attribute, float] = {}
    for name, score in told.items():
        attribute = _attribute(name)
        summary = score.get("summaryScore") if isinstance(score, dict) else None
        value = summary.get("value", 0) if isinstance(summary, dict) else None
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
            raise _invalid(f"The summary score of {attribute.value.upper()} is not from 0 to 1.")
        scores[attribute] = float(value)
    return Suggestion(
        _text(body),
        scores,
        _languages(body),
        _short(body, "communityId") or "",
        _short(body, "clientToken"),
    )


def tell_scores(
    analysis: Analysis, weighed: Weighed, *, language: str, detected: str | None
) -> Json:
    """Return the answer to an analysis."""
    units = _Units(analysis.text, weighed)
    scores = {}
    for wanted in analysis.wanted:
        value = weighed.scores[wanted.attribute]
        if value < wanted.threshold:
            continue
        whole = [(0, units.length, value)]
        spans = units.sentences(wanted.attribute) if analysis.spans else whole
        scores[wanted.name] = {
            "spanScores": [
                {"begin": begin, "end": end, "score": _score(score)}
                for begin, end, score in spans or whole
            ],
            "summaryScore": _score(value),
        }
    return {
        "attributeScores": scores,
        "languages": [language],
        "detectedLanguages": [detected or language],
    } | _token(analysis.client_token)


def tell_thanks(suggestion: Suggestion, *, detected: str) -> Json:
    """Return the answer to a suggestion."""
    return {"detectedLanguages": [detected]} | _token(suggestion.client_token)


def refuse_language(wanted: Sequence[Wanted], detected: str) -> Refused:
    """Return the refusal of a language that no model knows."""
    name = wanted[0].name if wanted else Attribute.TOXICITY.value.upper()
    return Refused(
        400,
        "INVALID_ARGUMENT",
        f"Attribute {name} does not support request languages: {detected}",
        kind="LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        about={
            "languageNotSupportedByAttributeError": {
                "detectedLanguages": [detected],
                "attribute": name,
            }
        },
    )


def refuse_more(client: str, per_second: int) -> Refused:
    """Return the refusal of what goes over a client's quota."""
    refused = Refused(
        429,
        "RESOURCE_EXHAUSTED",
        "Quota exceeded for quota metric 'Analysis requests (AnalyzeComment)' and limit 'Analysis "
        f"requests (AnalyzeComment) per second' of service '{SERVICE}' for consumer '{client}'.",
    )
    told = {
        "service": SERVICE,
        "consumer": client,
        "quota_metric": "CommentAnalyzerService/analyze_requests",
        "quota_limit": "AnalyzeRequestsPerSecondPerClient",
        "quota_limit_value": str(per_second),
    }
    refused.body["error"]["details"] = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "RATE_LIMIT_EXCEEDED",
            "domain": "googleapis.com",
            "metadata": told,
        }
    ]
    return refused


def _wanted(name: str, how: object) -> Wanted:
    attribute = _attribute(name)
    how = {} if how is None else how
    if not isinstance(how, dict):
        raise _invalid(f"Attribute {name} is not an object.")
    if how.get("scoreType", "PROBABILITY") not in {"PROBABILITY", "SCORE_TYPE_UNSPECIFIED"}:
        raise _invalid(f"Attribute {name} has the score type PROBABILITY alone.")
    threshold = how.get("scoreThreshold", 0)
    if not isinstance(threshold, int | float) or isinstance(threshold, bool):
        raise _invalid(f"The score threshold of {name} is not a number.")
    return Wanted(name, attribute, float(threshold))


def _attribute(name: str) -> Attribute:
    try:
        return Attribute(name.removesuffix(EXPERIMENTAL).lower())
    except ValueError:
        shown = name[:60] if name.isprintable() else "?"
        raise _invalid(f"Attribute {shown} does not exist.") from None


def _text(body: Json) -> str:
    comment = body.get("comment")
    text = comment.get("text") if isinstance(comment, dict) else None
    if text is not None and not isinstance(text, str):
        raise _invalid("The comment's text is not a string.")
    if not text or not text.strip():
        raise Refused(400, "INVALID_ARGUMENT", "Comment must be non-empty.", kind="COMMENT_EMPTY")
    if len(_bytes(text)) > LONGEST:
        raise Refused(400, "INVALID_ARGUMENT", "Comment text too long.", kind="COMMENT_TOO_LONG")
    kind = comment.get("type", "PLAIN_TEXT") if isinstance(comment, dict) else "PLAIN_TEXT"
    if kind not in {"PLAIN_TEXT", "HTML", "TEXT_TYPE_UNSPECIFIED"}:
        raise _invalid("The comment's type is neither PLAIN_TEXT nor HTML.")
    if kind == "HTML":
        # As long as it was, so that spans are of the text that was sent.
        text = _TAG.sub(lambda tag: " " * len(tag[0]), text)
    # Databases keep no NUL, and nobody sees one.
    return text.replace("\x00", " ")


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise _invalid("This is not valid Unicode.") from None


def _languages(body: Json) -> tuple[str, ...]:
    told = body.get("languages") or []
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise _invalid("The languages are not a list of codes.")
    return tuple(told)


def _short(body: Json, name: str) -> str | None:
    told = body.get(name)
    if told is None:
        return None
    if not isinstance(told, str) or len(_bytes(told)) > 1000:
        raise _invalid(f"{name} is not a short string.")
    return told.replace("\x00", " ")


def _token(token: str | None) -> Json:
    return {} if token is None else {"clientToken": token}


def _score(value: float) -> Json:
    return {"value": round(value, 7), "type": "PROBABILITY"}


def _invalid(message: str) -> Refused:
    return Refused(400, "INVALID_ARGUMENT", message)


class _Units:
    """Where sentences are in UTF-16 code units of the text that was sent."""

    def __init__(self, text: str, weighed: Weighed) -> None:
        self.length = _units(text)
        self._text = text
        self._weighed = weighed

    def sentences(self, attribute: Attribute) -> list[tuple[int, int, float]]:
        """Return each sentence's beginning, end and score."""
        passages = locate(self._text, self._weighed.parts.sentences)
        return [
            (_units(self._text[: one.start]), _units(self._text[: one.end]), told[attribute])
            for one, told in zip(passages, self._weighed.by_sentence, strict=True)
        ]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
