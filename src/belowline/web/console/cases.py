"""The console's case: everything about one comment, and the decision about it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from litestar import Response

from belowline.actions import moderation as actions
from belowline.actions.handing_on import hand_case_on
from belowline.actions.holds import look_at_evidence
from belowline.actions.leases import give_back_case, take_case
from belowline.actions.legal_notices import note_opened
from belowline.core.errors import (
    BelowlineError,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleVersion,
)
from belowline.core.terms import CommentId, DecisionId, Outcome, ReportState, RuleKey, SiteId
from belowline.legal.store import list_open_about
from belowline.moderation import dangers, decisions
from belowline.moderation.care import is_hard
from belowline.moderation.filters import read_round
from belowline.moderation.handing_on import list_notes
from belowline.moderation.holds import find_hold
from belowline.moderation.leases import find_leases
from belowline.moderation.model import QueuePlace
from belowline.moderation.past import list_past_of_comment
from belowline.moderation.saved import list_saved
from belowline.reports.lanes import TITLES
from belowline.screens.messages import message_for
from belowline.sites import store as sites
from belowline.web.auth import Visitor
from belowline.web.console.caring import read_advice
from belowline.web.console.desk import back_to, desk_page
from belowline.web.console.dossier import Dossier, read_dossier
from belowline.web.console.like_cases import read_like_cases
from belowline.web.console.onward import back_to_queue, claim_next, find_next, go_to_case
from belowline.web.console.reasons import offer_reasons
from belowline.web.console.strip import read_strip
from belowline.web.console.suggestions import suggest_reason
from belowline.web.fields import Number, choice, read_ids, whole
from belowline.web.forms import Form, FormBody, read_form

DECISION_FIELDS = frozenset({"outcome", "rule", "reason", "seen_version", "seen_reports"})
"""What a form that decides sends, wherever it stands."""


def case(  # noqa: PLR0913, PLR0917 - what the address says
    visitor: Visitor,
    comment: int,
    view: str | None = None,
    did: Number = None,
    said: str | None = None,
    left: Number = None,
    left_at: str | None = None,
) -> Response[bytes]:
    """Show a case; with ``view`` as part of working through the queue.

    Whoever opens it has it for a while, so that others are not led to it meanwhile; ``left`` is one
    that they leave for it, at another site if ``left_at`` names one.
    """
    db, site_id, by = visitor.house.db, visitor.at.id, visitor.reader_id
    if left is not None:
        with suppress(NotFound, NotAllowed):
            give_back_case(db, CommentId(left), site_id=_site_left(visitor, left_at), by=by)
    take_case(db, CommentId(comment), site_id=site_id, by=by)
    note_opened(db, CommentId(comment), site_id=site_id, by=by)
    look_at_evidence(db, site_id, CommentId(comment), by=by)
    return _case(visitor, comment, view=view, did=did, said=said)


def decide(visitor: Visitor, comment: int, data: FormBody) -> Response[Any]:
    """Publish, keep or remove, about the version that was on the page."""
    form = read_form(data, fields={*DECISION_FIELDS, "next", "view"}, many={"unfounded"})
    view = form.text("view") or None
    comment_id = CommentId(comment)
    try:
        made = actions.decide(
            visitor.house.db,
            comment_id,
            site_id=visitor.at.id,
            by=visitor.reader_id,
            decision=read_decision(form),
        )
    except (InvalidInput, StaleVersion, NotAllowed) as error:
        return _case(visitor, comment, view=view, error=error, typed=form)
    if not form.ticked("next"):
        return back_to(visitor, f"/cases/{comment}", did=made.id)
    chosen = read_round(view)
    following = claim_next(visitor, chosen)
    if following is None:
        return back_to_queue(visitor, chosen, did=made.id, said="queue_empty")
    return go_to_case(following, view=chosen, did=made.id)


def hand_on(visitor: Visitor, comment: int, data: FormBody) -> Response[Any]:
    """Leave a case to the colleagues with a note, and go on to the next."""
    form = read_form(data, fields={"note", "next", "view"})
    view = form.text("view") or None
    try:
        hand_case_on(
            visitor.house.db,
            CommentId(comment),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            note=form.text("note"),
        )
    except (InvalidInput, NotAllowed) as error:
        return _case(visitor, comment, view=view, error=error, typed=form)
    if not form.ticked("next"):
        return back_to(visitor, f"/cases/{comment}", said="handed_on")
    chosen = read_round(view)
    following = claim_next(visitor, chosen)
    if following is None:
        return back_to_queue(visitor, chosen, said="handed_on")
    return go_to_case(following, view=chosen, said="handed_on")


def undo(visitor: Visitor, decision: int, data: FormBody) -> Response[Any]:
    """Take a decision back while its notices wait, and return to what it was about."""
    form = read_form(data, fields={"view"})
    view = form.text("view") or None
    site_id = visitor.at.id
    with visitor.house.db.read() as conn:
        found = decisions.get_decision(conn, site_id, DecisionId(decision))
    try:
        actions.undo(
            visitor.house.db,
            found.id,
            site_id=site_id,
            by=visitor.reader_id,
            undo_for=visitor.house.settings.undo_for,
        )
    except (NotAllowed, Conflict) as error:
        if found.comment_id is None:
            raise
        return _case(visitor, found.comment_id, view=view, error=error)
    if found.comment_id is None:
        return back_to(visitor, f"/readers/{found.reader_id}", said="undone")
    chosen = read_round(view).value if view is not None else None
    return back_to(visitor, f"/cases/{found.comment_id}", view=chosen, said="undone")


def feature(visitor: Visitor, comment: int, data: FormBody) -> Response[Any]:
    """Feature a comment with a reason for readers, or take that back."""
    form = read_form(data, fields={"reason", "unfeature"})
    reason = None if form.ticked("unfeature") else form.text("reason")
    try:
        actions.feature_comment(
            visitor.house.db,
            CommentId(comment),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            reason=reason,
        )
    except (InvalidInput, Conflict, NotAllowed) as error:
        return _case(visitor, comment, error=error, typed=form)
    return back_to(
        visitor, f"/cases/{comment}", said="unfeatured" if reason is None else "featured"
    )


def read_decision(form: Form) -> actions.DecisionDraft:
    """Read a decision as a form of the desk sends it. Raises InvalidInput."""
    outcome = choice(form, "outcome", Outcome)
    return actions.DecisionDraft(
        outcome,
        _rule(form, outcome),
        form.text("reason"),
        whole(form, "seen_version"),
        seen_reports=whole(form, "seen_reports") if form.text("seen_reports") else None,
        unfounded=read_ids(form, "unfounded"),
    )


def _rule(form: Form, outcome: Outcome) -> RuleKey | None:
    if outcome is not Outcome.REMOVE:
        return None
    if not form.text("rule"):
        raise InvalidInput("Choose the rule that it breaks.", field="rule", code="rule_needed")
    return RuleKey(form.text("rule"))


def _case(  # noqa: PLR0913 - what one page shows
    visitor: Visitor,
    comment: int,
    *,
    view: str | None = None,
    did: int | None = None,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    chosen = read_round(view) if view is not None else None
    with visitor.house.db.read() as conn:
        dossier = read_dossier(conn, visitor, CommentId(comment))
        strip = read_strip(conn, visitor, did, here=comment)
        following = None
        if chosen is not None and dossier.case is not None:
            place = QueuePlace(dossier.case.priority, dossier.case.id)
            following = find_next(conn, visitor, chosen, after=place)
        beside = _beside(conn, visitor, CommentId(comment))
        like = read_like_cases(conn, visitor, dossier.text, but_not=CommentId(comment))
        lease = find_leases(conn, [CommentId(comment)], now=visitor.house.db.clock())
        advice = read_advice(conn, visitor)
        offered = offer_reasons(dossier, list_saved(conn, visitor.at.id))
    return desk_page(
        visitor,
        "case.html",
        here="queue",
        said=said,
        error=error,
        stale=isinstance(error, StaleVersion),
        dossier=dossier,
        in_question={one.key: one for one in dossier.in_question},
        message_for=message_for,
        suggest=suggest_reason,
        offered=offered,
        advice=advice,
        is_hard=is_hard(dossier.matter.worst_severity),
        kinds=TITLES,
        open_reports=[one for one in dossier.reports if one.report.state is ReportState.OPEN],
        is_legal=any(one.notice for one in dossier.reports if one.report.state is ReportState.OPEN),
        typed=typed,
        view=chosen.value if chosen is not None else None,
        round=chosen,
        following=following,
        like=like,
        lease=lease.get(CommentId(comment)),
        written=_written(dossier, typed),
        **beside,
        **strip,
    )


def _site_left(visitor: Visitor, key: str | None) -> SiteId:
    if key is None:
        return visitor.at.id
    with visitor.house.db.read() as conn:
        return sites.get_site(conn, key).id


def _beside(conn: sa.Connection, visitor: Visitor, comment_id: CommentId) -> dict[str, Any]:
    """Return what else is kept about the comment: dangers, a hold, notices, notes, the past."""
    site_id = visitor.at.id
    return {
        "dangers": dangers.list_for_comment(conn, site_id, comment_id),
        "hold": find_hold(conn, site_id, comment_id),
        "legal": list_open_about(conn, site_id, comment_id),
        "notes": list_notes(conn, site_id, comment_id),
        "past": list_past_of_comment(conn, site_id, comment_id),
    }


def _written(dossier: Dossier, typed: Form | None) -> str:
    """Return a reason that was typed and has no field to stand in any more, so that it is kept."""
    if typed is None or typed.text("outcome") != Outcome.REMOVE:
        return ""
    return typed.text("reason") if dossier.refusals[Outcome.REMOVE] is not None else ""
