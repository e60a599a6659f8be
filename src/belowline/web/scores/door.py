"""An ASGI application around the others that answers what Perspective's clients ask.

It is there only where ``scoring_keys`` names clients. A client is known by its key and by nothing
else; it reaches no site, no reader and no comment. Whoever is called like a site, or names one as
its community, gets scores as that site's desk would have them. Texts that are analysed are
forgotten with the answer, whatever ``doNotStore`` says; what people suggest is kept to learn from.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import anyio.to_thread
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from belowline.actions.scores import keep_suggestion
from belowline.core.errors import Unavailable
from belowline.outside.classifier import ClassifierAnswer
from belowline.scoring.attributes import Attribute
from belowline.scoring.classifier import LocalClassifier, read_classifier
from belowline.scoring.desks import SiteDesks
from belowline.scoring.languages import detect
from belowline.scoring.store import Suggested
from belowline.scoring.weighed import Scorer, Weighed
from belowline.web.house import House
from belowline.web.scores import wire
from belowline.web.scores.discovery import describe
from belowline.web.scores.quota import Quota, Turns
from belowline.web.scores.wire import Json, Refused

ANALYZE = "/v1alpha1/comments:analyze"
SUGGEST = "/v1alpha1/comments:suggestscore"
DISCOVERY = ("/$discovery/rest", "/discovery/v1/apis/commentanalyzer/v1alpha1/rest")
LARGEST_BODY = 256 * 1024
"""Bytes; context may be longer than a comment, and is not looked at."""


class Door:
    """Answers the door's addresses and passes everything else on."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        """Open the door to the clients that the settings name, each with its own key."""
        self._app = app
        self._db = house.db
        self._keys = house.settings.scoring_clients
        known = house.models
        self._classifier = known if isinstance(known, LocalClassifier) else read_classifier()
        desks = house.beyond.desks
        self._desks = desks if isinstance(desks, SiteDesks) else None
        self._description = describe(house.settings.base_url)
        self._most = house.settings.scoring_per_second
        self._quotas = {name: Quota(self._most) for name in self._keys}
        self._turns = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != ScopeType.HTTP or scope["path"] not in {ANALYZE, SUGGEST, *DISCOVERY}:
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._answer(scope, receive)
            status = 200
        except Refused as refused:
            answer, status = refused.body, refused.status
        body = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
        headers = [
            (b"content-type", b"application/json; charset=UTF-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        if status == 429:
            headers.append((b"retry-after", b"1"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _answer(self, scope: Scope, receive: Receive) -> Json:
        path = scope["path"]
        wanted = "GET" if path in DISCOVERY else "POST"
        method: str = scope["method"]  # type: ignore[typeddict-item]
        if method != wanted:
            raise Refused(405, "METHOD_NOT_ALLOWED", f"This is asked for with {wanted}.")
        if path in DISCOVERY:
            return self._description
        client = self._client(scope)
        if not self._quotas[client].take():
            raise wire.refuse_more(client, self._most)
        body = wire.read_json(await _read(receive))
        if path == SUGGEST:
            return await anyio.to_thread.run_sync(self.suggest, client, body)
        if self._turns.is_full:
            raise wire.refuse_more(client, self._most)
        return await self._turns.run(lambda: self.analyze(client, body))

    def analyze(self, client: str, body: Json) -> Json:
        """Answer with the scores that are asked for. Raises Refused."""
        analysis = wire.read_analysis(body)
        detected = detect(analysis.text)
        language = detected or _first(analysis.languages)
        scorer = self._classifier.find(language)
        if scorer is None:
            raise wire.refuse_language(analysis.wanted, language)
        if isinstance(scorer, Unavailable):
            raise Refused(503, "UNAVAILABLE", scorer.message)
        known = scorer.model.attributes
        for one in analysis.wanted:
            if one.attribute not in known:
                raise wire.refuse_language([one], language)
        weighed = self._as_desk((analysis.community, client), scorer, scorer.score(analysis.text))
        return wire.tell_scores(analysis, weighed, language=language, detected=detected)

    def _as_desk(self, names: tuple[str, str], scorer: Scorer, weighed: Weighed) -> Weighed:
        """Return scores as the desk of the site that is called so would have them."""
        if self._desks is None:
            return weighed
        site_id = next(filter(None, map(self._desks.named, names)), None)
        if site_id is None:
            return weighed

        def adjusted(text: str, scores: Mapping[Attribute, float]) -> dict[Attribute, float]:
            given = {one.value: score for one, score in scores.items()}
            answer = ClassifierAnswer(given, model=scorer.model.version)
            told = desks.adjust(site_id, text, answer).attributes
            return {Attribute(name): score for name, score in told.items()}

        desks, folded = self._desks, weighed.parts.folded
        spans = zip(weighed.parts.sentences, weighed.by_sentence, strict=True)
        return replace(
            weighed,
            scores=adjusted(folded, weighed.scores),
            by_sentence=tuple(adjusted(folded[slice(*at)], scores) for at, scores in spans),
        )

    def suggest(self, client: str, body: Json) -> Json:
        """Keep what people decided about a text. Raises Refused."""
        suggestion = wire.read_suggestion(body)
        language = detect(suggestion.text) or _first(suggestion.languages)
        try:
            keep_suggestion(
                self._db,
                Suggested(
                    client, suggestion.community, language, suggestion.text, suggestion.scores
                ),
            )
        except Unavailable as unavailable:
            raise Refused(503, "UNAVAILABLE", unavailable.message) from unavailable
        return wire.tell_thanks(suggestion, detected=language)

    def _client(self, scope: Scope) -> str:
        """Return the name of whoever asks. Raises Refused."""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        told = query.get("key", [""])[0]
        for name, value in scope["headers"]:
            if name == b"x-goog-api-key":
                told = value.decode("latin-1")
        if not told:
            raise Refused(
                403,
                "PERMISSION_DENIED",
                "Method doesn't allow unregistered callers. Please send a key with the call.",
            )
        given = told.encode("utf-8", "replace")
        # Every key is compared, so that the time tells nothing.
        known = self._keys.items()
        found = [name for name, key in known if hmac.compare_digest(key.encode(), given)]
        if not found:
            message = "API key not valid. Please pass a valid API key."
            raise Refused(400, "INVALID_ARGUMENT", message)
        return found[0]


def _first(languages: tuple[str, ...]) -> str:
    return languages[0].split("-")[0].lower() if languages else "en"


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "CANCELLED", "The request ended early.")
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise Refused(413, "INVALID_ARGUMENT", "The request is too large.")
        if not message.get("more_body", False):
            return bytes(body)
