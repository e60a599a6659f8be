"""The root of all kinds of events; the kinds themselves are in ``kinds`` and beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """The root of all kinds."""
