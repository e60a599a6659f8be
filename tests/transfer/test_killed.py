"""Killed at whatever moment and started again, an import ends as if nobody had touched it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from belowline.actions.sites import create_site
from belowline.storage.database import Database
from belowline.storage.tables import metadata
from belowline.transparency.counts import find_disagreements
from tests.conftest import START, PostgresServer
from tests.house.tree import ROOT

MOST_STARTS = 40
WITH_TIMES_OR_CURSORS = {"events", "cursors", "imports"}


def start(url: str, folder: Path, seconds: float) -> str:
    command = [sys.executable, "-m", "tests.transfer.taking_in", url, str(folder), f"{seconds:.3f}"]
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    # Killed by the alarm, or done; anything else is a failure of the import itself.
    assert done.returncode in {0, -14}, done.stderr
    return done.stdout.strip()


def everything(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows, with the ids of what is the source's in place of ours."""
    db = Database(url)
    found: dict[str, list[tuple[object, ...]]] = {}
    with db.read() as conn:
        assert find_disagreements(conn) == []
        for table in metadata.sorted_tables:
            rows = [tuple(row) for row in conn.execute(sa.select(table))]
            if table.name == "events":
                rows = [(row[3], row[6]) for row in rows]
            elif table.name == "imports":
                rows = [(*row[:5], row[9], row[-1]) for row in rows]
            found[table.name] = sorted(rows, key=repr)
    db.close()
    return found


def numbered(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Leave ids out: PostgreSQL does not hand a number out twice, also if nobody took it."""
    return {name: [(len(rows),)] for name, rows in found.items()}


def prepare(url: str) -> None:
    db = Database(url, clock=lambda: START)
    create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])
    db.close()


@pytest.mark.parametrize("seed", range(2))
def test_on_sqlite_every_row_is_the_same(migrated_sqlite: Path, tmp_path: Path, seed: int) -> None:
    urls = []
    for name in ("whole", "killed"):
        file = tmp_path / f"{name}.db"
        file.write_bytes(migrated_sqlite.read_bytes())
        urls.append(f"sqlite:///{file}")
        prepare(urls[-1])
    assert start(urls[0], tmp_path / "one", 0) == "done"
    kill_until_done(urls[1], tmp_path / "two", random.Random(seed))  # noqa: S311 - repeatable

    assert everything(urls[1]) == everything(urls[0])


def test_on_postgres_as_much_is_there_and_it_agrees(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    names = [postgres_server.create(postgres_server.template) for _ in range(2)]
    urls = [postgres_server.address(name) for name in names]
    for url in urls:
        prepare(url)
    assert start(urls[0], tmp_path / "one", 0) == "done"
    kill_until_done(urls[1], tmp_path / "two", random.Random(7))  # noqa: S311 - repeatable

    assert numbered(everything(urls[1])) == numbered(everything(urls[0]))
    assert by_source(urls[1]) == by_source(urls[0])
    for name in names:
        postgres_server.drop(name)


def kill_until_done(url: str, folder: Path, chance: random.Random) -> None:
    kills = 0
    for before in range(MOST_STARTS):
        # At first so soon that no machine is quick enough to be done.
        if start(url, folder, chance.uniform(0.01, 0.05 * (before + 1))) == "done":
            break
        kills += 1
    else:
        assert start(url, folder, 0) == "done"
    assert kills > 0
    assert list(folder.glob("*")) == []


def by_source(url: str) -> list[tuple[object, ...]]:
    db = Database(url)
    with db.read() as conn:
        rows = conn.execute(
            sa.text(
                "SELECT i.source_id, p.source_id, s.source_id, a.source_id, c.depth, c.status, "
                "c.shown, c.reply_count, c.respect_count, c.html, c.created_at, c.appeared_in "
                "FROM comments c JOIN imported i ON i.kind = 'comment' AND i.target_id = c.id "
                "LEFT JOIN imported p ON p.kind = 'comment' AND p.target_id = c.parent_id "
                "JOIN imported s ON s.kind = 'story' AND s.target_id = c.story_id "
                "JOIN imported a ON a.kind = 'author' AND a.target_id = c.author_id "
                "ORDER BY i.source_id"
            )
        ).all()
    db.close()
    return [tuple(row) for row in rows]
