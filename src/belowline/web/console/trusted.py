"""The console's trusted reporters: who is named in which field, and how often they were right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response

from belowline.actions import trusted as actions
from belowline.core.errors import BelowlineError, InvalidInput
from belowline.core.terms import ReaderId
from belowline.readers import store as readers
from belowline.readers.email import check_email
from belowline.readers.search import names_of
from belowline.reports import store as reports
from belowline.reports import trusted as named
from belowline.reports.trusted import TrustedReporter
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.fields import required
from belowline.web.forms import Form, FormBody, read_form


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who is named, with how their reports were answered."""

    reporter: TrustedReporter
    named_by: str
    upheld: int
    answered: int


def trusted(visitor: Visitor, said: str | None = None) -> Response[bytes]:
    """Show who is named."""
    return _trusted(visitor, said=said)


def name(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Name a reader who has signed in before, found by their verified address."""
    form = read_form(data, fields={"email", "field"})
    try:
        email = check_email(required(form, "email"))
        with visitor.house.db.read() as conn:
            reader = readers.find_reader_by_email(conn, email)
        if reader is None:
            raise InvalidInput(  # noqa: TRY301 - shown beside the field
                "Nobody has signed in with this address yet. Ask them to sign in once.",
                field="email",
                code="no_reader",
            )
        actions.name_trusted(
            visitor.house.db,
            reader.id,
            site_id=visitor.at.id,
            by=visitor.reader_id,
            field=form.text("field"),
        )
    except InvalidInput as error:
        return _trusted(visitor, error=error, typed=form)
    return back_to(visitor, "/trusted", said="trusted_named")


def drop(visitor: Visitor, reader: int, data: FormBody) -> Response[Any]:
    """Name somebody no longer."""
    read_form(data, fields=())
    actions.drop_trusted(
        visitor.house.db, ReaderId(reader), site_id=visitor.at.id, by=visitor.reader_id
    )
    return back_to(visitor, "/trusted", said="trusted_dropped")


def _trusted(
    visitor: Visitor,
    *,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    lines = []
    with visitor.house.db.read() as conn:
        found = named.list_trusted(conn, visitor.at.id)
        names = names_of(conn, [one.named_by for one in found])
        for one in found:
            upheld, dismissed = reports.reporter_record(conn, visitor.at.id, one.reader_id)
            lines.append(Line(one, names.get(one.named_by, ""), upheld, upheld + dismissed))
    return desk_page(
        visitor,
        "trusted.html",
        here="trusted",
        said=said,
        error=error,
        typed=typed,
        lines=lines,
    )
