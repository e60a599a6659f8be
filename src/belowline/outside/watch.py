"""The socket for whoever counts what the screens do. ``NullWatch`` stands in where nobody does."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from belowline.core.terms import Verdict


class Watch(Protocol):
    """Sees findings and times. It is told no text and no author."""

    def scoring(self) -> AbstractContextManager[object]:
        """Return what is entered while a text is scored."""
        ...

    def judged(self, verdicts: Sequence[Verdict]) -> None:
        """Take note of what the screens said about one text."""
        ...


class NullWatch:
    """Nobody counts."""

    def scoring(self) -> AbstractContextManager[object]:
        """Return a context that does nothing."""
        return nullcontext()

    def judged(self, verdicts: Sequence[Verdict]) -> None:
        """Take no note."""
