"""A notice of defamation as a state machine: section 5 of the Defamation Act 2013, step by step.

In words, with the paragraphs of the Schedule to the Regulations. A notice that lacks something
required is answered by saying what is required (regulation 4). If the author can be written to
privately, they are sent the notice and have until the end of the fifth day to answer (2); if not,
the comment is removed (3). Either way the notice is acknowledged (4). Without an answer in time the
comment is removed (5), and so it is when the answer is not complete or obviously false (6) or
agrees (7). If the author stands by it and gives name and address, the comment stays and the
complainant is told, with the details if the author consents (8). A comment of the same author about
which the same complainant was right twice before is removed at once (9). Whoever removes the
comment, it counts (1). Each of our steps has 48 hours; a court may forgive lateness (regulation 5),
so what is late is still owed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from belowline.core.terms import ReaderId, Refusal
from belowline.core.text import later
from belowline.legal.calendar import answer_by, due_after
from belowline.legal.model import Answer, AnswerKind, ClosedAs, Grounds, Lack, LetterKind

SOON = timedelta(hours=12)


class Step(StrEnum):
    """Where a notice stands."""

    DEFECTIVE = "defective"
    TELL_AUTHOR = "tell_author"
    UNREACHABLE = "unreachable"
    WAITING = "waiting"
    """For the author, until a known midnight."""
    SILENT = "silent"
    NOT_COMPLETE = "not_complete"
    AGREED = "agreed"
    STANDS_BY_IT = "stands_by_it"
    AGAIN = "again"
    GONE = "gone"
    """The comment is down; the complainant may still have to be told."""


class Act(StrEnum):
    """What the operator can owe: the removal, or one of the letters by its kind."""

    REMOVE = "remove"
    DEFECTIVE = "defective"
    AUTHOR = "author"
    ACKNOWLEDGED = "acknowledged"
    REMOVED = "removed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that is owed, by when; ``ready`` is False while another must come first."""

    act: Act
    due_at: datetime
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the answer depends on."""

    received_at: datetime
    is_complete: bool
    reachable: bool
    """Whether we can write to the author privately and electronically."""
    is_repeat: bool = False
    told: Mapping[LetterKind, datetime] = field(default_factory=dict)
    """The letters that went out, and when."""
    answer: Answer | None = None
    doubted: bool = False
    """Whether a reasonable operator finds the name or the address obviously false."""
    down_at: datetime | None = None
    """Since when the comment is down, whoever took it down."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a notice stands at a time: what is owed now, by when, and whether it is over."""

    step: Step
    duties: tuple[Duty, ...] = ()
    answer_by: datetime | None = None
    """Until when the author may answer, once they have been written to."""
    over: ClosedAs | None = None

    @property
    def must_come_down(self) -> bool:
        """Say whether the law wants the comment removed now."""
        return any(duty.act is Act.REMOVE for duty in self.duties)

    @property
    def due_at(self) -> datetime | None:
        """Return the next deadline of ours, or None if nothing is owed now."""
        return min((duty.due_at for duty in self.duties), default=None)

    def owes(self, act: Act) -> bool:
        """Say whether this is owed and can be done now."""
        return any(duty.act == act and duty.ready for duty in self.duties)


MESSAGES: Mapping[str, str] = {
    "own_comment": later("The notice is about your own comment. Somebody else has to handle it."),
    "lane_off": later("This site does not take notices of defamation in this way."),
    "notice_closed": later("This notice is closed."),
    "not_owed": later("This is not what comes next."),
    "letter_ordered": later("This letter is on its way already."),
    "not_about_you": later("This notice is not about a comment of yours."),
    "already_answered": later("You have answered this notice already."),
    "not_asked": later("You have not been asked for an answer yet."),
    "already_down": later("The comment is down already."),
    "nothing_to_doubt": later("There is no name or address to doubt here."),
}
"""What is said when something is refused, by code."""


def lacks_of(grounds: Grounds, *, name: str) -> tuple[Lack, ...]:
    """Return what a notice lacks of what the law requires.

    The address for letters is not among it: without one there is nobody to answer, so there is no
    notice either. What the words mean and whether they are defamatory is not judged here.
    """
    found = {
        Lack.NAME: bool(name),
        Lack.WORDS: bool(grounds.words),
        Lack.WHY: bool(grounds.why),
        Lack.MEANING: bool(grounds.meaning),
        Lack.WRONG: bool(grounds.wrong),
        Lack.CANNOT_SUE: grounds.cannot_sue,
        Lack.CONSENT: grounds.consents is not None,
    }
    return tuple(lack for lack, there in found.items() if not there)


def position(facts: Facts, *, now: datetime, extra: Collection[date] = ()) -> Position:
    """Return where a notice stands now. ``extra`` are bank holidays that were proclaimed once."""
    by_receipt = due_after(facts.received_at, extra=extra)
    sent_at = facts.told.get(LetterKind.AUTHOR)
    until = answer_by(sent_at) if sent_at is not None else None
    if LetterKind.DEFECTIVE in facts.told:
        return Position(Step.DEFECTIVE, over=ClosedAs.DEFECTIVE)
    if facts.down_at is not None:
        return _down(facts, facts.down_at, until, extra=extra)
    if not facts.is_complete and sent_at is None:
        return Position(Step.DEFECTIVE, (Duty(Act.DEFECTIVE, by_receipt),))
    if facts.is_repeat and sent_at is None:
        return Position(Step.AGAIN, _remove(by_receipt))
    if until is None:
        return _first_steps(facts, by_receipt)
    return _after_telling(facts, until, by_receipt, now=now, extra=extra)


def _first_steps(facts: Facts, due_at: datetime) -> Position:
    """Paragraphs 2 to 4: write to the author or remove, and say to the complainant which."""
    acknowledge = Duty(Act.ACKNOWLEDGED, due_at, ready=False)
    if not facts.reachable:
        return Position(Step.UNREACHABLE, (Duty(Act.REMOVE, due_at), acknowledge))
    return Position(Step.TELL_AUTHOR, (Duty(Act.AUTHOR, due_at), acknowledge))


def _after_telling(
    facts: Facts,
    until: datetime,
    by_receipt: datetime,
    *,
    now: datetime,
    extra: Collection[date],
) -> Position:
    """Paragraphs 5 to 8: what follows from the author's answer, or from none in time."""
    first: tuple[Duty, ...] = ()
    if LetterKind.ACKNOWLEDGED not in facts.told:
        first = (Duty(Act.ACKNOWLEDGED, by_receipt),)
    answer = facts.answer
    if answer is None or answer.at > until:
        if now <= until:
            return Position(Step.WAITING, first, until)
        return Position(Step.SILENT, first + _remove(due_after(until, extra=extra)), until)
    due_at = due_after(answer.at, extra=extra)
    if answer.kind is AnswerKind.AGREES:
        return Position(Step.AGREED, first + _remove(due_at), until)
    if answer.kind is AnswerKind.INCOMPLETE or facts.doubted:
        return Position(Step.NOT_COMPLETE, first + _remove(due_at), until)
    duties = first
    if LetterKind.REFUSED not in facts.told:
        duties += (Duty(Act.REFUSED, due_at),)
    over = None if duties else ClosedAs.REFUSED
    return Position(Step.STANDS_BY_IT, duties, until, over)


def _down(
    facts: Facts,
    down_at: datetime,
    until: datetime | None,
    *,
    extra: Collection[date],
) -> Position:
    """Paragraph 1: whoever removed it, only the complainant is left to be told."""
    acknowledged_at = facts.told.get(LetterKind.ACKNOWLEDGED)
    if LetterKind.REMOVED in facts.told or (acknowledged_at and acknowledged_at > down_at):
        return Position(Step.GONE, (), until, ClosedAs.REMOVED)
    # The deadline is that of the step in which it came down; it never begins anew by a removal.
    still_up = position(replace(facts, down_at=None), now=down_at, extra=extra)
    due_at = still_up.due_at or due_after(down_at, extra=extra)
    is_first = acknowledged_at is None and not facts.is_repeat and facts.is_complete
    act = Act.ACKNOWLEDGED if is_first else Act.REMOVED
    return Position(Step.GONE, (Duty(act, due_at),), until)


def _remove(due_at: datetime) -> tuple[Duty, ...]:
    return Duty(Act.REMOVE, due_at), Duty(Act.REMOVED, due_at, ready=False)


def reminder(where: Position, *, now: datetime) -> str | None:
    """Say of what the desk has to be reminded, as ``silent`` or ``due_soon``; None of nothing.

    Nobody does anything when an author's time runs out, so nothing else would tell; and a deadline
    is named once more when half a day is left.
    """
    if where.due_at is not None and where.due_at - now <= SOON:
        return "due_soon"
    return "silent" if where.step is Step.SILENT else None


def may_answer(facts: Facts, *, by_author: bool, closed: bool) -> Refusal | None:
    """Say why somebody cannot answer a notice, or None if they can.

    The author can, once, from the letter on. A late answer is taken and kept; it changes nothing.
    """
    if not by_author:
        return _refuse("not_about_you")
    if closed:
        return _refuse("notice_closed")
    if LetterKind.AUTHOR not in facts.told:
        return _refuse("not_asked")
    if facts.answer is not None:
        return _refuse("already_answered")
    if facts.down_at is not None:
        return _refuse("already_down")
    return None


def may_send(
    kind: LetterKind, where: Position, facts: Facts, *, ordered: Collection[LetterKind]
) -> Refusal | None:
    """Say why a letter cannot be sent now, or None if it can: only what is owed goes out.

    A person who reads a notice may find it defective although every field is filled in, so that
    letter can go out instead of the first ones; then none of the others does.
    """
    if where.over is not None:
        return _refuse("notice_closed")
    if kind in ordered or LetterKind.DEFECTIVE in ordered:
        return _refuse("letter_ordered")
    if kind is LetterKind.DEFECTIVE and not facts.told and not ordered and facts.down_at is None:
        return None
    return None if where.owes(Act(kind.value)) else _refuse("not_owed")


def may_doubt(where: Position, facts: Facts) -> Refusal | None:
    """Say why an answer cannot be found obviously false, or None if it can."""
    if where.over is not None:
        return _refuse("notice_closed")
    if where.step is not Step.STANDS_BY_IT or LetterKind.REFUSED in facts.told:
        return _refuse("nothing_to_doubt")
    return None


def may_handle(*, by: ReaderId, author: ReaderId) -> Refusal | None:
    """Say why somebody of the desk cannot handle a notice: nobody does about their own comment."""
    return _refuse("own_comment") if by == author else None


def refuse_off() -> Refusal:
    """Return the refusal of a site where this lane is switched off."""
    return _refuse("lane_off")


def _refuse(code: str) -> Refusal:
    return Refusal(code, MESSAGES[code])
