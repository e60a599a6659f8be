"""The socket for a classifier: whatever scores a text for how it may break the rules.

Belowline brings one in ``scoring``. ``NullClassifier`` stands in where none is wanted, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Protocol

from belowline.core.terms import Passage, SiteId


@dataclass(frozen=True, slots=True)
class ClassifierAnswer:
    """Scores from 0 to 1 by attribute, such as ``toxicity``, and the passages that earned them."""

    attributes: Mapping[str, float]
    passages: tuple[Passage, ...] = ()
    from_desk: frozenset[str] = frozenset()
    """The attributes whose score is what this desk's own decisions made of it."""
    model: str = ""
    """The version of the model that answered; empty if it does not say."""


class Classifier(Protocol):
    """Anything that scores a text."""

    @property
    def waits(self) -> bool:
        """Whether a score may take its time, because somebody else is asked for it."""
        ...

    @property
    def problems(self) -> Mapping[str, str]:
        """What keeps it from answering, by the language that it concerns."""
        ...

    def score(self, text: str, *, language: str, deadline: timedelta) -> ClassifierAnswer | None:
        """Score a text at a site in ``language``, or return None if none is set up for it.

        Raises ``Unavailable`` or ``TimeoutError`` when there is no answer within the deadline,
        which the implementation keeps by itself.
        """
        ...


class Desks(Protocol):
    """What each site's own decisions make of a classifier's answer."""

    def adjust(self, site_id: SiteId, text: str, answer: ClassifierAnswer) -> ClassifierAnswer:
        """Return the answer as the site's desk would have it; the same where it taught nothing."""
        ...


class NullDesks:
    """No desk teaches anything."""

    def adjust(
        self,
        site_id: SiteId,  # noqa: ARG002
        text: str,  # noqa: ARG002
        answer: ClassifierAnswer,
    ) -> ClassifierAnswer:
        """Return the answer as it is."""
        return answer


class NullClassifier:
    """No classifier is set up."""

    waits = False
    problems: Mapping[str, str] = MappingProxyType({})

    def score(
        self,
        text: str,  # noqa: ARG002
        *,
        language: str,  # noqa: ARG002
        deadline: timedelta,  # noqa: ARG002
    ) -> ClassifierAnswer | None:
        """Answer that there is nobody to ask."""
        return None
