"""What a site's settings may be, so that no value closes a thread or breaks a page by accident."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from babel import Locale, UnknownLocaleError

from belowline.core.errors import InvalidInput
from belowline.core.terms import RuleKey
from belowline.core.text import Text
from belowline.sites.model import SiteSettings

RANGES: dict[str, tuple[float, float]] = {
    "edit_seconds": (0, 7 * 86_400),
    "shortest": (1, 100),
    "longest": (100, 20_000),
    "max_links": (0, 100),
    "repeat_hours": (0, 24),
    "newcomer_holds": (0, 100),
    "rate_burst": (1, 30),
    "rate_seconds": (10, 3600),
    "rate_daily": (10, 150),
    "classifier_hold": (0, 1),
    "slow_seconds": (0, 3600),
}
"""The least and the most of each setting that is a number."""
FINDINGS = ("hold", "refuse")
"""What a listed word can lead to."""
LONGEST_CONTACT = 500
MOST_WORDS = 2000
LONGEST_WORD = 100
PRESS_CODES = ("", "ipso", "impress", "own")
"""Whose code a title can answer to: a regulator's, its own published one, or none."""
LONGEST_KEY = 40


def check_language(tag: str) -> str:
    """Return a language's tag, such as ``de`` or ``en-US``. Raises InvalidInput if it is none."""
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError) as error:
        raise InvalidInput(
            "This is not the tag of a language, such as de or en-US.",
            field="language",
            code="bad_language",
        ) from error
    return tag


def check_settings(settings: SiteSettings, *, rules: Collection[RuleKey]) -> None:
    """Refuse settings that cannot be meant. ``rules`` are the keys of the rulebook in force.

    Raises:
        InvalidInput: a number is out of its range, a day is none, a code of practice is unknown, or
            a listed word names an unknown rule or finding.
    """
    for name, (least, most) in RANGES.items():
        if not least <= getattr(settings, name) <= most:
            raise InvalidInput(
                Text("%(name)s is from %(least)s to %(most)s.", name=name, least=least, most=most),
                field=name,
            )
    if len(settings.rules_from) > LONGEST_KEY:
        raise InvalidInput("This is not the key of a site.", field="rules_from")
    if len(settings.contact) > LONGEST_CONTACT:
        raise InvalidInput(
            Text("contact is at most %(most)s characters.", most=LONGEST_CONTACT), field="contact"
        )
    if settings.press_code not in PRESS_CODES:
        raise InvalidInput(
            Text("press_code is one of %(known)s, or empty.", known=", ".join(PRESS_CODES[1:])),
            field="press_code",
        )
    _check_days(settings)
    _check_words(settings, rules=rules)


def _check_days(settings: SiteSettings) -> None:
    for day in settings.bank_holidays:
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise InvalidInput(
                "A bank holiday is a day such as 2026-09-21.", field="bank_holidays"
            ) from error


def _check_words(settings: SiteSettings, *, rules: Collection[RuleKey]) -> None:
    for field, listed in (
        ("words", [one.word for one in settings.words]),
        ("allowed_words", settings.allowed_words),
    ):
        if len(listed) > MOST_WORDS:
            raise InvalidInput(
                Text("A list has at most %(most)s words.", most=MOST_WORDS), field=field
            )
        if not all(word.strip() and len(word) <= LONGEST_WORD for word in listed):
            raise InvalidInput(
                Text(
                    "A listed word is empty or longer than %(most)s characters.", most=LONGEST_WORD
                ),
                field=field,
            )
    for one in settings.words:
        if one.finding not in FINDINGS:
            raise InvalidInput(
                Text(
                    "A listed word leads to one of %(known)s, not to %(finding)s.",
                    known=", ".join(FINDINGS),
                    finding=repr(one.finding),
                ),
                field="words",
            )
        if one.rule not in rules:
            raise InvalidInput(
                Text("No rule in force is called %(rule)s.", rule=repr(one.rule)), field="words"
            )
