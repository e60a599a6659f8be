"""``python -m bench.console``: the desk with a million comments and 20,000 open cases behind it.

Over HTTP, as a browser asks: the first page of the queue in each view, at one site and over all; a
case; a decision, until its answer is there; searches. And the like cases of a case, by themselves.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa

from belowline.core.terms import CommentId, SiteId
from belowline.search.precedents import find_precedents
from belowline.storage.database import Database
from belowline.storage.migrate import upgrade
from belowline.storage.tables import cases, comments, revisions
from bench import load, servers
from bench.console_seed import Desk, find, lay
from bench.setting import settings_for
from bench.table import Row, show

QUEUE_BAR, DECISION_BAR, LIKE_BAR = 200.0, 100.0, 30.0
"""Milliseconds at the median."""
SETTLE_FOR = 900.0
"""Seconds to wait for the chores of a start: every open case is rescored."""
PAGES, DECISIONS, LIKE = 20, 200, 200


@dataclass(frozen=True, slots=True)
class Took:
    """How long requests took, and how much of a core on average."""

    each: Sequence[float]
    """Milliseconds until the answer was there."""
    cpu: float
    """Milliseconds of the server's CPU time, what it does in the background included."""


class Moderator:
    """Somebody at the desk, over one connection."""

    def __init__(self, port: int, pids: list[int], desk: Desk) -> None:
        self._pids = pids
        self._conn = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {"Cookie": f"belowline={desk.token}"}
        self._origin = f"http://127.0.0.1:{port}"

    def get(self, path: str) -> float:
        """Ask for a page and return how many milliseconds it took."""
        return self._ask("GET", path, 200)

    def send(self, path: str, **form: str) -> float:
        """Send a form and return how many milliseconds its answer took."""
        return self._ask("POST", path, 303, urlencode(form))

    def each(self, asks: Sequence[Callable[[], float]]) -> Took:
        """Ask for these, one after the other."""
        before = load.cpu_seconds(self._pids)
        each = [ask() for ask in asks]
        return Took(each, 1000 * (load.cpu_seconds(self._pids) - before) / len(each))

    def _ask(self, method: str, path: str, status: int, body: str | None = None) -> float:
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = self._origin
        start = time.perf_counter()
        self._conn.request(method, path, body, headers)
        answer = self._conn.getresponse()
        answer.read()
        took = (time.perf_counter() - start) * 1000
        if answer.status != status:
            raise SystemExit(f"{method} {path}: {answer.status}")
        return took


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--comments", type=int, default=1_000_000)
    arguments.add_argument("--keep", type=Path, help="a folder where the database stays")
    asked = arguments.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="belowline-bench-"))
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder}/desk.db"
    try:
        is_there = (folder / "desk.db").exists()
        upgrade(url)
        db = Database(url)
        settings = settings_for(url, 0)
        start = time.perf_counter()
        desk = find(db, settings) if is_there else lay(db, settings, comments=asked.comments)
        laid = time.perf_counter() - start
        rows = [Row("seconds to make it", (f"{laid:.0f}",))]
        rows += _measure(db, url, desk)
        db.close()
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    show(rows, (), rounds=1)


def _measure(db: Database, url: str, desk: Desk) -> list[Row]:
    site = desk.sites[0]
    waiting = _waiting(db, site.id)
    rows = [Row("comments, and open cases", (_told_of(db),))]
    rows += [_row("like cases of one case", _like(db, desk, waiting), LIKE_BAR)]
    with servers.belowline(url, settle_for=SETTLE_FOR) as (port, pids):
        moderator = Moderator(port, pids, desk)
        here, words = f"/console/{site.key}", desk.words

        def many(path: str) -> Took:
            return moderator.each([lambda: moderator.get(path)] * PAGES)

        rows += [_row(what, many(path), QUEUE_BAR) for what, path in _pages(here).items()]
        opened = [partial(moderator.get, f"{here}/cases/{one}?view=all") for one, *_ in waiting]
        rows.append(_row("a case, with its like cases", moderator.each(opened[:PAGES]), None))
        decided = [partial(_decide, moderator, here, one) for one in enumerate(waiting)]
        rows.append(_row("a decision", moderator.each(decided[:DECISIONS]), DECISION_BAR))
        rows += [_row(what, many(path), QUEUE_BAR) for what, path in _searches(words).items()]
    return rows


def _pages(here: str) -> dict[str, str]:
    return {
        "queue, first page": here,
        "queue, held": f"{here}?view=held",
        "queue, new readers": f"{here}?view=new",
        "queue, hot stories": f"{here}?view=hot",
        "queue over all sites": "/desk",
        "queue over all sites, reported": "/desk?view=reported.desk",
    }


def _searches(words: Sequence[str]) -> dict[str, str]:
    typed = {
        "search: a rare word": words[-100],
        "search: the most used word": words[0],
        "search: two usual words": f"{words[20]} {words[40]}",
        "search: a phrase": f'"{words[5]} {words[6]}"',
        "search: best match": words[50],
        "search: status and rule": "status:removed rule:hate",
    }
    order = {what: "best" if "best" in what else "newest" for what in typed}
    return {
        what: f"/desk/search?{urlencode({'q': q, 'order': order[what]})}"
        for what, q in typed.items()
    }


def _told_of(db: Database) -> str:
    with db.read() as conn:
        written = conn.execute(sa.select(sa.func.count()).select_from(comments)).scalar_one()
        is_open = sa.select(sa.func.count()).select_from(cases).where(cases.c.state == "open")
        return f"{written:,}, {conn.execute(is_open).scalar_one():,}"


def _waiting(db: Database, site_id: SiteId) -> Sequence[tuple[int, int, str, str]]:
    """Return cases of the site: the comment, its version, its status and its text."""
    query = (
        sa.select(comments.c.id, comments.c.version, comments.c.status, revisions.c.text)
        .join(cases, cases.c.comment_id == comments.c.id)
        .join(revisions, revisions.c.comment_id == comments.c.id)
        .where(cases.c.site_id == site_id, cases.c.state == "open")
        .order_by(cases.c.id)
    )
    with db.read() as conn:
        found = [tuple(row) for row in conn.execute(query)]
    random.Random(3).shuffle(found)
    return found


def _like(db: Database, desk: Desk, waiting: Sequence[tuple[int, int, str, str]]) -> Took:
    sites = tuple(site.id for site in desk.sites)

    def find(case: tuple[int, int, str, str]) -> float:
        start = time.perf_counter()
        with db.read() as conn:
            find_precedents(
                conn, case[3], site_id=sites[0], sites=sites, but_not=CommentId(case[0])
            )
        return (time.perf_counter() - start) * 1000

    before = load.cpu_seconds([os.getpid()])
    each = [find(one) for one in waiting[-LIKE:]]
    return Took(each, 1000 * (load.cpu_seconds([os.getpid()]) - before) / len(each))


def _decide(
    moderator: Moderator, here: str, numbered: tuple[int, tuple[int, int, str, str]]
) -> float:
    number, (comment_id, version, status, _) = numbered
    outcome = "publish" if status == "held" else "keep"
    form = {"outcome": outcome, "reason": "", "seen_version": str(version), "view": "all"}
    if number % 2:
        form |= {"outcome": "remove", "rule": "spam", "reason": "It breaks the rule."}
    return moderator.send(f"{here}/cases/{comment_id}/decide", next="1", **form)


def _row(what: str, took: Took, bar: float | None) -> Row:
    middle = statistics.median(took.each)
    late = sorted(took.each)[int(0.95 * (len(took.each) - 1))]
    told = f"{middle:.1f} ms, p95 {late:.1f} ms, CPU {took.cpu:.1f} ms"
    if bar is None:
        return Row(what, (told,))
    return Row(what, (told,), f"<= {bar:.0f} ms", middle <= bar)


if __name__ == "__main__":
    main()
