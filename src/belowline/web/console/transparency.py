"""The console's transparency report: what a year's would say today, and publishing it."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions.transparency_reports import (
    LAST_YEAR,
    NOTES,
    SETTLED_AFTER,
    is_over,
    make_report,
    publish_report,
)
from belowline.core.errors import BelowlineError, InvalidInput
from belowline.transparency.published import list_reports
from belowline.transparency.yearly import FIRST_YEAR
from belowline.web.auth import Visitor
from belowline.web.console.desk import Typed, back_to, desk_page
from belowline.web.fields import Number, whole
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.pages.report_words import NOTES as NOTE_WORDS
from belowline.web.pages.report_words import SECTIONS
from belowline.web.pages.transparency import in_words


def preview(visitor: Visitor, year: Number = None, said: str | None = None) -> Response[bytes]:
    """Show what a year's report says as of now; the year that ended last, if none is named."""
    return _page(visitor, year, said=said)


def publish(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Publish the next version of a year's report."""
    form = read_form(data, fields={"year", *NOTES})
    year = whole(form, "year")
    try:
        publish_report(
            visitor.house.db,
            visitor.at,
            year=year,
            by=visitor.reader_id,
            notes={name: form.text(name) for name in NOTES},
        )
    except InvalidInput as error:
        return _page(visitor, year, error=error, typed=form)
    return back_to(visitor, "/transparency", year=year, said="report_published")


def _page(
    visitor: Visitor,
    year: int | None,
    *,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    db = visitor.house.db
    now = db.clock()
    year = year if year is not None else max(now.year - 1, FIRST_YEAR)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput("There is no report about this year.", field="year", code="bad_year")
    with db.read() as conn:
        published = list_reports(conn, visitor.at.id)
        rows = make_report(conn, visitor.at, year=year, as_of=now - SETTLED_AFTER)
    latest = next((one for one in published if one.year == year), None)
    usual = {name: visitor.language.say(text) for name, text in NOTES.items()}
    written = {**usual, **(latest.notes if latest is not None else {})}
    return desk_page(
        visitor,
        "transparency.html",
        here="oversight",
        said=said,
        error=error,
        year=year,
        years=range(now.year, FIRST_YEAR - 1, -1),
        over=is_over(year, now=now),
        published=[one for one in published if one.year == year],
        same=latest is not None and latest.rows == rows,
        sections=SECTIONS,
        lines=in_words(rows, visitor.language),
        notes=NOTE_WORDS,
        written=Typed(typed.values) if typed is not None else written,
    )
