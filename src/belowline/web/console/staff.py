"""The console's staff: who has which role, for owners."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions import sites as actions
from belowline.core.errors import BelowlineError, Conflict, InvalidInput, NotFound
from belowline.core.terms import ReaderId, Role
from belowline.readers import store as readers
from belowline.readers.email import check_email
from belowline.readers.model import Reader
from belowline.sites import store as sites
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.fields import choice, required
from belowline.web.forms import Form, FormBody, read_form


def staff(visitor: Visitor, said: str | None = None) -> Response[bytes]:
    """Show who looks after the site."""
    return _staff(visitor, said=said)


def appoint(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Give a role to a reader who has signed in before, found by their verified address."""
    form = read_form(data, fields={"email", "role"})
    try:
        reader = _find_reader(visitor, check_email(required(form, "email")))
        role = choice(form, "role", Role)
        actions.appoint(
            visitor.house.db,
            site_id=visitor.at.id,
            by=visitor.reader_id,
            reader_id=reader.id,
            role=role,
        )
    except (InvalidInput, Conflict) as error:
        return _staff(visitor, error=error, typed=form)
    return back_to(visitor, "/staff", said="appointed")


def dismiss(visitor: Visitor, reader: int, data: FormBody) -> Response[Any]:
    """End somebody's role."""
    read_form(data, fields=())
    try:
        actions.dismiss(
            visitor.house.db,
            site_id=visitor.at.id,
            by=visitor.reader_id,
            reader_id=ReaderId(reader),
        )
    except (Conflict, NotFound) as error:
        return _staff(visitor, error=error)
    if reader == visitor.reader_id:
        return back_to(visitor, "")
    return back_to(visitor, "/staff", said="dismissed")


def _find_reader(visitor: Visitor, email: str) -> Reader:
    with visitor.house.db.read() as conn:
        reader = readers.find_reader_by_email(conn, email)
    if reader is None:
        raise InvalidInput(
            "Nobody has signed in with this address yet. Ask them to sign in once, then give them "
            "the role.",
            field="email",
            code="no_reader",
        )
    return reader


def _staff(
    visitor: Visitor,
    *,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        members = sites.list_staff(conn, visitor.at.id)
    return desk_page(
        visitor,
        "staff.html",
        here="staff",
        said=said,
        error=error,
        members=members,
        roles=list(Role),
        typed=typed,
    )
