"""The socket for a classifier: something outside that scores a text for how it may break the rules.

Belowline brings none. ``NullClassifier`` stands in where none is set up, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from belowline.core.terms import Passage


@dataclass(frozen=True, slots=True)
class ClassifierAnswer:
    """Scores from 0 to 1 by attribute, such as ``toxicity``, and the passages that earned them."""

    attributes: Mapping[str, float]
    passages: tuple[Passage, ...] = ()


class Classifier(Protocol):
    """Anything that scores a text."""

    @property
    def waits(self) -> bool:
        """Whether a score may take its time, because somebody else is asked for it."""
        ...

    def score(self, text: str, *, deadline: timedelta) -> ClassifierAnswer | None:
        """Score the text, or return None if no classifier is set up.

        Raises ``Unavailable`` or ``TimeoutError`` when there is no answer within the deadline,
        which the implementation keeps by itself.
        """
        ...


class NullClassifier:
    """No classifier is set up."""

    waits = False

    def score(self, text: str, *, deadline: timedelta) -> ClassifierAnswer | None:  # noqa: ARG002
        """Answer that there is nobody to ask."""
        return None
