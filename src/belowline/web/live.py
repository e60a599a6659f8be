"""The live streams of this process: server-sent events, ids and kinds, the same for everybody.

A stream is parked in its connection until there is something to tell. Each message is made once
and handed to every connection without a task of its own; whoever does not read is left out and not
buffered for. There are bounds for the process and for each client network; above them, and where
streaming does not work at all, clients poll the same news.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from time import monotonic

import anyio.to_thread
import msgspec
from litestar.types import HTTPResponseBodyEvent, Receive, Scope, Send

from belowline.core.terms import SiteId, StoryId, StoryMode
from belowline.core.text import later
from belowline.followers.live import LiveThreads, News, merge, read_news
from belowline.followers.pages import Page
from belowline.storage.database import Database
from belowline.web.errors import error_body
from belowline.web.network import network_of

HEARTBEAT = 20
"""Seconds in which every stream gets a sign of life, below the patience of usual proxies."""
RETRY = (2000, 15000)
"""Milliseconds after which a browser connects again; each gets its own, so that not all come at
once when a process ends."""
COME_BACK = (20, 60)
"""Seconds after which somebody who was turned away may come back."""
MOVED_EVERY = 30.0
"""Seconds between two messages that say no more than that respect or the order has changed."""
AT_ONCE = 250
"""Connections written to before other requests get their turn."""

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # nginx would otherwise collect a stream until its buffer is full.
    (b"x-accel-buffering", b"no"),
]
END: HTTPResponseBodyEvent = {"type": "http.response.body", "body": b"", "more_body": False}
SIGN_OF_LIFE = b"event: beat\ndata: 1\n\n"
"""An event and no comment, so that a page can tell a dead connection from a quiet one."""

Read = Callable[[], Awaitable[Page | None]]


class _Stream:
    """One reader's connection."""

    __slots__ = ("behind", "send")

    def __init__(self, send: Send) -> None:
        self.send = send
        self.behind = False

    def write(self, message: HTTPResponseBodyEvent) -> None:
        """Write without waiting; whoever has not read what was written before is left behind."""
        writing = self.send(message)
        try:
            # One step is all that a write takes while the connection's buffer has room.
            writing.send(None)  # type: ignore[attr-defined]
        except StopIteration:
            self.behind = False
        else:
            writing.close()  # type: ignore[attr-defined]
            self.behind = True


class _Topic:
    """A story that is streamed, with what was told of it last."""

    __slots__ = ("last", "moved_at", "story_id", "streams")

    def __init__(self, story_id: StoryId, last: News) -> None:
        self.story_id = story_id
        self.last = last
        self.moved_at = 0.0
        self.streams: set[_Stream] = set()


class Live:
    """Every stream of this process. All of it runs in the event loop but :meth:`hear`."""

    def __init__(self, db: Database, threads: LiveThreads, *, most: int, most_each: int) -> None:
        self._db = db
        self._threads = threads
        self._most = most
        self._most_each = most_each
        self._topics: dict[StoryId, _Topic] = {}
        self._networks: Counter[str] = Counter()
        self._pending: dict[StoryId, News] = {}
        self._ring = asyncio.Event()
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []
        threads.tell(self.hear)
        threads.at_end(self.close)

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, *, address: str, read: Read
    ) -> bool:
        """Stream until the client goes; False if there is nothing to stream, for others to say why.

        ``address`` is the client's; ``read`` gives the first message, as a page of news.
        """
        network = network_of(address)
        if not self._has_room(network):
            await _turn_away(send)
            return True
        self._networks[network] += 1
        try:
            stream = _Stream(send)
            topic = await self._greet(stream, await read(), once=b"once" in scope["query_string"])
            if topic is None:
                return False
            # What the request said is not needed for the hours that its stream may last.
            scope["headers"].clear()  # type: ignore[attr-defined]
            await self._park(receive, stream, topic)
            return True
        finally:
            self._networks[network] -= 1
            if not self._networks[network]:
                del self._networks[network]

    async def _greet(self, stream: _Stream, first: Page | None, *, once: bool) -> _Topic | None:
        """Send the first message, and return the topic that the stream now hears of."""
        if first is None or first.site_id is None or self._closing:
            return None
        news = msgspec.json.decode(first.body, type=News)
        if news.mode == StoryMode.SUSPENDED:
            return None
        await stream.send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await stream.send(_body(greeting(news)))
        if once:
            await stream.send(END)
            return _Topic(first.story_id, news)
        self._start()
        topic = self._topics.get(first.story_id)
        if topic is None:
            topic = self._topics[first.story_id] = _Topic(first.story_id, news)
            self._threads.watch(first.story_id, site_id=first.site_id, version=news.version)
        topic.streams.add(stream)
        if topic.last.version > news.version:
            # More was told while the page was on its way. Told twice does no harm.
            where = (first.story_id, first.site_id)
            try:
                missed = await anyio.to_thread.run_sync(self._read, *where, news.version)
            except BaseException:
                self._leave(stream, topic)
                raise
            stream.write(_body(message(missed)))
        return topic

    async def _park(self, receive: Receive, stream: _Stream, topic: _Topic) -> None:
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._leave(stream, topic)

    def _leave(self, stream: _Stream, topic: _Topic) -> None:
        topic.streams.discard(stream)
        if not topic.streams and self._topics.get(topic.story_id) is topic:
            del self._topics[topic.story_id]
            self._threads.unwatch(topic.story_id)

    def hear(self, story_id: StoryId, news: News) -> None:
        """Take news from the lookout's thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._note, story_id, news)

    def close(self) -> None:
        """End every stream and open none, so that the process can stop at once."""
        self._closing = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        for topic in self._topics.values():
            for stream in topic.streams:
                stream.write(END)
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    def _has_room(self, network: str) -> bool:
        return (
            not self._closing
            and self._networks.total() < self._most
            and self._networks[network] < self._most_each
        )

    def _read(self, story_id: StoryId, site_id: SiteId, since: int) -> News:
        with self._db.read() as conn:
            return read_news(conn, site_id, story_id, since=since)

    def _start(self) -> None:
        if not self._tasks:
            self._loop = asyncio.get_running_loop()
            self._tasks = [
                self._loop.create_task(self._spread()),
                self._loop.create_task(self._beat()),
            ]

    def _note(self, story_id: StoryId, news: News) -> None:
        waiting = self._pending.get(story_id)
        self._pending[story_id] = merge(waiting, news) if waiting else news
        self._ring.set()

    async def _spread(self) -> None:
        while True:
            await self._ring.wait()
            self._ring.clear()
            while self._pending:
                story_id = next(iter(self._pending))
                news = self._pending.pop(story_id)
                topic = self._topics.get(story_id)
                if topic is None or not _is_worth_telling(topic, news):
                    continue
                began = monotonic()
                topic.last = news
                await _write_all(topic.streams, _body(message(news)))
                if news.mode == StoryMode.SUSPENDED:
                    await _write_all(topic.streams, END)
                # As long again for everybody else; what happens meanwhile is told together.
                await asyncio.sleep(monotonic() - began)

    async def _beat(self) -> None:
        while True:
            streams = [stream for topic in self._topics.values() for stream in topic.streams]
            share = len(streams) // HEARTBEAT + 1
            for start in range(0, share * HEARTBEAT, share):
                await asyncio.sleep(1)
                for stream in streams[start : start + share]:
                    # Somebody who fell behind and reads again has missed something.
                    stream.write(END if stream.behind else _body(SIGN_OF_LIFE))


def message(news: News) -> bytes:
    """Return news as a server-sent event."""
    return b"id: %d\ndata: %s\n\n" % (news.version, news.encode())


def greeting(news: News) -> bytes:
    """Return the first event of a stream, with when to come back if it breaks."""
    return b"retry: %d\n%s" % (random.randint(*RETRY), message(news))  # noqa: S311 - spreads load


def _is_worth_telling(topic: _Topic, news: News) -> bool:
    def state(of: News) -> tuple[object, ...]:
        return (of.comments, of.mode, of.rulebook, of.paced_until, of.pace_seconds)

    if news.changes or news.resync or state(news) != state(topic.last):
        return True
    if monotonic() - topic.moved_at < MOVED_EVERY:
        return False
    topic.moved_at = monotonic()
    return True


async def _write_all(streams: set[_Stream], body: HTTPResponseBodyEvent) -> None:
    for number, stream in enumerate(list(streams)):
        if not stream.behind:
            stream.write(body)
        if number % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(0)


def _body(data: bytes) -> HTTPResponseBodyEvent:
    return {"type": "http.response.body", "body": data, "more_body": True}


async def _turn_away(send: Send) -> None:
    wait = random.randint(*COME_BACK)  # noqa: S311 - spreads load
    told = error_body(
        "live_full",
        later("No more live connections now; ask for changes instead."),
        {"retry_after": wait},
    )
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
        (b"retry-after", str(wait).encode()),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    body = msgspec.json.encode(told)
    await send({"type": "http.response.body", "body": body, "more_body": False})
