"""The repository works from anywhere: it names no package registry's host and no one's machine."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT, kept_files

# Written in two halves, cut within a name, so that this file does not name them either.
HOSTS = [
    "".join(halves)
    for halves in (
        ("py", "pi.org"),
        ("pythonho", "sted.org"),
        ("npm", "js.org"),
        ("npm", "js.com"),
        ("yarn", "pkg.com"),
        ("jsde", "livr.net"),
        ("un", "pkg.com"),
        ("deb.deb", "ian.org"),
        ("archive.ub", "untu.com"),
    )
]

# A home directory, a scratch folder with a made-up name, and where this very checkout lies.
PATHS = re.compile(
    r"(?<![A-Za-z0-9_.~-])/(?:root|work|home/[a-z][\w-]*|Users/\w+|tmp/[a-z]+-[0-9a-f]+)/"
)


def lines_with(*, host: bool) -> list[str]:
    """List every kept line that names a registry's host, or otherwise a path of a machine."""
    here = str(ROOT) + "/"
    found = []
    for path in kept_files():
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            text = line.decode("utf-8", errors="ignore")
            wrong = any(name in text for name in HOSTS) if host else is_of_a_machine(text, here)
            if wrong:
                found.append(f"{path.relative_to(ROOT)}:{number}: {text.strip()[:100]}")
    return found


def is_of_a_machine(text: str, here: str) -> bool:
    """Whether a line names a path that only some machine has."""
    return bool(PATHS.search(text)) or (len(Path(here).parts) > 2 and here in text)


def test_no_file_names_a_registry() -> None:
    assert lines_with(host=True) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(host=False) == []


def test_the_locks_name_no_address_at_all() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock.name
