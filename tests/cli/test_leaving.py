"""Leaving, arriving, moving, backing up and going back, as somebody types it."""

from __future__ import annotations

import csv
import json
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from belowline.storage.database import Database
from tests.cli.conftest import SECRET, Run
from tests.factories import make_comment, make_reader, make_site, make_story
from tests.transfer.whole.worlds import everything


@pytest.fixture
def filled(run: Run, sqlite_url: str) -> Run:
    """Give the command over an installation with two comments by Ada under one story."""
    db = Database(sqlite_url)
    site = make_site(db)
    story = make_story(db, site.id, "bridge")
    ada = make_reader(db, "Ada", email="ada@paper.example")
    first = make_comment(db, site.id, story_id=story, author_id=ada, text="=1+1, and a bridge.")
    make_comment(db, site.id, parent=first, author_id=ada)
    db.close()
    return run


def contents(url: str) -> dict[str, list[dict[str, object]]]:
    db = Database(url)
    try:
        return everything(db)
    finally:
        db.close()


def test_an_installation_leaves_and_arrives(
    filled: Run, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "2 comments under 1 stories by 1 readers" in filled("export", "out.zip").out
    assert "is whole" in filled("export", "--check", "out.zip").out
    assert filled("export", "out.zip").refuses("there already")
    assert filled("load", "out.zip").refuses("not empty")

    there = f"sqlite:///{tmp_path}/there/belowline.db"
    monkeypatch.setenv("DATABASE_URL", there)
    answer = filled("load", "out.zip")

    assert answer.status == 0, answer
    assert contents(there) == contents(sqlite_url)
    assert filled("check").status == 0


def test_another_secret_is_told(
    filled: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled("export", "out")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    monkeypatch.setenv("BELOWLINE_SECRET", SECRET[::-1])

    assert "another BELOWLINE_SECRET" in filled("load", "out").out


def test_what_is_no_export_is_one_line(filled: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "words.zip").write_text("not a zip file")

    for name in ("empty", "words.zip", "nothing"):
        assert filled("export", "--check", name).refuses("")
        assert filled("load", name).refuses("")


def test_a_full_disk_leaves_nothing_half_written(
    filled: Run, sqlite_url: str, tmp_path: Path
) -> None:
    """The process may not make files larger, which is how a full disk looks to it."""
    db = Database(sqlite_url)
    site = make_site(db, "large")
    for _ in range(80):
        make_comment(db, site.id, text=secrets.token_hex(600))
    db.close()
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        # As large as what SQLite keeps beside a database that is open.
        "resource.setrlimit(resource.RLIMIT_FSIZE, (33_000, resource.RLIM_INFINITY)); "
        "from belowline.cli import main; main()"
    )
    before = {one.name for one in tmp_path.iterdir()}
    for target in ("out", "out.zip"):
        done = subprocess.run(
            [sys.executable, "-c", code, "export", target],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert done.returncode == 2, done
        assert "Nothing is left there" in done.stderr
        assert done.stderr.count("\n") == 1

    after = {one.name for one in tmp_path.iterdir()}
    assert {one for one in after - before if not one.endswith(("-wal", "-shm"))} == set()
    assert filled("export", "out.zip").status == 0


def test_a_move_says_what_to_do_next(filled: Run, sqlite_url: str, tmp_path: Path) -> None:
    there = f"sqlite:///{tmp_path}/there/belowline.db"

    answer = filled("move", "--to", there)

    assert answer.status == 0, answer
    assert "DATABASE_URL" in answer.out
    assert contents(there) == contents(sqlite_url)
    assert filled("move", "--to", there).refuses("not empty")


def test_a_backup_is_made_drilled_and_restored(
    filled: Run, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELOWLINE_BACKUP_TO", str(tmp_path / "shelf"))
    assert "none was made yet" in filled("check").out
    public = filled("backup", "key", "the.key").out.strip().partition("=")[2]
    assert (tmp_path / "the.key").stat().st_mode & 0o077 == 0
    assert filled("backup", "key", "the.key").status == 2
    monkeypatch.setenv("BELOWLINE_BACKUP_KEYS", public)

    made = filled("backup", "make")
    assert made.status == 0, made
    assert "sealed" in made.out
    assert "every kept count agrees" in made.out
    assert ".zip.age" in filled("backup", "list").out
    assert filled("backup", "drill").refuses("--key")
    drilled = filled("backup", "drill", "--key", "the.key")
    assert "can be restored" in drilled.out, drilled
    assert "the last was on" in filled("check").out
    assert filled("restore", "--key", "the.key").refuses("not empty")

    there = f"sqlite:///{tmp_path}/there/belowline.db"
    monkeypatch.setenv("DATABASE_URL", there)
    answer = filled("restore", "--key", "the.key")
    assert answer.status == 0, answer
    assert "erase them again" in answer.out
    assert contents(there) == contents(sqlite_url)


def test_no_backup_without_a_place(filled: Run) -> None:
    assert filled("backup", "make").refuses("BELOWLINE_BACKUP_TO")
    assert "Belowline makes none" in filled("check").out


def test_one_readers_data_is_handed_out(filled: Run, tmp_path: Path) -> None:
    answer = filled("data", "reader", "ada@paper.example", "--out", "ada.json")
    assert answer.status == 0, answer
    told = json.loads((tmp_path / "ada.json").read_text())

    assert told["profile"]["name"] == "Ada"
    assert len(told["comments"]) == 2
    assert filled("data", "reader", "nobody@paper.example").refuses("no reader")
    assert filled("data", "reader", "77").status == 2


def test_one_storys_comments_are_handed_out(filled: Run, tmp_path: Path) -> None:
    filled("data", "story", "echo", "bridge", "--out", "bridge.jsonl")
    filled("data", "story", "echo", "bridge", "--form", "csv", "--out", "bridge.csv")
    lines = [json.loads(line) for line in (tmp_path / "bridge.jsonl").read_text().splitlines()]
    cells = [*csv.DictReader((tmp_path / "bridge.csv").read_text().splitlines())]

    assert lines[0]["text"] == "=1+1, and a bridge."
    assert [one["parent_id"] for one in lines] == [None, lines[0]["id"]]
    assert cells[0]["text"] == "'=1+1, and a bridge."
    assert {"author", "status", "rule"} <= set(cells[0])
    assert not any("paper.example" in str(one) for one in lines)
    assert filled("data", "story", "echo", "nowhere").status == 2
