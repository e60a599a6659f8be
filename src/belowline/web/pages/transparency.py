"""The public transparency reports: every version that was ever published, and its CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from litestar import Response

from belowline.core.language import Language
from belowline.transparency.published import Published, get_report, list_reports, to_csv
from belowline.transparency.yearly import NOT_KEPT, Row
from belowline.web.auth import Asking, Visitor
from belowline.web.files import download
from belowline.web.pages.eu_words import EU_CATEGORIES
from belowline.web.pages.frame import public_page
from belowline.web.pages.report_words import BREAKDOWNS, INDICATORS, NOTES, SECTIONS, TIERS


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a report in words."""

    what: str
    about: str
    value: str
    is_kept: bool


def reports(visitor: Visitor) -> Response[bytes]:
    """Show the newest report, and list all others."""
    with visitor.house.db.read() as conn:
        found = list_reports(conn, visitor.at.id)
    return _page(visitor, found, found[0] if found else None)


def report(visitor: Visitor, year: int, version: int) -> Response[bytes]:
    """Show one version of a year's report."""
    with visitor.house.db.read() as conn:
        found = list_reports(conn, visitor.at.id)
        chosen = get_report(conn, visitor.at.id, year=year, version=version)
    return _page(visitor, found, chosen)


def report_csv(visitor: Visitor, year: int, version: int) -> Response[bytes]:
    """Give one version of a year's report as CSV."""
    with visitor.house.db.read() as conn:
        found = get_report(conn, visitor.at.id, year=year, version=version)
    return download(
        to_csv(with_edition(found), found.notes),
        media_type="text/csv; charset=utf-8; header=present",
        name=f"{visitor.at.key}-transparency-{year}-v{version}.csv",
        public=True,
    )


def with_edition(found: Published) -> tuple[Row, ...]:
    """Return a report's rows with its version and its date among those of the first section."""
    edition = (
        Row(1, "version", "", found.version, "number"),
        Row(1, "published_on", "", found.published_at.date().isoformat(), "day"),
    )
    first = tuple(one for one in found.rows if one.section == 1)
    return (*first, *edition, *(one for one in found.rows if one.section != 1))


def in_words(rows: Sequence[Row], language: Language) -> dict[int, list[Said]]:
    """Return the lines of each section in words."""
    said: dict[int, list[Said]] = {section: [] for section in SECTIONS}
    for row in rows:
        said[row.section].append(_said(row, language))
    return said


def _said(row: Row, language: Language) -> Said:
    words: Mapping[str, str] = {**EU_CATEGORIES, **BREAKDOWNS}
    return Said(
        language.say(INDICATORS.get(row.indicator, row.indicator)),
        language.say(words.get(row.breakdown, row.breakdown)),
        _value(row, language),
        row.unit != NOT_KEPT,
    )


def _value(row: Row, language: Language) -> str:
    if row.value is None:
        return "–"
    if row.indicator == "tier":
        return language.say(TIERS.get(str(row.value), str(row.value)))
    if row.unit == "day":
        return language.day(date.fromisoformat(str(row.value)))
    if row.unit == "seconds" and isinstance(row.value, int | float):
        return language.span(timedelta(seconds=row.value))
    if row.indicator == "error_rate" and isinstance(row.value, int | float):
        return f"{row.value * 100:.1f} %"
    return str(row.value)


def _page(visitor: Asking, found: Sequence[Published], chosen: Published | None) -> Response[bytes]:
    return public_page(
        visitor,
        "pages/transparency.html",
        reports=found,
        chosen=chosen,
        sections=SECTIONS,
        lines=in_words(chosen.rows, visitor.language) if chosen is not None else {},
        notes=NOTES,
    )
