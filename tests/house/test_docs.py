"""What can be set, happen, be refused or be run is named in ``docs/reference``.

And every link from one page of the documentation to another leads somewhere.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator

import click
import pytest

from belowline.cli import belowline
from belowline.core import errors
from belowline.core.settings import Settings
from belowline.events import kinds
from tests.house.tree import ROOT

REFERENCE = ROOT / "docs" / "reference"


@pytest.fixture(scope="module")
def reference() -> str:
    """Give the text of the whole reference."""
    return "\n".join(page.read_text(encoding="utf-8") for page in sorted(REFERENCE.rglob("*.md")))


def unnamed(names: list[str], text: str) -> list[str]:
    """List the names that the text does not hold as whole words."""
    return [name for name in names if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


def commands(group: click.Command, path: str) -> Iterator[str]:
    """Give every command with the words that lead to it, such as ``belowline rules publish``."""
    if not isinstance(group, click.Group):
        yield path
        return
    for name, command in group.commands.items():
        if not command.hidden:
            yield from commands(command, f"{path} {name}")


def test_every_setting_is_in_the_reference(reference: str) -> None:
    settings = [field.name for field in dataclasses.fields(Settings)]

    assert settings
    assert unnamed(settings, reference) == []


def test_every_kind_of_event_is_in_the_reference(reference: str) -> None:
    events = list(kinds.KINDS)

    assert events
    assert unnamed(events, reference) == []


def test_every_error_code_is_in_the_reference(reference: str) -> None:
    codes = [
        kind.default_code
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.BelowlineError) and kind is not errors.BelowlineError
    ]

    assert codes
    assert unnamed(codes, reference) == []


def test_every_command_is_in_the_reference(reference: str) -> None:
    found = list(commands(belowline, "belowline"))

    assert found
    assert unnamed(found, reference) == []


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            target = link.partition("#")[0]
            elsewhere = not target or "://" in link or link.startswith("mailto:")
            if not elsewhere and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {link}")

    assert broken == []
