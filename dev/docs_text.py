"""Markdown from code: tables, docstrings, and the strings that stand below a class's fields."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Sequence
from types import ModuleType


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell(one) for one in line)} |\n" for line in lines)


def cell(text: str) -> str:
    """Fit a text into a cell: one line, no bar that would end it."""
    return " ".join(text.split()).replace("|", "\\|")


def plain(text: str | None) -> str:
    """Turn the markup of a docstring into Markdown's."""
    text = inspect.cleandoc(text or "")
    return re.sub(r":\w+:`([^`]+)`", r"`\1`", text.replace("``", "`"))


def first(text: str | None) -> str:
    """Return the first paragraph of a docstring."""
    return " ".join(plain(text).partition("\n\n")[0].split())


def noted(module: ModuleType, name: str) -> dict[str, str]:
    """Return the strings that stand below the fields or members of a class, by their name."""
    tree = ast.parse(inspect.getsource(module))
    body = next(
        node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name
    )
    found: dict[str, str] = {}
    last = ""
    for node in body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=last)) | ast.Assign(targets=[ast.Name(id=last)]):
                found[last] = ""
            case ast.Expr(value=ast.Constant(value=str(text))) if last:
                found[last] = " ".join(plain(text).split())
            case _:
                last = ""
    return found
