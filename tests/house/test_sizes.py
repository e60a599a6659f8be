"""Files stay under 300 lines and functions under 50, so that each is about one thing.

An exception is listed by name with its reason. The lists may only shrink: an exception that is not
needed any more fails too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.tree import modules

LONGEST_FILE = 300
LONGEST_FUNCTION = 50

LONG_FILES = {
    "storage/migrations/versions/v0001_first_schema.py": "A migration is a record, never edited.",
    "core/terms.py": "The glossary in code: every word in one place.",
    "storage/tables.py": "The whole schema in one place, with a comment per column.",
}

LONG_FUNCTIONS = {
    "storage/migrations/versions/v0001_first_schema.py:upgrade": "Alembic wants one function.",
}


def functions(tree: ast.AST, path: str) -> Iterator[tuple[str, int]]:
    """Give each function's name, as ``path:Class.function``, and its number of lines."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{path}.{node.name}" if ":" in path else f"{path}:{node.name}"
            if not isinstance(node, ast.ClassDef):
                yield name, (node.end_lineno or node.lineno) - node.lineno + 1
            yield from functions(node, name)
        else:
            yield from functions(node, path)


def test_no_file_is_longer_than_300_lines() -> None:
    long = {
        module.path: lines
        for module in modules()
        if (lines := len(module.text.splitlines())) > LONGEST_FILE
    }

    assert {path: lines for path, lines in long.items() if path not in LONG_FILES} == {}
    assert set(LONG_FILES) - set(long) == set(), "take these off the list of exceptions"


def test_no_function_is_longer_than_50_lines() -> None:
    long = {
        name: lines
        for module in modules()
        for name, lines in functions(module.tree, module.path)
        if lines > LONGEST_FUNCTION
    }

    assert {name: lines for name, lines in long.items() if name not in LONG_FUNCTIONS} == {}
    assert set(LONG_FUNCTIONS) - set(long) == set(), "take these off the list of exceptions"
