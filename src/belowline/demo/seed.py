"""Filling a fresh database with the demo newspaper by the real actions, in the order of time.

The database's clock is set to each step's moment, so that events, decisions, sanctions, appeals and
notices are what they would be had all this happened. A complete seed is marked in the database; one
that broke off is recognised by the missing mark.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from belowline.actions.sites import change_site, create_site
from belowline.core.settings import Settings
from belowline.core.terms import Actor
from belowline.demo.aftermath import Aftermath, SettableClock
from belowline.demo.company import Company
from belowline.demo.parts import Newspaper
from belowline.demo.performing import perform
from belowline.demo.schedule import make_schedule
from belowline.outside.mail import Mail, NullMail
from belowline.sites import store as sites
from belowline.sites.model import Site, SiteSettings
from belowline.storage.database import Database
from belowline.storage.imported import find_targets, put_target
from belowline.storage.tables import stories
from belowline.stories import store as story_store

SOURCE, KIND, COMPLETE = "demo", "seed", "complete"
SETTINGS = SiteSettings(
    newcomer_holds=1,
    add_stories=False,
    contact="Write to the editor at comments@skelderbycourier.example.",
    defamation_s5=True,
)


class Found(Enum):
    """What a database holds of the demo."""

    NOTHING = auto()
    HALF = auto()
    """A first start that was interrupted, or somebody's own sites."""
    COMPLETE = auto()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to seed, up to which moment, and where the newspaper is reached."""

    newspaper: Newspaper
    now: datetime
    origin: str
    """Of the newspaper's own site, such as ``http://127.0.0.1:8001``."""
    settings: Settings
    mail: Mail = field(default_factory=NullMail)
    progress: Callable[[int, int], None] = lambda _done, _total: None


def look(db: Database, newspaper: Newspaper) -> Found:
    """Say what an earlier start left in the database."""
    with db.read() as conn:
        found = sites.list_sites(conn)
        mine = [site for site in found if site.key == newspaper.site.key]
        if not found:
            return Found.NOTHING
        is_done = mine and find_targets(conn, mine[0].id, source=SOURCE, kind=KIND, ids=[COMPLETE])
    return Found.COMPLETE if is_done else Found.HALF


def seed(url: str, plan: Plan) -> None:
    """Perform the whole newspaper in an empty, migrated database, and mark it as complete.

    Raises:
        BelowlineError: an action refused a step, so the newspaper's parts do not fit the rules.
    """
    clock = SettableClock(plan.now)
    db = Database(url, clock=clock)
    # A seed that breaks off is thrown away, so nothing is lost by not waiting for the disk.
    if db.is_sqlite:
        sa.event.listen(db.engine, "connect", _hurry_sqlite)
    else:
        sa.event.listen(db.engine, "begin", _hurry_postgres)
    try:
        steps = make_schedule(plan.newspaper, now=plan.now)
        clock.now = steps[0].at
        company = Company(db, _begin(db, plan), plan.settings)
        clock.now = plan.now
        aftermath = Aftermath(company, clock, settings=plan.settings, mail=plan.mail)
        for number, step in enumerate(steps):
            aftermath.catch_up(step.at)
            clock.now = step.at
            perform(company, step.act)
            plan.progress(number + 1, len(steps))
        aftermath.finish(plan.now)
        with db.write(Actor.of_system("demo")) as tx:
            site_id = company.site.id
            put_target(tx, site_id, source=SOURCE, record=(KIND, COMPLETE), target_id=site_id)
    finally:
        db.close()


def rehome(db: Database, newspaper: Newspaper, *, origin: str) -> None:
    """Let a seeded newspaper be reached at another origin: the port may differ at each start."""
    with db.read() as conn:
        site = sites.get_site(conn, newspaper.site.key)
    if site.origins == (origin,):
        return
    old = len(site.origins[0])
    change_site(db, site, origins=[origin])
    with db.write(Actor.of_system("demo")) as tx:
        for row in tx.conn.execute(sa.select(stories).where(stories.c.site_id == site.id)).all():
            tx.conn.execute(
                sa.update(stories).where(stories.c.id == row.id).values(url=origin + row.url[old:])
            )


def printed_at(db: Database, newspaper: Newspaper) -> datetime:
    """Return the moment up to which the newspaper was seeded."""
    first = newspaper.stories[0]
    with db.read() as conn:
        site = sites.get_site(conn, newspaper.site.key)
        story = story_store.get_story(conn, site.id, first.key)
    return story.created_at + timedelta(hours=first.published_hours_ago)


def _begin(db: Database, plan: Plan) -> Site:
    part = plan.newspaper.site
    site = create_site(
        db, key=part.key, name=part.name, origins=[plan.origin], language=part.language
    )
    return change_site(db, site, settings=SETTINGS)


def _hurry_sqlite(dbapi: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    dbapi.execute("PRAGMA synchronous=OFF")


def _hurry_postgres(conn: sa.Connection) -> None:
    conn.exec_driver_sql("SET LOCAL synchronous_commit = off")
