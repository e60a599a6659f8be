"""Pace: slowing a heated conversation down, holding writers to every limit, and letting it go.

What somebody of the desk sets by hand is in ``slowing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.comments.recent import count_in_story, last_at_site, last_in_story, list_authors
from belowline.core.errors import require
from belowline.core.happened import Happened
from belowline.core.terms import (
    Actor,
    CommentId,
    Outcome,
    ReportId,
    ReportState,
    SiteId,
    StoryId,
)
from belowline.events import kinds, log
from belowline.readers.model import StandingFacts
from belowline.readers.standing import may_write_again, own_pace
from belowline.reports import store as reports
from belowline.reports.connected import connect
from belowline.sites.model import Site
from belowline.storage.database import Database, Tx
from belowline.stories import store as stories
from belowline.stories.heat import WINDOW, Signs, find_pace, is_slower
from belowline.stories.model import Story
from belowline.stories.pace import last_to_end, limits_of, may_write_now

HEAT = Actor.of_system("heat")
SIGNS = ("CommentReported", "DecisionMade", "DecisionUndone")
MOST_EVENTS = 1000
"""Of a site's last hour; a site with more of these is busy enough to be seen by everybody."""


def require_pace(
    conn: sa.Connection, site: Site, story: Story | None, *, facts: StandingFacts, now: datetime
) -> None:
    """Hold a writer to the pace of the story, to the site's and to their own. Raises NotAllowed.

    Staff are not held to any. Nothing is asked of the database where nobody is slowed down.
    """
    if facts.role is not None or facts.reader_id is None:
        return
    in_story = None
    limits = limits_of(story) if story is not None else ()
    if story is not None and limits:
        since = now - limits[0].between
        last_at = last_in_story(conn, site.id, facts.reader_id, story_id=story.id, since=since)
        in_story = may_write_now(limits, last_at=last_at, now=now)
    everybodys = timedelta(seconds=site.settings.slow_seconds)
    own = own_pace(facts, everybodys=everybodys, now=now)
    anywhere = None
    if own is not None:
        between, until = own
        last_at = last_at_site(conn, site.id, facts.reader_id, since=now - between)
        anywhere = may_write_again(between, until=until, last_at=last_at, now=now)
    require(last_to_end(anywhere, in_story))


def take_temperature(tx: Tx, site_id: SiteId, story_id: StoryId) -> bool:
    """Slow a story down if its heat asks for that; say whether it was changed."""
    pace = find_pace(read_signs(tx, site_id, story_id))
    if pace is None:
        return False
    story = stories.get_story_by_id(tx.conn, site_id, story_id)
    if not is_slower(pace, now=tx.now, held=story.pace, until=story.paced_until):
        return False
    until = (tx.now + pace.lasts_for).replace(microsecond=0)
    stories.set_pace(tx, story_id, pace=pace.between, until=until)
    seconds = int(pace.between.total_seconds())
    log.append(tx, site_id, kinds.StorySlowed(story_id, seconds, until.isoformat(), pace.reason))
    return True


def let_cool(db: Database) -> int:
    """End the speed limits that are over; return how many."""
    with db.read() as conn:
        # A look first: usually there is none, and no write lock is taken.
        now = db.clock()
        over = len(stories.list_cooled(conn, now=now)) + len(
            stories.list_slowing_over(conn, now=now)
        )
    if not over:
        return 0
    with db.write(HEAT) as tx:
        for story in stories.list_cooled(tx.conn, now=tx.now):
            stories.set_pace(tx, story.id, pace=None, until=None)
            log.append(tx, story.site_id, kinds.StoryCooled(story.id))
        for story in stories.list_slowing_over(tx.conn, now=tx.now):
            # Somebody may have slowed it down anew since it was found.
            slowed = stories.lock_story_by_id(tx, story.site_id, story.id).slowed
            if slowed is None or slowed.until is None or slowed.until > tx.now:
                continue
            stories.set_slowing(tx, story.id, None)
            log.append(tx, story.site_id, kinds.StorySlowingEnded(story.id))
    return over


def read_signs(tx: Tx, site_id: SiteId, story_id: StoryId) -> Signs:
    """Read from the log what happened in a thread in the last hour."""
    happened = [
        event
        for event in log.read_page(tx.conn, site_id, kinds=SIGNS, before=None, limit=MOST_EVENTS)
        if event.data.get("story_id") == story_id and event.at > tx.now - WINDOW
    ]
    undone = {e.number("decision_id") for e in happened if e.kind == "DecisionUndone"}
    removed = {
        event.number("comment_id")
        for event in happened
        if event.kind == "DecisionMade"
        and event.text("outcome") == Outcome.REMOVE
        and event.number("decision_id") not in undone
    }
    reported = [event for event in happened if event.kind == "CommentReported"]
    concerned = removed | {event.number("comment_id") for event in reported}
    authors = list_authors(tx.conn, site_id, [CommentId(one) for one in concerned])
    return Signs(
        _weigh(tx.conn, reported),
        len(removed),
        len(authors),
        count_in_story(tx.conn, site_id, story_id, since=tx.now - WINDOW),
    )


def _weigh(conn: sa.Connection, reported: Sequence[Happened]) -> float:
    """Add up the weights of the reporters, each network once and by its heaviest report."""
    found = reports.list_by_ids(conn, [ReportId(e.number("report_id")) for e in reported])
    kept = [one for one in found if one.state is not ReportState.DISMISSED]
    groups = connect(reports.networks_of(conn, kept))
    heaviest: dict[str, float] = {}
    for one in kept:
        who = groups.get(one.voice, str(one.voice))
        heaviest[who] = max(one.weight, heaviest.get(who, 0.0))
    return sum(heaviest.values())
