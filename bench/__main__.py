"""``python -m bench``: CPU per request of reading and posting, beside nginx serving the same bytes.

Each figure is the median of several rounds; the ratio is taken against nginx's figure of the same
run, because the machine is noisy and nginx is not. ``--postgres URL`` also posts to a PostgreSQL.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from belowline.core.clock import system_clock
from belowline.storage.database import Database
from belowline.storage.migrate import upgrade
from bench import load, posting, servers
from bench.seed import Ground, lay
from bench.setting import settings_for

SIZES = (50, 200, 5000)
ROUNDS = 5
AT_ONCE = 16
GZIP = {"Accept-Encoding": "gzip"}
Row = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """Microseconds of CPU a request, the median of the rounds."""

    cpu: float
    bytes: int


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--postgres", help="address of an empty PostgreSQL database")
    arguments.add_argument("--quick", action="store_true", help="fewer requests, for a look")
    arguments.add_argument(
        "--minutes", type=float, default=0.0, help="how long to post 50 comments a second; or not"
    )
    asked = arguments.parse_args()
    scale = 0.1 if asked.quick else 1.0
    folder = Path(tempfile.mkdtemp(prefix="belowline-bench-"))
    try:
        rows = _measure_sqlite(folder, scale, asked.minutes)
        if asked.postgres:
            rows += _measure_posts(asked.postgres, scale, asked.minutes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _show(rows)


def _measure_sqlite(folder: Path, scale: float, minutes: float) -> list[Row]:
    url = f"sqlite:///{folder}/bench.db"
    upgrade(url)
    settings = settings_for(url, 0)
    db = Database(url)
    ground = lay(db, settings, SIZES)
    db.close()
    rows: list[Row] = []
    with servers.belowline(url) as (port, pids):
        pages = {size: _page(port, ground, size) for size in SIZES}
        with servers.nginx(folder / "nginx", {str(size): page for size, page in pages.items()}) as (
            nginx_port,
            nginx_pids,
        ):
            for size in SIZES:
                rows += _read_rows((port, pids), (nginx_port, nginx_pids), ground, size, scale)
    with servers.belowline(url, mode="uncached") as server:
        rows += [_miss_row(server, ground, size, scale) for size in SIZES]
    with servers.belowline(url) as server:
        rows += _posting_rows(server, ground, "SQLite", scale, minutes)
    rows.append(posting.start_row(url, rounds=ROUNDS))
    return rows


def _measure_posts(url: str, scale: float, minutes: float) -> list[Row]:
    upgrade(url)
    db = Database(url)
    ground = lay(db, settings_for(url, 0), (50,))
    db.close()
    with servers.belowline(url) as server:
        return _posting_rows(server, ground, "PostgreSQL", scale, minutes)


def _posting_rows(
    server: tuple[int, list[int]], ground: Ground, name: str, scale: float, minutes: float
) -> list[Row]:
    rows = [_post_row(server, ground, name, scale)]
    # From here on readers write more than once, each seldom enough not to be held for haste.
    again = cycle(ground.tokens)
    if name == "SQLite":
        rows.append(posting.beside_row(server, ground, rounds=ROUNDS, tokens=again))
    if minutes:
        rows.append(posting.steady_row(server, ground, name, minutes=minutes, tokens=again))
    return rows


def _page(port: int, ground: Ground, size: int) -> bytes:
    answer = httpx.get(f"http://127.0.0.1:{port}{_path(ground, size)}", headers=GZIP)
    answer.raise_for_status()
    return gzip.compress(answer.content, 6, mtime=0)


def _path(ground: Ground, size: int) -> str:
    return f"/s/{ground.site.key}/{ground.stories[size]}"


def _counts_path(ground: Ground, size: int) -> str:
    keys = [ground.stories[size], *(f"story-{number}" for number in range(49))]
    return f"/api/v1/sites/{ground.site.key}/counts?" + "&".join(f"story={key}" for key in keys)


def _read_rows(
    ours: tuple[int, list[int]],
    theirs: tuple[int, list[int]],
    ground: Ground,
    size: int,
    scale: float,
) -> list[Row]:
    page = load.get(_path(ground, size), Accept_Encoding="gzip")
    tag = httpx.get(f"http://127.0.0.1:{ours[0]}{_path(ground, size)}", headers=GZIP).headers[
        "etag"
    ]
    same = httpx.get(f"http://127.0.0.1:{theirs[0]}/{size}", headers=GZIP).headers["etag"]
    count = int(4000 * scale)
    static = measure(theirs, [load.get(f"/{size}", Accept_Encoding="gzip")] * count)
    static_304 = measure(theirs, [load.get(f"/{size}", If_None_Match=same)] * count, expect=304)
    cached = measure(ours, [page] * count)
    unchanged = measure(
        ours,
        [load.get(_path(ground, size), Accept_Encoding="gzip", If_None_Match=tag)] * count,
        expect=304,
    )
    counts = measure(ours, [load.get(_counts_path(ground, size), Accept_Encoding="gzip")] * count)
    return [
        _row(f"counts of 50 stories, beside {size}", counts, cached, of="page"),
        _row(f"cached page, {size} comments", cached, static),
        _row(f"304, {size} comments", unchanged, static_304),
    ]


def _miss_row(server: tuple[int, list[int]], ground: Ground, size: int, scale: float) -> Row:
    requests = [load.get(_path(ground, size), Accept_Encoding="gzip")] * int(200 * scale)
    figure = measure(server, requests, at_once=1)
    return (f"cache miss, {size} comments", f"{figure.cpu / 1000:.2f} ms", "", "", "")


def _post_row(server: tuple[int, list[int]], ground: Ground, name: str, scale: float) -> Row:
    port, pids = server
    requests_left = posting.posts(ground, iter(ground.tokens))
    runs = []
    for _ in range(ROUNDS):
        requests = list(islice(requests_left, int(400 * scale)))
        before = load.cpu_seconds(pids)
        run = load.send(port, requests, at_once=AT_ONCE)
        if set(run.statuses) != {201}:
            raise SystemExit(f"posting answered {run.statuses}")
        runs.append((run, (load.cpu_seconds(pids) - before) / run.requests))
    rate = statistics.median(run.requests / run.seconds for run, _ in runs)
    slow = statistics.median(run.percentile(0.99) for run, _ in runs)
    cpu = statistics.median(cpu for _, cpu in runs)
    return (
        f"durable post, {AT_ONCE} at once, {name}",
        f"{cpu * 1000:.2f} ms",
        "",
        f"{rate:.0f}/s, p99 {slow * 1000:.0f} ms",
        "",
    )


def measure(
    server: tuple[int, list[int]],
    requests: Sequence[bytes],
    *,
    expect: int = 200,
    at_once: int = AT_ONCE,
) -> Figure:
    """Return the CPU a request costs this server, the median of the rounds."""
    port, pids = server
    found = []
    size = 0
    for _ in range(ROUNDS):
        before = load.cpu_seconds(pids)
        run = load.send(port, requests, at_once=at_once)
        if set(run.statuses) != {expect}:
            raise SystemExit(f"expected {expect} of {requests[0][:60]!r}, got {run.statuses}")
        found.append((load.cpu_seconds(pids) - before) / run.requests * 1e6)
        size = run.body_bytes
    return Figure(statistics.median(found), size)


def _row(what: str, ours: Figure, theirs: Figure, *, of: str = "") -> Row:
    return (
        what,
        f"{ours.cpu:.0f} µs",
        f"{theirs.cpu:.0f} µs {of}".rstrip(),
        f"{ours.cpu / theirs.cpu:.1f} ×",
        f"{ours.bytes:,}" if ours.bytes else "",
    )


def _show(rows: Sequence[Row]) -> None:
    cores = os.cpu_count()
    title = (
        f"{system_clock():%Y-%m-%d}, {platform.machine()}, {cores} cores, "
        f"Python {platform.python_version()}; CPU a request, medians of {ROUNDS} rounds"
    )
    table = Table("what", "Belowline", "nginx", "ratio or rate", "bytes", title=title)
    for row in rows:
        table.add_row(*row)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
