"""The root of everything that can happen; the kinds themselves are in ``kinds``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """The root of all kinds."""
