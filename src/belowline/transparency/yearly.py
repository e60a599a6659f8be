"""The yearly transparency report, counted from the log alone.

It follows the sections of the harmonised form of Implementing Regulation (EU) 2024/2835. The
Commission's own files could not be had when this was written, so the columns are named plainly
here, and nobody should take this for their file. What Belowline does not keep has a line without a
figure: an empty line says less than a nought would. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import median

from belowline.core.terms import Outcome, SanctionKind, Source
from belowline.transparency.appeals import WHO, who_made
from belowline.transparency.ledger import Appealed, Decided, Ledger, Reported
from belowline.transparency.quality import waits_of

FIRST_YEAR = 2025
FIRST_DAY = date(2025, 2, 17)
"""The form begins in the middle of its first cycle; from 2026 on a report is about a whole year."""

NOT_KEPT = "not kept"
"""The unit of a line that Belowline has no figure for."""

NO_MEASURE = (None, SanctionKind.WARNING, SanctionKind.REPORT_WARNING)
TOOK = (Outcome.REMOVE, Outcome.REFUSE, Outcome.HOLD, Outcome.SANCTION)
OWN = (Source.OWN_INITIATIVE, Source.SCREEN)

Category = Callable[[int | None, str], str]
"""Gives the EU's category for a rule of a version of the rules."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: a figure, or a place for one."""

    section: int
    indicator: str
    breakdown: str
    """What the figure is about, in keys joined by a slash; empty for a total."""
    value: str | int | float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Service:
    """Section 1: whose report it is."""

    name: str
    key: str
    language: str
    is_hosting: bool
    is_platform: bool


def period_of(year: int) -> tuple[date, date]:
    """Return the first and the last day that a year's report is about."""
    return FIRST_DAY if year == FIRST_YEAR else date(year, 1, 1), date(year, 12, 31)


def report_rows(
    ledger: Ledger, service: Service, *, year: int, category: Category
) -> tuple[Row, ...]:
    """Count a year's report from a site's whole ledger."""
    first, last = period_of(year)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    until = datetime(year + 1, 1, 1, tzinfo=UTC)

    def is_in(at: datetime | None) -> bool:
        return at is not None and since <= at < until

    made = [one for one in ledger.decisions if is_in(one.at) and not one.undone]
    took = [one for one in made if one.outcome in TOOK and _restricts(one)]
    reports = [one for one in ledger.reports if is_in(one.at)]
    came_in = Counter(one.what for one in ledger.received if is_in(one.at))
    known = ledger.decision()
    appeals = [one for one in ledger.appeals if not _taken_back(known, one)]
    return (
        *_service(service, first, last),
        *_orders(came_in),
        *_notices(reports, made, took, category),
        Row(3, "notices_of_illegal_content_received", "", came_in["notice"], "number"),
        *_own_initiative(took, category),
        *_complaints(
            [one for one in appeals if is_in(one.filed_at)],
            [one for one in appeals if is_in(one.decided_at)],
            known,
        ),
        *_misuse(took),
        *_automated(took, ledger, service),
    )


def _service(service: Service, first: date, last: date) -> Iterator[Row]:
    tier = "platform" if service.is_platform else "hosting"
    yield Row(1, "service", "", service.name, "text")
    yield Row(1, "service_key", "", service.key, "text")
    yield Row(1, "tier", "", tier if service.is_hosting else "none", "text")
    yield Row(1, "period_first_day", "", first.isoformat(), "day")
    yield Row(1, "period_last_day", "", last.isoformat(), "day")


def _orders(came_in: Counter[str]) -> Iterator[Row]:
    yield Row(2, "orders_to_act", "", came_in["act"], "number")
    yield Row(2, "orders_to_inform", "", came_in["inform"], "number")


def _notices(
    reports: list[Reported], made: list[Decided], took: list[Decided], category: Category
) -> Iterator[Row]:
    yield Row(3, "reports_received", "", len(reports), "number")
    yield from _each(
        3, "reports_received", (category(one.rulebook_id, one.rule) for one in reports)
    )
    for name, answer in (("upheld", True), ("dismissed", False), ("not_answered", None)):
        yield Row(
            3, "reports_answered", name, sum(one.upheld is answer for one in reports), "number"
        )
    told = [one for one in made if one.source == Source.REPORT]
    noticed = [one for one in made if one.source == Source.LEGAL_NOTICE]
    yield Row(3, "notices_of_illegal_content_decided", "", len(noticed), "number")
    yield Row(3, "notices_by_trusted_flaggers", "", None, NOT_KEPT)
    measures = [one for one in took if one.source in {Source.REPORT, Source.LEGAL_NOTICE}]
    yield from _measures(3, measures, category)
    for name, found in (("reports", told), ("notices", noticed)):
        waits = waits_of(found)
        unit = "seconds" if waits.number else "seconds, of no case"
        yield Row(3, "median_time_to_decision", name, waits.median, unit)


def _own_initiative(took: list[Decided], category: Category) -> Iterator[Row]:
    own = [one for one in took if one.source in OWN]
    # Every decision cites a rule of the house, and none a law.
    yield Row(4, "measures", "", 0, "number")
    yield from _measures(5, own, category)
    yield from _each(
        5,
        "measures_by_detection",
        ("automatic" if one.source == Source.SCREEN else "people" for one in own),
    )


def _measures(section: int, took: list[Decided], category: Category) -> Iterator[Row]:
    yield Row(section, "measures", "", len(took), "number")
    yield from _each(
        section, "measures_by_category", (category(one.rulebook_id, one.rule or "") for one in took)
    )
    yield from _each(section, "measures_by_kind", map(_kind, took))


def _complaints(
    filed: list[Appealed], decided: list[Appealed], known: dict[int, Decided]
) -> Iterator[Row]:
    yield Row(6, "complaints_received", "", len(filed), "number")
    yield from _each(6, "complaints_received", (_kind_of(known, one) for one in filed))
    for who in WHO:
        number = sum(who_made(one) == who for one in filed)
        yield Row(6, "complaints_received_from", who, number, "number")
    yield Row(6, "complaints_withdrawn", "", sum(one.withdrawn for one in filed), "number")
    for name, upheld in (("reversed", True), ("upheld", False)):
        found = [one for one in decided if one.upheld is upheld]
        yield Row(6, f"decisions_{name}", "", len(found), "number")
        yield from _each(6, f"decisions_{name}", (_kind_of(known, one) for one in found))
        for who in WHO:
            number = sum(who_made(one) == who for one in found)
            yield Row(6, f"decisions_{name}_for", who, number, "number")
    lasted = [
        (one.decided_at - one.filed_at).total_seconds()
        for one in decided
        if one.decided_at is not None
    ]
    yield Row(
        6,
        "median_time_to_answer",
        "",
        median(lasted) if lasted else None,
        "seconds" if lasted else "seconds, of no case",
    )
    yield Row(6, "disputes_out_of_court", "", None, NOT_KEPT)


def _misuse(took: list[Decided]) -> Iterator[Row]:
    for kind in (SanctionKind.SUSPENSION, SanctionKind.WITHDRAWAL):
        number = sum(one.sanction == kind for one in took)
        yield Row(7, "readers_kept_from_commenting", kind, number, "number")
    paused = sum(one.sanction == SanctionKind.REPORT_PAUSE for one in took)
    yield Row(7, "readers_kept_from_reporting", "", paused, "number")
    yield Row(7, "readers_kept_from_complaining", "", None, NOT_KEPT)


def _automated(took: list[Decided], ledger: Ledger, service: Service) -> Iterator[Row]:
    refused = [one for one in took if one.by is None and one.outcome == Outcome.REFUSE]
    hidden = [one for one in took if one.by is None and one.outcome == Outcome.HOLD]
    released = _released(ledger)
    wrong = sum(one.overturned or one.comment_id in released for one in refused)
    yield Row(8, "decided_automatically", "", len(refused) + len(hidden), "number")
    yield Row(8, "refused_automatically", "", len(refused), "number")
    yield Row(8, "refused_automatically_and_reversed", "", wrong, "number")
    if refused:
        rate = round(wrong / len(refused), 4)
        yield Row(8, "error_rate", service.language, rate, "share of what was refused")
    yield Row(8, "hidden_after_reports", "", len(hidden), "number")
    yield Row(
        8,
        "hidden_after_reports_and_shown_again",
        "",
        sum(one.comment_id in released for one in hidden),
        "number",
    )


def _released(ledger: Ledger) -> set[int | None]:
    """Return the comments that a person has published, kept or restored at some time."""
    return {
        one.comment_id
        for one in ledger.decisions
        if one.outcome in {Outcome.PUBLISH, Outcome.KEEP, Outcome.RESTORE}
        and one.by is not None
        and not one.undone
    }


def _restricts(one: Decided) -> bool:
    return one.outcome != Outcome.SANCTION or one.sanction not in NO_MEASURE


def _kind(one: Decided) -> str:
    return one.sanction or {
        Outcome.REMOVE: "comment_removed",
        Outcome.REFUSE: "comment_refused",
        Outcome.HOLD: "comment_hidden",
        Outcome.KEEP: "comment_left",
        Outcome.PUBLISH: "comment_left",
    }.get(Outcome(one.outcome), one.outcome)


def _kind_of(known: dict[int, Decided], appeal: Appealed) -> str:
    found = known.get(appeal.decision_id)
    return _kind(found) if found is not None else "unknown"


def _taken_back(known: dict[int, Decided], appeal: Appealed) -> bool:
    found = known.get(appeal.decision_id)
    return found is not None and found.undone


def _each(section: int, indicator: str, keys: Iterable[str]) -> Iterator[Row]:
    for key, number in sorted(Counter(keys).items()):
        yield Row(section, indicator, key, number, "number")
