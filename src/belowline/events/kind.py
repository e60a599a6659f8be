"""The root of all kinds of events, so that they can be told in more than one module."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """The root of all kinds."""
