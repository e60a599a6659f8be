"""Deciding in the thread itself: small parts of a page that a moderator's script puts there.

Only Belowline's own pages may ask for them. They are no part of the API, so no publisher's page can
read them or send them, whatever runs there (ADR 43). The verb, its checks and its undo are those of
the case's page, and so are the words.
"""

from __future__ import annotations

from contextlib import suppress

from litestar import Response

from belowline.actions import moderation as actions
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
from belowline.core.terms import CommentId, DecisionId, ReportState
from belowline.legal.store import list_open_about
from belowline.moderation import dangers, decisions
from belowline.moderation.leases import find_leases
from belowline.moderation.saved import list_saved
from belowline.web.auth import Visitor
from belowline.web.console.cases import DECISION_FIELDS, read_decision
from belowline.web.console.desk import Typed
from belowline.web.console.dossier import read_dossier
from belowline.web.console.like_cases import read_like_cases
from belowline.web.console.reasons import offer_reasons
from belowline.web.console.strip import read_strip
from belowline.web.console.suggestions import suggest_reason
from belowline.web.errors import status_of
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.pages.thread import Asked, build
from belowline.web.templating import page


def panel(visitor: Visitor, comment: int) -> Response[bytes]:
    """Show what is known about a comment in a line, and the ways to decide.

    Whoever opens it has the case for a while, as on the case's own page.
    """
    db, site_id, by = visitor.house.db, visitor.at.id, visitor.reader_id
    take_case(db, CommentId(comment), site_id=site_id, by=by)
    note_opened(db, CommentId(comment), site_id=site_id, by=by)
    look_at_evidence(db, site_id, CommentId(comment), by=by)
    return _panel(visitor, comment)


def decide(visitor: Visitor, comment: int, data: FormBody) -> Response[bytes]:
    """Publish, keep or remove; answer with what was decided, its undo and the comment's new line.

    What is refused comes back as the panel, with what was typed.
    """
    form = read_form(data, fields=DECISION_FIELDS, many={"unfounded"})
    try:
        made = actions.decide(
            visitor.house.db,
            CommentId(comment),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            decision=read_decision(form),
        )
    except (InvalidInput, StaleVersion, NotAllowed) as error:
        return _panel(visitor, comment, error=error, typed=form)
    return _decided(visitor, CommentId(comment), did=made.id)


def undo(visitor: Visitor, decision: int) -> Response[bytes]:
    """Take a decision back while its notices wait; answer with the comment's line as it was."""
    site_id = visitor.at.id
    with visitor.house.db.read() as conn:
        found = decisions.get_decision(conn, site_id, DecisionId(decision))
    if found.comment_id is None:
        raise NotFound("There is no such decision.", code="no_decision")
    error: BelowlineError | None = None
    try:
        actions.undo(
            visitor.house.db,
            found.id,
            site_id=site_id,
            by=visitor.reader_id,
            undo_for=visitor.house.settings.undo_for,
        )
    except (NotAllowed, Conflict) as refused:
        error = refused
    return _decided(visitor, found.comment_id, error=error)


def leave(visitor: Visitor, comment: int) -> None:
    """Let go of the case without a decision."""
    with suppress(NotFound):
        give_back_case(
            visitor.house.db, CommentId(comment), site_id=visitor.at.id, by=visitor.reader_id
        )


def _panel(
    visitor: Visitor,
    comment: int,
    *,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    comment_id, now = CommentId(comment), visitor.house.db.clock()
    with visitor.house.db.read() as conn:
        dossier = read_dossier(conn, visitor, comment_id)
        lease = find_leases(conn, [comment_id], now=now).get(comment_id)
        legal = list_open_about(conn, visitor.at.id, comment_id)
        found = dangers.list_for_comment(conn, visitor.at.id, comment_id)
        like = read_like_cases(conn, visitor, dossier.text, but_not=comment_id)
        offered = offer_reasons(dossier, list_saved(conn, visitor.at.id))
    open_reports = [one for one in dossier.reports if one.report.state is ReportState.OPEN]
    return page(
        "console/in_place.html",
        http_status=status_of(error) if error is not None else 200,
        site=visitor.at,
        me=visitor.reader_id,
        now=now,
        dossier=dossier,
        asked=[one.key for one in dossier.in_question],
        open_reports=open_reports,
        is_legal=any(one.notice for one in open_reports),
        lease=lease,
        legal=legal,
        dangers=[one for one in found if one.closed_at is None],
        like=like,
        offered=offered,
        suggest=suggest_reason,
        error=error,
        error_field=error.field if isinstance(error, InvalidInput) else None,
        stale=isinstance(error, StaleVersion),
        typed=Typed(typed.values if typed is not None else {}),
    )


def _decided(
    visitor: Visitor,
    comment_id: CommentId,
    *,
    did: DecisionId | None = None,
    error: BelowlineError | None = None,
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        dossier = read_dossier(conn, visitor, comment_id)
        strip = read_strip(conn, visitor, did, here=comment_id)
    # The line as everybody sees it from now on; what the front remembers may be a moment older.
    asked = Asked(visitor.at.key, dossier.story.key, "lines", after=str(comment_id))
    line = build(visitor.house.db, asked).body.decode()
    return page(
        "console/decided_in_place.html",
        http_status=status_of(error) if error is not None else 200,
        site=visitor.at,
        comment=dossier.comment,
        line=line,
        error=error,
        **strip,
    )
