"""What is not counted but looked up when somebody asks: each a cheap question, or none at all."""

from __future__ import annotations

import platform
from collections.abc import Iterator

import sqlalchemy as sa
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from belowline import __version__
from belowline.core.errors import BelowlineError
from belowline.followers.cursors import FollowerLag, lag
from belowline.notifications.store import count_waiting
from belowline.storage.database import Database
from belowline.web.hot import Hot
from belowline.web.house import House


class Facts(Collector):
    """Looks things up for each answer."""

    def __init__(self, house: House, hot: Hot) -> None:
        self._house = house
        self._hot = hot

    def describe(self) -> list[Metric]:
        """Return nothing: to register needs no look at the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Give the figures as they are now."""
        yield _build(self._house.db)
        yield self._from_memory()
        yield from self._screens()
        yield from _database(self._house.db)

    def _from_memory(self) -> Metric:
        """Return what was answered from memory, before there is a request to count."""
        found = CounterMetricFamily(
            "belowline_answers_from_memory",
            "Pages and counts answered before anything else was asked.",
            labels=["status"],
        )
        found.add_metric(["2xx"], self._hot.sent)
        found.add_metric(["3xx"], self._hot.unchanged)
        return found

    def _screens(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "belowline_screens_silent",
            "External screens that this process leaves alone for now.",
            value=self._house.beyond.external.left_alone(),
        )
        broken = GaugeMetricFamily(
            "belowline_models_broken",
            "1 for each language whose model cannot be read.",
            labels=["language"],
        )
        for language in sorted(self._house.models.problems):
            broken.add_metric([language], 1)
        yield broken


def _build(db: Database) -> Metric:
    told = {
        "version": __version__,
        "python": platform.python_version(),
        "database": db.engine.dialect.name,
    }
    found = GaugeMetricFamily(
        "belowline_build_info", "Always 1; what runs, in its labels.", labels=[*told]
    )
    found.add_metric([*told.values()], 1)
    return found


def _database(db: Database) -> Iterator[Metric]:
    followers: list[FollowerLag] = []
    letters: int | None = None
    is_there = db.missing_file() is None
    if is_there:
        try:
            with db.read() as conn:
                followers = lag(conn)
                letters = count_waiting(conn, now=db.clock())
        except (BelowlineError, sa.exc.SQLAlchemyError):
            is_there = False
    yield GaugeMetricFamily(
        "belowline_database_up", "1 if the database answers this process.", value=int(is_there)
    )
    if not is_there:
        return
    behind = GaugeMetricFamily(
        "belowline_follower_behind", "Events that a follower has not read.", labels=["follower"]
    )
    failures = GaugeMetricFamily(
        "belowline_follower_failures", "Failures in a row; 0 is healthy.", labels=["follower"]
    )
    for one in followers:
        behind.add_metric([one.name], one.behind)
        failures.add_metric([one.name], one.failures)
    yield behind
    yield failures
    yield GaugeMetricFamily(
        "belowline_letters_waiting", "Letters of notices that are due.", value=letters
    )
