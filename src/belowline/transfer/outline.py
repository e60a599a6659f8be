"""See from the beginning of a JSON text what its first value is made of, without reading it all.

This only serves to recognise a format. Whether the text is good JSON is ``jsonstream.py``'s to say.
"""

from __future__ import annotations

import re

DEEPEST = 20
"""Beyond this there is nothing to recognise anything by."""

EACH = "[]"
"""Stands in a path for each element of a list."""

_TOKEN = re.compile(r'[ \t\r\n]*(?:([{}\[\],:])|"((?:[^"\\]|\\.)*)"|([^\s{}\[\],:"]+))', re.DOTALL)


def outline(text: str) -> dict[tuple[str, ...], str]:
    """Return the paths in the first value that lie in this text, with what is written there.

    For ``[{"a": 1, "b": {}}]`` that is ``{("[]", "a"): "1", ("[]", "b"): ""}``. Never raises.
    """
    found: dict[tuple[str, ...], str] = {}
    path: list[str] = []
    naming: list[bool] = []
    """For each open bracket whether a name comes next; never in a list."""
    at = 0
    while token := _TOKEN.match(text, at):
        at = token.end()
        mark, written, plain = token.groups()
        if mark in {"{", "["}:
            path.append("" if mark == "{" else EACH)
            naming.append(mark == "{")
            if len(path) > DEEPEST:
                break
        elif mark in {"}", "]"}:
            if not path:
                break
            path.pop()
            naming.pop()
        elif mark == "," and path:
            naming[-1] = path[-1] != EACH
        elif mark is None and path and naming[-1]:
            path[-1] = written or plain or ""
            naming[-1] = False
            found.setdefault(tuple(path), "")
        elif mark is None and path and path[-1] != EACH:
            found[tuple(path)] = (written or plain or "")[:40]
        if not path:
            break
    return found
