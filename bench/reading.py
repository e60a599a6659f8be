"""Reading threads of every size: from memory beside nginx, and built anew, to the last page."""

from __future__ import annotations

import gzip
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

import httpx

from belowline.web.static_files import FOLDER, read_file
from bench import load
from bench.seed import Ground
from bench.table import Row

ROUNDS = 5
AT_ONCE = 16
CROWD = 200
"""Readers who ask for the same page, which is not in memory, at the same time."""
FULL = 50
"""Comments on a full page, at least."""
LINE = '<article class="comment'
GZIP = {"Accept-Encoding": "gzip"}
MOST_BYTES = 15_000
MOST_BUILD = 2000
"""Microseconds of CPU for a page with fifty comments."""
Server = tuple[int, list[int]]
Asks = Mapping[int, bytes]
"""A request for each size of thread."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Microseconds of CPU a request, the median of the rounds."""

    cpu: float
    bytes: int


def path_of(ground: Ground, size: int) -> str:
    """Return where the thread of this size is read."""
    return f"/s/{ground.site.key}/{ground.stories[size]}"


def fetch_pages(port: int, ground: Ground) -> dict[int, bytes]:
    """Return the first page of each thread, compressed as nginx is to send it."""
    pages = {}
    for size in ground.stories:
        answer = httpx.get(f"http://127.0.0.1:{port}{path_of(ground, size)}", headers=GZIP)
        answer.raise_for_status()
        pages[size] = gzip.compress(answer.content, 6, mtime=0)
    return pages


def cached_rows(ours: Server, theirs: Server, ground: Ground, scale: float) -> list[Row]:
    """Measure what comes from memory, and nginx sending the same bytes in the same minutes."""
    count = int(4000 * scale)
    sizes = list(ground.stories)
    own = {size: load.get(path_of(ground, size), Accept_Encoding="gzip") for size in sizes}
    static = {size: load.get(f"/{size}", Accept_Encoding="gzip") for size in sizes}
    again, static_again = (
        {
            size: load.get(path, Accept_Encoding="gzip", If_None_Match=_tag(server[0], path))
            for size, path in paths.items()
        }
        for server, paths in (
            (ours, {size: path_of(ground, size) for size in sizes}),
            (theirs, {size: f"/{size}" for size in sizes}),
        )
    )
    page, nginx = _all(ours, own, count), _all(theirs, static, count)
    same = _all(ours, again, count, expect=304)
    nginx_same = _all(theirs, static_again, count, expect=304)
    counts = measure(ours, [_ask_for_counts(ground)] * count)
    share = counts.cpu / statistics.median(one.cpu for one in page)
    return [
        _beside("cached first page", page, nginx, most=4),
        Row("  nginx, the same bytes from a file", _micro(nginx)),
        _beside("304", same, nginx_same, most=5),
        Row("  nginx's 304", _micro(nginx_same)),
        Row(
            "first page, compressed (gzip)",
            tuple(f"{one.bytes / 1000:.1f} kB" for one in page),
            f"≤ {MOST_BYTES // 1000} kB",
            all(one.bytes <= MOST_BYTES for one in page),
        ),
        Row(
            "counts for 50 stories in one request",
            (f"{counts.cpu:.0f} µs, {share:.1f} × the cached page",),
            "≤ 2 × the cached page",
            share <= 2,
        ),
        _embed_row(),
    ]


def built_rows(server: Server, ground: Ground, scale: float) -> list[Row]:
    """Measure pages that are built anew for each request: first, last, and around one comment.

    The server keeps no page; so the CPU includes the whole request, and no compression, except
    where it is named.
    """
    port, _ = server
    count = int(200 * scale)
    paths = {size: path_of(ground, size) for size in ground.stories}
    first = _built(server, paths, count)
    shown = {size: _shown(port, path) for size, path in paths.items()}
    packed = _built(server, paths, count, encoding="gzip")
    deepest = _built(
        server, {size: find_deepest(port, path) for size, path in paths.items()}, count
    )
    middle = ground.middle
    around = _built(
        server, {size: f"{path}?at={middle[size]}" for size, path in paths.items()}, count
    )
    alone = _built(
        server, {size: f"{path}/c/{middle[size]}" for size, path in paths.items()}, count
    )
    long = [size for size in paths if size > 200]
    return [
        Row(
            "first page not in cache (HTML)",
            tuple(map(_milli, first.values())),
            f"≤ {MOST_BUILD / 1000:g} ms",
            max(one.cpu for one in first.values()) <= MOST_BUILD,
        ),
        Row("  comments shown on it", tuple(f"{number}" for number in shown.values())),
        _times("  beside that of 200", first, first[200], long, most=1.2),
        Row("  with gzip", tuple(map(_milli, packed.values()))),
        _times("deepest full page, beside the first page", deepest, first, long, most=2),
        _times("page with a comment halfway, beside the first page", around, first, long, most=2),
        _times("page of that comment alone, beside the first page", alone, first, long, most=2),
    ]


def crowd_row(server: Server, ground: Ground, one: float) -> Row:
    """Let 200 readers ask at once for a page that is not there; ``one`` is a build's CPU, in µs."""
    port, pids = server
    ask = load.get(path_of(ground, 50))
    shares = []
    for _ in range(ROUNDS):
        before = load.cpu_seconds(pids)
        run = load.send(port, [ask] * CROWD, at_once=CROWD)
        _expect(run, 200, ask)
        shares.append((load.cpu_seconds(pids) - before) * 1e6 / (CROWD * one))
    share = statistics.median(shares)
    return Row(
        f"first page not in cache, {CROWD} readers at once",
        (f"{share:.0%} of {CROWD} builds, sending included",),
        "built once: ≤ 25 %",
        share <= 0.25,
    )


def first_page(server: Server, ground: Ground, scale: float) -> float:
    """Return the CPU of the first page of 50, built anew, in microseconds."""
    return _built(server, {50: path_of(ground, 50)}, int(200 * scale))[50].cpu


def find_deepest(port: int, path: str) -> str:
    """Return the address of the last page that is full, by following the links as readers do."""
    here, found = path, path
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        while here:
            text = client.get(here).raise_for_status().text
            if text.count(LINE) >= FULL:
                found = here
            link = re.search(r'href="([^"]+)"[^>]* rel="next"', text)
            here = unescape(link[1]) if link is not None else ""
    return found


def measure(
    server: Server, requests: Sequence[bytes], *, expect: int = 200, at_once: int = AT_ONCE
) -> Figure:
    """Return the CPU a request costs this server, the median of the rounds."""
    port, pids = server
    found = []
    size = 0
    for _ in range(ROUNDS):
        before = load.cpu_seconds(pids)
        run = load.send(port, requests, at_once=at_once)
        _expect(run, expect, requests[0])
        found.append((load.cpu_seconds(pids) - before) / run.requests * 1e6)
        size = run.body_bytes
    return Figure(statistics.median(found), size)


def _expect(run: load.Run, status: int, request: bytes) -> None:
    if set(run.statuses) != {status}:
        raise SystemExit(f"expected {status} of {request[:60]!r}, got {run.statuses}")


def _all(server: Server, asks: Asks, count: int, *, expect: int = 200) -> list[Figure]:
    return [measure(server, [ask] * count, expect=expect) for ask in asks.values()]


def _built(
    server: Server, paths: Mapping[int, str], count: int, *, encoding: str = "identity"
) -> dict[int, Figure]:
    return {
        size: measure(server, [load.get(path, Accept_Encoding=encoding)] * count, at_once=1)
        for size, path in paths.items()
    }


def _shown(port: int, path: str) -> int:
    return httpx.get(f"http://127.0.0.1:{port}{path}").text.count(LINE)


def _tag(port: int, path: str) -> str:
    return httpx.get(f"http://127.0.0.1:{port}{path}", headers=GZIP).headers["etag"]


def _ask_for_counts(ground: Ground) -> bytes:
    keys = [ground.stories[50], *(f"story-{number}" for number in range(49))]
    asked = "&".join(f"story={key}" for key in keys)
    return load.get(f"/api/v1/sites/{ground.site.key}/counts?{asked}", Accept_Encoding="gzip")


def _beside(what: str, ours: list[Figure], theirs: list[Figure], *, most: float) -> Row:
    shares = [one.cpu / other.cpu for one, other in zip(ours, theirs, strict=True)]
    return Row(
        what,
        tuple(f"{one.cpu:.0f} µs, {share:.1f} ×" for one, share in zip(ours, shares, strict=True)),
        f"≤ {most} × nginx",
        max(shares) <= most,
    )


def _times(
    what: str,
    ours: Mapping[int, Figure],
    base: Figure | Mapping[int, Figure],
    judged: Sequence[int],
    *,
    most: float,
) -> Row:
    share: Callable[[int], float] = lambda size: (  # noqa: E731 - two words for one division
        ours[size].cpu / (base if isinstance(base, Figure) else base[size]).cpu
    )
    return Row(
        what,
        tuple(f"{_milli(one)}, {share(size):.2f} ×" for size, one in ours.items()),
        f"≤ {most} ×",
        all(share(size) <= most for size in judged) if judged else None,
    )


def _embed_row() -> Row:
    found, waiting = {"thread.css"}, {"embed.js"}
    while waiting:
        name = waiting.pop()
        found.add(name)
        text = (FOLDER / name).read_text()
        waiting |= set(re.findall(r'(?:from |[^.\w]import\()"\./([\w.]+)"', text)) - found
    size = sum(len(read_file(FOLDER / name).bodies["br"]) for name in found)
    return Row(
        "embed: scripts and styles of the first load, together (br)",
        (f"{size / 1000:.1f} kB",),
        f"≤ {MOST_BYTES // 1000} kB",
        size <= MOST_BYTES,
    )


def _micro(figures: Sequence[Figure]) -> tuple[str, ...]:
    return tuple(f"{one.cpu:.0f} µs" for one in figures)


def _milli(figure: Figure) -> str:
    return f"{figure.cpu / 1000:.2f} ms"
