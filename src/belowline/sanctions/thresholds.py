"""The numbers of the ladder: what a site may set, within published bounds, and what they start as.

Pure. The bounds keep the ladder a ladder: no first suspension of a year, no withdrawal after a
single suspension, and no number of breaches that nobody could reach. What every site has alike (the
severities, the points, the 90 days of a warning, the seven days after a suspension) is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

from belowline.core.errors import InvalidInput
from belowline.core.text import Text, later

SUSPENSIONS = ("first", "second", "third", "further")
"""The lengths of suspensions, in their order; the last stands for every one after it."""


@dataclass(frozen=True, slots=True)
class LadderSettings:
    """The numbers of one site's ladder. As it stands here it is the ladder of a new site."""

    minor_breaches: int = 3
    """So many breaches of any severity within ``answer_days`` earn a warning."""
    answer_days: int = 30
    """A breach that no sanction followed for this long was answered by its removal."""
    removed_percent: int = 30
    """From this share of what was sent in a week, comments are held first."""
    hold_first_days: int = 14
    approved_to_end: int = 5
    """So many approved comments end the holding early."""
    first_days: int = 1
    second_days: int = 3
    third_days: int = 7
    further_days: int = 30
    suspensions: int = 3
    """After so many suspensions within ``withdrawal_days`` the next step is withdrawal."""
    withdrawal_days: int = 365

    @property
    def answer_within(self) -> timedelta:
        """How far back breaches are counted that nothing has answered yet."""
        return timedelta(days=self.answer_days)

    @property
    def hold_first_lasts(self) -> timedelta:
        """How long comments are held first."""
        return timedelta(days=self.hold_first_days)

    @property
    def suspension_lengths(self) -> tuple[timedelta, ...]:
        """The lengths of suspensions, the first one first."""
        days = (self.first_days, self.second_days, self.third_days, self.further_days)
        return tuple(timedelta(days=one) for one in days)

    @property
    def withdrawal_looks_back(self) -> timedelta:
        """How far back suspensions are counted for a withdrawal."""
        return timedelta(days=self.withdrawal_days)


@dataclass(frozen=True, slots=True)
class Bound:
    """What one number may be, and what an editor is told about it."""

    least: int
    most: int
    label: str
    stricter_up: bool
    """Whether a larger number is harder on readers."""


BOUNDS: Mapping[str, Bound] = {
    "minor_breaches": Bound(
        2, 10, later("Breaches of any kind that together earn a warning"), stricter_up=False
    ),
    "answer_days": Bound(7, 90, later("Days within which they must lie"), stricter_up=True),
    "removed_percent": Bound(
        20,
        80,
        later("Per cent of a week’s comments removed from which comments are held first"),
        stricter_up=False,
    ),
    "hold_first_days": Bound(
        3, 60, later("Days for which comments are held first"), stricter_up=True
    ),
    "approved_to_end": Bound(
        2, 20, later("Approved comments that end the holding early"), stricter_up=True
    ),
    "first_days": Bound(1, 7, later("Days of a first suspension"), stricter_up=True),
    "second_days": Bound(1, 14, later("Days of a second suspension"), stricter_up=True),
    "third_days": Bound(1, 30, later("Days of a third suspension"), stricter_up=True),
    "further_days": Bound(1, 90, later("Days of every further suspension"), stricter_up=True),
    "suspensions": Bound(
        2, 6, later("Suspensions after which the next step is withdrawal"), stricter_up=False
    ),
    "withdrawal_days": Bound(
        90, 730, later("Days within which those suspensions must lie"), stricter_up=True
    ),
}
"""The published bounds, in the order of the page."""

USUAL = LadderSettings()
"""The ladder of a site that has not published its own."""


def check_thresholds(settings: LadderSettings) -> None:
    """Refuse numbers that cannot be meant.

    Raises:
        InvalidInput: a number is outside of its bounds, or a later suspension is shorter than an
            earlier one.
    """
    for name, bound in BOUNDS.items():
        if not bound.least <= getattr(settings, name) <= bound.most:
            raise InvalidInput(
                Text("Choose from %(least)s to %(most)s.", least=bound.least, most=bound.most),
                field=name,
                code="outside_bounds",
            )
    lengths = settings.suspension_lengths
    for name, before, after in zip(SUSPENSIONS[1:], lengths, lengths[1:], strict=False):
        if after < before:
            raise InvalidInput(
                "A later suspension is not shorter than an earlier one.",
                field=f"{name}_days",
                code="shorter_suspension",
            )


def read_thresholds(kept: Mapping[str, object]) -> LadderSettings:
    """Return the settings from what is kept; a number that is missing is as usual."""
    known = {one.name for one in fields(LadderSettings)}
    return LadderSettings(
        **{name: value for name, value in kept.items() if name in known and isinstance(value, int)}
    )


def is_as_strict(settings: LadderSettings, than: LadderSettings) -> bool:
    """Say whether each number is at least as hard on readers as the other's."""
    return all(
        getattr(settings, name) >= getattr(than, name)
        if bound.stricter_up
        else getattr(settings, name) <= getattr(than, name)
        for name, bound in BOUNDS.items()
    )
