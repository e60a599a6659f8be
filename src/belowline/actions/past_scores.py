"""Scoring what a site has already: imported comments, and those sent while nothing was scored.

A comment's score is kept and nothing else is done: no status, case, sanction, event or notice
follows from it. Batches are read newest first, scored with no transaction open and kept in one
short transaction each, so whatever was stopped goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.actions.screening import screen_settings
from belowline.core.errors import Unavailable
from belowline.core.terms import Actor, CommentId, StoryId, Verdict
from belowline.outside.classifier import Classifier
from belowline.screens.later import judge_later
from belowline.screens.later_store import Sent, count_sent, list_sent, put_later, read_texts
from belowline.screens.model import ScreenFacts, ScreenSettings
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.stories import store as stories

BY = Actor.of_system("scores")
BATCH = 250
"""Comments in a transaction, which takes some milliseconds."""
TRIES = 100
TRY_AGAIN = 0.05
"""Seconds until a comment that somebody is changing is tried again, and how many times."""
NO_HURRY = timedelta(minutes=1)


@dataclass(slots=True)
class PastScored:
    """What became of a site's comments."""

    scored: int = 0
    already: int = 0
    """They had a score."""
    no_language: int = 0
    """They are in a language that no model knows."""
    unavailable: int = 0
    """Their model is broken, or somebody was just changing them."""
    empty: int = 0
    """Erased."""

    @property
    def total(self) -> int:
        """Return how many were looked at."""
        return self.scored + self.already + self.no_language + self.unavailable + self.empty


@dataclass(frozen=True, slots=True)
class Scoring:
    """What scores, by which name its models go, and whether scores of others are renewed."""

    classifier: Classifier
    by: str
    again: bool = False


def score_past(
    db: Database,
    site: Site,
    scoring: Scoring,
    *,
    since: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005
) -> PastScored:
    """Score the site's comments that have no score, newest first; return what became of all.

    With ``again`` those are scored anew that these models did not score later already.
    """
    done = PastScored()
    with db.read() as conn:
        total = count_sent(conn, site.id, since=since)
    before: tuple[datetime, CommentId] | None = None
    while True:
        with db.read() as conn:
            sent = list_sent(conn, site.id, since=since, before=before, limit=BATCH)
            wanted = [one for one in sent if _lacks(one, scoring)]
            texts = read_texts(conn, wanted)
            settings = _settings(conn, site, wanted)
        done.already += len(sent) - len(wanted)
        found: dict[tuple[CommentId, int], Verdict] = {}
        for one in wanted:
            facts = ScreenFacts(one.created_at, 0, settings=settings[one.story_id])
            verdict = _score(texts[one.id], facts, scoring, done)
            if verdict is not None:
                found[one.id, one.revision] = verdict
        _keep(db, site, found, done)
        progress(done.total, total)
        if len(sent) < BATCH:
            return done
        before = (sent[-1].created_at, sent[-1].id)


def _lacks(one: Sent, scoring: Scoring) -> bool:
    return one.later_by != scoring.by if scoring.again else not one.scored


def _settings(conn: sa.Connection, site: Site, sent: list[Sent]) -> dict[StoryId, ScreenSettings]:
    return {
        story_id: screen_settings(site, stories.get_story_by_id(conn, site.id, story_id))
        for story_id in {one.story_id for one in sent}
    }


def _score(text: str, facts: ScreenFacts, scoring: Scoring, done: PastScored) -> Verdict | None:
    """Return the verdict that is kept, or count why there is none."""
    if not text:
        done.empty += 1
        return None
    language = facts.settings.language
    try:
        answer = scoring.classifier.score(text, language=language, deadline=NO_HURRY)
    except Unavailable as unavailable:
        if unavailable.code == "language":
            done.no_language += 1
        else:
            done.unavailable += 1
        return None
    verdict = judge_later(answer, facts, by=scoring.by) if answer is not None else None
    if verdict is None:
        done.unavailable += 1
    return verdict


def _keep(
    db: Database, site: Site, found: dict[tuple[CommentId, int], Verdict], done: PastScored
) -> None:
    for _ in range(TRIES):
        if not found:
            return
        with db.write(BY) as tx:
            kept = put_later(tx, site.id, found)
        done.scored += sum(kept.values())
        done.unavailable += len(kept) - sum(kept.values())
        found = {key: verdict for key, verdict in found.items() if key[0] not in kept}
        if found:
            time.sleep(TRY_AGAIN)
    done.unavailable += len(found)
