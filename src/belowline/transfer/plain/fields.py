"""The values of one record in the plain form, and which of them could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import TypeVar

from belowline.transfer import cleaning
from belowline.transfer.codes import RecordKind, Repair
from belowline.transfer.fields import number_of, text_of, truth_of
from belowline.transfer.instants import read_instant
from belowline.transfer.shape import Repaired

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)


@dataclass(slots=True)
class Fields:
    """One record as it was written. ``place`` says where, for the report."""

    written: dict[str, object]
    place: str
    zone: tzinfo
    now: datetime
    _dropped: list[str] = field(default_factory=list)
    _came_early: bool = False

    def text(self, name: str) -> str:
        """Return a text as it stands."""
        return text_of(self.written, name)

    def line(self, name: str) -> str:
        """Return a text as one line, without what does not belong in one."""
        return cleaning.clean_line(self.text(name))

    def id(self, name: str) -> str | None:
        """Return an id; what is given and cannot be one is noted."""
        return self._noted(name, cleaning.clean_id(self.text(name)))

    def time(self, name: str, *, may_come: bool = False) -> datetime | None:
        """Return a time; without a zone of its own it is in the file's. One to come is now."""
        at = self._noted(name, read_instant(self.text(name), zone=self.zone))
        if at is None or at <= self.now or may_come:
            return at
        self._came_early = True
        return self.now

    def truth(self, name: str, *, otherwise: bool) -> bool:
        """Return whether something is so; ``otherwise`` where nothing is said of it.

        What is said in a way that is not understood is not so.
        """
        if not self.text(name).strip():
            return otherwise
        said = truth_of(self.written, name)
        return bool(self._noted(name, said))

    def number(self, name: str) -> int:
        """Return a whole number from zero up; anything below or else is 0."""
        number = number_of(self.written, name)
        if number == 0 and self.text(name).strip(" 0"):
            self._dropped.append(name)
        return number

    def word(self, name: str, words: type[Word]) -> Word | None:
        """Return one of a closed set of words, in capitals or not."""
        written = self.text(name).strip().lower()
        return self._noted(name, words(written) if written in set(words) else None)

    def address(self, name: str) -> str | None:
        """Return an e-mail address."""
        return cleaning.clean_email(self.text(name))

    def repairs(self, kind: RecordKind, source_id: str) -> Iterator[Repaired]:
        """Yield what could not be read of what was asked for so far."""
        for name in self._dropped:
            yield Repaired(kind, source_id, Repair.VALUE_DROPPED, f"{self.place}, {name}")
        if self._came_early:
            yield Repaired(kind, source_id, Repair.DATE_IN_FUTURE, self.place)

    def _noted(self, name: str, value: Value | None) -> Value | None:
        if value is None and self.text(name).strip():
            self._dropped.append(name)
        return value
