"""How commands show tables, figures and progress.

Not for ``serve``: what is imported here would take 5 MB of a server's memory for its whole life.
"""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

console = Console(highlight=False)


def make_progress() -> Progress:
    """Make a bar for long work, with the time that is left; nothing where nobody looks on."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        # In a file or a pipe it would leave an empty line in place of itself.
        disable=not console.is_terminal,
    )
