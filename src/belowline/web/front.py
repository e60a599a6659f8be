"""The front: threads, news, counts and static files, from memory before the framework is entered.

Of a thread it knows the whole page, the fragment, the JSON, its changes, single lines of it and
the live stream. It looks at nothing of the request but the path, a few query parameters,
``Accept-Encoding`` and ``If-None-Match``, and so gives everybody the same bytes. A page that is not
in the cache is built once however many ask for it at the same time; what the front does not know,
or a refusal, goes on to the framework.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import anyio.to_thread
import brotli
import zstandard
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from belowline.core.errors import BelowlineError
from belowline.followers.pages import Page
from belowline.web.counted import COUNTS, KEPT, NO_STORY, Counted
from belowline.web.embed.counts import read_keys
from belowline.web.encoding import choose_encoding, is_unchanged
from belowline.web.house import House
from belowline.web.live import Live
from belowline.web.network import client_address
from belowline.web.pages.changes import is_version, read_ids
from belowline.web.pages.parts import read_filter
from belowline.web.pages.thread import Asked, build, read_order
from belowline.web.security import PAGE_HEADERS
from belowline.web.static_files import StaticFiles

PAGE = re.compile(r"/s/([a-z0-9-]{1,40})/(?!feed\.atom$)([A-Za-z0-9][A-Za-z0-9._~-]{0,119})")
API = re.compile(
    r"/api/v1/sites/([a-z0-9-]{1,40})/stories/([A-Za-z0-9][A-Za-z0-9._~-]{0,119})"
    r"/(thread|thread\.html|changes|comments\.html|live)"
)
FORMS = {
    "thread": "json",
    "thread.html": "fragment",
    "changes": "changes",
    "comments.html": "lines",
    "live": "live",
}
CACHE_CONTROL = (b"cache-control", b"public, max-age=0, s-maxage=2, must-revalidate")
NUMBER = re.compile(r"[1-9][0-9]{0,17}")
SMALLEST_COMPRESSED = 256
Headers = list[tuple[bytes, bytes]]
Shape = tuple[str, bool]
"""The encoding that the client takes, and whether it has the page already."""


class Front:
    """An ASGI application around the framework's."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house
        self._files = StaticFiles()
        settings = house.settings
        self.live = Live(
            house.db,
            house.live,
            most=settings.live_connections,
            most_each=settings.live_connections_each,
        )
        self.counted = Counted(house.counts)
        self._building: dict[tuple[str, ...], asyncio.Future[Page | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory if this is an anonymous thread page, or pass the request on."""
        if scope["type"] != ScopeType.HTTP or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        if self._files.knows(scope["path"]):
            await self._files(scope, receive, send)
            return
        counts = COUNTS.fullmatch(scope["path"])
        if counts is not None:
            page = await self._counts(counts[1], scope["query_string"])
            if page is not None:
                await _answer(page, scope, send, cache_control=KEPT)
                return
        asked = read_address(scope["path"], scope["query_string"])
        if asked is not None and asked.form == "live":
            await self._stream(asked, scope, receive, send)
            return
        page = await self._page(asked) if asked is not None else None
        if page is None:
            await self._app(scope, receive, send)
            return
        if page.showing is not None and scope["method"] == "GET":
            page.showing.sent += 1
        await _answer(page, scope, send)

    async def _stream(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        known = next((value for name, value in scope["headers"] if name == b"last-event-id"), b"")
        since = known.decode("latin-1") if known else asked.after
        news = replace(asked, form="changes", after=since)
        address = client_address(scope, self._house.settings.trusted_proxies)
        streams = scope.get("method") == "GET" and is_version(since)
        if not streams or not await self.live(
            scope, receive, send, address=address, read=lambda: self._page(news)
        ):
            await self._app(scope, receive, send)

    async def _page(self, asked: Asked) -> Page | None:
        key = asked.key
        page = self._house.pages.find(key)
        if page is not None:
            return page
        # Whoever asks after a thread changed must not wait for a page that was begun before.
        turn = (str(self._house.pages.mark()), *key)
        return await self._once(turn, lambda: build_page(self._house, asked))

    async def _counts(self, site: str, query: bytes) -> Page | None:
        made = self.counted.find(site, query)
        if made is not None:
            return made
        keys = read_keys(query)
        if keys is None:
            return None
        made = self.counted.make(site, query, keys)
        if made is not None:
            return made
        turn = ("counts", str(self._house.counts.drops), site, *keys)
        return await self._once(turn, lambda: self.counted.read(site, query, keys))

    async def _once(self, turn: tuple[str, ...], build: Callable[[], Page | None]) -> Page | None:
        """Build in a thread, once for all who ask for the same at the same time."""
        waiting = self._building.get(turn)
        if waiting is not None:
            return await asyncio.shield(waiting)
        future: asyncio.Future[Page | None] = asyncio.get_running_loop().create_future()
        self._building[turn] = future
        page = None
        try:
            page = await anyio.to_thread.run_sync(build)
        finally:
            del self._building[turn]
            future.set_result(page)
        return page


def read_address(path: str, query: bytes) -> Asked | None:
    """Return which anonymous page an address names, or None if the front does not know it."""
    found = PAGE.fullmatch(path)
    form = "page"
    if found is None:
        found = API.fullmatch(path)
        if found is None:
            return None
        form = FORMS[found[3]]
    given = dict(parse_qsl(query.decode("latin-1"))) if query else {}
    try:
        order = read_order(given.get("order"))
        after = given.get("after")
        if form in {"changes", "live"}:
            after = given.get("since", "0")
        elif form == "lines":
            after = read_ids(given.get("ids", ""))
        only = read_filter(given.get("filter"))
    except BelowlineError:
        return None
    at = given.get("at")
    if at is not None and not NUMBER.fullmatch(at):
        return None
    comment = int(at) if at is not None else None
    return Asked(found[1], found[2], form, order, after, comment, only)


def build_page(house: House, asked: Asked) -> Page | None:
    """Build a page and keep it; None if it is refused, so that the framework can say why."""
    mark = house.pages.mark()
    try:
        built = build(house.db, asked, base_url=house.settings.base_url)
    except BelowlineError:
        return None
    etag = hashlib.blake2b(built.body, digest_size=12).hexdigest()
    if built.story is None:
        # Nothing is known of this story yet, so there is no version to watch it by.
        return Page(NO_STORY, 0, built.body, built.media_type, etag)
    page = Page(
        built.story.id,
        built.story.thread_version,
        built.body,
        built.media_type,
        etag,
        site_id=built.story.site_id,
        showing=built.showing,
    )
    house.pages.put(asked.key, page, mark=mark)
    return page


def shape_of(page: Page, accepts: bytes, known: bytes) -> Shape:
    """Return what of a request decides the answer."""
    encoding = choose_encoding(accepts) if len(page.body) >= SMALLEST_COMPRESSED else ""
    return encoding, bool(known) and is_unchanged(_tag(page, encoding), known)


def compose(
    page: Page, shape: Shape, *, cache_control: tuple[bytes, bytes] = CACHE_CONTROL
) -> tuple[int, Headers, bytes]:
    """Return the status, the headers and the body that answer a request of this shape."""
    encoding, unchanged = shape
    headers = [
        (b"etag", _tag(page, encoding)),
        cache_control,
        (b"vary", b"Accept-Encoding"),
    ]
    if unchanged:
        return 304, headers, b""
    headers += [(b"content-type", page.media_type.encode()), *PAGE_HEADERS]
    if encoding:
        headers.append((b"content-encoding", encoding.encode()))
    body = _encoded(page, encoding) if encoding else page.body
    headers.append((b"content-length", str(len(body)).encode()))
    return 200, headers, body


async def _answer(
    page: Page,
    scope: Mapping[str, Any],
    send: Send,
    *,
    cache_control: tuple[bytes, bytes] = CACHE_CONTROL,
) -> None:
    accepts = known = b""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepts = value
        elif name == b"if-none-match":
            known = value
    status, headers, body = compose(
        page, shape_of(page, accepts, known), cache_control=cache_control
    )
    if scope["method"] == "HEAD":
        body = b""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "more_body": False, "body": body})


def _tag(page: Page, encoding: str) -> bytes:
    return f'"{page.etag}{"-" + encoding if encoding else ""}"'.encode()


def _encoded(page: Page, encoding: str) -> bytes:
    body = page.encoded.get(encoding)
    if body is None:
        if encoding == "zstd":
            body = zstandard.ZstdCompressor(level=9).compress(page.body)
        elif encoding == "br":
            body = brotli.compress(page.body, quality=5)
        else:
            body = gzip.compress(page.body, compresslevel=6, mtime=0)
        page.encoded[encoding] = body
    return body
