"""Heat: slowing a heated conversation down, holding writers to that, and letting it go again."""

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
    ReaderId,
    ReportId,
    ReportState,
    Role,
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
from belowline.stories.heat import WINDOW, Signs, find_pace, is_slower, may_write_now
from belowline.stories.model import Story

HEAT = Actor.of_system("heat")
SIGNS = ("CommentReported", "DecisionMade", "DecisionUndone")
MOST_EVENTS = 1000
"""Of a site's last hour; a site with more of these is busy enough to be seen by everybody."""


def require_pace(
    conn: sa.Connection, story: Story, *, by: ReaderId, role: Role | None, now: datetime
) -> None:
    """Hold a writer to the story's speed limit; staff are not held to it. Raises NotAllowed."""
    if story.paced_until is None or role is not None:
        return
    last_at = last_in_story(conn, story.site_id, by, story_id=story.id, since=now - story.pace)
    require(may_write_now(story.pace, until=story.paced_until, last_at=last_at, now=now))


def require_own_pace(
    conn: sa.Connection, site: Site, facts: StandingFacts, *, now: datetime
) -> None:
    """Hold a writer to the pace of the site or to their own. Raises NotAllowed.

    Nothing is asked of the database where neither the site nor a sanction slows anybody down.
    """
    everybodys = timedelta(seconds=site.settings.slow_seconds)
    pace = own_pace(facts, everybodys=everybodys, now=now)
    if pace is None or facts.reader_id is None:
        return
    between, until = pace
    last_at = last_at_site(conn, site.id, facts.reader_id, since=now - between)
    require(may_write_again(between, until=until, last_at=last_at, now=now))


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
        over = stories.list_cooled(conn, now=db.clock())
    if not over:
        return 0
    with db.write(HEAT) as tx:
        for story in stories.list_cooled(tx.conn, now=tx.now):
            stories.set_pace(tx, story.id, pace=None, until=None)
            log.append(tx, story.site_id, kinds.StoryCooled(story.id))
    return len(over)


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
