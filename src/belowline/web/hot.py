"""Answering from memory inside the HTTP protocol, before a scope or a task is made for a request.

Nearly every request is an anonymous read of a page that is in memory, and for those ASGI itself is
most of the cost. So uvicorn's protocol asks :class:`Hot` first: where it has the answer, the bytes
are written at once; everything else takes the usual way. The two say the same to the byte, which
``tests/web/test_hot.py`` compares.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import NamedTuple

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from belowline.followers.pages import Page, PageCache
from belowline.web.counted import COUNTS, KEPT, Counted
from belowline.web.front import CACHE_CONTROL, Shape, compose, read_address, shape_of
from belowline.web.pages.thread import Asked
from belowline.web.security import Headers, Origins, with_safety

MOST_ADDRESSES = 4096
"""Addresses whose meaning is remembered; the oldest are forgotten first."""
LONGEST_ADDRESS = 512
"""Bytes. A longer address takes the usual way."""

MOST_AT_ONCE = 128 * 1024
"""Bytes written for what came in one piece. Beyond it the usual way goes on, which stops reading
from whoever asks for more than they take."""

MOST_WAITING = 32
"""Requests that may wait on one connection for the answer to an earlier one. Browsers send none
ahead; who sends thousands and reads nothing would have them all kept in memory."""

Wire = tuple[bytes, bytes]
"""An answer's head, less the lines that change by the second and the empty one; and its body."""


class Hot:
    """Finds the whole answer to a read of a page, or of counts, that is in memory."""

    def __init__(self, pages: PageCache, counted: Counted, origins: Origins) -> None:
        self._pages = pages
        self._counted = counted
        self._origins = origins
        self._read: OrderedDict[bytes, tuple[str, Asked | None]] = OrderedDict()
        self.sent = self.unchanged = 0
        """Answers written at once, with a body and without; for the metrics."""

    def find(self, url: bytes, headers: Headers) -> Wire | None:
        """Return the answer to a GET of this address, or None if it takes the usual way."""
        path, asked = self._read.get(url) or self._learn(url)
        kept = CACHE_CONTROL
        if asked is not None:
            page = self._pages.find(asked.key)
        else:
            path, page = self._find_counts(url)
            kept = KEPT
        if page is None:
            return None
        accepts = known = origin = b""
        for name, value in headers:
            if name == b"accept-encoding":
                accepts = value
            elif name == b"if-none-match":
                known = value
            elif name == b"origin":
                origin = origin or value
        cors = self._origins.cors(path, origin)
        if cors is None:
            return None
        shape = shape_of(page, accepts, known)
        # Only an origin that the site lists makes a difference, so there are few of these.
        key = (*shape, origin if len(cors) > 1 else b"")
        wire = page.wires.get(key)
        if wire is None:
            wire = page.wires[key] = _spell(page, shape, _Around(path, cors, kept))
        if page.showing is not None:
            page.showing.sent += 1
        return wire

    def _find_counts(self, url: bytes) -> tuple[str, Page | None]:
        path, _, query = url.partition(b"?")
        read = path.decode("latin-1")
        found = COUNTS.fullmatch(read)
        return read, self._counted.find(found[1], query) if found is not None else None

    def _learn(self, url: bytes) -> tuple[str, Asked | None]:
        path, _, query = url.partition(b"?")
        # What is percent-encoded or not an address at all is the usual way's to read.
        plain = path.isascii() and b"%" not in path and len(url) <= LONGEST_ADDRESS
        read = path.decode("ascii") if plain else ""
        learnt = (read, read_address(read, query) if plain else None)
        if plain:
            self._read[url] = learnt
            if len(self._read) > MOST_ADDRESSES:
                self._read.popitem(last=False)
        return learnt


class _Around(NamedTuple):
    """What the headers hang on besides the page."""

    path: str
    cors: Headers
    kept: tuple[bytes, bytes]


def _spell(page: Page, shape: Shape, around: _Around) -> Wire:
    status, headers, body = compose(page, shape, cache_control=around.kept)
    safe = with_safety(headers, around.cors, around.path)
    lines = [name + b": " + value + b"\r\n" for name, value in safe]
    return b"".join(lines), body if status == 200 else b""


class _Answered:
    """Stands where uvicorn keeps the cycle of a request, for one that is answered already."""

    response_complete = True
    keep_alive = True
    disconnected = False
    message_event = asyncio.Event()


def make_protocol(hot: Hot) -> type[asyncio.Protocol]:
    """Return the protocol for uvicorn's setting ``http`` that asks ``hot`` first."""
    return type("HotProtocol", (HotProtocol,), {"hot": hot})


class HotProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, with a look into memory before the usual way."""

    hot: Hot
    written = 0

    def data_received(self, data: bytes) -> None:
        """Read what came in."""
        self.written = 0
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Write the answer if it is at hand, or go the usual way."""
        if len(self.pipeline) >= MOST_WAITING:
            self.transport.abort()
        elif not self._answers_at_once():
            super().on_headers_complete()

    def _answers_at_once(self) -> bool:
        parser = self.parser
        if (
            parser.get_method() != b"GET"
            # Behind an answer that is still on its way, or to somebody who does not read, it waits.
            or not getattr(self.cycle, "response_complete", True)
            or self.flow.write_paused
            or self.written > MOST_AT_ONCE
            or self.transport.is_closing()
            or parser.get_http_version() != "1.1"
            or not parser.should_keep_alive()
            or parser.should_upgrade()
        ):
            return False
        wire = self.hot.find(self.url, self.headers)
        if wire is None:
            return False
        head, body = wire
        usual = [
            name + b": " + value + b"\r\n" for name, value in self.server_state.default_headers
        ]
        status = STATUS_LINE[200 if body else 304]
        self.transport.write(b"".join([status, *usual, head, b"\r\n", body]))
        self.written += len(head) + len(body)
        if body:
            self.hot.sent += 1
        else:
            self.hot.unchanged += 1
        self.cycle = _Answered  # type: ignore[assignment]
        self.on_response_complete()
        return True
