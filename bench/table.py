"""The table: what is meant to be fast, its bar, what was measured, and whether it is within."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from belowline.core.clock import system_clock

WIDTH = 150


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    values: tuple[str, ...]
    """One for each size of thread, or a single one where the size says nothing."""
    bar: str = ""
    is_met: bool | None = None
    """None where there is no bar, or where it could not be measured."""


def show(rows: Sequence[Row], sizes: Sequence[int], *, rounds: int) -> None:
    """Print what was measured, first by the size of the thread, then the rest."""
    title = (
        f"{system_clock():%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; CPU of one request, medians of {rounds} rounds"
    )
    by_size = Table("comments in the thread", "bar", title=title, title_justify="left")
    for size in sizes:
        by_size.add_column(f"{size:,}", justify="right", no_wrap=True)
    by_size.add_column("")
    rest = Table("what", "bar", "measured", "")
    for row in rows:
        told = {True: "met", False: "NOT MET", None: ""}[row.is_met]
        if len(row.values) == len(sizes):
            by_size.add_row(row.what, row.bar, *row.values, told)
        else:
            rest.add_row(row.what, row.bar, *row.values, told)
    console = Console(width=WIDTH)
    console.print(by_size)
    console.print(rest)
