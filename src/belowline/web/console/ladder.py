"""The console's ladder: its numbers, tried on the site's own past before they are put in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response

from belowline.actions import ladders as actions
from belowline.actions.ladders import Trial
from belowline.core.errors import BelowlineError, Conflict, InvalidInput, StaleVersion
from belowline.core.terms import SanctionKind
from belowline.core.text import later
from belowline.readers.search import names_of
from belowline.sanctions import ladders
from belowline.sanctions.messages import ladder_steps
from belowline.sanctions.thresholds import BOUNDS, Bound, LadderSettings
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.fields import required, whole
from belowline.web.forms import Form, FormBody, read_form

SHOWN = 100
"""Readers listed in a trial; the counts are of all."""

GROUPS = (
    (later("The warning"), ("minor_breaches", "answer_days")),
    (later("Comments held first"), ("removed_percent", "hold_first_days", "approved_to_end")),
    (later("Suspension"), ("first_days", "second_days", "third_days", "further_days")),
    (later("Withdrawal"), ("suspensions", "withdrawal_days")),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One number of the form, as typed, with what it may be."""

    name: str
    bound: Bound
    value: str
    in_force: int


def ladder(visitor: Visitor, said: str | None = None) -> Response[bytes]:
    """Show the numbers in force, and what was in force before."""
    return _page(visitor, said=said)


def change(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Try the numbers on the last 30 days, or put them in force; trying changes nothing."""
    form = read_form(data, fields={*BOUNDS, "do", "seen", "confirm"})
    try:
        settings = LadderSettings(**{name: whole(form, name) for name in BOUNDS})
        if form.text("do") != "publish":
            with visitor.house.db.read() as conn:
                trial = actions.try_ladder(
                    conn, visitor.at.id, settings, now=visitor.house.db.clock()
                )
            return _page(visitor, typed=form, trial=trial)
        required(form, "confirm")
        actions.publish_ladder(
            visitor.house.db,
            visitor.at.id,
            settings,
            by=visitor.reader_id,
            seen=whole(form, "seen"),
        )
    except (InvalidInput, Conflict, StaleVersion) as error:
        return _page(visitor, typed=form, error=error)
    return back_to(visitor, "/ladder", said="ladder_published")


def _page(
    visitor: Visitor,
    *,
    said: str | None = None,
    typed: Form | None = None,
    trial: Trial | None = None,
    error: BelowlineError | None = None,
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        current = ladders.get_ladder(conn, visitor.at.id)
        earlier = ladders.list_ladders(conn, visitor.at.id)
        shown = trial.readers[:SHOWN] if trial is not None else ()
        names = names_of(conn, [one.reader_id for one in shown])
        names |= names_of(conn, [one.published_by for one in earlier])
    return desk_page(
        visitor,
        "ladder.html",
        here="ladder",
        said=said,
        error=error,
        current=current,
        earlier=earlier,
        names=names,
        groups=[
            (title, [_field(name, current.settings, typed) for name in group])
            for title, group in GROUPS
        ],
        steps=ladder_steps(current.settings),
        trial=trial,
        shown=shown,
        counts=_counts(trial) if trial is not None else [],
        looks_back=actions.LOOKS_BACK.days,
        most=actions.MOST_READERS,
        listed=SHOWN,
        filled=typed is not None,
    )


def _field(name: str, in_force: LadderSettings, typed: Form | None) -> Field:
    number: int = getattr(in_force, name)
    value = typed.text(name).strip() if typed is not None else str(number)
    return Field(name, BOUNDS[name], value, number)


def _counts(trial: Trial) -> list[tuple[SanctionKind, tuple[int, int, int]]]:
    return list(trial.counts().items())[::-1]
