"""The root of all kinds of events, in a module of its own so that kinds can be told by subject."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """The root of all kinds."""
