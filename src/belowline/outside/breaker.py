"""A circuit breaker: who has failed several times in a row is left alone for a while.

So that a dead service costs a few people its whole deadline, and not everybody. After the pause one
request tries; if it fails too, the pause doubles.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 3
PAUSE = 15.0
LONGEST_PAUSE = 240.0


@dataclass(slots=True)
class _State:
    failures: int = 0
    pause: float = PAUSE
    closed_until: float | None = None
    is_trying: bool = False


class Breaker:
    """Counts failures in a row, for each service by its key. Every process has its own."""

    def __init__(self, *, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._stopwatch = stopwatch
        self._states: dict[str, _State] = {}
        self._lock = threading.Lock()

    def allows(self, key: str) -> bool:
        """Say whether the service may be asked now; whoever is allowed says how it went."""
        with self._lock:
            state = self._states.get(key)
            if state is None or state.closed_until is None:
                return True
            if self._stopwatch() < state.closed_until or state.is_trying:
                return False
            state.is_trying = True
            return True

    def succeeded(self, key: str) -> None:
        """Note an answer: all is well again."""
        with self._lock:
            self._states.pop(key, None)

    def failed(self, key: str) -> None:
        """Note that there was no answer."""
        with self._lock:
            state = self._states.setdefault(key, _State())
            state.failures += 1
            was_trying, state.is_trying = state.is_trying, False
            if was_trying:
                state.pause = min(state.pause * 2, LONGEST_PAUSE)
            if was_trying or (state.closed_until is None and state.failures >= FAILURES):
                state.closed_until = self._stopwatch() + state.pause

    def left_alone(self) -> int:
        """Return how many services are left alone at the moment."""
        with self._lock:
            return sum(state.closed_until is not None for state in self._states.values())
