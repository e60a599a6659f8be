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
from pathlib import Path

import httpx

from bench import load, servers
from bench.seed import Ground, make_text

Row = tuple[str, str, str, str, str]
Server = tuple[int, list[int]]
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
    p99s = [part[min(len(part) - 1, int(0.99 * len(part)))] * 1000 for part in parts]
    told = (
        f"p99 of each tenth {min(p99s):.0f} to {max(p99s):.0f} ms, last {p99s[-1]:.0f}, "
        f"slowest {max(sent) * 1000:.0f} ms"
    )
    return f"{STEADY} posts/s for {minutes:g} minutes, {name}", f"{cpu * 1000:.2f} ms", "", told, ""


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
    return (
        f"reads while {BESIDE} posts/s land on the thread",
        "",
        "",
        f"{statistics.median(shares):.0%} of the quiet rate",
        "",
    )


def start_row(url: str, *, rounds: int) -> Row:
    """Start the server anew; tell how long its first answer takes and what it holds when idle."""
    took, held = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        with servers.belowline(url) as (port, pids):
            httpx.get(f"http://127.0.0.1:{port}/healthz").raise_for_status()
            took.append(time.perf_counter() - began)
            time.sleep(1)
            held.append(sum(map(_resident, pids)))
    return (
        "start to first answer; memory when idle",
        "",
        "",
        f"{statistics.median(took):.2f} s; {statistics.median(held) / 1e6:.0f} MB",
        "",
    )


def _resident(pid: int) -> int:
    """Return the bytes of memory that a process holds and shares with nobody, or shares out."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
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
