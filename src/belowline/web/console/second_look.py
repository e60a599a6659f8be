"""The console's second look: some decided cases again, blind, to see how far two people agree.

Beside them wait the spot checks; see ``spot_check``.
"""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions.second_looks import (
    Answer,
    get_waiting_look,
    take_second_look,
    waiting_looks,
)
from belowline.actions.spot_checks import waiting_checks
from belowline.comments import store as comments
from belowline.core.errors import BelowlineError, InvalidInput
from belowline.core.terms import DecisionId, Finding, Outcome, RuleKey
from belowline.reports import store as reports
from belowline.rules import store as rules
from belowline.screens import store as verdicts
from belowline.screens.messages import message_for
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.console.queue import excerpt
from belowline.web.fields import choice
from belowline.web.forms import Form, FormBody, read_form


def second_looks(visitor: Visitor, said: str | None = None) -> Response[bytes]:
    """Show the cases that wait for a second look of the visitor's, and what nobody brought up."""
    house, site_id, by = visitor.house, visitor.at.id, visitor.reader_id
    found = waiting_looks(house.db, site_id=site_id, by=by, settings=house.settings)
    checks = waiting_checks(house.db, site_id=site_id, by=by, settings=house.settings)
    return desk_page(
        visitor,
        "second_looks.html",
        here="second-look",
        said=said,
        looks=[(one, excerpt(one.html)) for one in found],
        checks=[(one, excerpt(one.html)) for one in checks],
    )


def second_look(visitor: Visitor, decision: int) -> Response[bytes]:
    """Show a case as it was when it was decided, and not what was decided."""
    return _page(visitor, decision)


def answer(visitor: Visitor, decision: int, data: FormBody) -> Response[Any]:
    """Keep what the visitor would have decided, and go on to the next."""
    form = read_form(data, fields={"outcome", "rule"})
    house, site_id, by = visitor.house, visitor.at.id, visitor.reader_id
    try:
        outcome = choice(form, "outcome", Outcome)
        rule = RuleKey(form.text("rule")) if form.text("rule") else None
        take_second_look(
            house.db,
            site_id=site_id,
            by=by,
            settings=house.settings,
            answer=Answer(DecisionId(decision), outcome, rule),
        )
    except InvalidInput as error:
        return _page(visitor, decision, error=error, typed=form)
    left = waiting_looks(house.db, site_id=site_id, by=by, settings=house.settings)
    if left:
        return back_to(visitor, f"/second-look/{left[0].decision_id}")
    return back_to(visitor, "/second-look", said="looked_again")


def _page(
    visitor: Visitor,
    decision: int,
    *,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    house, site_id = visitor.house, visitor.at.id
    look = get_waiting_look(
        house.db,
        DecisionId(decision),
        site_id=site_id,
        by=visitor.reader_id,
        settings=house.settings,
    )
    with house.db.read() as conn:
        above = None
        if look.parent_id is not None:
            above = comments.get_comment(conn, site_id, look.parent_id)
        reported = reports.list_by_ids(conn, look.answered)
        found = [
            one
            for one in verdicts.list_verdicts(conn, look.comment_id, revision=look.revision)
            if one.finding is not Finding.PASS
        ]
        rulebook = rules.get_current_rulebook(conn, site_id)
    return desk_page(
        visitor,
        "second_look.html",
        here="second-look",
        error=error,
        typed=typed,
        look=look,
        above=above,
        reports=reported,
        verdicts=found,
        message_for=message_for,
        rulebook=rulebook,
    )
