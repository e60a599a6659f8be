"""Putting a ledger together from events, which come in the log's order. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from belowline.core.happened import Happened
from belowline.events import kinds
from belowline.transparency.ledger import (
    Appealed,
    Decided,
    Ledger,
    LookedAgain,
    Received,
    Reported,
    SpotChecked,
)

TOLD_BY = (
    kinds.CommentReported,
    kinds.DecisionMade,
    kinds.DecisionUndone,
    kinds.SanctionImposed,
    kinds.SanctionLifted,
    kinds.AppealFiled,
    kinds.AppealDecided,
    kinds.AppealLapsed,
    kinds.ReaderErased,
    kinds.SecondLookTaken,
    kinds.SpotCheckTaken,
    kinds.OrderEntered,
    kinds.LegalNoticeReceived,
)
"""The kinds of events that a ledger is made from."""


@dataclass(slots=True)
class Replay:
    """Puts a ledger together from events, which come in the log's order."""

    _decisions: dict[int, Decided] = field(default_factory=dict)
    _reports: dict[int, Reported] = field(default_factory=dict)
    _answered_by: dict[int, int] = field(default_factory=dict)
    _answered_later: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _appeals: dict[int, Appealed] = field(default_factory=dict)
    _appellants: dict[int, int | None] = field(default_factory=dict)
    _imposed_by: dict[int, int] = field(default_factory=dict)
    _looks: dict[int, LookedAgain] = field(default_factory=dict)
    _received: list[Received] = field(default_factory=list)
    _checks: dict[int, SpotChecked] = field(default_factory=dict)

    def ledger(self) -> Ledger:
        """Return what the events so far come to."""
        return Ledger(
            tuple(one for _, one in sorted(self._decisions.items())),
            tuple(one for _, one in sorted(self._reports.items())),
            tuple(one for _, one in sorted(self._appeals.items())),
            tuple(one for _, one in sorted(self._looks.items())),
            tuple(self._received),
            tuple(one for _, one in sorted(self._checks.items())),
        )

    def take(self, event: Happened) -> None:  # noqa: C901 - a case for each kind
        """Take in one event; one of another kind changes nothing."""
        match event.kind:
            case kinds.CommentReported.__name__:
                self._reported(event)
            case kinds.DecisionMade.__name__:
                self._decided(event)
            case kinds.DecisionUndone.__name__:
                self._undo(event.number("decision_id"))
            case kinds.SanctionImposed.__name__:
                self._imposed(event)
            case kinds.SanctionLifted.__name__:
                self._lifted(event)
            case kinds.AppealFiled.__name__:
                self._filed(event)
            case kinds.AppealDecided.__name__:
                self._answered(event)
            case kinds.AppealLapsed.__name__:
                self._lapsed(event.number("appeal_id"))
            case kinds.ReaderErased.__name__:
                self._erased(event.number("reader_id"))
            case kinds.SecondLookTaken.__name__:
                self._looked(event)
            case kinds.SpotCheckTaken.__name__:
                self._checked(event)
            case _:
                self._came_in(event)

    def _reported(self, event: Happened) -> None:
        report_id = event.number("report_id")
        before = self._reports.get(report_id)
        self._reports[report_id] = Reported(
            report_id,
            before.at if before else event.at,
            event.text("rule"),
            _id(event, "rulebook_id"),
            # Whatever had nothing new in it is answered by a decision that had left the comment.
            upheld=False if _id(event, "answered_by") is not None else None,
        )

    def _decided(self, event: Happened) -> None:
        waited = event.text("waiting_since")
        one = Decided(
            id=event.number("decision_id"),
            at=event.at,
            by=None if event.data["automated"] else event.actor_id(),
            outcome=event.text("outcome"),
            source=event.text("source"),
            reader_id=event.number("reader_id"),
            comment_id=_id(event, "comment_id"),
            rule=event.text("rule") or None,
            rulebook_id=_id(event, "rulebook_id"),
            answered=event.numbers("answered"),
            waiting_since=datetime.fromisoformat(waited) if waited else None,
            in_question=event.text("in_question") or None,
        )
        self._decisions[one.id] = one
        self._answer(one.answered, one.id, upheld=one.outcome == "remove")

    def _answer(self, report_ids: Iterable[int], decision_id: int, *, upheld: bool) -> None:
        for report_id in report_ids:
            if report_id in self._reports:
                self._reports[report_id] = replace(self._reports[report_id], upheld=upheld)
                self._answered_by[report_id] = decision_id

    def _undo(self, decision_id: int) -> None:
        one = self._decisions.get(decision_id)
        if one is None:
            return
        self._decisions[decision_id] = replace(one, undone=True)
        for report_id in one.answered:
            if self._answered_by.get(report_id) == decision_id:
                self._reports[report_id] = replace(self._reports[report_id], upheld=None)
                del self._answered_by[report_id]

    def _overturn(self, decision_id: int) -> None:
        one = self._decisions.get(decision_id)
        if one is None or one.undone:
            return
        self._decisions[decision_id] = replace(one, overturned=True)
        for report_id in (*one.answered, *self._answered_later.get(decision_id, ())):
            if self._answered_by.get(report_id) == decision_id:
                self._reports[report_id] = replace(self._reports[report_id], upheld=False)

    def _imposed(self, event: Happened) -> None:
        decision_id = event.number("decision_id")
        self._imposed_by[event.number("sanction_id")] = decision_id
        if one := self._decisions.get(decision_id):
            self._decisions[decision_id] = replace(one, sanction=event.text("sanction"))

    def _lifted(self, event: Happened) -> None:
        decision_id = self._imposed_by.get(event.number("sanction_id"))
        if decision_id is None:
            return
        if event.text("cause") == "undone":
            self._undo(decision_id)
        elif event.text("cause") == "overturned":
            self._overturn(decision_id)

    def _filed(self, event: Happened) -> None:
        appeal_id = event.number("appeal_id")
        self._appeals[appeal_id] = Appealed(
            appeal_id,
            event.number("decision_id"),
            event.at,
            by_reporter=_id(event, "report_id") is not None,
        )
        self._appellants[appeal_id] = _id(event, "reader_id")

    def _answered(self, event: Happened) -> None:
        decision_id, upheld = event.number("decision_id"), bool(event.data["upheld"])
        one = self._decisions.get(decision_id)
        found = self._appeals.get(event.number("appeal_id"))
        if found is not None:
            taken_back = one is not None and one.undone
            self._appeals[found.id] = replace(
                found,
                upheld=upheld,
                decided_at=event.at,
                by=None if taken_back else event.actor_id(),
            )
        if upheld:
            self._overturn(decision_id)
        removal_id = _id(event, "removal_id")
        if removal_id is not None:
            before = self._answered_later.get(removal_id, ())
            self._answered_later[removal_id] = (*before, *event.numbers("answered"))
            self._answer(event.numbers("answered"), removal_id, upheld=True)

    def _lapsed(self, appeal_id: int) -> None:
        if found := self._appeals.get(appeal_id):
            self._appeals[appeal_id] = replace(found, withdrawn=True)

    def _erased(self, reader_id: int) -> None:
        for appeal_id, found in self._appeals.items():
            # What somebody asked for who had reported may be for others too; its own event says so.
            is_theirs = self._appellants[appeal_id] == reader_id and not found.by_reporter
            if is_theirs and found.upheld is None:
                self._appeals[appeal_id] = replace(found, withdrawn=True)

    def _came_in(self, event: Happened) -> None:
        if event.kind == kinds.OrderEntered.__name__:
            what, name = event.text("order_kind"), "order_id"
        elif event.kind == kinds.LegalNoticeReceived.__name__:
            what, name = "notice", "legal_notice_id"
        else:
            return
        self._received.append(Received(what, event.number(name), event.at))

    def _looked(self, event: Happened) -> None:
        by, decision_id = event.actor_id(), event.number("decision_id")
        if by is not None:
            self._looks[decision_id] = LookedAgain(
                decision_id, event.at, by, event.text("outcome"), event.text("rule") or None
            )

    def _checked(self, event: Happened) -> None:
        by, comment_id = event.actor_id(), event.number("comment_id")
        if by is not None:
            self._checks[comment_id] = SpotChecked(
                comment_id, event.at, by, event.text("outcome"), event.text("rule") or None
            )


def replay(events: Iterable[Happened]) -> Ledger:
    """Return the ledger that these events come to."""
    found = Replay()
    for event in events:
        found.take(event)
    return found.ledger()


def _id(event: Happened, name: str) -> int | None:
    value = event.data.get(name)
    return value if isinstance(value, int) else None
