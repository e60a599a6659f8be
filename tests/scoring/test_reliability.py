"""How reliable scores are: told of the model that is installed, and of no other."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from belowline.cli.score import score
from belowline.core.errors import Unavailable
from belowline.core.terms import Role
from belowline.scoring.attributes import Attribute
from belowline.scoring.model import FOLDER
from belowline.scoring.reliability import find_by_version, find_reliability, path_beside
from belowline.storage.database import Database
from tests import factories
from tests.web.asking import Asker, asking

MODELS = sorted(FOLDER.glob("*.bin"))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Give a copy of a model with its figures."""
    for path in (MODELS[0], path_beside(MODELS[0])):
        shutil.copyfile(path, tmp_path / path.name)
    return tmp_path / MODELS[0].name


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_every_shipped_model_has_its_own_figures(path: Path) -> None:
    """If it fails after teaching: ``make evaluate`` writes them."""
    found = find_reliability(path)

    assert found is not None
    assert path.name == f"{found.model.rpartition('-')[0]}.bin"
    assert find_by_version(found.model) == found
    assert Attribute.TOXICITY in found.attributes
    for one in found.attributes.values():
        assert 0.5 < one.least <= one.pairs <= one.most <= 1
        assert 0 < one.yes < one.examples
        assert all(0 <= said.share <= 1 and said.texts >= 20 for said in one.said)


def test_figures_of_another_model_are_not_told(model: Path) -> None:
    assert find_reliability(model) is not None
    find_reliability.cache_clear()
    model.write_bytes(model.read_bytes() + b"x")

    assert find_reliability(model) is None


def test_no_figures_are_no_mistake_and_broken_ones_are(model: Path) -> None:
    path = path_beside(model)
    told = json.loads(path.read_text("utf-8"))
    for broken in ("{", "[]", json.dumps(told | {"attributes": {"kindness": {}}})):
        find_reliability.cache_clear()
        path.write_text(broken, "utf-8")
        with pytest.raises(Unavailable, match="cannot be read"):
            find_reliability(model)

    path.unlink()
    assert find_reliability(model) is None


def test_the_command_tells_each_score_with_its_rule() -> None:
    ran = CliRunner().invoke(score, ["--about"], catch_exceptions=False)

    assert ran.exit_code == 0
    (toxicity, *_) = [line for line in ran.output.splitlines() if "│ toxicity" in line]
    assert "personal-attack" in toxicity
    assert "A star" in ran.output


@pytest.fixture
def own_db(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """Give a database on SQLite alone: nothing is written here."""
    shutil.copyfile(migrated_sqlite, tmp_path / "belowline.db")
    db = Database(f"sqlite:///{tmp_path / 'belowline.db'}")
    yield db
    db.close()


def screens_page(asker: Asker) -> str:
    owner = asker.token(factories.make_staff(asker.db, asker.site.id, Role.OWNER))
    answer = asker.ask("GET", "/console/echo/screens", by=owner)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_an_editor_reads_it_beside_the_threshold(own_db: Database) -> None:
    found = find_reliability(FOLDER / "linear-en.bin")
    assert found is not None
    insult = found.attributes[Attribute.INSULT]
    near = insult.near(0.8)
    assert near is not None

    with asking(own_db, scoring="linear") as asker:
        page = screens_page(asker)

    assert "How far these scores can be trusted" in page
    row = page.partition("An insult")[2].partition("</tr>")[0]
    assert "Argue with the point, not the person" in row
    assert f"<td>{100 * insult.pairs:.0f}<br>" in row
    assert f"<td>{100 * near.share:.0f}<br>" in row
    assert f"where it says {100 * near.score:.0f}" in row


def test_where_nothing_is_scored_nothing_is_told_of_it(own_db: Database) -> None:
    with asking(own_db) as asker:
        assert "can be trusted" not in screens_page(asker)
