"""How much of this process a program may ask for: so often a second, and so many texts at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

AT_ONCE = 2
"""Texts that are scored at the same time; Python computes one after the other anyway."""
MOST_WAITING = 30
"""Texts that may wait for their turn. The longest take a tenth of a second each."""
Answer = TypeVar("Answer")


class Quota:
    """So many requests a second for one program; what it saves up is a second's worth."""

    def __init__(self, per_second: int, *, stopwatch: Callable[[], float] = time.monotonic) -> None:
        """Begin with a whole second's worth."""
        self._per_second = per_second
        self._stopwatch = stopwatch
        self._left = float(per_second)
        self._at = stopwatch()

    def take(self) -> bool:
        """Take one, and say whether there was one left."""
        now = self._stopwatch()
        gained = (now - self._at) * self._per_second
        self._left = min(float(self._per_second), self._left + gained)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Turns:
    """Runs what takes the processor, a few at once, so that readers get their turn too."""

    def __init__(self) -> None:
        """Nobody waits."""
        self._limiter: anyio.CapacityLimiter | None = None
        self._waiting = 0

    @property
    def is_full(self) -> bool:
        """Say whether there is no room to wait any more."""
        return self._waiting >= AT_ONCE + MOST_WAITING

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """Wait for a turn and do it in a thread."""
        if self._limiter is None:
            # It belongs to the event loop, which is there only now.
            self._limiter = anyio.CapacityLimiter(AT_ONCE)
        self._waiting += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._waiting -= 1
