"""The project's files as the house tests see them: Python parsed once, and everything tracked."""

from __future__ import annotations

import ast
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "belowline"


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file of the package: its path from the package's folder, its text and its tree."""

    path: str
    text: str
    tree: ast.Module


@cache
def modules() -> tuple[Module, ...]:
    """Read every module of the package, in the order of their paths."""
    return tuple(
        Module(path.relative_to(PACKAGE).as_posix(), text, ast.parse(text))
        for path in sorted(PACKAGE.rglob("*.py"))
        for text in [path.read_text(encoding="utf-8")]
    )


@cache
def kept_files() -> tuple[Path, ...]:
    """List what git keeps or would keep; outside git, every file that no tool has made."""
    if shutil.which("git") and (ROOT / ".git").exists():
        names = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-z", "-co", "--exclude-standard"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("\0")
        return tuple(ROOT / name for name in names if name and (ROOT / name).is_file())
    made = (".venv", ".dev", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache")
    return tuple(
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and not set(path.relative_to(ROOT).parts).intersection(made)
    )
