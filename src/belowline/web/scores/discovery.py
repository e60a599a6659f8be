"""The door's description in Google's discovery format, from which client libraries make methods."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

STRING: Json = {"type": "string"}
BOOLEAN: Json = {"type": "boolean"}
INTEGER: Json = {"type": "integer", "format": "int32"}
FLOAT: Json = {"type": "number", "format": "float"}


def describe(base_url: str) -> Json:
    """Return the description, with this installation's own address as its root."""
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": "commentanalyzer:v1alpha1",
        "name": "commentanalyzer",
        "version": "v1alpha1",
        "title": "Belowline scores",
        "description": "Scores of comments, in the messages of the Perspective Comment Analyzer.",
        "protocol": "rest",
        "rootUrl": f"{base_url}/",
        "baseUrl": f"{base_url}/",
        "servicePath": "",
        "basePath": "",
        "batchPath": "batch",
        "ownerDomain": "google.com",
        "parameters": {
            name: {"type": "string", "location": "query", "description": about}
            for name, about in {
                "key": "The client's key.",
                "alt": "The form of the answer; json alone.",
                "fields": "Taken and not looked at.",
                "prettyPrint": "Taken and not looked at.",
                "quotaUser": "Taken and not looked at.",
            }.items()
        },
        "resources": {
            "comments": {
                "methods": {
                    "analyze": _method("analyze", "AnalyzeComment", "Scores a comment."),
                    "suggestscore": _method(
                        "suggestscore", "SuggestCommentScore", "Tells what people decided."
                    ),
                }
            }
        },
        "schemas": SCHEMAS,
    }


def _method(name: str, message: str, about: str) -> Json:
    return {
        "id": f"commentanalyzer.comments.{name}",
        "path": f"v1alpha1/comments:{name}",
        "flatPath": f"v1alpha1/comments:{name}",
        "httpMethod": "POST",
        "description": about,
        "parameters": {},
        "parameterOrder": [],
        "request": {"$ref": f"{message}Request"},
        "response": {"$ref": f"{message}Response"},
    }


def _ref(name: str) -> Json:
    return {"$ref": name}


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


def _map(of: Json) -> Json:
    return {"type": "object", "additionalProperties": of}


def _schema(name: str, properties: Json) -> Json:
    return {"id": name, "type": "object", "properties": properties}


_ASKED: Json = {
    "comment": _ref("TextEntry"),
    "context": _ref("Context"),
    "languages": _list(STRING),
    "clientToken": STRING,
    "sessionId": STRING,
    "communityId": STRING,
}
SCHEMAS: Json = {
    one["id"]: one
    for one in (
        _schema("TextEntry", {"text": STRING, "type": STRING}),
        _schema(
            "ArticleAndParentComment",
            {"article": _ref("TextEntry"), "parentComment": _ref("TextEntry")},
        ),
        _schema(
            "Context",
            {
                "entries": _list(_ref("TextEntry")),
                "articleAndParentComment": _ref("ArticleAndParentComment"),
            },
        ),
        _schema("AttributeParameters", {"scoreType": STRING, "scoreThreshold": FLOAT}),
        _schema("Score", {"value": FLOAT, "type": STRING}),
        _schema("SpanScore", {"begin": INTEGER, "end": INTEGER, "score": _ref("Score")}),
        _schema(
            "AttributeScores",
            {"summaryScore": _ref("Score"), "spanScores": _list(_ref("SpanScore"))},
        ),
        _schema(
            "AnalyzeCommentRequest",
            _ASKED
            | {
                "requestedAttributes": _map(_ref("AttributeParameters")),
                "spanAnnotations": BOOLEAN,
                "doNotStore": BOOLEAN,
            },
        ),
        _schema(
            "AnalyzeCommentResponse",
            {
                "attributeScores": _map(_ref("AttributeScores")),
                "languages": _list(STRING),
                "detectedLanguages": _list(STRING),
                "clientToken": STRING,
            },
        ),
        _schema(
            "SuggestCommentScoreRequest",
            _ASKED | {"attributeScores": _map(_ref("AttributeScores"))},
        ),
        _schema(
            "SuggestCommentScoreResponse",
            {
                "clientToken": STRING,
                "detectedLanguages": _list(STRING),
                "requestedLanguages": _list(STRING),
            },
        ),
    )
}
