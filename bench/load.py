"""Sending requests over kept-alive connections, and reading a process's CPU time."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uvloop

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """What a load came to."""

    requests: int
    seconds: float
    statuses: dict[int, int]
    latencies: list[float]
    """Seconds each, sorted."""
    body_bytes: int

    def percentile(self, share: float) -> float:
        """Return the latency that ``share`` of the requests stayed within, in seconds."""
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]


def cpu_seconds(pids: Sequence[int]) -> float:
    """Return the CPU time that these processes' threads have used.

    The scheduler's own count is exact to the nanosecond; where the kernel does not keep it, the
    clock ticks are exact to a hundredth of a second.
    """
    files = [file for pid in pids for file in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    exact = sum(int(file.read_text().split()[0]) for file in files)
    if exact:
        return exact / 1e9
    used = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICKS


def send(port: int, requests: Sequence[bytes], *, at_once: int) -> Run:
    """Send the requests, ``at_once`` connections each one after the other, and wait for all."""
    # The quicker loop, so that what sends is not what is measured.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_send(port, requests, at_once))


async def _send(port: int, requests: Sequence[bytes], at_once: int) -> Run:
    statuses: dict[int, int] = {}
    latencies: list[float] = []
    sizes = [0]
    queue = iter(requests)

    async def line() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in queue:
            began = time.perf_counter()
            writer.write(request)
            status, size = await read_answer(reader)
            latencies.append(time.perf_counter() - began)
            statuses[status] = statuses.get(status, 0) + 1
            sizes[0] = size
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(line() for _ in range(at_once)))
    took = time.perf_counter() - began
    return Run(len(latencies), took, statuses, sorted(latencies), sizes[0])


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Read one answer; return its status and how long its body says it is."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = 0
    for header in head.split(b"\r\n")[1:]:
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if length and status != 304:
        await reader.readexactly(length)
    return status, length


def get(path: str, **headers: str) -> bytes:
    """Make a GET request."""
    return _request("GET", path, headers, b"")


def post(path: str, body: bytes, **headers: str) -> bytes:
    """Make a POST request with a JSON body."""
    return _request("POST", path, {"Content-Type": "application/json", **headers}, body)


def _request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
