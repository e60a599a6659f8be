"""What every answer says to the browser about safety, and who may read answers from elsewhere.

CORS is answered here for the API alone: an origin is named back only if the site lists exactly it,
and then with credentials; never a wildcard, never an echo.
"""

from __future__ import annotations

import re
from time import monotonic
from typing import Any

import anyio.to_thread
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from belowline.core.errors import Unavailable
from belowline.sites import store as sites
from belowline.storage.database import Database

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
PAGE_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
API_SITE = re.compile(r"/api/v1/sites/([a-z0-9-]{1,40})(?:/|$)")
STATIC = "/static/"
OWN = re.compile(r"/(?:me|console|desk|sign-in|window|unsubscribe|notice|legal)(?:/|$)")
"""Pages that are somebody's own, or the way to them: no search engine should list them."""
REMEMBER_FOR = 5.0
"""Seconds for which the sites' lists of origins are remembered."""
Headers = list[tuple[bytes, bytes]]


class Origins:
    """The origins that each site lists, remembered for a few seconds."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._listed: dict[str, frozenset[str]] = {}
        self._read_at = -REMEMBER_FOR

    def cors(self, path: str, origin: bytes) -> Headers | None:
        """Return the headers that say who may read the answer, or None if it has to be read."""
        if path.startswith(STATIC):
            # Scripts and styles are the same for all and hold no secret.
            return [(b"access-control-allow-origin", b"*")]
        found = API_SITE.match(path)
        if found is None:
            return []
        vary = [(b"vary", b"Origin")]
        if not origin:
            return vary
        if monotonic() - self._read_at > REMEMBER_FOR:
            return None
        if origin.decode("latin-1") not in self._listed.get(found[1], ()):
            return vary
        return [
            *vary,
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", b"etag, retry-after"),
        ]

    def read(self) -> None:
        """Read every site's origins anew. Raises Unavailable."""
        with self._db.read() as conn:
            listed = {one.key: frozenset(one.origins) for one in sites.list_sites(conn)}
        self._listed, self._read_at = listed, monotonic()


class Safety:
    """An ASGI application that adds the headers and answers preflights."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, or pass the request on and add headers to its answer."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        cors = await self._cors(scope)
        if scope["method"] == "OPTIONS" and scope["path"].startswith("/api/"):
            await _preflight(cors, send)
            return

        async def with_headers(message: Any) -> None:  # noqa: ANN401 - an ASGI message
            if message["type"] == "http.response.start":
                message["headers"] = with_safety(list(message["headers"]), cors, scope["path"])
            await send(message)

        await self._app(scope, receive, with_headers)

    async def _cors(self, scope: Any) -> Headers:  # noqa: ANN401 - a scope
        origin = next((value for name, value in scope["headers"] if name == b"origin"), b"")
        at_hand = self._origins.cors(scope["path"], origin)
        if at_hand is None:
            try:
                await anyio.to_thread.run_sync(self._origins.read)
            except Unavailable:
                # Whoever answers below says so too; an origin that cannot be looked up is none.
                return [(b"vary", b"Origin")]
            at_hand = self._origins.cors(scope["path"], origin)
        return at_hand or []


def with_safety(headers: Headers, cors: Headers, path: str) -> Headers:
    """Return the headers of an answer with those that every answer at this address has."""
    there = {name.lower() for name, _ in headers}
    if not path.startswith(STATIC):
        headers += [pair for pair in PAGE_HEADERS if pair[0] not in there]
    elif b"x-content-type-options" not in there:
        headers.append((b"x-content-type-options", b"nosniff"))
    if OWN.match(path):
        headers.append((b"x-robots-tag", b"noindex"))
    if path.startswith("/api/") and b"cache-control" not in there:
        # What an address of the API does not call public is somebody's own.
        headers.append((b"cache-control", b"no-store"))
    for name, value in cors:
        if name == b"vary" and b"vary" in there:
            headers = [
                (key, old + b", " + value) if key.lower() == b"vary" else (key, old)
                for key, old in headers
            ]
        else:
            headers.append((name, value))
    return headers


async def _preflight(cors: Headers, send: Send) -> None:
    allowed = any(name == b"access-control-allow-origin" for name, _ in cors)
    headers = [*cors, (b"content-length", b"0")]
    if allowed:
        headers += [
            (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
            (b"access-control-allow-headers", b"content-type, authorization"),
            (b"access-control-max-age", b"600"),
        ]
    await send(
        {"type": "http.response.start", "status": 204 if allowed else 403, "headers": headers}
    )
    await send({"type": "http.response.body", "body": b"", "more_body": False})
