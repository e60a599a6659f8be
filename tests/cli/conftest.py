"""What the tests of the command line share: a way to run it as from a shell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from belowline.cli import main
from belowline.cli.screen import console

SECRET = "0123456789abcdef-made-up-for-this-test"


@dataclass(frozen=True)
class Answer:
    """What a command came to."""

    status: int
    out: str
    err: str

    def refuses(self, what: str) -> bool:
        """Say whether it ended with status 2 and one line about this, and no traceback."""
        return self.status == 2 and what in self.err and self.err.count("\n") == 1


Run = Callable[..., Answer]


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Give the address of a migrated SQLite database of this test's own."""
    file = tmp_path / "belowline.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    return f"sqlite:///{file}"


@pytest.fixture
def run(
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Give a way to run the command as from a shell, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELOWLINE_SECRET", SECRET)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    # Rich read the terminal's width when the console was made.
    monkeypatch.setattr(console, "_width", 200)

    def start(*arguments: str) -> Answer:
        monkeypatch.setattr("sys.argv", ["belowline", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        found = capsys.readouterr()
        return Answer(int(ended.value.code or 0), found.out, found.err)

    return start


@pytest.fixture
def courier(run: Run) -> Run:
    """Give the same with a site that has an owner and a moderator."""
    origin = "https://www.courier.example"
    assert run("site", "add", "courier", "--name", "The Courier", "--origin", origin).status == 0
    for role in ("owner", "moderator"):
        answer = run("staff", "appoint", "courier", f"{role}@courier.example", "--role", role)
        assert answer.status == 0, answer
    return run
