"""Gathering what the screens look at, from the nouns' stores and the site's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from belowline.comments.recent import (
    AuthorRecord,
    own_recent_texts,
    recent_texts_of_others,
    records_soon,
)
from belowline.core.errors import NotSignedIn, TooMany
from belowline.core.terms import CommentId, CommentStatus, Finding, RuleKey, StoryId, Verdict
from belowline.readers.model import StandingFacts
from belowline.screens.model import Draft, ListedWord, RecentComment, ScreenFacts, ScreenSettings
from belowline.screens.pipeline import screen_again
from belowline.sites.model import Site
from belowline.storage.database import Tx

LOOK_BACK = timedelta(days=1)
OTHERS_SINCE = timedelta(hours=1)
MOST_TIMES_A_DAY = 2
"""So many times the daily limit is kept, as refused. What comes after is not even stored."""
GONE = (CommentStatus.REFUSED, CommentStatus.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Screened:
    """A text as it was screened, and what was known then."""

    text: str
    html: str
    verdicts: tuple[Verdict, ...]
    facts: ScreenFacts


@dataclass(frozen=True, slots=True)
class Written:
    """What was lately written at a site, as far as one author's draft is compared with it."""

    now: datetime
    record: AuthorRecord
    others: tuple[str, ...]


def screen_facts(
    conn: sa.Connection,
    site: Site,
    *,
    facts: StandingFacts,
    now: datetime,
    but_not: CommentId | None = None,
) -> ScreenFacts:
    """Gather the facts for a reader's draft; ``but_not`` is the comment that an edit replaces."""
    if facts.reader_id is None:
        raise NotSignedIn("Sign in first.")
    (record,) = records_soon(
        conn,
        [(site.id, facts.reader_id, site.settings.newcomer_holds)],
        since=now - LOOK_BACK,
    )()
    since = now - OTHERS_SINCE
    others = recent_texts_of_others(conn, site.id, facts.reader_id, since=since)
    written = Written(now, record, tuple(others))
    return complete_facts(conn, site, written, facts=facts, but_not=but_not)


def complete_facts(
    conn: sa.Connection,
    site: Site,
    written: Written,
    *,
    facts: StandingFacts,
    but_not: CommentId | None = None,
) -> ScreenFacts:
    """Add to what is known of a site's latest comments what only the author's own can tell."""
    reader_id = facts.reader_id
    if reader_id is None:
        raise NotSignedIn("Sign in first.")
    own = (
        own_recent_texts(conn, site.id, reader_id, since=written.now - LOOK_BACK)
        if written.record.lately
        else ()
    )
    return ScreenFacts(
        now=written.now,
        author_published_count=written.record.published,
        recent=tuple(
            RecentComment(
                row.text,
                row.created_at,
                StoryId(row.story_id),
                CommentId(row.id),
                is_gone=row.status in GONE,
            )
            for row in own
            if row.id != but_not
        ),
        recent_by_others=written.others,
        author_count_last_day=written.record.lately,
        is_staff=facts.role is not None,
        settings=screen_settings(site),
    )


def renew_verdicts(
    tx: Tx, site: Site, screened: Screened, *, facts: StandingFacts, latest: int
) -> tuple[Verdict, ...]:
    """Return the verdicts, renewed if the author has sent something else since they were given.

    ``latest`` is the id of the author's last comment now. Otherwise the same text sent twice at
    once would appear twice, and a flood sent all at once would pass as one comment after another.
    """
    seen = max((comment.id or 0 for comment in screened.facts.recent), default=0)
    if latest == seen:
        return screened.verdicts
    now = screen_facts(tx.conn, site, facts=facts, now=tx.now)
    require_measure(now)
    return screen_again(Draft(screened.text), now, screened.verdicts)


def require_measure(known: ScreenFacts) -> None:
    """Raise TooMany if the author sent far more in a day than anybody has to say."""
    most = MOST_TIMES_A_DAY * known.settings.rate_daily
    if known.author_count_last_day >= most and not known.is_staff:
        raise TooMany("You have sent very much today. Please come back tomorrow.")


def screen_settings(site: Site) -> ScreenSettings:
    """Return what the site's settings mean for the screens."""
    own = site.settings
    return ScreenSettings(
        max_length=own.longest,
        max_links=own.max_links,
        own_domains=tuple(host for host in map(_host, site.origins) if host),
        newcomer_holds=own.newcomer_holds,
        listed_words=tuple(
            ListedWord(one.word, RuleKey(one.rule), Finding(one.finding)) for one in own.words
        ),
        classifier_hold=own.classifier_hold,
    )


def _host(origin: str) -> str:
    return (urlsplit(origin).hostname or "").removeprefix("www.")
