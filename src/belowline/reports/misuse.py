"""When somebody misuses reporting, and what answers it. Pure.

A report that is wrong is no misuse. Only one in which, as anybody can see without looking into it,
there is nothing at all counts, and only a person says so. Three of those within 90 days, and at
least half of what was answered, lead to a warning; two more after the reader has read it lead to a
pause of 14 days, then 30, then 90. A person imposes either, with a reason, an end and an appeal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from belowline.core.terms import SanctionKind
from belowline.core.text import Text, later

WINDOW = timedelta(days=90)
WARN_FROM = 3
PAUSE_FROM = 2
"""So many more after the warning was read."""
SHARE_FROM = 0.5
PAUSES = (timedelta(days=14), timedelta(days=30), timedelta(days=90))
PAUSES_COUNT_FOR = timedelta(days=365)
WARNING_COUNTS_FOR = timedelta(days=365)

SENTENCES: Mapping[str, str] = {
    "figures": later(
        "Answered within %(days)s days: %(answered)s. Without any ground at first sight: "
        "%(unfounded)s, which is %(percent)s %%."
    ),
    "not_enough": later("That is no misuse."),
    "warn": later("A warning comes before anything else."),
    "warned": later("A warning was read, and no more than one such report came since."),
    "unread": later("A warning has been given and not been read yet; until then none is taken."),
    "pause": later("Such reports since the warning was read: %(count)s."),
    "paused": later("Reports by this reader are paused already."),
}
"""A sentence for each reason; the names in brackets come from its detail."""


@dataclass(frozen=True, slots=True)
class ReportWarning:
    """A warning about reports that stands."""

    given_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class MisuseRecord:
    """What was answered of somebody's reports within the window, and what they were told before.

    ``unfounded_since_warning`` counts reports that were made after the warning was read.
    """

    answered: int
    unfounded: int
    unfounded_since_warning: int = 0
    warning: ReportWarning | None = None
    pauses: tuple[datetime, ...] = ()
    """When earlier pauses that stand began."""
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class MisuseStep:
    """What answers it: a kind of sanction or none, how long, and why in words."""

    kind: SanctionKind | None
    lasts_for: timedelta | None = None
    reasons: tuple[str, ...] = field(default=())


def share(record: MisuseRecord) -> float:
    """Return how many of the answered reports had no ground, from 0 to 1."""
    return record.unfounded / record.answered if record.answered else 0.0


def propose(record: MisuseRecord, *, now: datetime) -> MisuseStep:
    """Say what answers the misuse, if it is one: nothing, a warning, or a pause after a warning.

    There is never a pause without a warning that was read within the last year.
    """
    figures = Text(
        SENTENCES["figures"],
        days=WINDOW.days,
        answered=record.answered,
        unfounded=record.unfounded,
        percent=round(100 * share(record)),
    )
    if record.is_paused:
        return MisuseStep(None, None, (figures, SENTENCES["paused"]))
    often = share(record) >= SHARE_FROM
    warning = record.warning
    if warning is None or now - warning.given_at > WARNING_COUNTS_FOR:
        if often and record.unfounded >= WARN_FROM:
            return MisuseStep(SanctionKind.REPORT_WARNING, None, (figures, SENTENCES["warn"]))
        return MisuseStep(None, None, (figures, SENTENCES["not_enough"]))
    if warning.read_at is None:
        return MisuseStep(None, None, (figures, SENTENCES["unread"]))
    if not often or record.unfounded_since_warning < PAUSE_FROM:
        return MisuseStep(None, None, (figures, SENTENCES["warned"]))
    earlier = sum(now - began <= PAUSES_COUNT_FOR for began in record.pauses)
    why = Text(SENTENCES["pause"], count=record.unfounded_since_warning)
    return MisuseStep(
        SanctionKind.REPORT_PAUSE, PAUSES[min(earlier, len(PAUSES) - 1)], (figures, why)
    )


def may_pause(warning: ReportWarning | None, *, now: datetime) -> bool:
    """Say whether a pause may be imposed at all: only after a warning that was read."""
    return (
        warning is not None
        and warning.read_at is not None
        and now - warning.given_at <= WARNING_COUNTS_FOR
    )
