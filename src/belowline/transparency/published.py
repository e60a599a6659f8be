"""How published transparency reports are kept: every version, marked with its date, for good."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import ReaderId, SiteId
from belowline.storage.database import Tx, insert_id
from belowline.storage.tables import rulebooks, rules, transparency_reports
from belowline.transparency.eu_values import OTHER_VIOLATION
from belowline.transparency.yearly import Category, Row

COLUMNS = ("section", "indicator", "breakdown", "value", "unit")
LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a year's report, as it was published and stays."""

    year: int
    version: int
    as_of: datetime
    published_at: datetime
    rows: tuple[Row, ...]
    notes: Mapping[str, str]


def add_report(
    tx: Tx,
    site_id: SiteId,
    *,
    year: int,
    by: ReaderId,
    made: tuple[datetime, Sequence[Row], Mapping[str, str]],
) -> Published:
    """Keep the next version of a year's report. The rows of a site must be locked before."""
    as_of, rows, notes = made
    last = tx.conn.execute(
        sa.select(sa.func.max(transparency_reports.c.version)).where(
            transparency_reports.c.site_id == site_id, transparency_reports.c.year == year
        )
    ).scalar()
    version = (last or 0) + 1
    insert_id(
        tx.conn,
        transparency_reports,
        {
            "site_id": site_id,
            "year": year,
            "version": version,
            "as_of": as_of,
            "published_at": tx.now,
            "published_by": by,
            "rows": [list(astuple(one)) for one in rows],
            "notes": dict(notes),
        },
    )
    return get_report(tx.conn, site_id, year=year, version=version)


def list_reports(conn: sa.Connection, site_id: SiteId) -> list[Published]:
    """Return every published version, the newest year and version first."""
    table = transparency_reports
    query = sa.select(table).where(table.c.site_id == site_id)
    query = query.order_by(table.c.year.desc(), table.c.version.desc())
    return [_published(row) for row in conn.execute(query)]


def get_report(conn: sa.Connection, site_id: SiteId, *, year: int, version: int) -> Published:
    """Return one published version. Raises NotFound."""
    table = transparency_reports
    row = None
    # PostgreSQL does not even compare its columns of 32 bits with larger numbers.
    if max(year, version) <= LARGEST_NUMBER:
        row = conn.execute(
            sa.select(table).where(
                table.c.site_id == site_id, table.c.year == year, table.c.version == version
            )
        ).first()
    if row is None:
        raise NotFound("There is no such report.", code="no_report")
    return _published(row)


def read_categories(conn: sa.Connection, site_id: SiteId) -> Category:
    """Return what gives the EU's category of a rule, from every version of the site's rules.

    A version is never changed once it is published, so what the log names by number is enough.
    """
    rows = conn.execute(
        sa.select(rules.c.rulebook_id, rules.c.key, rules.c.eu_category)
        .join(rulebooks, rulebooks.c.id == rules.c.rulebook_id)
        .where(rulebooks.c.site_id == site_id, rulebooks.c.published_at.is_not(None))
        .order_by(rulebooks.c.version)
    )
    known: dict[tuple[int | None, str], str] = {}
    for row in rows:
        known[row.rulebook_id, row.key] = row.eu_category
        # An old report's event does not name the version: then the first that has the rule.
        known.setdefault((None, row.key), row.eu_category)
    return lambda rulebook_id, rule: known.get((rulebook_id, rule), OTHER_VIOLATION)


def to_csv(rows: Sequence[Row], notes: Mapping[str, str]) -> str:
    """Write a report as CSV (RFC 4180), its texts last, as section 0."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    lines.writerows(astuple(one) for one in rows)
    lines.writerows((0, name, "", text, "text") for name, text in notes.items())
    return out.getvalue()


def _published(row: sa.Row[Any]) -> Published:
    return Published(
        row.year,
        row.version,
        row.as_of,
        row.published_at,
        tuple(Row(*one) for one in row.rows),
        row.notes,
    )
