"""Making the statements of reasons of a span of days, to be downloaded or written out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from belowline.core.errors import InvalidInput
from belowline.core.language import language_of
from belowline.core.settings import Settings
from belowline.core.text import Text
from belowline.sites.model import Site
from belowline.transparency.restrictions import At, Between, list_restrictions
from belowline.transparency.statement_files import to_csv, to_json_lines
from belowline.transparency.statements import Statement, make_statement

MOST = 20_000
"""Statements in one file; some forty megabytes."""

FORMS: dict[str, tuple[str, Callable[[list[Statement]], str]]] = {
    "jsonl": ("application/jsonl; charset=utf-8", to_json_lines),
    "csv": ("text/csv; charset=utf-8; header=present", to_csv),
}
"""How statements can be written, with the media type of each."""


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days in UTC, both of them in it."""

    first: date
    last: date

    @property
    def begins_at(self) -> datetime:
        """Return the first moment."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def ends_at(self) -> datetime:
        """Return the first moment after it."""
        return datetime.combine(self.last, time(), UTC) + timedelta(days=1)


def read_days(since: str, until: str, *, today: date, usual: timedelta) -> Days:
    """Read a span of days; what is left out ends today, and begins so much earlier.

    Raises:
        InvalidInput: one is not a day, or the last is before the first.
    """
    last = _read_day(until, "until") if until else today
    first = _read_day(since, "since") if since else max(last - usual, date(2000, 1, 1))
    if last < first:
        raise InvalidInput("The last day is before the first.", field="until", code="bad_days")
    return Days(first, last)


def make_statements(
    conn: sa.Connection, site: Site, days: Days, *, settings: Settings, now: datetime
) -> list[Statement]:
    """Make the statement of every decision of these days that restricts somebody and stands.

    A decision that can still be taken back is left for the next time.

    Raises:
        InvalidInput: there are more than fit in one file.
    """
    settled = min(days.ends_at, now - settings.undo_for)
    at = At(site.id, site.key, site.language, settings.base_url)
    found = list_restrictions(conn, at, Between(days.begins_at, settled), limit=MOST + 1)
    if len(found) > MOST:
        raise InvalidInput(
            Text("These are more than %(most)s statements. Choose fewer days.", most=MOST),
            field="since",
            code="too_many_statements",
        )
    say = language_of(site.language).say
    return [make_statement(one, say=say) for one in found]


def _read_day(text: str, field: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            "A day is written as in 2026-03-31.", field=field, code="bad_day"
        ) from error
    if not 2000 <= day.year < 2100:
        raise InvalidInput("A day is written as in 2026-03-31.", field=field, code="bad_day")
    return day
