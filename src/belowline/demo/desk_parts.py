"""What the desk of the demo newspaper has to see to besides reports: ``content/desk.toml``.

Each kind of act is a type with the keys that its table in the file may have; ``deskwork`` does
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from belowline.reports.lanes import IllegalKind
from belowline.stories.legal import LegalStatus


class _Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Something that happened so many hours before the present."""

    hours_ago: float


class SavedReason(_Act, frozen=True, kw_only=True, tag="saved_reason"):
    by: str
    rule: str
    text: str


class Trusted(_Act, frozen=True, kw_only=True, tag="trusted"):
    by: str
    reader: str
    field: str


class Court(_Act, frozen=True, kw_only=True, tag="court"):
    by: str
    story: str
    status: LegalStatus


class ListedName(_Act, frozen=True, kw_only=True, tag="listed_name"):
    by: str
    story: str
    name: str


class Danger(_Act, frozen=True, kw_only=True, tag="danger"):
    by: str
    comment: str
    authority: str
    channel: str
    reference: str


class Evidence(_Act, frozen=True, kw_only=True, tag="evidence"):
    by: str
    comment: str
    reason: str
    days: int


class HandedOn(_Act, frozen=True, kw_only=True, tag="handed_on"):
    by: str
    comment: str
    note: str


class Illegal(_Act, frozen=True, kw_only=True, tag="illegal"):
    """A notice by somebody without an account."""

    comment: str
    said_to_be: IllegalKind = msgspec.field(name="as")
    why: str
    name: str
    email: str


class Defamation(_Act, frozen=True, kw_only=True, tag="defamation"):
    comment: str
    words: str
    why: str
    meaning: str
    wrong: str
    name: str
    email: str


class Order(_Act, frozen=True, kw_only=True, tag="order"):
    by: str
    comment: str
    authority: str
    legal_basis: str
    reasons: str
    territory: str
    redress: str
    reference: str


class AskedAgain(_Act, frozen=True, kw_only=True, tag="asked_again"):
    """Somebody who had reported a comment and was told that it stays asks for another look."""

    reader: str
    comment: str
    text: str


DeskAct = (
    SavedReason
    | Trusted
    | Court
    | ListedName
    | Danger
    | Evidence
    | HandedOn
    | Illegal
    | Defamation
    | Order
    | AskedAgain
)


def read_acts(table: dict[str, object]) -> tuple[DeskAct, ...]:
    """Read the file's tables. Raises ``ValueError`` naming the first that does not fit."""
    found: list[DeskAct] = []
    rows = msgspec.convert(table.get("act", []), list[dict[str, object]])
    for number, row in enumerate(rows, start=1):
        try:
            found.append(msgspec.convert(row, DeskAct))
        except msgspec.ValidationError as error:
            raise ValueError(f"desk.toml, act {number}: {error}") from error
    return tuple(found)


def wrong_acts(
    acts: tuple[DeskAct, ...],
    *,
    staff: set[str],
    readers: set[str],
    stories: Mapping[str, float],
    comments: Mapping[str, float],
) -> Iterator[str]:
    """Say which acts name what does not exist, or what did not exist yet.

    Stories and comments are given with their age in hours.
    """
    for act in acts:
        by = getattr(act, "by", None)
        if by is not None and by not in staff:
            yield f"{act}: {by!r} is not one of the staff"
        reader = getattr(act, "reader", None)
        if reader is not None and reader not in readers:
            yield f"{act}: nobody is called {reader!r}"
        for name, known in (("comment", comments), ("story", stories)):
            key = getattr(act, name, None)
            if key is not None and known.get(key, 0.0) <= act.hours_ago:
                yield f"{act}: there was no {name} {key!r} then"
