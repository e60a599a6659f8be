"""Checks a statement of reasons against every rule of the European Union's transparency database.

The rules are those that the Commission's own receiving end applies, so that what passes here is not
sent back. A complaint names the field and the rule; it never quotes a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from belowline.transparency import eu_values as eu

Record = Mapping[str, str | list[str]]
"""A statement as it is sent: fields that are left out, or empty, say nothing."""

DECISIONS = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")

ONE_OF: dict[str, frozenset[str]] = {
    "decision_monetary": eu.MONETARIES,
    "decision_provision": eu.PROVISIONS,
    "decision_account": eu.ACCOUNTS,
    "account_type": eu.ACCOUNT_TYPES,
    "decision_ground": eu.GROUNDS,
    "incompatible_content_illegal": eu.YES_OR_NO,
    "category": eu.CATEGORIES,
    "source_type": eu.SOURCE_TYPES,
    "automated_detection": eu.YES_OR_NO,
    "automated_decision": eu.AUTOMATED_DECISIONS,
}
SOME_OF: dict[str, frozenset[str]] = {
    "decision_visibility": eu.VISIBILITIES,
    "content_type": eu.CONTENT_TYPES,
    "category_addition": eu.CATEGORIES,
    "category_specification": eu.KEYWORDS,
    "territorial_scope": frozenset(eu.COUNTRIES),
}
LONGEST = {
    "decision_visibility_other": 500,
    "decision_monetary_other": 500,
    "decision_ground_reference_url": 500,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000,
    "content_type_other": 500,
    "category_specification_other": 500,
    "decision_facts": 5000,
    "source_identity": 500,
    "puid": 500,
}
REQUIRED = (
    "decision_ground",
    "content_type",
    "category",
    "content_date",
    "application_date",
    "decision_facts",
    "source_type",
    "automated_detection",
    "automated_decision",
    "puid",
)
EARLIEST = {"content_date": date(2000, 1, 1), "application_date": date(2020, 1, 1)}
LATEST = date(2038, 1, 1)
ENDS = {
    "end_date_visibility_restriction": "decision_visibility",
    "end_date_monetary_restriction": "decision_monetary",
    "end_date_service_restriction": "decision_provision",
    "end_date_account_restriction": "decision_account",
}
"""When a restriction ends, and the decision without which there is none to end."""
NEEDED_IF = (
    ("decision_visibility_other", "decision_visibility", "DECISION_VISIBILITY_OTHER"),
    ("decision_monetary_other", "decision_monetary", "DECISION_MONETARY_OTHER"),
    ("content_type_other", "content_type", "CONTENT_TYPE_OTHER"),
    ("illegal_content_legal_ground", "decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT"),
    ("illegal_content_explanation", "decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT"),
    ("incompatible_content_ground", "decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT"),
    ("incompatible_content_explanation", "decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT"),
)
"""A field that must be there if another has this value, and has no place there if it has not."""
ONLY_IF = (
    ("incompatible_content_illegal", "decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT"),
    ("category_specification_other", "category_specification", "KEYWORD_OTHER"),
)
FIELDS = frozenset(
    {*DECISIONS, *ONE_OF, *SOME_OF, *LONGEST, *REQUIRED, *ENDS, "content_language", "content_id"}
)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """What is wrong with a field."""

    field: str
    code: str
    """unknown, missing, not_text, not_listed, too_long, not_a_day, out_of_range, out_of_place,
    not_an_address, not_a_language, bad_characters or repeated."""


def check_each(records: Iterable[Record]) -> Iterator[tuple[int, Complaint]]:
    """Give every complaint about any of several statements, with the statement's place."""
    seen: set[str] = set()
    for place, record in enumerate(records):
        for complaint in check_statement(record):
            yield place, complaint
        puid = str(record.get("puid", ""))
        if puid in seen:
            yield place, Complaint("puid", "repeated")
        seen.add(puid)


def check_statement(record: Record) -> list[Complaint]:
    """Return what is wrong with one statement; nothing if it may be sent."""
    found = [Complaint(name, "unknown") for name in record if name not in FIELDS]
    given = {name: value for name, value in record.items() if value and name in FIELDS}
    found += [Complaint(name, "missing") for name in REQUIRED if name not in given]
    if not any(name in given for name in DECISIONS):
        found.append(Complaint("decision_visibility", "missing"))
    for name, value in given.items():
        found += _look_at(name, value)
    found += _conditions(given)
    found += _days(given)
    return sorted(set(found))


def _look_at(name: str, value: str | list[str]) -> Iterator[Complaint]:
    if name in SOME_OF:
        if not isinstance(value, list) or not SOME_OF[name].issuperset(value):
            yield Complaint(name, "not_listed")
        elif len(set(value)) != len(value):
            yield Complaint(name, "repeated")
    elif not isinstance(value, str):
        yield Complaint(name, "not_text")
    else:
        if name in ONE_OF and value not in ONE_OF[name]:
            yield Complaint(name, "not_listed")
        if name in LONGEST and len(value) > LONGEST[name]:
            yield Complaint(name, "too_long")
        if name in FORMED and not FORMED[name][0](value):
            yield Complaint(name, FORMED[name][1])


def _conditions(given: Record) -> Iterator[Complaint]:
    for name, other, wanted in NEEDED_IF:
        if _has(given, other, wanted) and name not in given:
            yield Complaint(name, "missing")
    for name, other, wanted in (*NEEDED_IF, *ONLY_IF):
        if name in given and not _has(given, other, wanted):
            yield Complaint(name, "out_of_place")
    for name, other in ENDS.items():
        if name in given and other not in given:
            yield Complaint(name, "out_of_place")
    if "source_identity" in given and given.get("source_type") == "SOURCE_VOLUNTARY":
        yield Complaint("source_identity", "out_of_place")


def _days(given: Record) -> Iterator[Complaint]:
    begins = _read_day(given.get("application_date"))
    for name in (*EARLIEST, *ENDS):
        if name not in given:
            continue
        day = _read_day(given[name])
        earliest = EARLIEST.get(name) or begins or EARLIEST["application_date"]
        if day is None:
            yield Complaint(name, "not_a_day")
        elif not earliest <= day <= LATEST:
            yield Complaint(name, "out_of_range")


def _has(given: Record, name: str, wanted: str) -> bool:
    value = given.get(name, "")
    return wanted in value if isinstance(value, list) else wanted == value


def _read_day(value: str | list[str] | None) -> date | None:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


FORMED: dict[str, tuple[Callable[[str], object], str]] = {
    "puid": (re.compile(r"[A-Za-z0-9_-]+").fullmatch, "bad_characters"),
    "content_language": (re.compile(r"[A-Z]{2}").fullmatch, "not_a_language"),
    "decision_ground_reference_url": (_is_address, "not_an_address"),
    # An article number of a product; a comment has none.
    "content_id": (lambda _: False, "out_of_place"),
}
"""Fields of a form of their own, with what is said of another."""
