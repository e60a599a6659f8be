"""``GET /metrics`` for whoever has the key: an application before the framework.

The guard would take the key for a session's token, and what is asked for when nothing else works
should hang on as little as possible.
"""

from __future__ import annotations

import asyncio
import hmac

import anyio.to_thread
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from prometheus_client import CollectorRegistry, generate_latest

PATH = "/metrics"
FORMAT = b"text/plain; version=0.0.4; charset=utf-8"
SCHEME = b"bearer "


class Door:
    """Answers the one address and passes everything else on."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry, key: str) -> None:
        """Open the door to whoever has the key."""
        self._app = app
        self._registry = registry
        self._key = key.encode()
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != ScopeType.HTTP or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        headers = [(b"cache-control", b"no-store")]
        if not self._is_known(scope):
            headers.append((b"www-authenticate", b"Bearer"))
            await _answer(send, 401, b"", headers)
        elif scope["method"] not in {"GET", "HEAD"}:
            await _answer(send, 405, b"", [*headers, (b"allow", b"GET, HEAD")])
        else:
            async with self._one_at_a_time:
                body = await anyio.to_thread.run_sync(generate_latest, self._registry)
            shown = body if scope["method"] == "GET" else b""
            await _answer(send, 200, shown, headers)

    def _is_known(self, scope: Scope) -> bool:
        told = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        given = told[len(SCHEME) :].strip() if told[: len(SCHEME)].lower() == SCHEME else b""
        return hmac.compare_digest(given, self._key)


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    headers = [
        *headers,
        (b"content-type", FORMAT),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
