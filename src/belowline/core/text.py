"""Sentences for people, in English, with what it takes to say them in another language.

Policies and actions write English. Whoever knows the site's language puts it into that language
where it leaves Belowline, with ``core.language.Language.say``: a plain string by looking it up, a
``Text`` by looking up its pattern and then filling in the values. ``dev/languages.py`` collects
what is written in ``later``, ``Text`` and ``numbered``, in refusals and in errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from belowline.core.dates import moment_in_words, span_in_words

if TYPE_CHECKING:
    from belowline.core.language import Language

Value = str | float | datetime | timedelta
"""What a sentence is filled with. A plain string stands as it is; a ``Text`` is translated too."""


class Text(str):
    """An English sentence that knows its pattern and the values in it.

    The pattern names its values, ``%(count)s``, because other languages order them differently.
    """

    __slots__ = ("pattern", "plural", "values")

    pattern: str
    plural: str | None
    """The pattern for other numbers than one, if ``values["num"]`` decides."""
    values: Mapping[str, Value]

    def __new__(cls, pattern: str, **values: Value) -> Self:
        """Fill the pattern in. Raises KeyError for a value that is missing."""
        return cls._made(pattern, None, values)

    @classmethod
    def _made(cls, pattern: str, plural: str | None, values: Mapping[str, Value]) -> Self:
        chosen = pattern if plural is None or values["num"] == 1 else plural
        made = super().__new__(cls, chosen % {key: _english(one) for key, one in values.items()})
        made.pattern, made.plural, made.values = pattern, plural, values
        return made

    def said_in(self, language: Language) -> str:
        """Return the sentence in a language."""
        filled = {key: _said(one, language) for key, one in self.values.items()}
        if self.plural is None:
            return language.find(self.pattern) % filled
        return language.find_plural(self.pattern, self.plural, int(str(filled["num"]))) % filled


class Known(str):
    """Words that are ours or somebody's own, to fill a sentence with: translated if they are ours.

    Reasons are such: those of the automatic checks are ours.
    """

    __slots__ = ()


def later(text: str) -> str:
    """Mark words for translation where they are shown, and return them as they are."""
    return text


MOMENT = later("%(day)s, %(time)s UTC")
"""How a day and a time stand together."""


def numbered(one: str, other: str, num: int, **values: Value) -> Text:
    """Return the sentence for one, or for another number. ``num`` fills the gap of that name."""
    return Text._made(one, other, {"num": num, **values})  # noqa: SLF001 - this module's own


def together(*parts: str) -> Text:
    """Return several sentences as one text; the empty ones leave no gap."""
    values: dict[str, Value] = {
        f"part{number}": part if isinstance(part, Text) else Known(part)
        for number, part in enumerate(parts)
        if part
    }
    return Text(" ".join(f"%({name})s" for name in values), **values)


def _english(value: Value) -> str | float:
    match value:
        case datetime():
            return moment_in_words(value, "en_GB", MOMENT)
        case timedelta():
            return span_in_words(value, "en_GB")
        case _:
            return value


def _said(value: Value, language: Language) -> str | float:
    match value:
        case Text():
            return value.said_in(language)
        case Known():
            return language.find(value)
        case datetime():
            return language.moment(value)
        case timedelta():
            return language.span(value)
        case _:
            return value
