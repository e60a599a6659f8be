"""Answering the busiest JSON addresses without the framework's cycle around each request.

Nothing of its own is decided here: the guard finds out who asks, the payload's struct says what may
be sent, the view answers. All three run in one visit to a thread. Whatever is out of the ordinary
(an address with a query, a body that does not fit, a refusal, a mistake) goes on to the framework,
which says so in the way it always does.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, get_type_hints

import msgspec
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from belowline.web.auth import REFUSED, resolve
from belowline.web.house import House
from belowline.web.routes import Route

AT_ONCE = 8
"""Threads: enough to share a commit, and few enough not to wait for each other in Python."""
LONGEST_BODY = 512 * 1024
"""Bytes that are read here; what is longer is the framework's to read or to refuse."""
_PARAMETER = re.compile(r"{(\w+):str}")
_PLAIN = r"(?P<\1>[A-Za-z0-9][A-Za-z0-9._~-]{0,119})"


@dataclass(frozen=True, slots=True)
class _Line:
    """A route as it is answered here."""

    route: Route
    address: re.Pattern[str]
    decode: Callable[[bytes], Any]
    status: int


class Direct:
    """An ASGI application around the framework's, for the routes that are marked ``direct``."""

    def __init__(self, app: ASGIApp, house: House, routes: Iterable[Route]) -> None:
        self._app = app
        self._house = house
        self._lines = {
            method: [_line(route) for route in routes if route.direct and route.method == method]
            for method in ("POST",)
        }
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="belowline-direct")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on with its body and with what was found out."""
        found = self._find(scope)
        if found is None:
            await self._app(scope, receive, send)
            return
        line, named = found
        body = await _read(receive)
        if body is None:
            return
        work = partial(_answer, self._house, line, (scope, named, body))
        done = asyncio.get_running_loop().run_in_executor(self._threads, work)
        await asyncio.wait((done,))
        refusal = done.exception()
        answer = done.result() if refusal is None else None
        if answer is None:
            scope.setdefault("state", {})[REFUSED] = refusal
            await self._app(scope, _again(body, receive), send)
            return
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(answer)).encode()),
        ]
        await send({"type": "http.response.start", "status": line.status, "headers": headers})
        await send({"type": "http.response.body", "more_body": False, "body": answer})

    def _find(self, scope: Any) -> tuple[_Line, dict[str, str]] | None:  # noqa: ANN401 - a scope
        if scope["type"] != ScopeType.HTTP or scope["query_string"]:
            return None
        for line in self._lines.get(scope["method"], ()):
            named = line.address.fullmatch(scope["path"])
            if named is not None:
                return (line, named.groupdict()) if _is_short_json(scope["headers"]) else None
        return None


def _line(route: Route) -> _Line:
    kind = get_type_hints(route.view)["data"]
    address = _PARAMETER.sub(_PLAIN, route.path)
    return _Line(route, re.compile(address), msgspec.json.Decoder(kind).decode, route.status or 201)


def _answer(house: House, line: _Line, asked: tuple[Scope, dict[str, str], bytes]) -> bytes | None:
    """Guard, decode, ask the view and encode; None if the body does not fit."""
    scope, named, body = asked
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(
        {**scope, "path_params": named}  # type: ignore[arg-type]
    )
    visitor = resolve(house, connection, line.route.privilege)
    try:
        data = line.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    return msgspec.json.encode(line.route.view(visitor, data=data, **_without_site(named)))


def _without_site(named: dict[str, str]) -> dict[str, str]:
    # The guard has found the site by it.
    return {name: value for name, value in named.items() if name != "site"}


def _is_short_json(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    length, is_json = b"", False
    for name, value in headers:
        if name == b"content-length":
            length = value
        elif name == b"content-type":
            is_json = value.partition(b";")[0].strip().lower() == b"application/json"
    return is_json and length.isdigit() and int(length) <= LONGEST_BODY


async def _read(receive: Receive) -> bytes | None:
    """Return the body, or None if nobody waits for an answer any more."""
    parts = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message["body"])
        more = message["more_body"]
    return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Give the body once more, and then whatever comes."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Any:  # noqa: ANN401 - an ASGI message
        return waiting.pop() if waiting else await receive()

    return give
