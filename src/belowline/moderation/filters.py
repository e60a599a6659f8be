"""What part of the queue somebody looks at: a view, and what narrows it. Pure.

It is written into addresses, so that deciding leads back to the same part, and into saved views.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, fields

import msgspec

from belowline.core.errors import InvalidInput
from belowline.moderation.model import QueueView

LONGEST_TEXT = 200
LONGEST_HOURS = 24 * 365
LONGEST_WRITTEN = 2000
EVERYWHERE = "desk"


@dataclass(frozen=True, slots=True)
class Filters:
    """A part of the queue."""

    view: QueueView = QueueView.ALL
    sites: tuple[str, ...] = ()
    """Keys of sites, for the queue over many; none is all of them."""
    rule: str = ""
    story: str = ""
    """A part of the headline, or the key."""
    hours: int = 0
    """Only what has waited at least so long."""
    text: str = ""
    """What is typed into the search."""

    def __post_init__(self) -> None:
        """Refuse what no form would send. Raises InvalidInput."""
        texts = (self.rule, self.story, self.text, *self.sites)
        fits = all(len(one) <= LONGEST_TEXT and "\x00" not in one for one in texts)
        if not fits or not 0 <= self.hours <= LONGEST_HOURS or len(self.sites) > LONGEST_TEXT:
            raise _bad_view()

    @property
    def narrows(self) -> bool:
        """Say whether it is narrower than its view."""
        return self != Filters(self.view)


@dataclass(frozen=True, slots=True)
class Round:
    """A part of the queue that somebody works through, at one site or over all of theirs."""

    filters: Filters = Filters()
    everywhere: bool = False

    @property
    def value(self) -> str:
        """Return it as an address carries it: letters, digits and dots."""
        return str(self)

    def __str__(self) -> str:
        parts = [self.filters.view.value]
        if self.everywhere:
            parts.append(EVERYWHERE)
        if self.filters.narrows:
            parts.append(_pack(self.filters))
        return ".".join(parts)


def read_round(text: str | None) -> Round:
    """Read which part of the queue an address names. Raises InvalidInput."""
    view, *rest = (text or QueueView.ALL).split(".")
    everywhere = rest[:1] == [EVERYWHERE]
    packed = rest[1:] if everywhere else rest
    if len(packed) > 1 or len(text or "") > LONGEST_WRITTEN:
        raise _bad_view()
    try:
        chosen = QueueView(view)
    except ValueError as error:
        raise _bad_view() from error
    return Round(_unpack(chosen, packed[0]) if packed else Filters(chosen), everywhere)


def to_plain(filters: Filters) -> dict[str, object]:
    """Return filters as a document of what differs from none, to be kept."""
    none = Filters()
    return {
        field.name: getattr(filters, field.name)
        for field in fields(Filters)
        if getattr(filters, field.name) != getattr(none, field.name)
    }


def from_plain(kept: object) -> Filters:
    """Return filters that were kept. Raises InvalidInput."""
    try:
        return msgspec.convert(kept, Filters)
    except msgspec.ValidationError as error:
        raise _bad_view() from error


def _pack(filters: Filters) -> str:
    kept = {name: value for name, value in to_plain(filters).items() if name != "view"}
    return base64.urlsafe_b64encode(msgspec.json.encode(kept)).decode().rstrip("=")


def _unpack(view: QueueView, packed: str) -> Filters:
    try:
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        kept = msgspec.json.decode(raw)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise _bad_view() from error
    if not isinstance(kept, dict):
        raise _bad_view()
    return from_plain({**kept, "view": view})


def _bad_view() -> InvalidInput:
    return InvalidInput("There is no such view.", field="view", code="bad_view")
