"""``python -m bench``: what reading, posting and waiting cost, each beside its bar, in one table.

CPU is the process's own account, the median of several rounds; a ratio is the median of what it was
in each round, in which nginx and every size of thread had its turn, because the machine is noisy.
``--postgres URL`` also posts to a PostgreSQL. The exit status is 0 whatever the figures are.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from itertools import cycle
from pathlib import Path

from belowline.storage.database import Database
from belowline.storage.migrate import upgrade
from bench import live, posting, reading, servers
from bench.reading import ROUNDS, TURNS
from bench.reference import Reference
from bench.scoring import score_rows
from bench.seed import Ground, lay
from bench.setting import settings_for
from bench.table import Row, show

SIZES = (50, 200, 5_000, 100_000)
QUICK_SIZES = (50, 200, 5_000)
QUICK_STREAMS = 1000
MINUTES = 10.0


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--postgres", help="address of an empty PostgreSQL database")
    arguments.add_argument(
        "--quick", action="store_true", help="a look: fewer requests and streams, no long thread"
    )
    arguments.add_argument(
        "--minutes",
        type=float,
        help="how long to post 50 comments a second; on PostgreSQL half as long. "
        f"Without it {MINUTES:g}, or with --quick not at all",
    )
    asked = arguments.parse_args()
    sizes = QUICK_SIZES if asked.quick else SIZES
    scale = 0.1 if asked.quick else 1.0
    minutes = asked.minutes if asked.minutes is not None else 0 if asked.quick else MINUTES
    folder = Path(tempfile.mkdtemp(prefix="belowline-bench-"))
    reference = Reference(folder)
    reference.take()
    try:
        rows = _measure_sqlite(folder, sizes, scale, minutes, reference)
        if asked.postgres:
            rows += _measure_postgres(asked.postgres, scale, minutes / 2, reference)
        rows.append(reference.row())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rows += live.measure_anew(QUICK_STREAMS if asked.quick else live.STREAMS)
    show(rows, sizes, rounds=TURNS)


def _measure_sqlite(
    folder: Path, sizes: tuple[int, ...], scale: float, minutes: float, reference: Reference
) -> list[Row]:
    url = f"sqlite:///{folder}/bench.db"
    upgrade(url)
    db = Database(url)
    ground = lay(db, settings_for(url, 0), sizes)
    db.close()
    with servers.belowline(url) as ours:
        pages = reading.fetch_pages(ours[0], ground)
        files = {str(size): page for size, page in pages.items()}
        with servers.nginx(folder / "nginx", files) as theirs:
            rows = reading.cached_rows(ours, theirs, ground, scale)
    with servers.belowline(url, mode="uncached") as server:
        rows += reading.built_rows(server, ground, scale)
        one = reading.first_page(server, ground, scale)
        rows.append(reading.crowd_row(server, ground, one))
    with servers.belowline(url) as server:
        reference.take()
        rows += _posting_rows(server, ground, "SQLite", scale, minutes)
        reference.take()
    rows += posting.start_rows(url, rounds=ROUNDS)
    with servers.belowline(url, mode="scored") as server:
        rows += score_rows()
        rows += _scored_rows(server, ground, "SQLite", scale, minutes / 5)
    return rows


def _measure_postgres(url: str, scale: float, minutes: float, reference: Reference) -> list[Row]:
    upgrade(url)
    db = Database(url)
    ground = lay(db, settings_for(url, 0), (50,))
    db.close()
    with servers.belowline(url) as server:
        rows = _posting_rows(server, ground, "PostgreSQL", scale, minutes)
    reference.take()
    with servers.belowline(url, mode="scored") as server:
        rows += _scored_rows(server, ground, "PostgreSQL", scale, minutes / 5)
    return rows


def _posting_rows(
    server: tuple[int, list[int]], ground: Ground, name: str, scale: float, minutes: float
) -> list[Row]:
    rows = [posting.burst_row(server, ground, name, rounds=ROUNDS, each=int(400 * scale))]
    # From here on readers write more than once, each seldom enough not to be held for haste.
    again = cycle(ground.tokens)
    if name == "SQLite":
        rows.append(posting.beside_row(server, ground, rounds=TURNS, tokens=again))
    if minutes:
        rows.append(posting.steady_row(server, ground, name, minutes=minutes, tokens=again))
    return rows


def _scored_rows(
    server: tuple[int, list[int]], ground: Ground, database: str, scale: float, minutes: float
) -> list[Row]:
    # These are of few words, which the scorer soon remembers; real ones cost a little more.
    name = f"{database}, each scored"
    rows = [
        posting.burst_row(server, ground, name, rounds=ROUNDS, each=int(400 * scale), has_bar=False)
    ]
    if minutes:
        again = cycle(ground.tokens)
        rows.append(posting.steady_row(server, ground, name, minutes=minutes, tokens=again))
    return rows


if __name__ == "__main__":
    main()
