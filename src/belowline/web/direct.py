"""Answering the busiest JSON addresses without the framework's cycle around each request.

Nothing of its own is decided here: the guard finds out who asks, the payload's struct says what may
be sent, the route's ``together`` answers. Whatever comes while an answer is worked out is answered
together with the next, in one thread, so that it shares what it asks of the database and its
commit, and nobody waits for a turn in Python. Whatever is out of the ordinary (an address with a
query, a body that does not fit, a refusal, a mistake) goes on to the framework, each alone, which
says so in the way it always does.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, get_type_hints

import msgspec
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from belowline.core.errors import BelowlineError
from belowline.web.auth import REFUSED, resolve_each
from belowline.web.house import House
from belowline.web.route import Route

MOST = 64
"""Requests that are answered together."""
PATIENT = 8
"""Groups at once where a classifier may take its time; each is then of one request."""
GATHER = 0.001
MOST_GATHERS = 4
"""After a group of several the next waits as long as more come each millisecond, and so many."""
LONGEST_BODY = 512 * 1024
"""Bytes that are read here; what is longer is the framework's to read or to refuse."""
_PARAMETER = re.compile(r"{(\w+):str}")
_PLAIN = r"(?P<\1>[A-Za-z0-9][A-Za-z0-9._~-]{0,119})"


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A route as it is answered here."""

    route: Route
    address: re.Pattern[str]
    decode: Callable[[bytes], Any]
    together: Callable[..., Callable[[], Sequence[Any]]]
    """Does what a group asks, and returns what tells each its answer."""
    status: int


@dataclass(slots=True, eq=False)
class _Asked:
    """A request on its way to an answer; ``answer`` is its body, or None, or the refusal."""

    scope: Scope
    named: dict[str, str]
    body: bytes
    answer: asyncio.Future[bytes | BaseException | None]


class Direct:
    """An ASGI application around the framework's, for the routes that have a ``together``."""

    def __init__(self, app: ASGIApp, house: House, routes: Iterable[Route]) -> None:
        self._app = app
        self._house = house
        self._lines = {
            method: [_line(route) for route in routes if route.together and route.method == method]
            for method in ("POST",)
        }
        waits = house.classifier.waits
        self._most, self._at_once = (1, PATIENT) if waits else (MOST, 1)
        self._threads = ThreadPoolExecutor(self._at_once, thread_name_prefix="belowline-direct")
        self._waiting: dict[_Line, list[_Asked]] = {}
        self._working = 0
        self._wanted = 0
        self._enough = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

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
        answer = await self._ask(line, scope, named, body)
        if not isinstance(answer, bytes):
            scope.setdefault("state", {})[REFUSED] = answer
            await self._app(scope, _again(body, receive), send)
            return
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(answer)).encode()),
        ]
        await send({"type": "http.response.start", "status": line.status, "headers": headers})
        await send({"type": "http.response.body", "more_body": False, "body": answer})

    async def _ask(
        self, line: _Line, scope: Scope, named: dict[str, str], body: bytes
    ) -> bytes | BaseException | None:
        loop = asyncio.get_running_loop()
        asked = _Asked(scope, named, body, loop.create_future())
        self._waiting.setdefault(line, []).append(asked)
        if self._count() >= self._wanted:
            self._enough.set()
        if self._working < self._at_once:
            self._working += 1
            task = loop.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await asked.answer

    async def _work(self) -> None:
        """Answer one group after the other until nobody waits."""
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                line, waiting = next(iter(self._waiting.items()))
                group, rest = waiting[: self._most], waiting[self._most :]
                del self._waiting[line]
                if rest:
                    self._waiting[line] = rest
                acted = threading.Event()
                done = loop.run_in_executor(
                    self._threads, partial(_answer, self._house, line, group, acted)
                )
                await asyncio.wait((done,))
                mistake = done.exception()
                answers: Sequence[bytes | BaseException | None]
                if mistake is None:
                    answers = done.result()
                elif len(group) == 1 or acted.is_set() or isinstance(mistake, BelowlineError):
                    answers = [mistake] * len(group)
                else:
                    # Nothing was done, and one of them is the reason: each goes alone.
                    answers = [None] * len(group)
                for asked, answer in zip(group, answers, strict=True):
                    if not asked.answer.done():
                        asked.answer.set_result(answer)
                if len(group) > 1:
                    await self._gather(self._count() + len(group))
        finally:
            self._working -= 1

    async def _gather(self, wanted: int) -> None:
        """Wait for those who were just answered and send the next: they come one by one."""
        self._wanted = wanted
        self._enough.clear()
        here = -1
        for _ in range(MOST_GATHERS):
            before, here = here, self._count()
            if here == before:
                return
            try:
                async with asyncio.timeout(GATHER):
                    await self._enough.wait()
                return
            except TimeoutError:
                continue

    def _count(self) -> int:
        return sum(map(len, self._waiting.values()))

    def _find(self, scope: Any) -> tuple[_Line, dict[str, str]] | None:  # noqa: ANN401 - a scope
        if scope["type"] != ScopeType.HTTP or scope["query_string"]:
            return None
        for line in self._lines.get(scope["method"], ()):
            named = line.address.fullmatch(scope["path"])
            if named is not None:
                return (line, named.groupdict()) if _is_short_json(scope["headers"]) else None
        return None


def _line(route: Route) -> _Line:
    if route.together is None:
        raise TypeError(route.path)
    kind = get_type_hints(route.view)["data"]
    address = re.compile(_PARAMETER.sub(_PLAIN, route.path))
    decode = msgspec.json.Decoder(kind).decode
    return _Line(route, address, decode, route.together, route.status or 201)


def _answer(
    house: House, line: _Line, group: Sequence[_Asked], acted: threading.Event
) -> list[bytes | BelowlineError | None]:
    """Guard, decode, do what is asked and encode; None for what the framework answers alone.

    From when ``acted`` is set nothing may be asked for again, whatever fails: it is done.
    """
    connections: list[ASGIConnection[Any, Any, Any, Any]] = [
        ASGIConnection({**asked.scope, "path_params": asked.named})  # type: ignore[arg-type]
        for asked in group
    ]
    visitors = resolve_each(house, connections, line.route.privilege)
    read = [
        _decode(line, asked) if not isinstance(visitor, BelowlineError) else None
        for asked, visitor in zip(group, visitors, strict=True)
    ]
    fit = [
        (visitor, data, *_without_site(asked.named).values())
        for asked, visitor, data in zip(group, visitors, read, strict=True)
        if data is not None
    ]
    tell = line.together(house, fit) if fit else tuple
    acted.set()
    given = iter(tell())
    answers: list[bytes | BelowlineError | None] = []
    for visitor, data in zip(visitors, read, strict=True):
        found = next(given) if data is not None else None
        if isinstance(visitor, BelowlineError):
            answers.append(visitor)
        elif found is None or isinstance(found, BelowlineError):
            answers.append(found)
        else:
            answers.append(msgspec.json.encode(found))
    return answers


def _decode(line: _Line, asked: _Asked) -> Any:  # noqa: ANN401 - the payload
    try:
        return line.decode(asked.body)
    except (msgspec.DecodeError, RecursionError):
        return None


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
