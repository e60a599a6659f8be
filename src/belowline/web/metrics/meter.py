"""What one process counts, from its start on, in a registry of its own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from time import perf_counter
from typing import Any

import prometheus_client
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from belowline.core.happened import Happened
from belowline.core.terms import CommentStatus, Finding, ScreenName, Verdict
from belowline.events.kinds import CommentPosted
from belowline.web.house import House

# When each series began is only of use to a format that nobody asks for here.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]

GROUPS = {
    "s": "page",
    "c": "page",
    "api": "api",
    "me": "own",
    "sign-in": "own",
    "console": "console",
    "desk": "console",
    "legal": "legal",
    "notice": "legal",
    "v1alpha1": "scores",
    "static": "static",
    "healthz": "health",
    "metrics": "health",
}
"""The group of a request, by the first part of its path; what is not here is ``other``."""
REQUEST_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
SCORING_BUCKETS = (0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5)


class Meter:
    """Counts and times. It is a ``Watch`` for the screens and a listener for commits."""

    def __init__(self, house: House) -> None:
        """Begin to count what this process does."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._scores = house.settings.scoring
        self._requests = Counter(
            "belowline_requests",
            "Requests answered.",
            ["group", "status"],
            registry=self.registry,
        )
        self._waits = Histogram(
            "belowline_request_seconds",
            "Seconds until the answer begins.",
            ["group"],
            buckets=REQUEST_BUCKETS,
            registry=self.registry,
        )
        self._sent = Counter(
            "belowline_comments_sent",
            "Comments stored, by what became of them at once.",
            ["status"],
            registry=self.registry,
        )
        self._verdicts = Counter(
            "belowline_verdicts",
            "What screens said of texts, also of drafts that were only checked.",
            ["screen", "finding"],
            registry=self.registry,
        )
        self._scoring = Histogram(
            "belowline_scoring_seconds",
            "Seconds that scoring a text takes.",
            buckets=SCORING_BUCKETS,
            registry=self.registry,
        )
        self._begin_at_nothing()
        house.db.on_commit(self.hear)

    def _begin_at_nothing(self) -> None:
        """Show what has not happened yet as 0, so that an alert sees the first time."""
        for status in (CommentStatus.PUBLISHED, CommentStatus.HELD, CommentStatus.REFUSED):
            self._sent.labels(status.value)
        for finding in (Finding.PASS, Finding.HOLD, Finding.UNAVAILABLE):
            self._verdicts.labels(ScreenName.CLASSIFIER.value, finding.value)

    def watching(self, house: House) -> House:
        """Return the house with this watch at its screens."""
        return replace(house, beyond=replace(house.beyond, watch=self))

    def scoring(self) -> AbstractContextManager[object]:
        """Time the scoring of a text, where anything is scored."""
        return self._scoring.time() if self._scores else nullcontext()

    def judged(self, verdicts: Sequence[Verdict]) -> None:
        """Count what the screens said."""
        for one in verdicts:
            if one.code != "not_configured":
                self._verdicts.labels(one.screen.value, one.finding.value).inc()

    def hear(self, happened: Sequence[Happened]) -> None:
        """Count the comments of a commit."""
        for one in happened:
            if one.kind == CommentPosted.__name__:
                self._sent.labels(one.text("status")).inc()

    def answered(self, path: str, status: int, seconds: float) -> None:
        """Count a request."""
        group = GROUPS.get(path.split("/", 2)[1], "other") if path.startswith("/") else "other"
        self._requests.labels(group, f"{status // 100}xx").inc()
        self._waits.labels(group).observe(seconds)


class Counted:
    """An ASGI application around all others that counts what they answer."""

    def __init__(self, app: ASGIApp, meter: Meter) -> None:
        self._app = app
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count its answer when that begins.

        A stream is open for hours, and who leaves before the answer begins has none.
        """
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        began, path = perf_counter(), scope["path"]

        async def count(message: Any) -> None:  # noqa: ANN401 - an ASGI message
            if message["type"] == "http.response.start":
                self._meter.answered(path, message["status"], perf_counter() - began)
            await send(message)

        await self._app(scope, receive, count)
