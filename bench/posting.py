"""Posting as it is in a day: at a steady rate for minutes, and beside readers of the same thread.

Also what an idle server takes, and how long it takes to begin. Rates are kept by the clock, not by
the answers: a server that stalls does not get fewer comments meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import time
import uuid
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import httpx

from bench import load, servers
from bench.seed import Ground, make_text
from bench.table import Row

Server = tuple[int, list[int]]
AT_ONCE = 16
MOST_P99 = 0.05
"""Seconds."""
FEWEST = 700
"""Comments a second."""
STALL = 1.0
"""Seconds that no comment of a steady rate may take."""
FLAT = 2.0
"""How many times the median of the tenths' p99 the last one may be."""
LEAST_SHARE = 0.9
MOST_MEMORY = 90e6
MOST_START = 1.5
STEADY = 50
"""Comments a second of the long run."""
BESIDE = 4
"""Comments a second that land on the thread while it is read."""
READERS = 8
KEPT_FOR = 2.0
"""Seconds for which a connection is used again."""
STRETCH = 3.0
"""Seconds of reading in one round, quiet and with comments in turn."""


def posts(ground: Ground, tokens: Iterator[str]) -> Iterator[bytes]:
    """Give requests that each post a new comment, as another reader each time."""
    chance = random.Random()
    key = ground.stories[min(ground.stories)]
    path = f"/api/v1/sites/{ground.site.key}/stories/{key}/comments"
    for token in tokens:
        body = {"text": make_text(chance), "client_key": uuid.uuid4().hex}
        yield load.post(path, json.dumps(body).encode(), Authorization=f"Bearer {token}")


def burst_row(  # noqa: PLR0913 - what is posted where, and how often
    server: Server, ground: Ground, name: str, *, rounds: int, each: int, has_bar: bool = True
) -> Row:
    """Post as fast as 16 clients at once can. Without a bar it only says what that comes to."""
    port, pids = server
    left = posts(ground, iter(ground.tokens))
    runs = []
    for _ in range(rounds):
        requests = list(islice(left, each))
        before = load.cpu_seconds(pids)
        run = load.send(port, requests, at_once=AT_ONCE)
        if set(run.statuses) != {201}:
            raise SystemExit(f"posting answered {run.statuses}")
        runs.append((run, (load.cpu_seconds(pids) - before) / run.requests))
    rate = statistics.median(run.requests / run.seconds for run, _ in runs)
    slow = statistics.median(run.percentile(0.99) for run, _ in runs)
    cpu = statistics.median(cpu for _, cpu in runs)
    return Row(
        f"durable post, {AT_ONCE} at once, {name}",
        (f"{rate:.0f}/s, p99 {slow * 1000:.0f} ms; {cpu * 1000:.2f} ms CPU each",),
        f"≥ {FEWEST}/s, p99 ≤ {MOST_P99 * 1000:.0f} ms" if has_bar else "",
        rate >= FEWEST and slow <= MOST_P99 if has_bar else None,
    )


def steady_row(
    server: Server, ground: Ground, name: str, *, minutes: float, tokens: Iterator[str]
) -> Row:
    """Post 50 a second for so long; tell whether the end is as fast as the beginning."""
    port, pids = server
    before = load.cpu_seconds(pids)
    sent = asyncio.run(_at_rate(port, posts(ground, tokens), STEADY, seconds=60 * minutes))
    cpu = (load.cpu_seconds(pids) - before) / len(sent)
    tenth = max(len(sent) // 10, 1)
    parts = [sorted(sent[at : at + tenth]) for at in range(0, len(sent) - tenth + 1, tenth)]
    p99s = [part[min(len(part) - 1, int(0.99 * len(part)))] for part in parts]
    flat = p99s[-1] <= FLAT * statistics.median(p99s)
    told = (
        f"p99 of each tenth {' '.join(f'{p99 * 1000:.0f}' for p99 in p99s)} ms, "
        f"{'flat' if flat else 'rising'}: last {p99s[-1] / p99s[0]:.2f} × the first; "
        f"slowest {max(sent) * 1000:.0f} ms; {cpu * 1000:.2f} ms CPU each"
    )
    return Row(
        f"{STEADY} posts/s for {minutes:g} minutes, {name}",
        (told,),
        f"none over {STALL:.0f} s, last p99 ≤ {FLAT:g} × the median",
        max(sent) <= STALL and flat,
    )


def beside_row(server: Server, ground: Ground, *, rounds: int, tokens: Iterator[str]) -> Row:
    """Read a thread quietly and while four comments a second land on it, in turn."""
    port, _ = server
    key = ground.stories[min(ground.stories)]
    page = load.get(f"/s/{ground.site.key}/{key}", Accept_Encoding="gzip")
    shares = []
    for _ in range(rounds):
        quiet = asyncio.run(_read(port, page))
        busy = asyncio.run(_read_beside(port, page, posts(ground, tokens)))
        shares.append(busy / quiet)
    share = statistics.median(shares)
    return Row(
        f"reads while {BESIDE} posts/s land on the thread",
        (f"{share:.0%} of the quiet rate",),
        f"≥ {LEAST_SHARE:.0%}",
        share >= LEAST_SHARE,
    )


def start_rows(url: str, *, rounds: int) -> list[Row]:
    """Start the server anew; tell how long its first answer takes and what it holds when idle."""
    took, held = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        with servers.installed(url) as (port, pids):
            httpx.get(f"http://127.0.0.1:{port}/healthz").raise_for_status()
            took.append(time.perf_counter() - began)
            time.sleep(1)
            held.append(sum(map(_resident, pids)))
    start, memory = statistics.median(took), statistics.median(held)
    return [
        Row("start to first answer", (f"{start:.2f} s",), f"≤ {MOST_START} s", start <= MOST_START),
        Row(
            "memory when idle (resident)",
            (f"{memory / 1e6:.0f} MB",),
            f"≤ {MOST_MEMORY / 1e6:.0f} MB",
            memory <= MOST_MEMORY,
        ),
    ]


def _resident(pid: int) -> int:
    """Return the bytes of a process that are in memory, what it shares with others included."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the kernel does not say")


async def _at_rate(
    port: int, requests: Iterator[bytes], rate: float, *, seconds: float
) -> list[float]:
    """Send at this rate, whatever the answers do; return the seconds since each was due."""
    idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []
    count = int(rate * seconds)
    took = [0.0] * count
    began = time.perf_counter()

    async def one(number: int, request: bytes) -> None:
        # The server closes what was idle for some seconds.
        if idle and idle[-1][0] > time.perf_counter() - KEPT_FOR:
            _, answers, asking = idle.pop()
        else:
            answers, asking = await asyncio.open_connection("127.0.0.1", port)
        asking.write(request)
        status, _ = await load.read_answer(answers)
        if status != 201:
            raise SystemExit(f"posting answered {status}")
        took[number] = time.perf_counter() - began - number / rate
        idle.append((time.perf_counter(), answers, asking))

    async with asyncio.TaskGroup() as group:
        for number, request in zip(range(count), requests, strict=False):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            group.create_task(one(number, request))
    for _, _, asking in idle:
        asking.close()
    return took


async def _read(port: int, page: bytes) -> float:
    """Return how many pages a second a few readers get."""
    end = time.perf_counter() + STRETCH

    async def reader() -> int:
        found = 0
        answers, asking = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            asking.write(page)
            await load.read_answer(answers)
            found += 1
        asking.close()
        return found

    return sum(await asyncio.gather(*(reader() for _ in range(READERS)))) / STRETCH


async def _read_beside(port: int, page: bytes, requests: Iterator[bytes]) -> float:
    rate, _ = await asyncio.gather(
        _read(port, page), _at_rate(port, requests, BESIDE, seconds=STRETCH)
    )
    return rate
