"""``python -m bench.live``: memory and delay of very many live streams of one process.

Opens streams of one story from this machine, waits until the process is quiet, and takes from
``/proc`` what it has grown by for each. Then a comment is posted, and the last receiver's clock is
compared with the moment at which the post was answered, so after its commit. The clients run on
the same machine and take CPU from the server, so the delay here is an upper bound.
"""

from __future__ import annotations

import argparse
import json
import resource
import selectors
import shutil
import socket
import statistics
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from belowline.storage.database import Database
from belowline.storage.migrate import upgrade
from bench import load, servers
from bench.seed import Ground, lay
from bench.setting import settings_for
from bench.table import Row, show

EACH_SOURCE = 90
"""Streams from one address of 127.0.0.0/8, below the bound for one client network."""
SETTLE = 3.0
QUIET = 10.0
ROUNDS = 5
STREAMS = 10_000
MOST_EACH = 20_000
"""Bytes."""
MOST_LAST = 500
"""Milliseconds."""
SPARE_FILES = 500
"""Open files of a process besides its streams."""


class Receivers:
    """Many clients in one thread, each a bare socket."""

    def __init__(self, port: int, path: str, *, network: int) -> None:
        self._port = port
        self._network = network
        self._request = load.get(path, Accept="text/event-stream", **BROWSER)
        self._selector = selectors.DefaultSelector()
        self._sockets: list[socket.socket] = []

    def open(self, number: int) -> None:
        """Open that many streams, and wait for the first message of each."""
        for place in range(number):
            one = socket.socket()
            source = place // EACH_SOURCE
            one.bind((f"127.{self._network}.{source // 250}.{source % 250 + 1}", 0))
            one.connect(("127.0.0.1", self._port))
            one.sendall(self._request)
            self._sockets.append(one)
            if place % 100 == 99:
                self._greet(self._sockets[-100:])
        self._greet(self._sockets[number - number % 100 :])
        for one in self._sockets:
            one.settimeout(0)
            self._selector.register(one, selectors.EVENT_READ)

    def _greet(self, sockets: list[socket.socket]) -> None:
        for one in sockets:
            got = b""
            while b"data: " not in got:
                part = one.recv(4096)
                if not part:
                    raise SystemExit(f"a stream was refused: {got!r}")
                got += part

    def wait(self, wanted: bytes, *, within: float = 30.0) -> list[float]:
        """Return when each stream told of this, in the order of arrival."""
        waiting = len(self._sockets)
        times = []
        end = time.perf_counter() + within
        while waiting and time.perf_counter() < end:
            for key, _ in self._selector.select(1):
                data = key.fileobj.recv(4096)  # type: ignore[union-attr]
                if wanted in data:
                    times.append(time.perf_counter())
                    waiting -= 1
        if waiting:
            raise SystemExit(f"{waiting} streams heard nothing of it")
        return times

    def close(self) -> None:
        """Hang up."""
        for one in self._sockets:
            one.close()


BROWSER = {
    # What a browser sends, so that the memory of a request is a browser's.
    "User_Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36",
    "Accept_Language": "en-GB,en;q=0.9",
    "Accept_Encoding": "gzip, deflate, br, zstd",
    "Cache_Control": "no-cache",
    "Origin": "https://www.bench.example",
    "Referer": "https://www.bench.example/",
    "Sec_Fetch_Mode": "cors",
    "Sec_Fetch_Site": "cross-site",
    "Sec_Fetch_Dest": "empty",
}


def memory(pid: int) -> int:
    """Return the bytes of a process that are in memory and its own."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return 1024 * sum(
        int(line.split()[1])
        for line in lines
        if line.startswith(("Private_Dirty", "Private_Clean"))
    )


def measure(ground: Ground, server: tuple[int, list[int]], number: int) -> list[Row]:
    """Open the streams, post, and tell what each holds and when the last has heard of it."""
    port, (pid, *_) = server
    key = ground.stories[50]
    path = f"/api/v1/sites/{ground.site.key}/stories/{key}"
    warm = Receivers(port, f"{path}/live", network=1)
    warm.open(50)
    _post(port, path, ground.tokens.pop())
    time.sleep(SETTLE)
    before = memory(pid)
    receivers = Receivers(port, f"{path}/live", network=2)
    receivers.open(number)
    time.sleep(SETTLE)
    each = (memory(pid) - before) / number
    cpu = load.cpu_seconds([pid])
    time.sleep(QUIET)
    idle = (load.cpu_seconds([pid]) - cpu) / QUIET
    lasts, costs = [], []
    for _ in range(ROUNDS):
        cpu = load.cpu_seconds([pid])
        with ThreadPoolExecutor(1) as sender:
            posting = sender.submit(_post, port, path, ground.tokens.pop())
            times = receivers.wait(b'"kind":"new"')
            answered_at = posting.result()
        lasts.append((times[-1] - answered_at) * 1000)
        costs.append((load.cpu_seconds([pid]) - cpu) * 1000)
        time.sleep(1)
    receivers.close()
    warm.close()
    last = statistics.median(lasts)
    told = (
        f"{each / 1000:.1f} kB each; last receiver {last:.0f} ms ({min(lasts):.0f} to "
        f"{max(lasts):.0f}) after the answer to the post; {statistics.median(costs):.0f} ms CPU a "
        f"message to all; {idle:.1%} of a core when quiet"
    )
    return [
        Row(
            f"live: {number:,} connections, one process",
            (told,),
            f"≤ {MOST_EACH / 1000:.0f} kB each, last ≤ {MOST_LAST:.0f} ms",
            each <= MOST_EACH and last <= MOST_LAST,
        )
    ]


def _post(port: int, path: str, token: str) -> float:
    body = json.dumps({"text": f"Said at {uuid.uuid4()}.", "client_key": uuid.uuid4().hex})
    request = load.post(f"{path}/comments", body.encode(), Authorization=f"Bearer {token}")
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(request)
        answer = one.recv(65536)
    status = int(answer[9:12])
    if status != 201:
        raise SystemExit(f"posting answered {answer!r}")
    return time.perf_counter()


def measure_anew(number: int) -> list[Row]:
    """Measure on a database and a server of its own; say so where too few files may be open."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most < number + SPARE_FILES:
        told = (
            f"not measured: {number + SPARE_FILES:,} files must be open, the system allows {most:,}"
        )
        return [Row(f"live: {number:,} connections, one process", (told,))]
    folder = Path(tempfile.mkdtemp(prefix="belowline-live-"))
    try:
        url = f"sqlite:///{folder}/bench.db"
        upgrade(url)
        db = Database(url)
        ground = lay(db, settings_for(url, 0), (50,))
        db.close()
        with servers.belowline(url) as server:
            return measure(ground, server, number)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--streams", type=int, default=STREAMS)
    show(measure_anew(arguments.parse_args().streams), (), rounds=ROUNDS)


if __name__ == "__main__":
    main()
