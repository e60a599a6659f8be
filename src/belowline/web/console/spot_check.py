"""The console's spot check: a published comment that nobody brought up, and whether it stays."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions.spot_checks import (
    CheckDraft,
    get_waiting_check,
    take_spot_check,
    waiting_checks,
)
from belowline.comments import store as comments
from belowline.core.errors import BelowlineError, InvalidInput, StaleVersion
from belowline.core.terms import CommentId, Outcome, RuleKey
from belowline.rules import store as rules
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.fields import choice, whole
from belowline.web.forms import Form, FormBody, read_form


def spot_check(visitor: Visitor, comment: int) -> Response[bytes]:
    """Show a comment as its readers see it, without anything that is known of it."""
    return _page(visitor, comment)


def answer(visitor: Visitor, comment: int, data: FormBody) -> Response[Any]:
    """Keep what the visitor says; lead to the case of what would go, else to the next."""
    form = read_form(data, fields={"outcome", "rule", "seen_revision"})
    house, site_id, by = visitor.house, visitor.at.id, visitor.reader_id
    try:
        draft = CheckDraft(
            CommentId(comment),
            whole(form, "seen_revision"),
            choice(form, "outcome", Outcome),
            RuleKey(form.text("rule")) if form.text("rule") else None,
        )
        take_spot_check(house.db, site_id=site_id, by=by, settings=house.settings, draft=draft)
    except (InvalidInput, StaleVersion) as error:
        return _page(visitor, comment, error=error, typed=form)
    if draft.outcome is Outcome.REMOVE:
        return back_to(visitor, f"/cases/{comment}", said="would_go")
    left = waiting_checks(house.db, site_id=site_id, by=by, settings=house.settings)
    if left:
        return back_to(visitor, f"/spot-checks/{left[0].comment_id}")
    return back_to(visitor, "/second-look", said="checked")


def _page(
    visitor: Visitor,
    comment: int,
    *,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    house, site_id = visitor.house, visitor.at.id
    check = get_waiting_check(
        house.db,
        CommentId(comment),
        site_id=site_id,
        by=visitor.reader_id,
        settings=house.settings,
    )
    with house.db.read() as conn:
        above = None
        if check.parent_id is not None:
            above = comments.get_comment(conn, site_id, check.parent_id)
        rulebook = rules.get_current_rulebook(conn, site_id)
    return desk_page(
        visitor,
        "spot_check.html",
        here="second-look",
        error=error,
        typed=typed,
        check=check,
        above=above,
        rulebook=rulebook,
    )
