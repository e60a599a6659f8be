"""The console's readers: finding one by name, their record at this site, and sanctions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from litestar import Response

from belowline.actions import sanctions as actions
from belowline.actions.misuse import misuse_of
from belowline.actions.records import proposal_for
from belowline.actions.withdrawals import propose_withdrawal
from belowline.comments import store as comments
from belowline.core.errors import BelowlineError, Conflict, InvalidInput, NotAllowed, NotFound
from belowline.core.terms import (
    CommentId,
    DecisionId,
    Outcome,
    ReaderId,
    Refusal,
    RuleKey,
    SanctionId,
    SanctionKind,
)
from belowline.moderation import decisions, past
from belowline.moderation.filters import Round, read_round
from belowline.moderation.record import author_record
from belowline.readers import claims, search
from belowline.readers import store as readers
from belowline.reports import store as reports
from belowline.reports.trusted import is_trusted
from belowline.rules import store as rules
from belowline.sanctions import proposals
from belowline.sanctions import store as sanctions
from belowline.sites import store as sites
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.console.dossier import explain_proposal
from belowline.web.console.onward import back_to_queue
from belowline.web.console.queue import excerpt
from belowline.web.console.shown import Titles, show_decisions
from belowline.web.console.steps import refuse_step, show_suspected
from belowline.web.console.strip import read_strip
from belowline.web.fields import Number, choice, required
from belowline.web.forms import Form, FormBody, read_form

PAGE = 30
SHORTEST_SEARCH = 2
A_DAY = timedelta(days=1)
TAKE_A_LENGTH = frozenset(
    {
        SanctionKind.SLOWED,
        SanctionKind.HOLD_FIRST,
        SanctionKind.SUSPENSION,
        SanctionKind.REPORT_PAUSE,
    }
)


@dataclass(frozen=True, slots=True)
class Way:
    """Where in the queue somebody came from to impose a sanction, and goes on afterwards."""

    view: Round | None = None
    case: int | None = None


def find(visitor: Visitor, q: str | None = None) -> Response[bytes]:
    """Search the site's readers by a part of their name."""
    name = (q or "").strip()[:80]
    found = None
    if len(name) >= SHORTEST_SEARCH:
        with visitor.house.db.read() as conn:
            found = search.search_readers(conn, visitor.at.id, name=name)
    return desk_page(
        visitor, "readers.html", here="readers", q=name, found=found, most=search.MOST_FOUND
    )


def reader(  # noqa: PLR0913, PLR0917 - the parts of an address
    visitor: Visitor,
    reader: int,
    before: Number = None,
    based_on: Number = None,
    did: Number = None,
    said: str | None = None,
    view: str | None = None,
    case: Number = None,
    about: str | None = None,
) -> Response[bytes]:
    """Show a reader's record at this site; ``view`` and ``case`` say where to go on afterwards.

    ``about=reports`` fills the form with what answers the misuse of reporting.
    """
    way = Way(read_round(view) if view else None, case)
    return _reader(
        visitor,
        reader,
        before=before,
        based_on=based_on,
        did=did,
        said=said,
        way=way,
        about_reports=about == "reports",
    )


def impose(visitor: Visitor, reader: int, data: FormBody) -> Response[Any]:
    """Impose a sanction on a reader; from the strip above a case, that case stays open."""
    form = read_form(
        data, fields={"kind", "days", "hours", "rule", "reason", "based_on", "seen", "view", "case"}
    )
    way = Way(read_round(form.text("view")) if form.text("view") else None, form.number("case"))
    try:
        based_on = form.number("based_on")
        draft = actions.SanctionDraft(
            choice(form, "kind", SanctionKind),
            _length(form),
            form.text("reason"),
            RuleKey(required(form, "rule")),
            DecisionId(based_on) if based_on is not None else None,
            form.number("seen"),
        )
        did = _impose(visitor, ReaderId(reader), draft)
    except (InvalidInput, NotAllowed, Conflict) as error:
        return _reader(visitor, reader, error=error, typed=form)
    said = "proposed" if draft.kind is SanctionKind.WITHDRAWAL else "imposed"
    if way.view is None:
        return back_to(visitor, f"/readers/{reader}", did=did, said=said)
    if way.case is None:
        return back_to_queue(visitor, way.view, did=did, said=said)
    return back_to(visitor, f"/cases/{way.case}", view=way.view.value, did=did, said=said)


def _impose(visitor: Visitor, reader_id: ReaderId, draft: actions.SanctionDraft) -> DecisionId:
    """Impose a sanction, or propose a withdrawal; return the decision that was made."""
    db, site_id, by = visitor.house.db, visitor.at.id, visitor.reader_id
    if draft.kind is SanctionKind.WITHDRAWAL:
        return propose_withdrawal(
            db, site_id=site_id, reader_id=reader_id, by=by, draft=draft
        ).decision_id
    return actions.impose(
        db, site_id=site_id, reader_id=reader_id, by=by, sanction=draft
    ).decision_id


def lift(visitor: Visitor, sanction: int, data: FormBody) -> Response[Any]:
    """End a sanction before its time, with a reason to the reader."""
    form = read_form(data, fields={"reason"})
    with visitor.house.db.read() as conn:
        found = sanctions.get_sanction(conn, visitor.at.id, SanctionId(sanction))
    try:
        actions.lift(
            visitor.house.db,
            found.id,
            site_id=visitor.at.id,
            by=visitor.reader_id,
            reason=form.text("reason"),
        )
    except (InvalidInput, NotAllowed) as error:
        return _reader(visitor, found.reader_id, error=error, lifting=found.id)
    return back_to(visitor, f"/readers/{found.reader_id}", said="lifted")


def _length(form: Form) -> timedelta | None:
    days, hours = form.number("days") or 0, form.number("hours") or 0
    # A length that no calendar has would overflow before the policy could refuse it.
    if days > 1000 or hours > 1000:
        raise InvalidInput("This is too long.", field="days", code="suspension_length")
    return timedelta(days=days, hours=hours) or None


def _reader(  # noqa: PLR0913 - what one page shows
    visitor: Visitor,
    reader_id: int,
    *,
    before: int | None = None,
    based_on: int | None = None,
    did: int | None = None,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
    lifting: int | None = None,
    way: Way | None = None,
    about_reports: bool = False,
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        record = _record(conn, visitor, ReaderId(reader_id), before=before)
        strip = read_strip(conn, visitor, did)
        fields = _fields(conn, visitor, ReaderId(reader_id), based_on=based_on)
        refusals = _refusals(conn, visitor, ReaderId(reader_id))
    step = record["misuse"].step
    if about_reports and step.kind is not None:
        days = str(step.lasts_for.days) if step.lasts_for is not None else ""
        fields |= {"kind": step.kind, "days": days}
    if way is not None:
        fields |= {
            "view": way.view.value if way.view is not None else "",
            "case": str(way.case or ""),
        }
    if typed is not None:
        fields |= dict(typed.values)
    return desk_page(
        visitor,
        "reader.html",
        here="readers",
        said=said,
        error=error,
        lifting=lifting,
        filled=fields,
        kinds=[kind for kind, refusal in refusals.items() if refusal is None],
        refusal=next((one for one in refusals.values() if one is not None), None),
        view=None,
        **record,
        **strip,
    )


def _record(
    conn: sa.Connection, visitor: Visitor, reader_id: ReaderId, *, before: int | None
) -> dict[str, Any]:
    site_id = visitor.at.id
    if not search.was_active(conn, site_id, reader_id):
        raise NotFound("There is no such reader here.", code="no_reader")
    found = comments.list_by_author(
        conn,
        site_id,
        reader_id,
        before=CommentId(before) if before is not None else None,
        limit=PAGE + 1,
    )
    proposal = proposal_for(conn, site_id, reader_id, now=visitor.house.db.clock())
    upheld, dismissed = reports.reporter_record(conn, site_id, reader_id)
    titles = Titles(conn, site_id)
    rulebook = rules.get_current_rulebook(conn, site_id)
    record = author_record(conn, site_id, reader_id)
    return {
        "reader": readers.get_reader(conn, reader_id),
        "reader_role": sites.find_role(conn, site_id, reader_id),
        "record": record,
        "comments": [(one, excerpt(one.html)) for one in found[:PAGE]],
        "older": found[PAGE - 1].id if len(found) > PAGE else None,
        "decisions": show_decisions(conn, titles, list(record.decisions)),
        "sanctions": sanctions.list_sanctions(conn, site_id, reader_id),
        "suspected": show_suspected(conn, visitor, reader_id, in_full=True),
        "proposals": proposals.list_of_reader(conn, site_id, reader_id),
        "latest_sanction": sanctions.latest_id(conn, site_id, reader_id),
        "reports": [
            (one, titles.of(one.report.rulebook_id, one.report.rule))
            for one in reports.list_by_reporter(conn, site_id, reader_id, limit=PAGE)
        ],
        "upheld": upheld,
        "dismissed": dismissed,
        "misuse": misuse_of(conn, site_id, reader_id, now=visitor.house.db.clock()),
        "is_trusted": is_trusted(conn, site_id, reader_id),
        "past": past.list_past_of_reader(conn, site_id, reader_id),
        "joined": claims.list_joined(conn, site_id, reader_id),
        "proposal": proposal,
        "proposal_why": explain_proposal(proposal, rulebook),
        "rulebook": rulebook,
    }


def _refusals(
    conn: sa.Connection, visitor: Visitor, reader_id: ReaderId
) -> dict[SanctionKind, Refusal | None]:
    """Say for each step of the ladder why this visitor cannot take it against this reader."""
    return {
        kind: refuse_step(conn, visitor, reader_id, kind, A_DAY if kind in TAKE_A_LENGTH else None)
        for kind in SanctionKind
    }


def _fields(
    conn: sa.Connection, visitor: Visitor, reader_id: ReaderId, *, based_on: int | None
) -> dict[str, str]:
    """Return what the form begins with: the ladder's step, and the removal that it answers."""
    proposal = proposal_for(conn, visitor.at.id, reader_id, now=visitor.house.db.clock())
    fields = {
        "kind": proposal.kind.value if proposal.kind is not None else SanctionKind.WARNING.value,
        "days": str(proposal.lasts_for.days) if proposal.lasts_for is not None else "",
        "hours": "",
        "rule": "",
        "reason": "",
        "based_on": "",
        "view": "",
        "case": "",
    }
    if based_on is not None:
        basis = decisions.get_decision(conn, visitor.at.id, DecisionId(based_on))
        if basis.outcome is Outcome.REMOVE and basis.reader_id == reader_id and basis.ground:
            fields |= {
                "rule": basis.ground.rule,
                "reason": basis.reason,
                "based_on": str(basis.id),
            }
    return fields
