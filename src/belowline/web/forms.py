"""Reading what a page's form sent: known fields, each once, as plain text.

A field that the form does not have, or a field sent twice, is refused; nobody meant to send that.
What a value may be is for the action to say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from litestar.enums import RequestEncodingType
from litestar.params import Body

from belowline.core.errors import InvalidInput

FormBody = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
"""The type of a view's ``data`` for a form of a page."""

LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one form."""

    values: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]

    def text(self, name: str) -> str:
        """Return a field, or an empty string if the browser did not send it."""
        return self.values.get(name, "")

    def ticked(self, name: str) -> bool:
        """Say whether a checkbox was ticked or a named button pressed."""
        return name in self.values

    def many(self, name: str) -> tuple[str, ...]:
        """Return the values of a field that may come several times, in their order."""
        return self.lists.get(name, ())

    def number(self, name: str) -> int | None:
        """Return a field as a whole number that is not negative, or None if it is empty.

        Raises:
            InvalidInput: it is something else.
        """
        text = self.text(name).strip()
        if not text:
            return None
        if len(text) > 19 or not (text.isascii() and text.isdigit()) or int(text) > LARGEST_NUMBER:
            raise InvalidInput("This is not a number.", field=name, code="bad_number")
        return int(text)


def read_form(
    data: Mapping[str, Any] | None, *, fields: Collection[str], many: Collection[str] = ()
) -> Form:
    """Read a form that has these fields, and those of ``many`` any number of times.

    Raises:
        InvalidInput: a field is unknown, came twice, or holds what no database can keep.
    """
    values: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for name, found in (data or {}).items():
        parts = tuple(found) if isinstance(found, list) else (found,)
        # A file part, or anything else that is no text, has no place in these forms.
        if not all(isinstance(part, str) for part in parts):
            raise InvalidInput("This field takes text.", field=str(name)[:60], code="bad_field")
        if name in many:
            lists[name] = parts
        elif name not in fields or len(parts) != 1:
            raise InvalidInput(
                "This form has a field that is not known here.",
                field=str(name)[:60],
                code="bad_field",
            )
        else:
            values[name] = parts[0]
    return Form(values, lists)
