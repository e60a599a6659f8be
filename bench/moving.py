"""``python -m bench.moving``: how fast a title's ten years come in, and that nothing is lost.

``--comments`` (1,000,000) made-up comments are taken in as from a file: into a new SQLite file
and, with ``--postgres URL``, into an empty PostgreSQL database, each in a process of its own whose
peak of memory is told. Then once more, stopped with SIGKILL half-way and gone on with: what is
there at the end is compared with what the undisturbed run left. The exit status is 0 whatever the
figures are, and 1 if anything is not as it should be.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from belowline.actions.sites import create_site
from belowline.core.errors import NotFound
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.imports import SourceFile
from belowline.storage.migrate import upgrade
from belowline.transfer.intake import Intake, take_in
from bench.moving_threads import make_records, make_texts

BARS = {"sqlite": 10_000, "postgresql": 6_000}
MOST_MIB = 500
SECRET = "0123456789abcdef" * 2
TOLD = """
SELECT i.source_id, p.source_id, s.source_id, a.source_id, c.depth, c.status, c.shown, c.revision,
    c.html, c.reason, c.created_at, c.published_at, c.edited_at, c.respect_count, c.respect_shown,
    c.reply_count, c.change, r.name
FROM comments c JOIN imported i ON i.kind = 'comment' AND i.target_id = c.id
LEFT JOIN imported p ON p.kind = 'comment' AND p.target_id = c.parent_id
JOIN imported s ON s.kind = 'story' AND s.target_id = c.story_id
JOIN imported a ON a.kind = 'author' AND a.target_id = c.author_id
JOIN readers r ON r.id = c.author_id
ORDER BY i.source_id
"""
COUNTED = ("comments", "revisions", "stories", "readers", "reactions", "places", "imported",
           "past_records", "past_proofs", "cases", "sanctions", "events")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run came to."""

    read_s: float
    store_s: float
    peak_mib: float


def main() -> None:
    """Measure and print, or be the process that is measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--comments", type=int, default=1_000_000)
    arguments.add_argument("--postgres", help="address of an empty PostgreSQL database")
    arguments.add_argument("--folder", type=Path, help="where the files go; a temporary one")
    arguments.add_argument("--no-kill", action="store_true", help="leave the second run out")
    arguments.add_argument("--worker", nargs=2, metavar=("URL", "KILL_AT"), help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.worker:
        _work(asked.worker[0], int(asked.worker[1]), asked.comments, asked.folder)
        return
    if asked.folder:
        asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="belowline-moving-", dir=asked.folder) as made:
        folder = Path(made)
        is_right = _measure(f"sqlite:///{folder}/moving.db", folder, asked)
        if asked.postgres:
            is_right &= _measure(asked.postgres, folder, asked)
    sys.exit(0 if is_right else 1)


def _measure(url: str, folder: Path, asked: argparse.Namespace) -> bool:
    name = sa.make_url(url).get_backend_name()
    upgrade(url)
    if _tell(url)[0][0]:
        print(f"{name}: there are comments already; give an empty database")
        return False
    began = time.monotonic()
    done = _start(url, 0, asked.comments, folder)
    took = time.monotonic() - began
    rate = asked.comments / (done.read_s + done.store_s)
    print(
        f"{name}: {asked.comments:,} comments in {took:.1f} s, "
        f"{done.read_s:.1f} s reading and ordering, {done.store_s:.1f} s storing: "
        f"{rate:,.0f}/s (bar {BARS[name]:,}), peak {done.peak_mib:.0f} MiB (bar {MOST_MIB})"
    )
    if asked.no_kill:
        return True
    first = _tell(url)
    _empty(url)
    try:
        _start(url, asked.comments // 2, asked.comments, folder)
    except subprocess.CalledProcessError as error:
        print(f"{name}: stopped half-way by signal {-error.returncode}, going on")
    _start(url, 0, asked.comments, folder)
    is_same = _tell(url) == first
    print(f"{name}: after SIGKILL and going on {'the same' if is_same else 'NOT the same'}")
    return is_same


def _start(url: str, kill_at: int, comments: int, folder: Path) -> Measured:
    command = [
        *(sys.executable, "-m", "bench.moving", "--worker", url, str(kill_at)),
        *("--comments", str(comments), "--folder", str(folder)),
    ]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(found.stdout.splitlines()[-1]))


def _work(url: str, kill_at: int, comments: int, folder: Path) -> None:
    db = Database(url)
    make_texts(1)
    times = [time.monotonic()]

    def show(done: int, total: int) -> None:
        if total and len(times) == 1:
            times.append(time.monotonic())
        if kill_at and total and done >= kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def ordered(_landing: object) -> None:
        times.append(time.monotonic())

    file = SourceFile("bench", "made up", hashlib.sha256(b"%d" % comments).hexdigest(), {})
    intake = Intake(
        db, _site(db), "bench", SECRET, progress=show, file=file, folder=folder / "landing",
        look=ordered,
    )  # fmt: skip
    take_in(intake, make_records(comments, held=200))
    ended = time.monotonic()
    db.close()
    peaks = [
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    told = Measured(times[1] - times[0], ended - times[1], sum(peaks) / 1024)
    print(json.dumps({name: getattr(told, name) for name in Measured.__slots__}))


def _site(db: Database) -> Site:
    with db.read() as conn:
        try:
            return sites.get_site(conn, "paper")
        except NotFound:
            pass
    return create_site(db, key="paper", name="The Paper", origins=["https://paper.example"])


def _tell(url: str) -> tuple[list[int], int]:
    db = Database(url)
    with db.read() as conn:
        counts = [
            int(conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608
            for table in COUNTED
        ]
        rows = conn.execution_options(yield_per=1000).exec_driver_sql(TOLD)
        # One database sorts by the language and the other by the letters' codes.
        total = 0
        for row in rows:
            told = hashlib.sha256(repr(tuple(row)).encode())
            total = (total + int.from_bytes(told.digest()[:16], "big")) % 2**128
    db.close()
    return counts, total


def _empty(url: str) -> None:
    """Begin with an empty database again."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(f"{parsed.database}{suffix}").unlink(missing_ok=True)
    else:
        db = Database(url)
        with db.engine.begin() as conn:
            conn.exec_driver_sql("DROP SCHEMA public CASCADE")
            conn.exec_driver_sql("CREATE SCHEMA public")
        db.close()
    upgrade(url)


if __name__ == "__main__":
    main()
