"""``python -m bench.leaving [COMMENTS]``: how fast an installation leaves and arrives.

On SQLite, and with ``--postgres URL`` also into and out of a PostgreSQL, whose database is empty.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from belowline.storage.database import Database
from belowline.storage.migrate import upgrade
from belowline.transfer.backups.making import Plan, make_backup
from belowline.transfer.backups.places import make_shelf
from belowline.transfer.whole.loading import load
from belowline.transfer.whole.manifest import Manifest
from belowline.transfer.whole.moving import move
from belowline.transfer.whole.places import make_place
from belowline.transfer.whole.source import open_source
from belowline.transfer.whole.writing import Wish, write_export
from bench.seed import lay
from bench.setting import settings_for

EXPORT_BAR = 20_000
"""Comments a second; an own export is to be loaded as fast as others', 10,000 and 6,000."""
SQLITE_BAR = 10_000
POSTGRES_BAR = 6_000
MEGABYTES_BAR = 500


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("comments", nargs="?", type=int, default=50_000)
    arguments.add_argument("--postgres", help="address of an empty PostgreSQL database")
    asked = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="belowline-bench-"))
    try:
        _measure(folder, asked.comments, asked.postgres)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, size: int, postgres: str | None) -> None:
    url = f"sqlite:///{folder}/bench.db"
    # Making the comments holds them all, which is no part of what is measured.
    laying = multiprocessing.get_context("spawn").Process(target=_lay, args=(url, size))
    laying.start()
    laying.join()
    if laying.exitcode:
        raise SystemExit("the comments could not be made")
    db = Database(url)
    for name in ("leaving", "leaving.zip"):
        _say(f"SQLite to {name}", size, EXPORT_BAR, _exporting(db, folder / name))
    _say(
        "into SQLite",
        size,
        SQLITE_BAR,
        lambda: _load(folder / "leaving.zip", f"sqlite:///{folder}/there.db"),
    )
    plan = Plan(settings_for(url, 0).secret)
    shelf = make_shelf(str(folder / "shelf"))
    _say("a backup, restored once", size, 0, lambda: make_backup(db, shelf, plan))
    if postgres:
        _say("moved to PostgreSQL, compared", size, POSTGRES_BAR, lambda: move(db, postgres))
        other = Database(postgres)
        there = folder / "from-postgres"
        _say("PostgreSQL to a folder", size, EXPORT_BAR, lambda: _export(other, there))
        other.close()
    db.close()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    told = f"bar {MEGABYTES_BAR} {_met(most <= MEGABYTES_BAR)}"
    print(f"{'most memory of all of it':30} {most:8,.0f} MB  {told}")


def _lay(url: str, size: int) -> None:
    upgrade(url)
    db = Database(url)
    lay(db, settings_for(url, 0), (size,))
    db.close()


def _exporting(db: Database, path: Path) -> Callable[[], Manifest]:
    return lambda: _export(db, path)


def _export(db: Database, path: Path) -> Manifest:
    with make_place(path) as place:
        return write_export(db, place, Wish("0123456789abcdef" * 2))


def _load(path: Path, url: str) -> None:
    with open_source(path) as source:
        load(url, source)


def _say(what: str, size: int, bar: int, work: Callable[[], object]) -> None:
    began, busy = time.perf_counter(), time.process_time()
    work()
    took, busy = time.perf_counter() - began, time.process_time() - busy
    rate = size / took
    told = f"  bar {bar:,} {_met(rate >= bar)}" if bar else ""
    # On a machine that others use too, the second rate says more.
    print(f"{what:30} {took:6.1f} s {rate:8,.0f}/s; by CPU {size / busy:8,.0f}/s{told}")


def _met(is_met: bool) -> str:  # noqa: FBT001 - one word for the other
    return "met" if is_met else "NOT MET"


if __name__ == "__main__":
    main()
