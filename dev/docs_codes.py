"""Finds the codes with which the package refuses, by reading its source and running none of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RAISED = {
    "InvalidInput",
    "NotSignedIn",
    "NotAllowed",
    "NotFound",
    "Conflict",
    "StaleVersion",
    "TooMany",
    "Unavailable",
    "Misconfigured",
}


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """A code, the error that carries it, and its sentence."""

    code: str
    error: str
    message: str


def find_codes(package: Path) -> list[Said]:
    """Return every code that is written out, with its message; one in braces is filled in later."""
    found: set[Said] = set()
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found.update(_raised(tree))
        if path.name == "policy.py":
            found.update(_listed(tree))
    return sorted(found)


def _raised(tree: ast.AST) -> Iterator[Said]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name, texts = node.func.id, [_text(one) for one in node.args]
        if name == "Refusal" and len(texts) > 1 and texts[0] and texts[1]:
            yield Said(texts[0], "`NotAllowed`", texts[1])
        if name in RAISED:
            codes = [one.value for one in node.keywords if one.arg == "code"]
            for code in filter(None, map(_text, codes)):
                yield Said(code, f"`{name}`", (texts[0] if texts else "") or "")


def _listed(tree: ast.Module) -> Iterator[Said]:
    """Give the table of messages with which a policy refuses."""
    for node in tree.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id="MESSAGES"), value=ast.Dict() as listed):
                for key, value in zip(listed.keys, listed.values, strict=True):
                    code = _text(key) if key is not None else None
                    if code:
                        yield Said(code, "`NotAllowed`", _text(value) or "")
            case _:
                pass


def _text(node: ast.expr) -> str | None:
    """Return a string as it stands in the source; what is filled in later stands in braces."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Call(func=ast.Name(id="later" | "Text" | "numbered"), args=[first, *_]):
            # What is said in every language: a pattern with named gaps.
            text = _text(first)
            return re.sub(r"%\(\w+\)s", "{…}", text).replace("%%", "%") if text else None
        case ast.JoinedStr(values=values):
            return "".join(one.value if isinstance(one, ast.Constant) else "{…}" for one in values)
        case _:
            return None
