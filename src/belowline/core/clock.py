"""Where the time comes from: one function type, passed in by whoever needs the time.

Times are aware and in UTC everywhere. Only this module reads the computer's clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)
