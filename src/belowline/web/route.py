"""What an address of Belowline is: method, path, view, and the privilege it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from belowline.core.terms import Privilege


@dataclass(frozen=True, slots=True)
class Route:
    """One address."""

    method: str
    path: str
    view: Callable[..., Any]
    privilege: Privilege
    status: int | None = None
    answer: type | None = None
    """What the API's description says of the body, where the view's own type does not."""
    media: str = "application/json"
    together: Callable[..., Any] | None = None
    """What answers several such requests at once, before the framework; see ``web/direct.py``."""
