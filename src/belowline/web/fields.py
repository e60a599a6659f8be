"""What the console's forms and addresses cannot do without, each as what it must be."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, TypeVar

from litestar.params import QueryParameter

from belowline.core.errors import InvalidInput
from belowline.core.terms import ReportId
from belowline.web.forms import LARGEST_NUMBER, Form

Number = Annotated[int | None, QueryParameter(ge=0, le=LARGEST_NUMBER)]
"""An id or a cursor in an address's query, no larger than the databases know; or none."""

E = TypeVar("E", bound=Enum)


def required(form: Form, name: str) -> str:
    """Return a field without the space around it. Raises InvalidInput if it is empty."""
    value = form.text(name).strip()
    if not value:
        raise InvalidInput("This is needed.", field=name, code="missing_field")
    return value


def whole(form: Form, name: str) -> int:
    """Return a field as a whole number. Raises InvalidInput if it is empty or no number."""
    number = form.number(name)
    if number is None:
        raise InvalidInput("This is needed.", field=name, code="missing_field")
    return number


def read_ids(form: Form, name: str) -> frozenset[ReportId]:
    """Return the reports that were ticked. Raises InvalidInput for what is no number."""
    found: set[ReportId] = set()
    for text in form.many(name):
        if not (text.isascii() and text.isdigit()) or len(text) > 18:
            raise InvalidInput("This is not a number.", field=name, code="bad_number")
        found.add(ReportId(int(text)))
    return frozenset(found)


def choice(form: Form, name: str, kind: type[E]) -> E:
    """Return one of an enum's values. Raises InvalidInput for any other."""
    try:
        return kind(required(form, name))
    except ValueError as error:
        raise InvalidInput("Choose one of these.", field=name, code="bad_choice") from error
