"""What happened to a legal notice, in order, from what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from belowline.actions.legal_facts import Where
from belowline.core.text import later
from belowline.legal.model import LetterState
from belowline.web.pages.legal_words import ANSWERS, ENDS, LETTER_STATES, LETTERS


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened."""

    at: datetime
    what: str
    state: tuple[str, str] | None = None
    """For a letter: what became of it, and in what tone that is said."""
    by: str = ""


def tell_timeline(where: Where, names: Mapping[int, str]) -> list[Moment]:
    """Return what happened, oldest first."""
    notice = where.notice
    told = [Moment(notice.received_at, later("The notice came in"))]
    for one in where.letters:
        by = names.get(one.made_by, "") if one.made_by is not None else ""
        at = one.sent_at or (one.made_at if one.state is LetterState.WAITING else one.due_at)
        told.append(Moment(at, LETTERS[one.kind], LETTER_STATES[one.state], by))
    if notice.answer is not None:
        told.append(Moment(notice.answer.at, ANSWERS[notice.answer.kind]))
    if notice.doubted_at is not None:
        told.append(
            Moment(notice.doubted_at, later("The author’s details were found obviously false"))
        )
    if notice.gone_at is not None:
        told.append(Moment(notice.gone_at, later("The author took the comment back")))
    elif where.facts.down_at is not None:
        told.append(Moment(where.facts.down_at, later("The comment was removed")))
    if notice.closed_at is not None and notice.closed_as is not None:
        told.append(Moment(notice.closed_at, ENDS[notice.closed_as]))
    return sorted(told, key=lambda one: one.at)
