"""What the log says of decisions, reports and appeals, each with what became of it.

Second looks and spot checks are in it, too. A ledger holds ids, codes and times alone, and every
figure of the quality page and of the yearly report is counted from one. ``replay`` makes it from
events in their order; ``recount`` makes the same from the rows, and a test holds the two against
each other. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, and what became of it."""

    id: int
    at: datetime
    by: int | None
    """Who decided; None if it was settled automatically."""
    outcome: str
    source: str
    reader_id: int
    comment_id: int | None = None
    rule: str | None = None
    rulebook_id: int | None = None
    answered: tuple[int, ...] = ()
    waiting_since: datetime | None = None
    in_question: str | None = None
    sanction: str | None = None
    undone: bool = False
    overturned: bool = False


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, and whether it was upheld; None while nothing has answered it, or nothing ever."""

    id: int
    at: datetime
    rule: str
    rulebook_id: int | None = None
    upheld: bool | None = None


@dataclass(frozen=True, slots=True)
class Appealed:
    """An appeal, and its answer; None while it waits, or if it ended without one."""

    id: int
    decision_id: int
    filed_at: datetime
    upheld: bool | None = None
    decided_at: datetime | None = None
    by: int | None = None
    """Who decided it; None also if the decision was taken back, which granted it."""
    withdrawn: bool = False
    """It is over without an answer: the appellant has left, or the comment is gone."""
    by_reporter: bool = False
    """Whether somebody who reported has appealed, and not whom the decision is against."""


@dataclass(frozen=True, slots=True)
class LookedAgain:
    """A second look at a decided case."""

    decision_id: int
    at: datetime
    by: int
    outcome: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class SpotChecked:
    """What somebody said of a published comment, drawn by lot, that nobody had brought up."""

    comment_id: int
    at: datetime
    by: int
    outcome: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """Something that came in under the law: an order to act or to inform, or a notice."""

    what: str
    """act, inform or notice."""
    id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that figures are counted from, each kind by id."""

    decisions: tuple[Decided, ...] = ()
    reports: tuple[Reported, ...] = ()
    appeals: tuple[Appealed, ...] = ()
    second_looks: tuple[LookedAgain, ...] = ()
    received: tuple[Received, ...] = ()
    spot_checks: tuple[SpotChecked, ...] = ()

    def decision(self) -> dict[int, Decided]:
        """Return the decisions by id."""
        return {one.id: one for one in self.decisions}
