"""A site's own ladder: trying numbers on its past, and putting them in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.actions.facts import ask_standing
from belowline.actions.records import record_of
from belowline.comments.recent import times_since
from belowline.core.errors import Conflict, StaleVersion
from belowline.core.terms import Actor, Privilege, ReaderId, SanctionKind, SiteId
from belowline.events import kinds, log
from belowline.moderation import decisions
from belowline.sanctions import ladders
from belowline.sanctions import store as sanctions
from belowline.sanctions.ladder import LATELY
from belowline.sanctions.ladders import PublishedLadder
from belowline.sanctions.model import Sanction
from belowline.sanctions.simulation import History, Taken, hardest, simulate
from belowline.sanctions.thresholds import LadderSettings, check_thresholds
from belowline.sites import store as sites
from belowline.storage.database import Database

LOOKS_BACK = timedelta(days=30)
"""How much of its past a site's new numbers are tried on."""
MOST_READERS = 1000
"""Of those whose comments were removed in that time, the latest."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What the ladder tried and the one in force would have done to one reader, and the truth."""

    reader_id: ReaderId
    would: tuple[Taken, ...]
    in_force: tuple[Taken, ...]
    imposed: tuple[Sanction, ...]

    @property
    def hardest(self) -> SanctionKind | None:
        """The hardest step of the numbers that are tried."""
        return hardest(one.proposal.kind for one in self.would if one.proposal.kind is not None)

    @property
    def hardest_in_force(self) -> SanctionKind | None:
        """The hardest step of the numbers in force."""
        return hardest(one.proposal.kind for one in self.in_force if one.proposal.kind is not None)

    @property
    def hardest_imposed(self) -> SanctionKind | None:
        """The hardest step that a person really took."""
        return hardest(one.kind for one in self.imposed)

    @property
    def differs(self) -> bool:
        """Whether the numbers that are tried would have led elsewhere than those in force."""
        return [_step(one) for one in self.would] != [_step(one) for one in self.in_force]


@dataclass(frozen=True, slots=True)
class Trial:
    """A ladder tried on a site's past: reader by reader, those for whom something changes first."""

    since: datetime
    readers: tuple[Tried, ...]
    is_whole: bool
    """Whether everybody whose comments were removed in that time is in it."""

    def counts(self) -> Mapping[SanctionKind, tuple[int, int, int]]:
        """Count readers by their hardest step: with these numbers, as now, and in truth."""
        return {
            kind: (
                sum(one.hardest is kind for one in self.readers),
                sum(one.hardest_in_force is kind for one in self.readers),
                sum(one.hardest_imposed is kind for one in self.readers),
            )
            for kind in SanctionKind
        }


def try_ladder(
    conn: sa.Connection, site_id: SiteId, settings: LadderSettings, *, now: datetime
) -> Trial:
    """Say what these numbers would have led to in the site's last 30 days. Changes nothing.

    Raises:
        InvalidInput: a number is outside of its bounds.
    """
    check_thresholds(settings)
    since = now - LOOKS_BACK
    found = decisions.list_removed_since(conn, site_id, since=since, limit=MOST_READERS + 1)
    current = ladders.get_ladder(conn, site_id).settings
    tried = []
    for reader_id in found[:MOST_READERS]:
        history = _history(conn, site_id, reader_id, since=since, now=now)
        undone = decisions.undone_of(conn, site_id, reader_id)
        tried.append(
            Tried(
                reader_id,
                simulate(history, since=since, until=now, settings=settings),
                simulate(history, since=since, until=now, settings=current),
                tuple(
                    one
                    for one in reversed(sanctions.list_sanctions(conn, site_id, reader_id))
                    if one.starts_at >= since and one.decision_id not in undone
                ),
            )
        )
    tried.sort(key=lambda one: (not one.differs, -_rank(one.hardest), one.reader_id))
    return Trial(since, tuple(tried), len(found) <= MOST_READERS)


def publish_ladder(
    db: Database, site_id: SiteId, settings: LadderSettings, *, by: ReaderId, seen: int
) -> PublishedLadder:
    """Put a ladder in force for what is decided from now on. ``seen`` is the version looked at.

    What is on file stays as it was imposed.

    Raises:
        NotSignedIn, NotAllowed: not an editor or an owner.
        InvalidInput: a number is outside of its bounds.
        StaleVersion: a colleague has published another since.
        Conflict: nothing would change.
    """
    check_thresholds(settings)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.WRITE_RULES, site_id=site_id, by=by)
        sites.lock_site(tx, site_id)
        current = ladders.get_ladder(tx.conn, site_id)
        if current.version != seen:
            raise StaleVersion("A colleague has published another ladder meanwhile.")
        if current.settings == settings:
            raise Conflict("These numbers are in force already.", code="nothing_changed")
        version = current.version + 1
        ladders.add_ladder(tx, site_id, settings, version=version, by=by)
        log.append(tx, site_id, kinds.LadderPublished(version))
        return ladders.get_ladder(tx.conn, site_id)


def _history(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId, *, since: datetime, now: datetime
) -> History:
    record = record_of(conn, site_id, reader_id, now=now)
    sent = times_since(conn, site_id, reader_id, since=since - LATELY)
    return History(record.breaches, record.sanctions, tuple(sent))


def _step(taken: Taken) -> tuple[datetime, SanctionKind | None, timedelta | None]:
    return taken.at, taken.proposal.kind, taken.proposal.lasts_for


def _rank(kind: SanctionKind | None) -> int:
    return 0 if kind is None else list(SanctionKind).index(kind) + 1
