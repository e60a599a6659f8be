"""The facts that a notice carries, read from the event that it follows from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, assert_never

import sqlalchemy as sa

from belowline.appeals.policy import APPEAL_WINDOW
from belowline.core.happened import Happened, Plain
from belowline.core.terms import Outcome, Source
from belowline.storage.tables import decisions


def concerns_author(decision: sa.Row[Any]) -> bool:
    """Say whether the author is told: what took the comment from readers or gave it to them.

    A comment held at the start is no news, because the page said so; one that readers had seen is.
    That a comment was reported and kept is not told either: there is nothing that the author could
    do, and it would only sour the conversation.
    """
    match Outcome(decision.outcome):
        case Outcome.REMOVE | Outcome.REFUSE | Outcome.PUBLISH:
            return True
        case Outcome.HOLD:
            return bool(decision.source == Source.REPORT)
        case Outcome.KEEP | Outcome.RESTORE | Outcome.SANCTION | Outcome.LIFT:
            return False
        case other:
            assert_never(other)


def led_to_by_appeal(conn: sa.Connection, decision_id: int) -> bool:
    """Say whether a reporter's appeal led to this removal: nobody can take it back."""
    query = sa.select(decisions.c.id).where(
        decisions.c.id == decision_id,
        decisions.c.outcome == Outcome.REMOVE,
        decisions.c.based_on.is_not(None),
    )
    return conn.execute(query).first() is not None


def about(event: Happened) -> dict[str, Plain]:
    """Return what the event is about, as far as it names that."""
    names = ("comment_id", "story_id")
    return {name: event.data[name] for name in names if event.data.get(name) is not None}


def of_appeal(event: Happened) -> dict[str, Plain]:
    """Return what a notice about an appeal carries."""
    return {
        **about(event),
        "appeal_id": event.number("appeal_id"),
        "decision_id": event.number("decision_id"),
    }


def appeal_until(told_at: datetime) -> dict[str, Plain]:
    """Return until when what was told then can be appealed."""
    return {"appeal_until": (told_at + APPEAL_WINDOW).isoformat()}
