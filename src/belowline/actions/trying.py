"""Trying changed screen settings on the last thirty days before they are saved. Nothing is written.

The texts are read a few hundred at a time and judged with no transaction open. There is an end to
how many are looked at and to how long it takes, and one is tried at a time, so that readers who
write meanwhile hardly notice.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from belowline.actions.facts import standing_facts
from belowline.actions.screening import LOOK_BACK, OTHERS_SINCE
from belowline.core.errors import TooMany
from belowline.core.terms import Privilege, ReaderId, ScreenName, SiteId, StoryId, Verdict
from belowline.readers.standing import require_privilege
from belowline.screens.model import ScreenFacts, ScreenSettings
from belowline.screens.past import first_published, list_judged
from belowline.screens.trial import (
    PastComment,
    Trial,
    concerned,
    count_up,
    facts_then,
    judge_again,
    screens_for,
)
from belowline.storage.database import Database

TRIED_DAYS = timedelta(days=30)
MOST_TRIED = 3000
AT_ONCE = 250
LONGEST = 6.0
"""Seconds after which the newest that were looked at have to be enough."""
BREATHE_EVERY = 20
_ONE_AT_A_TIME = threading.Lock()


def try_screens(  # noqa: PLR0913 - where, what and how long
    db: Database,
    site_id: SiteId,
    *,
    by: ReaderId,
    before: ScreenSettings,
    after: ScreenSettings,
    story_id: StoryId | None = None,
    stopwatch: Callable[[], float] = time.monotonic,
) -> Trial:
    """Return what the changed settings would have done to the latest comments.

    Raises:
        NotSignedIn, NotAllowed: no role for it.
        TooMany: a colleague is trying something at this moment.
    """
    with db.read() as conn:
        require_privilege(Privilege.WRITE_RULES, standing_facts(conn, site_id, by), now=db.clock())
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise TooMany(
            "Somebody is trying settings at this moment. Try again in a few seconds.",
            code="trial_running",
            retry_after=10,
        )
    try:
        return _try(db, site_id, (before, after), story_id=story_id, ends=stopwatch, at=stopwatch())
    finally:
        _ONE_AT_A_TIME.release()


def _try(  # noqa: PLR0913 - private
    db: Database,
    site_id: SiteId,
    settings: tuple[ScreenSettings, ScreenSettings],
    *,
    story_id: StoryId | None,
    ends: Callable[[], float],
    at: float,
) -> Trial:
    before, after = settings
    # Without a change, it is told what a threshold would have made of scores given later.
    screens = concerned(before, after) or frozenset({ScreenName.CLASSIFIER})
    past, is_complete = _read(db, site_id, story_id, is_time_left=lambda: ends() - at < LONGEST / 2)
    judged: list[tuple[PastComment, tuple[Verdict, ...]]] = []
    for number, (comment, facts) in enumerate(_with_facts(db, site_id, past, screens, after)):
        if number % BREATHE_EVERY == 0:
            # A thread that only computes would keep Python from those who answer readers.
            time.sleep(0.001)
            if ends() - at > LONGEST:
                is_complete = False
                break
        judged.append((comment, judge_again(comment, facts, screens_for(comment, screens))))
    return count_up(judged, is_complete=is_complete)


def _read(
    db: Database,
    site_id: SiteId,
    story_id: StoryId | None,
    *,
    is_time_left: Callable[[], bool],
) -> tuple[list[PastComment], bool]:
    """Return what was sent lately, newest first, and whether that is all of it."""
    past: list[PastComment] = []
    since = db.clock() - TRIED_DAYS
    while len(past) < MOST_TRIED and is_time_left():
        behind = (past[-1].created_at, past[-1].id) if past else None
        with db.read() as conn:
            portion = list_judged(
                conn, site_id, since=since, before=behind, story_id=story_id, limit=AT_ONCE
            )
        past += portion
        if len(portion) < AT_ONCE:
            return past, True
    return past, False


def _with_facts(
    db: Database,
    site_id: SiteId,
    past: Sequence[PastComment],
    screens: frozenset[ScreenName],
    settings: ScreenSettings,
) -> Iterator[tuple[PastComment, ScreenFacts]]:
    """Give each comment that a screen saw, newest first, with what was known at its time."""
    places: dict[ReaderId, list[int]] = defaultdict(list)
    for place, one in enumerate(past):
        places[one.author_id].append(place)
    first: dict[ReaderId, list[datetime]] = {}
    for place, one in enumerate(past):
        if not one.text or not screens_for(one, screens):
            continue
        own, others = [], []
        if screens & {ScreenName.RATE, ScreenName.REPEATS}:
            mine = places[one.author_id]
            own = [
                past[at]
                for at in mine[bisect_left(mine, place) + 1 :]
                if one.created_at - past[at].created_at < LOOK_BACK
            ]
        if ScreenName.REPEATS in screens:
            others = _others(past, place)
        published = settings.newcomer_holds
        if ScreenName.NEWCOMER in screens:
            if one.author_id not in first:
                with db.read() as conn:
                    first[one.author_id] = first_published(
                        conn, site_id, one.author_id, limit=settings.newcomer_holds
                    )
            published = bisect_left(first[one.author_id], one.created_at)
        yield one, facts_then(one, own, others=others, published=published, settings=settings)


def _others(past: Sequence[PastComment], place: int) -> list[PastComment]:
    one = past[place]
    found: list[PastComment] = []
    for at in range(place + 1, len(past)):
        other = past[at]
        if one.created_at - other.created_at > OTHERS_SINCE or len(found) == 30:
            break
        if other.author_id != one.author_id:
            found.append(other)
    return found
