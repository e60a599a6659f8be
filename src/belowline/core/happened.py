"""An event as it stands in the log, before anybody interprets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from belowline.core.terms import SiteId

Plain = str | int | float | bool | None | list[int] | list[str]


@dataclass(frozen=True, slots=True)
class Happened:
    """One row of the event log: what kind of thing, where, by whom, with which ids."""

    seq: int
    xid: int
    at: datetime
    kind: str
    site_id: SiteId
    actor: str
    data: Mapping[str, Plain]

    def number(self, name: str) -> int:
        """Return an id from the data; raises KeyError or TypeError if it is not there as one."""
        value = self.data[name]
        if not isinstance(value, int):
            raise TypeError(name)
        return value

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return ids from the data, none if there are none."""
        value = self.data.get(name)
        return tuple(int(one) for one in value) if isinstance(value, list) else ()

    def text(self, name: str) -> str:
        """Return a code from the data, or an empty string."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""

    def actor_id(self) -> int | None:
        """Return the acting reader's id, or None if the system acted."""
        kind, _, number = self.actor.partition(":")
        return int(number) if kind == "reader" else None
