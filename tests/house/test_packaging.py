"""What pyproject.toml says is needed, what is locked and what is argued for are the same list."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.house.tree import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BUILD = PYPROJECT["build-system"]["requires"]


def asked_for(name: str) -> list[str]:
    """Read the packages that one of ``requirements/*.in`` asks for."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and line[0] not in "#-"]


def same_quotes(requirements: list[str]) -> list[str]:
    return [requirement.replace("'", '"') for requirement in requirements]


def test_the_run_lock_is_of_the_packages_dependencies() -> None:
    assert same_quotes(PYPROJECT["project"]["dependencies"]) == asked_for("run.in")


def test_the_dev_lock_is_of_the_dev_extra_and_the_build_backend() -> None:
    extra = PYPROJECT["project"]["optional-dependencies"]["dev"]

    assert sorted(extra + BUILD) == sorted(asked_for("dev.in"))


def test_the_encoders_lock_is_of_its_extra() -> None:
    extra = PYPROJECT["project"]["optional-dependencies"]["encoder"]

    assert [one.partition(">")[0] for one in extra] == asked_for("encoder.in")


def test_every_run_time_dependency_is_locked_and_has_its_reason() -> None:
    lock = (ROOT / "requirements/run.txt").read_text(encoding="utf-8")
    reasons = Path(ROOT / "docs/adr/0012-run-time-dependencies.md").read_text(encoding="utf-8")
    for requirement in PYPROJECT["project"]["dependencies"]:
        name = re.split(r"[\[>=; ]", requirement, maxsplit=1)[0]

        assert re.search(rf"^{name}(\[|==)", lock, re.MULTILINE), f"{name}: run `make lock`"
        assert re.search(rf"^\|[^|]*`{name}`", reasons, re.MULTILINE), f"{name}: say why, in ADR 12"


def test_the_build_backend_is_the_same_everywhere() -> None:
    for lock in ("build.txt", "dev.txt"):
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")

        assert all(re.search(rf"^{re.escape(pin)}\s", text, re.MULTILINE) for pin in BUILD), lock
