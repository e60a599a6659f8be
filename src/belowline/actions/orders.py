"""Ranking a thread: working out anew in which orders its roots stand.

Facts are read, the reckoning is done with no transaction open, and what changed is written. Nothing
is appended to the log: a reaction is no act, and neither is what follows from it.
"""

from __future__ import annotations

from datetime import timedelta

from belowline.comments import reactions
from belowline.core.terms import Actor, CommentId, ThreadOrder
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.threads import places, readings
from belowline.threads.facts import Facts, read_facts
from belowline.threads.places import Keys
from belowline.threads.ranking import Rank, rank
from belowline.threads.sides import find_sides

RANKING = Actor.of_system("ranking")
REST = timedelta(minutes=1)
"""How long a thread stays as it is after a ranking, at least, so that pages stay together."""
ROOTS_A_REST = 2000
"""For each so many roots it rests once more: a long thread costs more to rank."""
PORTION = 500
"""Rows in one transaction."""
LOOK_BACK = timedelta(hours=2)
"""Counts are shown after an hour. Twice as much makes sure that none is left out."""


def rank_next(db: Database) -> bool:
    """Rank the thread that has waited longest; say whether one was waiting."""
    now = db.clock()
    with db.read() as conn:
        due = places.find_due(conn, now=now)
    if due is None:
        return False
    with db.write(RANKING) as tx:
        until = places.claim(tx, due)
    if until is None:
        return True
    with db.read() as conn:
        facts = read_facts(conn, due, now=now)
    ranks = rank(facts.roots, facts.respects, sides=find_sides(facts.given))
    keys = make_keys(facts, ranks)
    since = (due.ranked_at or facts.begun_at(now)) - LOOK_BACK
    _write_why(db, facts, ranks)
    with db.write(RANKING) as tx:
        # Whoever writes in the thread locks the story first, too, and asks for a ranking after it.
        stories.lock_story_by_id(tx, due.site_id, due.story_id)
        moved = places.write_keys(tx, due, facts, keys=keys)
        shown, next_at = reactions.reveal(tx, due.story_id, since=since)
        readings.begin(tx, due.story_id, facts.uncounted)
        changed = moved or shown > 0
        if changed:
            places.touch(tx, due.story_id)
        rests_for = REST * (1 + len(facts.roots) // ROOTS_A_REST)
        places.finish(tx, due, until=until, next_at=next_at, rests_for=rests_for)
    if changed:
        db.changed(due.story_id)
    return True


def _write_why(db: Database, facts: Facts, ranks: dict[CommentId, Rank]) -> None:
    """Keep the figures, which move no comment: a portion at a time, so that nobody waits long."""
    changed = places.changed_why(facts, ranks)
    for start in range(0, len(changed), PORTION):
        with db.write(RANKING) as tx:
            places.write_why(tx, changed[start : start + PORTION])


def make_keys(facts: Facts, ranks: dict[CommentId, Rank]) -> dict[CommentId, Keys]:
    """Return each root's key in each order that is worked out; the greater stands first."""
    return {
        comment_id: {
            ThreadOrder.BEST: found.score,
            ThreadOrder.REPLIED: facts.replied[comment_id],
            ThreadOrder.NEWSROOM: facts.newsroom.get(comment_id, 0),
        }
        for comment_id, found in ranks.items()
    }
