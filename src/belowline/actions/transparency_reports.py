"""Publishing a year's transparency report, and making it again from the log to see if it holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa

from belowline.actions.facts import ask_standing, standing_facts
from belowline.core.errors import InvalidInput
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Privilege, ReaderId
from belowline.core.text import later
from belowline.events import kinds, log
from belowline.readers.standing import require_privilege
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.sites.profile import is_platform
from belowline.storage.database import Database
from belowline.transparency.published import (
    Published,
    add_report,
    list_reports,
    read_categories,
)
from belowline.transparency.recount import read_ledger
from belowline.transparency.yearly import FIRST_YEAR, Row, Service, period_of, report_rows

LAST_YEAR = 2099
LONGEST_NOTE = 5000
SETTLED_AFTER = timedelta(hours=1)
"""A decision older than this is not taken back any more, nor is its transaction still open."""

CONTEXT = timedelta(days=730)
"""How far before its year a report looks, for what complaints are about that it answered."""

NOTES: Mapping[str, str] = {
    "own_initiative": later(
        "Moderators read what is reported and what automatic checks hold, and look into "
        "conversations on their own. Every decision cites one of our published rules and is "
        "explained to whoever wrote the comment."
    ),
    "automated": later(
        "Automatic checks look at a comment before it is published: length, capitals, links, "
        "repetition, listed words. They hold a comment for a person in doubt, and refuse one only "
        "where a listed word is certain. What was refused can be appealed, and a person decides."
    ),
}
"""The texts of the report's free part, as they are until an editor words them."""


def make_report(conn: sa.Connection, site: Site, *, year: int, as_of: datetime) -> tuple[Row, ...]:
    """Count a year's report from what the log held at ``as_of``.

    Raises:
        InvalidInput: there is no report about this year.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput("There is no report about this year.", field="year", code="bad_year")
    service = Service(
        site.name,
        site.key,
        site.language,
        site.settings.hosting_tier,
        is_platform(site.settings),
    )
    ledger = read_ledger(conn, site.id, since=_begins(year) - CONTEXT, until=as_of)
    return report_rows(ledger, service, year=year, category=read_categories(conn, site.id))


def is_over(year: int, *, now: datetime) -> bool:
    """Say whether the year is over and everything that was decided in it is settled."""
    return now - SETTLED_AFTER >= datetime(period_of(year)[1].year + 1, 1, 1, tzinfo=UTC)


def _begins(year: int) -> datetime:
    return datetime.combine(period_of(year)[0], time(), UTC)


def publish_report(
    db: Database, site: Site, *, year: int, by: ReaderId, notes: Mapping[str, str]
) -> Published:
    """Publish the next version of a year's report, which stays public from then on.

    Publishing again what is public already is success.

    Raises:
        NotSignedIn, NotAllowed: no role for it.
        InvalidInput: the year is not over, or a text is too long.
    """
    texts = {
        name: clean_text(notes.get(name, ""), field=name, longest=LONGEST_NOTE) for name in NOTES
    }
    with db.read() as conn:
        require_privilege(
            Privilege.ANSWER_FOR_SITE, standing_facts(conn, site.id, by), now=db.clock()
        )
        as_of = db.clock() - SETTLED_AFTER
        # Counting can take its time, and nobody who writes a comment waits for it.
        rows = make_report(conn, site, year=year, as_of=as_of)
    if not is_over(year, now=as_of + SETTLED_AFTER):
        raise InvalidInput("This year is not over yet.", field="year", code="year_not_over")
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.ANSWER_FOR_SITE, site_id=site.id, by=by)
        sites.lock_site(tx, site.id)
        last = next((one for one in list_reports(tx.conn, site.id) if one.year == year), None)
        if last is not None and (last.rows, dict(last.notes)) == (rows, texts):
            return last
        made = add_report(tx, site.id, year=year, by=by, made=(as_of, rows, texts))
        log.append(tx, site.id, kinds.TransparencyReportPublished(year, made.version))
        return made


def find_departures(conn: sa.Connection, site: Site, published: Published) -> list[Row]:
    """Return the figures of a published report that the log gives differently today: none.

    What section 1 says of the site was true then and may have changed.
    """
    again = make_report(conn, site, year=published.year, as_of=published.as_of)
    # What is counted only since then was not said differently; it was not said.
    said = {(one.section, one.indicator) for one in published.rows}
    return sorted(
        {
            one
            for one in {*published.rows} ^ {*again}
            if one.section > 1 and (one.section, one.indicator) in said
        },
        key=lambda one: (one.section, one.indicator, one.breakdown),
    )
