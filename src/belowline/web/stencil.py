"""A template rendered once with its values left open, and then filled in for each line of a page.

Jinja takes forty microseconds for a line of a thread, and a page has some fifty of them. What such
a line says hangs on a few facts about it, its shape; the values only stand in it. So a stencil is
the template's own rendering of one shape with a gap for each value, and filling it in is one
formatting. Words, markup and their order come from the template alone, in its environment's
language; what is filled in is escaped here as Jinja would escape it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NoReturn, Self

from jinja2 import Template
from markupsafe import Markup, escape

Value = str | int
"""What fills a gap: a number, trusted HTML as ``Markup``, or text, which is escaped."""

_GAP = re.compile("\0([a-z_]+)\0")
_CLEAN = frozenset({int, Markup})


class Gap(str):
    """Stands in a template for a value that is not known yet, and so cannot be asked about.

    A condition on it would decide for every value at once, so it raises TypeError.
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __new__(cls, name: str) -> Self:
        """Make the gap with this name."""
        return super().__new__(cls, f"\0{name}\0")

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError(f"a template's shape cannot hang on the value {self.strip(chr(0))}")

    __bool__ = __eq__ = __ne__ = __lt__ = __gt__ = __len__ = __iter__ = _refuse


class Stencil:
    """One shape of a template, to be filled in."""

    __slots__ = ("_text",)

    def __init__(
        self, template: Template, *, gaps: Sequence[str], shape: Mapping[str, object]
    ) -> None:
        made = template.render({**shape, **{name: Gap(name) for name in gaps}})
        # What was a gap in text is one still, because escaping leaves its marks as they are.
        self._text = _GAP.sub(r"%(\1)s", made.replace("%", "%%"))

    def fill(self, **values: Value) -> Markup:
        """Return the HTML with these values in its gaps. Raises KeyError for a missing one."""
        for name, value in values.items():
            if type(value) not in _CLEAN:
                values[name] = escape(value)
        return Markup(self._text % values)  # noqa: S704 - a template's rendering and escaped values
