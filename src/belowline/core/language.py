"""The languages of pages, letters and answers: their words, their plurals, their dates.

The language is the site's, the same for everybody who reads there; what a browser would like does
not matter, because pages are shared. English is the source and is always there. The others are
read from ``locale/<language>/LC_MESSAGES/belowline.po`` when a site first needs one, and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

from belowline.core import dates
from belowline.core.text import MOMENT, Text

FOLDER = Path(__file__).parent.parent / "locale"
NAMES = {
    "en": "English",
    "ar": "العربية",
    "cy": "Cymraeg",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "pl": "Polski",
}
"""The languages that Belowline speaks, each by its own name."""

FORMS: Mapping[str, tuple[str, ...]] = {
    "ar": ("zero", "one", "two", "few", "many", "other"),
    "cy": ("zero", "one", "two", "few", "many", "other"),
    "pl": ("one", "few", "many"),
}
"""The plural forms of whole numbers, by Unicode's names, in the order of the catalogues."""
TWO_FORMS = ("one", "other")

ENGLISH = "en_GB"
"""How English is written where a site does not say which English."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one language, by the English ones."""

    texts: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the English singular: one text for each of the language's forms."""
    in_scripts: frozenset[str] = frozenset()
    """Which of the English texts the browser's scripts say."""


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language, and all that is said in it."""

    tag: str
    """BCP 47, for the ``lang`` attribute: what is really said, not what was asked for."""
    locale: str
    direction: str
    """``ltr`` or ``rtl``."""
    catalogue: Catalogue = field(repr=False)
    forms: tuple[str, ...]
    form_of: Callable[[int], str] = field(repr=False)
    """Unicode's name of the plural form for a number."""

    def say(self, message: str) -> str:
        """Return a sentence in this language; words that nobody has translated as they are."""
        if isinstance(message, Text):
            return message.said_in(self)
        return self.catalogue.texts.get(message, message)

    def find(self, text: str) -> str:
        """Return what an English text or pattern is here."""
        return self.catalogue.texts.get(text, text)

    def find_plural(self, one: str, other: str, num: int) -> str:
        """Return the pattern that goes with a number."""
        found = self.catalogue.plurals.get(one)
        if found is None:
            return one if num == 1 else other
        form = self.form_of(num)
        return found[self.forms.index(form) if form in self.forms else -1]

    def day(self, moment: date) -> str:
        """Return a day in words."""
        return dates.day_in_words(moment, self.locale)

    def full_day(self, moment: date) -> str:
        """Return a day in words, with its weekday."""
        return dates.full_day_in_words(moment, self.locale)

    def month(self, moment: date) -> str:
        """Return a month in words."""
        return dates.month_in_words(moment, self.locale)

    def moment(self, moment: datetime) -> str:
        """Return a time in words, in UTC."""
        return dates.moment_in_words(moment, self.locale, self.find(MOMENT))

    def span(self, lasts_for: timedelta) -> str:
        """Return a duration in words."""
        return dates.span_in_words(lasts_for, self.locale)

    def since(self, passed: timedelta) -> str:
        """Return how long ago something was; ``passed`` is negative for what is past."""
        return dates.since_in_words(passed, self.locale)


@lru_cache(maxsize=64)
def language_of(tag: str) -> Language:
    """Return the language for a BCP 47 tag; English for one that Belowline does not speak."""
    try:
        asked = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        asked = Locale("en")
    if asked.language != "en" and not file_of(asked.language).is_file():
        asked, tag = Locale("en"), "en"
    name = asked.language
    is_english = name == "en"
    return Language(
        tag=tag,
        locale=ENGLISH if is_english and not asked.territory else str(asked),
        direction=str(asked.text_direction),
        catalogue=Catalogue() if is_english else _read(name),
        forms=FORMS.get(name, TWO_FORMS),
        form_of=asked.plural_form,
    )


def file_of(name: str) -> Path:
    """Return where the words of a language are kept."""
    return FOLDER / name / "LC_MESSAGES" / "belowline.po"


@lru_cache(maxsize=16)
def _read(name: str) -> Catalogue:
    # Only sites in other languages than English pay for the parser.
    from babel.messages.pofile import read_po  # noqa: PLC0415

    texts: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    in_scripts: set[str] = set()
    with file_of(name).open("rb") as file:
        for message in read_po(file, locale=name, ignore_obsolete=True):
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, str):
                if message.string:
                    texts[message.id] = str(message.string)
            else:
                forms = tuple(map(str, message.string or ()))
                if forms and all(forms):
                    plurals[message.id[0]] = forms
            if any(where.endswith(".js") for where, _ in message.locations):
                in_scripts.add(message.id if isinstance(message.id, str) else message.id[0])
    return Catalogue(texts, plurals, frozenset(in_scripts))
