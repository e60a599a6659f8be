"""Charts drawn on the server as SVG: bars whose lengths and words a template fills in.

Coordinates are worked out here, colours are the style sheet's, so that they follow light and dark.
A chart repeats a table that stands beside it, and says nothing that is not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640
LABEL = 250
LETTERS = 31
ROW = 26
BAR = 16
GAP = 6
HEIGHT = 140
MOST_COLUMNS = 62


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it is, how long, and what stands beside it."""

    label: str
    said: str
    x: float
    y: float
    width: float
    height: float
    mark: float | None = None
    """Where a second, thinner line stands: nine in ten were at or below it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of a chart in a picture of this size."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    most: str = ""
    """What the highest column stands for."""


def draw_bars(rows: Sequence[tuple[str, float, str, float | None]]) -> Chart:
    """Draw a line for each label, value, words and mark; the longest takes all the room."""
    longest = max((max(value, mark or 0) for _, value, _, mark in rows), default=0) or 1
    room = WIDTH - LABEL - 90
    return Chart(
        WIDTH,
        len(rows) * ROW + GAP,
        tuple(
            Bar(
                label if len(label) <= LETTERS else f"{label[: LETTERS - 1]}…",
                said,
                LABEL,
                number * ROW + GAP,
                round(max(value / longest * room, 1), 1),
                BAR,
                round(LABEL + mark / longest * room, 1) if mark is not None else None,
            )
            for number, (label, value, said, mark) in enumerate(rows)
        ),
    )


def draw_columns(rows: Sequence[tuple[str, int]]) -> Chart:
    """Draw a column for each label and number, the last ones if there are too many."""
    shown = rows[-MOST_COLUMNS:]
    most = max((value for _, value in shown), default=0) or 1
    step = min(WIDTH / max(len(shown), 1), 40.0)
    return Chart(
        WIDTH,
        HEIGHT,
        tuple(
            Bar(
                label,
                str(value),
                round(number * step, 1),
                round(HEIGHT - value / most * (HEIGHT - 4), 1),
                round(step * 0.8, 1),
                round(value / most * (HEIGHT - 4), 1),
            )
            for number, (label, value) in enumerate(shown)
        ),
        str(most),
    )
