"""How commands show tables, figures and progress.

Not for ``serve``: what is imported here would take 5 MB of a server's memory for its whole life.
"""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

console = Console(highlight=False)


class _Rate(ProgressColumn):
    """How many are done, and how many a second."""

    def render(self, task: Task) -> Text:
        """Say it, once it is known."""
        speed = task.finished_speed or task.speed
        return Text(f"{task.completed:,.0f}" + (f", {speed:,.0f}/s" if speed else ""))


def make_progress(*, rate: bool = False) -> Progress:
    """Make a bar for long work, with the time that is left; nothing where nobody looks on."""
    rates = (_Rate(),) if rate else ()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        *rates,
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        # In a file or a pipe it would leave an empty line in place of itself.
        disable=not console.is_terminal,
    )
