"""“I believe it is illegal”: the form, which needs no account and no script, and its receipt.

The receipt is the page on which whoever gave notice sees what becomes of it. Its address is the key
to it: it holds a proof that the number was given here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from litestar import Response

from belowline.actions.legal_notices import (
    From,
    give_notice,
    make_notice_token,
    read_notice_token,
)
from belowline.comments import store as comments
from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed, TooMany
from belowline.core.terms import CommentId, ReportState, SiteId, StoryMode
from belowline.moderation import decisions
from belowline.moderation.model import Decision
from belowline.readers.standing import may_give_notice
from belowline.reports import lanes, legal_notices
from belowline.reports import store as reports
from belowline.reports.legal_notices import LegalNotice
from belowline.reports.model import Report
from belowline.rules import store as rules
from belowline.rules.model import RuleDraft
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.pages.place import get_public_place
from belowline.web.redirects import see_other

FIELDS = frozenset({"kind", "why", "others", "name", "email", "good_faith"})


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one of the comments that a notice is about."""

    report: Report
    story: Story
    is_hidden: bool
    """Whether the story is suspended, so that not even its headline is told."""
    decision: Decision | None
    """The one that answered it, once it can no longer be undone."""
    rule: RuleDraft | None

    @property
    def state(self) -> ReportState:
        """Where it stands as far as it is told."""
        if self.report.state is ReportState.LAPSED or self.decision is not None:
            return self.report.state
        return ReportState.OPEN


def notice_form(
    visitor: Visitor, story: str, comment: int, about: str | None = None
) -> Response[bytes]:
    """Show the form; ``about=child_abuse`` shows the one that does not ask who somebody is."""
    child = about == lanes.IllegalKind.CHILD_ABUSE
    return _form(visitor, story, comment, child=child)


def give(visitor: Visitor, story: str, comment: int, data: FormBody) -> Response[Any]:
    """Take a notice and go on to its receipt."""
    form = read_form(data, fields=FIELDS)
    draft = lanes.NoticeDraft(
        form.text("kind"),
        form.text("why"),
        form.ticked("good_faith"),
        form.text("name"),
        form.text("email"),
        form.text("others"),
    )
    house, site = visitor.house, visitor.at
    with house.db.read() as conn:
        place = get_public_place(conn, visitor, story, comment)
    try:
        notice = give_notice(
            house.db,
            place.comment.id,
            site_id=site.id,
            sender=From(visitor.account, visitor.network_hash, house.mail.works),
            draft=draft,
        )
    except (InvalidInput, NotAllowed, TooMany) as error:
        child = draft.kind == lanes.IllegalKind.CHILD_ABUSE
        return _form(visitor, story, comment, child=child, refused=(form, error))
    token = make_notice_token(house.settings.secret, site.id, notice.number)
    return see_other(f"/notice/{site.key}/{token}")


def status(visitor: Visitor, token: str) -> Response[bytes]:
    """Show the receipt: what was said, what becomes of it, and what can be done about that."""
    house, site = visitor.house, visitor.at
    number = read_notice_token(house.settings.secret, site.id, token)
    told_before = house.db.clock() - house.settings.undo_for
    with house.db.read() as conn:
        notice = legal_notices.get_notice(conn, site.id, number)
        found = reports.list_of_notice(conn, notice.id)
        answers = [_answered(conn, site.id, one, told_before) for one in found]
    return reader_page(
        visitor,
        "pages/legal_notice_status.html",
        notice=notice,
        kind=lanes.TITLES[notice.kind],
        answers=answers,
        state=_state(notice, answers),
        target=lanes.TARGET,
        address=f"{house.settings.base_url}/notice/{site.key}/{token}",
        contact=site.settings.contact,
    )


def _form(
    visitor: Visitor,
    story: str,
    comment: int,
    *,
    child: bool,
    refused: tuple[Form, BelowlineError] | None = None,
) -> Response[bytes]:
    form, error = refused or (Form({}, {}), None)
    with visitor.house.db.read() as conn:
        place = get_public_place(conn, visitor, story, comment)
    now = visitor.house.db.clock()
    return reader_page(
        visitor,
        "pages/legal_notice.html",
        http_status=status_of(error) if error else 200,
        place=place,
        typed=form,
        error=error,
        child=child,
        kinds={one: title for one, title in lanes.TITLES.items() if one not in lanes.ANONYMOUS},
        refusal=may_give_notice(visitor.facts, now=now, of_danger=child),
        is_signed_in=visitor.account is not None,
        longest=lanes.LONGEST_WHY,
    )


def _answered(
    conn: sa.Connection, site_id: SiteId, report: Report, told_before: datetime
) -> Answered:
    comment = comments.get_comment(conn, site_id, CommentId(report.comment_id))
    story = stories.get_story_by_id(conn, site_id, comment.story_id)
    decision = None
    if report.decision_id is not None:
        found = decisions.get_decision(conn, site_id, report.decision_id)
        decision = found if found.decided_at <= told_before else None
    rule = None
    if decision is not None and decision.ground is not None:
        book = rules.get_rulebook_by_id(conn, site_id, decision.ground.rulebook_id)
        rule = book.rule(decision.ground.rule)
    return Answered(report, story, story.mode is StoryMode.SUSPENDED, decision, rule)


def _state(notice: LegalNotice, answers: list[Answered]) -> str:
    """Say in a word how far it is: received, opened or decided."""
    if all(one.state is not ReportState.OPEN for one in answers):
        return "decided"
    return "received" if notice.opened_at is None else "opened"
