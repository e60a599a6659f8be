"""Nobody who decides about a comment or sanctions a reader can see a score.

What is read here is the code: who may look where verdicts are kept, and who may impose. The nouns
cannot import one another at all (``test_imports``), so that leaves the database and the actions.
What becomes of a comment is in ``tests/web/test_scores_only_hold.py``.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache

from tests.house.tree import Module, modules

KEEPS_VERDICTS = {
    "comments/erase.py": "empties them when their comment is erased",
    "transfer/undoing.py": "deletes them with an import that is taken back",
    "scoring/store.py": "keeps what other systems suggest",
    "scoring/desk_store.py": "learns from people's decisions, never the other way round",
}
"""Who names the table of verdicts besides ``screens``, where they are given."""
IMPOSING = {"add_sanction", "put_sanction", "SanctionImposed", "add_proposal"}
DECIDING = {"add_decision", "record_decision", "NewDecision"}
SEES_SCORES = ("belowline.scoring", "belowline.outside.classifier", "belowline.screens")
OUT_OF_SCREENS = ("belowline.screens.settle", "belowline.screens.messages")
"""How a refusal is settled, which only a screen that is certain leads to, and its sentences."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a module imports, wherever in it and by full name, and every name that it uses."""

    path: str
    imports: frozenset[str]
    names: frozenset[str]


@cache
def known() -> tuple[Known, ...]:
    """Read every module once."""
    return tuple(map(_know, modules()))


def _know(module: Module) -> Known:
    imports, names = set(), set()
    for node in ast.walk(module.tree):
        match node:
            case ast.ImportFrom(module=str(source), names=found):
                imports |= {f"{source}.{one.name}" for one in found}
            case ast.Import(names=found):
                imports |= {one.name for one in found}
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.FunctionDef(name=name):
                names.add(name)
    names |= {one.rpartition(".")[2] for one in imports}
    return Known(module.path, frozenset(imports), frozenset(names))


def sees(one: Known) -> set[str]:
    """Return what a module imports that knows a score."""
    found = {name for name in one.imports if name.startswith(SEES_SCORES)}
    return {name for name in found if not name.startswith(OUT_OF_SCREENS)}


def acting() -> list[Known]:
    """Return the nouns, the actions, and what follows by itself. The ways in ask these."""
    outside = ("web/", "cli/", "demo/", "transfer/", "storage/migrations/")
    return [one for one in known() if not one.path.startswith(outside)]


def test_whoever_can_impose_a_sanction_knows_of_no_screen() -> None:
    imposing = [one for one in acting() if one.names & IMPOSING]

    assert {"actions/sanctions.py", "actions/withdrawals.py"} <= {one.path for one in imposing}
    for one in imposing:
        assert not any(name.startswith(SEES_SCORES) for name in one.imports), one.path


def test_whoever_can_decide_sees_no_score() -> None:
    deciding = [one for one in acting() if one.names & DECIDING]

    assert {"actions/moderation.py", "actions/cases.py"} <= {one.path for one in deciding}
    assert {one.path: sees(one) for one in deciding if sees(one)} == {}


def test_the_sanctions_and_the_desk_know_of_no_screen() -> None:
    for one in known():
        if one.path.startswith(("sanctions/", "moderation/", "appeals/", "reports/", "rules/")):
            assert not any(name.startswith(SEES_SCORES) for name in one.imports), one.path


def test_nobody_else_reads_where_verdicts_and_scores_are_kept() -> None:
    kept = {
        one.path
        for one in known()
        if one.names & {"screenings", "suggested_scores", "site_layers"}
        and not one.path.startswith(("screens/", "storage/"))
    }

    assert kept == set(KEEPS_VERDICTS)
