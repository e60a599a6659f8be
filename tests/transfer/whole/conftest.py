"""A second database beside the one that a test starts from, of either sort."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MakeUrl = Callable[[], str]


@pytest.fixture(params=["to_sqlite", "to_postgres"])
def make_url(request: pytest.FixtureRequest) -> Iterator[MakeUrl]:
    """Give what makes the address of one more fresh, migrated database, of the other sort too."""
    if request.param == "to_sqlite":
        migrated: Path = request.getfixturevalue("migrated_sqlite")
        folder = Path(tempfile.mkdtemp(dir=migrated.parent))

        def copy() -> str:
            made = Path(tempfile.mkdtemp(dir=folder)) / "belowline.db"
            shutil.copyfile(migrated, made)
            return f"sqlite:///{made}"

        yield copy
        shutil.rmtree(folder, ignore_errors=True)
        return
    server = request.getfixturevalue("postgres_server")
    names: list[str] = []

    def create() -> str:
        names.append(server.create(server.template))
        return str(server.address(names[-1]))

    yield create
    for name in names:
        server.drop(name)
