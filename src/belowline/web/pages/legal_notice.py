"""“I believe it is illegal”: the form, which needs no account and no script, and its receipt.

The receipt is the page on which whoever gave notice sees what becomes of it. Its address is the key
to it: it holds a proof that the number was given here.
"""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions.legal_notices import (
    From,
    give_notice,
    make_notice_token,
    read_notice_token,
)
from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed, TooMany
from belowline.core.terms import ReportState
from belowline.readers.standing import may_give_notice
from belowline.reports import lanes, legal_notices
from belowline.reports import store as reports
from belowline.reports.legal_notices import LegalNotice
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.pages.place import get_public_place
from belowline.web.pages.reported import Answered, read_answered
from belowline.web.pages.words import APPEALS
from belowline.web.redirects import see_other

FIELDS = frozenset({"kind", "why", "others", "name", "email", "good_faith"})


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
    now = house.db.clock()
    told_before = now - house.settings.undo_for
    with house.db.read() as conn:
        notice = legal_notices.get_notice(conn, site.id, number)
        answers = [
            read_answered(conn, site.id, one, now=now, told_before=told_before)
            for one in reports.list_of_notice(conn, notice.id)
        ]
    return reader_page(
        visitor,
        "pages/legal_notice_status.html",
        notice=notice,
        kind=lanes.TITLES[notice.kind],
        answers=answers,
        state=_state(notice, answers),
        target=lanes.TARGET,
        path=f"/notice/{site.key}/{token}",
        address=f"{house.settings.base_url}/notice/{site.key}/{token}",
        contact=site.settings.contact,
        words=APPEALS,
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


def _state(notice: LegalNotice, answers: list[Answered]) -> str:
    """Say in a word how far it is: received, opened or decided."""
    if all(one.state is not ReportState.OPEN for one in answers):
        return "decided"
    return "received" if notice.opened_at is None else "opened"
