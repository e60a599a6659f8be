"""Reading threads of every size: from memory beside nginx, and built anew, to the last page."""

from __future__ import annotations

import gzip
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import TypeVar

import httpx

from belowline.web.static_files import FOLDER, read_file
from bench import load
from bench.seed import Ground
from bench.table import Row

ROUNDS = 5
TURNS = 9
"""How often everything that is compared is measured, in turns: a machine has slow minutes."""
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
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that is sent many times to one server."""

    server: Server
    request: bytes
    expect: int = 200
    at_once: int = AT_ONCE


@dataclass(frozen=True, slots=True)
class Figure:
    """Microseconds of CPU a request, in each round."""

    rounds: tuple[float, ...]
    bytes: int

    @property
    def cpu(self) -> float:
        """Return the median of the rounds."""
        return statistics.median(self.rounds)

    def times(self, other: Figure) -> float:
        """Return how many times the other this is: the median of what it was in each round."""
        return statistics.median(
            one / beside for one, beside in zip(self.rounds, other.rounds, strict=True)
        )


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
    """Measure what comes from memory, in turns with nginx sending the same bytes."""
    own = {size: path_of(ground, size) for size in ground.stories}
    asks: dict[tuple[str, int], Ask] = {}
    for size, path in own.items():
        asks["page", size] = Ask(ours, load.get(path, Accept_Encoding="gzip"))
        asks["nginx", size] = Ask(theirs, load.get(f"/{size}", Accept_Encoding="gzip"))
        asks["same", size] = _ask_again(ours, path)
        asks["nginx same", size] = _ask_again(theirs, f"/{size}")
    asks["counts", 0] = Ask(ours, _ask_for_counts(ground))
    found = measure(asks, int(2000 * scale))
    page, nginx, same, nginx_same = (
        [found[kind, size] for size in own] for kind in ("page", "nginx", "same", "nginx same")
    )
    counts = found["counts", 0]
    share = statistics.median(counts.times(one) for one in page)
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
    asks: dict[tuple[str, int], Ask] = {}
    paths = {size: path_of(ground, size) for size in ground.stories}
    for size, path in paths.items():
        asks["first", size] = _ask_plain(server, path)
        asks["packed", size] = Ask(server, load.get(path, Accept_Encoding="gzip"), at_once=1)
        asks["deepest", size] = _ask_plain(server, find_deepest(port, path))
        asks["around", size] = _ask_plain(server, f"{path}?at={ground.middle[size]}")
        asks["alone", size] = _ask_plain(server, f"{path}/c/{ground.middle[size]}")
    found = measure(asks, int(120 * scale))
    first, packed, deepest, around, alone = (
        {size: found[kind, size] for size in paths}
        for kind in ("first", "packed", "deepest", "around", "alone")
    )
    long = [size for size in paths if size > 200]
    usual = dict.fromkeys(paths, first[200])
    return [
        Row(
            "first page not in cache (HTML)",
            _milli(first),
            f"≤ {MOST_BUILD / 1000:g} ms",
            max(one.cpu for one in first.values()) <= MOST_BUILD,
        ),
        Row("  comments shown on it", tuple(f"{_shown(port, path)}" for path in paths.values())),
        _times("  beside that of 200", first, usual, long, most=1.2),
        Row("  with gzip", _milli(packed)),
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
    ask = _ask_plain(server, path_of(ground, 50))
    return measure({50: ask}, int(120 * scale))[50].cpu


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


def measure(asks: Mapping[K, Ask], count: int) -> dict[K, Figure]:
    """Return the CPU that each request costs its server; in each round every one has its turn."""
    rounds: dict[K, list[float]] = {key: [] for key in asks}
    sizes = {}
    for _ in range(TURNS):
        for key, ask in asks.items():
            port, pids = ask.server
            before = load.cpu_seconds(pids)
            run = load.send(port, [ask.request] * count, at_once=ask.at_once)
            _expect(run, ask.expect, ask.request)
            rounds[key].append((load.cpu_seconds(pids) - before) / run.requests * 1e6)
            sizes[key] = run.body_bytes
    return {key: Figure(tuple(found), sizes[key]) for key, found in rounds.items()}


def _ask_plain(server: Server, path: str) -> Ask:
    return Ask(server, load.get(path, Accept_Encoding="identity"), at_once=1)


def _ask_again(server: Server, path: str) -> Ask:
    known = httpx.get(f"http://127.0.0.1:{server[0]}{path}", headers=GZIP).headers["etag"]
    return Ask(server, load.get(path, Accept_Encoding="gzip", If_None_Match=known), expect=304)


def _expect(run: load.Run, status: int, request: bytes) -> None:
    if set(run.statuses) != {status}:
        raise SystemExit(f"expected {status} of {request[:60]!r}, got {run.statuses}")


def _shown(port: int, path: str) -> int:
    return httpx.get(f"http://127.0.0.1:{port}{path}").text.count(LINE)


def _ask_for_counts(ground: Ground) -> bytes:
    keys = [ground.stories[50], *(f"story-{number}" for number in range(49))]
    asked = "&".join(f"story={key}" for key in keys)
    return load.get(f"/api/v1/sites/{ground.site.key}/counts?{asked}", Accept_Encoding="gzip")


def _beside(what: str, ours: list[Figure], theirs: list[Figure], *, most: float) -> Row:
    shares = [one.times(other) for one, other in zip(ours, theirs, strict=True)]
    return Row(
        what,
        tuple(f"{one.cpu:.0f} µs, {share:.1f} ×" for one, share in zip(ours, shares, strict=True)),
        f"≤ {most} × nginx",
        max(shares) <= most,
    )


def _times(
    what: str,
    ours: Mapping[int, Figure],
    base: Mapping[int, Figure],
    judged: Sequence[int],
    *,
    most: float,
) -> Row:
    shares = {size: one.times(base[size]) for size, one in ours.items()}
    return Row(
        what,
        tuple(
            f"{told}, {share:.2f} ×"
            for told, share in zip(_milli(ours), shares.values(), strict=True)
        ),
        f"≤ {most} ×",
        all(shares[size] <= most for size in judged) if judged else None,
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


def _milli(figures: Mapping[int, Figure]) -> tuple[str, ...]:
    return tuple(f"{one.cpu / 1000:.2f} ms" for one in figures.values())
