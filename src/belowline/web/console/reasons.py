"""The console's saved reasons: by rule, filled in where a removal is written."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from litestar import Response

from belowline.actions import saved_reasons as actions
from belowline.core.errors import InvalidInput
from belowline.core.terms import RuleKey
from belowline.moderation import saved
from belowline.moderation.reasons import LONGEST_SAVED, MOST_SAVED, NAMES, fill_in
from belowline.moderation.saved import SavedReason
from belowline.rules.model import Rulebook
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.console.dossier import Dossier
from belowline.web.console.questions import find_rulebook
from belowline.web.fields import required
from belowline.web.forms import Form, FormBody, read_form


def reasons(visitor: Visitor, said: str | None = None) -> Response[bytes]:
    """Show the site's saved reasons under their rules."""
    return _reasons(visitor, said=said)


def save_reason(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Save a reason for one rule."""
    form = read_form(data, fields={"rule", "text"})
    try:
        actions.save_reason(
            visitor.house.db,
            site_id=visitor.at.id,
            by=visitor.reader_id,
            rule=RuleKey(required(form, "rule")),
            text=form.text("text"),
        )
    except InvalidInput as error:
        return _reasons(visitor, error=error, typed=form)
    return back_to(visitor, "/reasons", said="reason_saved")


def drop_reason(visitor: Visitor, reason: int) -> Response[Any]:
    """Drop a saved reason."""
    actions.drop_reason(visitor.house.db, reason, site_id=visitor.at.id, by=visitor.reader_id)
    return back_to(visitor, "/reasons", said="reason_dropped")


def offer_reasons(dossier: Dossier, there: list[SavedReason]) -> dict[RuleKey, tuple[str, ...]]:
    """Return the saved reasons for each rule, filled in for this case."""
    offered: dict[RuleKey, list[str]] = defaultdict(list)
    for one in there:
        rule = dossier.rulebook.rule(one.rule)
        if rule is not None:
            values = {
                "name": dossier.author.name,
                "story": dossier.story.title,
                "rule": rule.title,
            }
            offered[one.rule].append(fill_in(one.text, values))
    return {rule: tuple(texts) for rule, texts in offered.items()}


def _reasons(
    visitor: Visitor,
    *,
    said: str | None = None,
    error: InvalidInput | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        rulebook = find_rulebook(conn, visitor.at.id)
        there = saved.list_saved(conn, visitor.at.id)
    return desk_page(
        visitor,
        "reasons.html",
        here="reasons",
        said=said,
        error=error,
        typed=typed,
        shelves=_shelves(rulebook, there),
        rules=rulebook.rules if rulebook is not None else (),
        names=NAMES,
        longest=LONGEST_SAVED,
        most=MOST_SAVED,
    )


def _shelves(
    rulebook: Rulebook | None, there: list[SavedReason]
) -> list[tuple[str, list[SavedReason]]]:
    """Put reasons under their rules' titles, in the rulebook's order; dropped rules come last."""
    by_rule: dict[RuleKey, list[SavedReason]] = defaultdict(list)
    for one in there:
        by_rule[one.rule].append(one)
    in_force = rulebook.rules if rulebook is not None else ()
    shelves = [(rule.title, by_rule.pop(rule.key)) for rule in in_force if rule.key in by_rule]
    return [*shelves, *by_rule.items()]
