"""Gathering what the screens look at, from the nouns' stores and the site's settings."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

import sqlalchemy as sa

from belowline.comments.recent import (
    AuthorRecord,
    count_published,
    own_recent_texts,
    recent_texts_of_others,
    records_soon,
)
from belowline.core.errors import NotSignedIn, TooMany
from belowline.core.terms import CommentId, CommentStatus, Finding, RuleKey, StoryId, Verdict
from belowline.readers.model import StandingFacts
from belowline.screens import name_list
from belowline.screens.model import (
    AskedOutside,
    Draft,
    ListedWord,
    NameList,
    RecentComment,
    ScreenFacts,
    ScreenSettings,
)
from belowline.screens.pipeline import screen_again
from belowline.sites.model import ListedWord as SiteWord
from belowline.sites.model import Site, SiteSettings
from belowline.storage.database import Tx
from belowline.stories.model import Story, StoryScreens

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


def screen_facts(  # noqa: PLR0913 - what is known and where it goes
    conn: sa.Connection,
    site: Site,
    *,
    facts: StandingFacts,
    now: datetime,
    story: Story | None = None,
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
    return complete_facts(conn, site, written, facts=facts, story=story, but_not=but_not)


def complete_facts(  # noqa: PLR0913 - what is known and where it goes
    conn: sa.Connection,
    site: Site,
    written: Written,
    *,
    facts: StandingFacts,
    story: Story | None = None,
    but_not: CommentId | None = None,
) -> ScreenFacts:
    """Add to what is known of a site's latest comments what only the author's own can tell.

    ``story`` is where it is sent to, if that is known: its screens may have settings of their own.
    """
    reader_id = facts.reader_id
    if reader_id is None:
        raise NotSignedIn("Sign in first.")
    own = (
        own_recent_texts(conn, site.id, reader_id, since=written.now - LOOK_BACK)
        if written.record.lately
        else ()
    )
    settings = screen_settings(site, story)
    published = written.record.published
    if settings.newcomer_holds > site.settings.newcomer_holds:
        # The record was counted as far as the site needs.
        published = count_published(conn, site.id, reader_id)
    return ScreenFacts(
        now=written.now,
        author_published_count=published,
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
        settings=settings,
        external=_asked_outside(site, story) if site.external is not None else None,
        names=_names(conn, site, story),
        site_id=site.id,
    )


def _asked_outside(site: Site, story: Story | None) -> AskedOutside | None:
    found = site.external
    if found is None:
        return None
    return AskedOutside(
        found.url,
        found.secret,
        timedelta(milliseconds=found.deadline_ms),
        site.key,
        site.language,
        (story.key, story.title, story.url) if story is not None else None,
    )


def _names(conn: sa.Connection, site: Site, story: Story | None) -> NameList | None:
    """Return the protected names to look for. Where none are listed nothing is asked."""
    at_story = story.id if story is not None and story.listed_names else None
    if not site.listed_names and at_story is None:
        return None
    return NameList(site.id, tuple(name_list.hashed_names(conn, site.id, at_story)))


def renew_verdicts(  # noqa: PLR0913 - what is known and where it goes
    tx: Tx,
    site: Site,
    screened: Screened,
    *,
    facts: StandingFacts,
    story: Story,
    latest: int,
) -> tuple[Verdict, ...]:
    """Return the verdicts, renewed if the author has sent something else since they were given.

    ``latest`` is the id of the author's last comment now. Otherwise the same text sent twice at
    once would appear twice, and a flood sent all at once would pass as one comment after another.
    """
    seen = max((comment.id or 0 for comment in screened.facts.recent), default=0)
    if latest == seen:
        return screened.verdicts
    now = screen_facts(tx.conn, site, facts=facts, now=tx.now, story=story)
    require_measure(now)
    return screen_again(Draft(screened.text), now, screened.verdicts)


def require_measure(known: ScreenFacts) -> None:
    """Raise TooMany if the author sent far more in a day than anybody has to say."""
    most = MOST_TIMES_A_DAY * known.settings.rate_daily
    if known.author_count_last_day >= most and not known.is_staff:
        raise TooMany("You have sent very much today. Please come back tomorrow.")


def screen_settings(site: Site, story: Story | None = None) -> ScreenSettings:
    """Return what the site's settings mean for the screens, under a story if it has its own."""
    own = site.settings
    if story is not None and story.screens is not None:
        own = settings_under(own, story.screens)
    return _meaning(own, site.origins, site.language)


def screen_settings_of(site: Site, settings: SiteSettings) -> ScreenSettings:
    """Return what these settings would mean for the screens of the site."""
    return _meaning(settings, site.origins, site.language)


# Asked for at every comment, and the settings of a site are the same for days.
@lru_cache(maxsize=64)
def _meaning(own: SiteSettings, origins: tuple[str, ...], language: str) -> ScreenSettings:
    return ScreenSettings(
        min_length=own.shortest,
        max_length=own.longest,
        max_links=own.max_links,
        own_domains=tuple(host for host in map(_host, origins) if host),
        newcomer_holds=own.newcomer_holds,
        rate_burst=own.rate_burst,
        rate_window=timedelta(seconds=own.rate_seconds),
        rate_daily=own.rate_daily,
        repeat_window=timedelta(hours=own.repeat_hours),
        hold_capitals=own.hold_capitals,
        use_default_words=own.use_default_words,
        listed_words=tuple(
            ListedWord(one.word, RuleKey(one.rule), Finding(one.finding)) for one in own.words
        ),
        allowed_words=own.allowed_words,
        classifier_hold=own.classifier_hold,
        language=language,
    )


def settings_under(settings: SiteSettings, screens: StoryScreens) -> SiteSettings:
    """Return the site's settings as they are under a story that does some of it otherwise."""
    own = {one.name: getattr(screens, one.name) for one in fields(screens) if one.name != "words"}
    words = tuple(SiteWord(one.word, one.rule, one.finding) for one in screens.words)
    return replace(
        settings,
        words=(*settings.words, *words),
        **{name: value for name, value in own.items() if value is not None},
    )


def _host(origin: str) -> str:
    return (urlsplit(origin).hostname or "").removeprefix("www.")
