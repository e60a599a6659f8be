"""Respecting and reporting a comment, without a script."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions.reactions import react
from belowline.actions.reports import LONGEST_NOTE, ReportDraft, report_comment
from belowline.comments import policy
from belowline.comments.reactions import respected_by
from belowline.comments.store import find_comment
from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed, NotFound
from belowline.core.terms import CommentId, Privilege, RuleKey
from belowline.readers.standing import may
from belowline.reports import store as reports
from belowline.reports.policy import may_report
from belowline.rules import store as rules
from belowline.sites.model import Site
from belowline.stories.policy import may_take_comments
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.pages.place import get_public_place
from belowline.web.redirects import see_other


def respect_form(visitor: Visitor, story: str, comment: int) -> Response[bytes]:
    """Ask whether the comment shall be respected, or the respect be taken back."""
    by = visitor.reader_id
    with visitor.house.db.read() as conn:
        place = get_public_place(conn, visitor, story, comment)
        respects = place.comment.id in respected_by(conn, place.story.id, by)
    refusal = (
        may(Privilege.REACT, visitor.facts, now=visitor.house.db.clock())
        or may_take_comments(place.story.mode)
        or policy.may_react(place.comment, by=by)
    )
    return reader_page(
        visitor, "pages/respect.html", place=place, respects=respects, refusal=refusal
    )


def respect(visitor: Visitor, story: str, comment: int, data: FormBody) -> Response[Any]:
    """Respect a comment or take the respect back."""
    wanted = read_form(data, fields=("respects",)).text("respects") == "yes"
    with visitor.house.db.read() as conn:
        place = get_public_place(conn, visitor, story, comment)
    react(
        visitor.house.db,
        place.comment.id,
        site_id=visitor.at.id,
        by=visitor.reader_id,
        respects=wanted,
    )
    return see_other(f"/s/{visitor.at.key}/{story}/c/{comment}#c{comment}")


def report_form(
    visitor: Visitor,
    story: str,
    comment: int,
    change: bool = False,  # noqa: FBT001, FBT002 - a query
) -> Response[bytes]:
    """Show the form for a report, or the receipt of the one that there is."""
    return _report_page(visitor, story, comment, change=change)


def report(visitor: Visitor, story: str, comment: int, data: FormBody) -> Response[Any]:
    """Report a comment and go on to the receipt."""
    form = read_form(data, fields=("rule", "note", "revision"))
    house, by = visitor.house, visitor.reader_id
    if not form.text("rule"):
        missing = InvalidInput("Choose the rule that it breaks.", field="rule", code="rule_needed")
        return _report_page(visitor, story, comment, refused=(form, missing))
    try:
        with house.db.read() as conn:
            place = get_public_place(conn, visitor, story, comment)
        draft = ReportDraft(
            RuleKey(form.text("rule")),
            form.text("note"),
            form.number("revision"),
            visitor.network_hash,
        )
        report_comment(
            house.db, CommentId(place.comment.id), site_id=visitor.at.id, by=by, report=draft
        )
    except (InvalidInput, NotAllowed) as error:
        return _report_page(visitor, story, comment, refused=(form, error))
    return see_other(f"/s/{visitor.at.key}/{story}/c/{comment}/report")


def _lanes(visitor: Visitor, story: str, comment_id: int) -> Response[bytes]:
    """Show the ways to report to somebody who is not signed in; one of them needs an account."""
    with visitor.house.db.read() as conn:
        place = get_public_place(conn, visitor, story, comment_id)
    return reader_page(
        visitor, "pages/report_lanes.html", place=place, about_me=has_lane_about_me(visitor.at)
    )


def has_lane_about_me(site: Site) -> bool:
    """Say whether the site takes defamation notices in a lane of their own."""
    return bool(getattr(site.settings, "defamation_s5", False))


def _report_page(
    visitor: Visitor,
    story: str,
    comment_id: int,
    *,
    change: bool = False,
    refused: tuple[Form, BelowlineError] | None = None,
) -> Response[bytes]:
    form, error = refused or (None, None)
    house, by = visitor.house, visitor.account
    if by is None:
        return _lanes(visitor, story, comment_id)
    with house.db.read() as conn:
        there = find_comment(conn, visitor.at.id, CommentId(comment_id))
        if there is None:
            raise NotFound("There is no such comment.", code="no_comment")
        own = reports.find_report(conn, there.id, reporter_id=by, revision=there.revision)
        rulebook = rules.get_current_rulebook(conn, visitor.at.id)
        if own is not None and not change and error is None:
            # The receipt is there whatever became of the comment since.
            cited = rules.get_rulebook_by_id(conn, visitor.at.id, own.rulebook_id).rule(own.rule)
            return reader_page(
                visitor, "pages/reported.html", report=own, rule=cited, story_key=story
            )
        place = get_public_place(conn, visitor, story, comment_id)
    refusal = may(Privilege.REPORT, visitor.facts, now=house.db.clock()) or may_report(
        is_own=place.comment.author_id == by,
        status=place.comment.status,
        story_mode=place.story.mode,
    )
    chosen = form.text("rule") if form else (own.rule if own else "")
    note = form.text("note") if form else (own.note if own else "")
    return reader_page(
        visitor,
        "pages/report.html",
        http_status=status_of(error) if error else 200,
        place=place,
        rulebook=rulebook,
        refusal=refusal,
        chosen=chosen,
        note=note,
        error=error,
        longest=LONGEST_NOTE,
        about_me=has_lane_about_me(visitor.at),
    )
