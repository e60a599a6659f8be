"""Cells of files that people open in a spreadsheet."""

from __future__ import annotations

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """Return a cell with a ' before what a spreadsheet would calculate instead of showing it.

    For words that others have chosen: names, ids, texts.
    """
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
