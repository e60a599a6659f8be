"""The form of the screens: what is in it, as text, and back as settings.

Lists of words are written one a line, ``word | rule | hold``; the rule and what it leads to may be
left out. What a value may be is for the action to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from belowline.core.errors import InvalidInput
from belowline.core.text import Text, later
from belowline.sites.model import ListedWord, SiteSettings
from belowline.stories.model import StoryScreens, StoryWord
from belowline.web.forms import Form

USUAL_RULE = "obscenity"
USUAL_FINDING = "hold"


@dataclass(frozen=True, slots=True)
class Option:
    """A number in the form, with what it means to an editor."""

    name: str
    title: str
    hint: str
    least: float
    most: float
    step: str = "1"


@dataclass(frozen=True, slots=True)
class Group:
    """What one screen can be told."""

    screen: str
    does: str
    options: tuple[Option, ...] = ()


GROUPS = (
    Group(
        "length",
        later("Refuses what is empty, too short or too long."),
        (
            Option("shortest", later("Fewest characters"), "", 1, 100),
            Option("longest", later("Most characters"), "", 100, 20_000),
        ),
    ),
    Group(
        "shouting",
        later("Refuses what has no words; holds capitals, buried letters and floods of one word."),
    ),
    Group(
        "links",
        later("Holds comments with many links. Links to your own pages are not counted."),
        (Option("max_links", later("Links that pass"), "", 0, 100),),
    ),
    Group(
        "repeats",
        later("Holds what the same reader, or others in a campaign, have lately said already."),
        (
            Option(
                "repeat_hours",
                later("Hours for which a reader’s own words are remembered"),
                later("0 lets everybody repeat themselves."),
                0,
                24,
            ),
        ),
    ),
    Group(
        "newcomer",
        later("Holds the first comments of a reader, so that a person sees them."),
        (
            Option(
                "newcomer_holds",
                later("Comments until a reader is known"),
                later("0 switches it off."),
                0,
                100,
            ),
        ),
    ),
    Group(
        "rate",
        later("Holds haste, and refuses three times as much."),
        (
            Option("rate_burst", later("Comments at once"), "", 1, 30),
            Option("rate_seconds", later("within so many seconds"), "", 10, 3600),
            Option("rate_daily", later("Comments in a day"), "", 10, 150),
        ),
    ),
    Group(
        "classifier",
        later("Holds what a classifier scores high, if one is connected. It never refuses."),
        (
            Option(
                "classifier_hold",
                later("Score from which it holds"),
                later("From 0 to 1; a lower one holds more."),
                0,
                1,
                "0.01",
            ),
        ),
    ),
)
"""The screens with numbers to set, in the order in which they look."""

SITE_NUMBERS = tuple(option.name for group in GROUPS for option in group.options)
STORY_NUMBERS = tuple(name for name in SITE_NUMBERS if name in StoryScreens.__dataclass_fields__)
TICKS = ("hold_capitals", "use_default_words", "learn_from_desk")
FIELDS = frozenset({*SITE_NUMBERS, *TICKS, "words", "allowed_words", "seen", "do"})


def site_values(settings: SiteSettings) -> dict[str, str]:
    """Return what the site's form holds."""
    return {
        **{name: _number_text(getattr(settings, name)) for name in SITE_NUMBERS},
        **{name: "yes" for name in TICKS if getattr(settings, name)},
        "words": _write_words((one.word, one.rule, one.finding) for one in settings.words),
        "allowed_words": "\n".join(settings.allowed_words),
    }


def story_values(screens: StoryScreens) -> dict[str, str]:
    """Return what a story's form holds; empty is as the site has it."""
    capitals = {None: "", True: "yes", False: "no"}[screens.hold_capitals]
    return {
        **{name: _number_text(getattr(screens, name)) for name in STORY_NUMBERS},
        "hold_capitals": capitals,
        "words": _write_words((one.word, one.rule, one.finding) for one in screens.words),
    }


def read_site(form: Form, current: SiteSettings) -> SiteSettings:
    """Return the settings that the form asks for. Raises InvalidInput."""
    values: dict[str, Any] = {name: _number(form, name) for name in SITE_NUMBERS}
    empty = next((name for name, value in values.items() if value is None), None)
    if empty is not None:
        raise InvalidInput("This is needed.", field=empty, code="missing_field")
    return _settings(
        current,
        values
        | {name: form.ticked(name) for name in TICKS}
        | {
            "words": tuple(ListedWord(*one) for one in _read_words(form.text("words"))),
            "allowed_words": tuple(_lines(form.text("allowed_words"))),
        },
    )


def read_story(form: Form) -> StoryScreens:
    """Return what the form asks for under a story. Raises InvalidInput."""
    capitals = {"yes": True, "no": False}.get(form.text("hold_capitals"))
    return StoryScreens(
        hold_capitals=capitals,
        words=tuple(StoryWord(*one) for one in _read_words(form.text("words"))),
        **{name: _number(form, name) for name in STORY_NUMBERS},
    )


def _settings(current: SiteSettings, values: Mapping[str, Any]) -> SiteSettings:
    kept = {name: getattr(current, name) for name in SiteSettings.__dataclass_fields__}
    return SiteSettings(**(kept | dict(values)))


def _number(form: Form, name: str) -> Any:  # noqa: ANN401 - a whole number, a share or nothing
    if name != "classifier_hold":
        return form.number(name)
    text = form.text(name).strip().replace(",", ".")
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise InvalidInput("This is not a number.", field=name, code="bad_number") from error


def _number_text(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _read_words(text: str) -> Iterable[tuple[str, str, str]]:
    for line in _lines(text):
        word, *rest = (part.strip() for part in line.split("|"))
        if len(rest) > 2:
            raise InvalidInput(
                Text("This line has too many parts: %(line)s", line=line[:60]), field="words"
            )
        rule, finding = (*rest, *(USUAL_RULE, USUAL_FINDING)[len(rest) :])
        yield word, rule or USUAL_RULE, finding or USUAL_FINDING


def _write_words(words: Iterable[tuple[str, str, str]]) -> str:
    return "\n".join(" | ".join(one) for one in words)
