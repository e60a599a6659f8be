"""“This is about me”: a notice of defamation from anybody, and the page on which they follow it.

Neither needs an account or JavaScript. The page's address is the key to it: it is given to whoever
sent the notice, and stands in every letter to them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response

from belowline.actions.defamation import receive_notice
from belowline.actions.legal_drafts import (
    FIELDS,
    LONGEST_GROUNDS,
    LONGEST_NAME,
    LONGEST_WORDS,
    NoticeDraft,
)
from belowline.actions.legal_facts import (
    Office,
    find_where,
    make_page_token,
    number_of,
    read_page_token,
)
from belowline.core.errors import BelowlineError, InvalidInput, NotFound, TooMany
from belowline.core.terms import CommentId
from belowline.legal import store
from belowline.legal.calendar import LONDON
from belowline.legal.defamation import lacks_of
from belowline.legal.model import Contact, Grounds, Lack, LetterKind, LetterState
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.pages import legal_words
from belowline.web.pages.frame import reader_page
from belowline.web.pages.legal_words import in_london
from belowline.web.pages.place import get_public_place
from belowline.web.redirects import see_other

TEXTS = ("name", "email", "words", "why", "meaning", "wrong", "came_in")
TICKED = ("cannot_sue", "consents", "earlier", "as_it_is")
LONGEST = {
    "name": LONGEST_NAME,
    "words": LONGEST_WORDS,
    "why": LONGEST_GROUNDS,
    "meaning": LONGEST_GROUNDS,
    "wrong": LONGEST_GROUNDS,
}
PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""The address is a secret, so it goes nowhere from there."""


def notice_form(visitor: Visitor, story: str, comment: int) -> Response[bytes]:
    """Show the form, or how to report instead where the site takes no such notices."""
    return _form_page(visitor, story, comment)


def send_notice(visitor: Visitor, story: str, comment: int, data: FormBody) -> Response[Any]:
    """Take a notice and go on to its own page."""
    form = read_form(data, fields=(*TEXTS, *TICKED))
    with visitor.house.db.read() as conn:
        place = get_public_place(conn, visitor, story, comment)
    try:
        came_in_at = _arrival(form)
        draft = NoticeDraft(
            visitor.at,
            CommentId(place.comment.id),
            Contact(form.text("name"), form.text("email")),
            _grounds(form),
            visitor.network,
            as_it_is=form.ticked("as_it_is"),
            recorded_by=visitor.reader_id if came_in_at is not None else None,
            came_in_at=came_in_at,
        )
        made = receive_notice(visitor.house.db, draft, office=office_of(visitor))
    except (InvalidInput, TooMany) as error:
        return _form_page(visitor, story, comment, refused=(form, error))
    if came_in_at is not None:
        return see_other(f"/console/{visitor.at.key}/legal/{made.id}")
    token = make_page_token(visitor.house.settings, made.id)
    return see_other(f"/legal/{visitor.at.key}/{token}")


def notice_page(visitor: Visitor, token: str) -> Response[bytes]:
    """Show whoever has the link where their notice stands."""
    house, site = visitor.house, visitor.at
    notice_id = read_page_token(house.settings, token, now=house.db.clock())
    with house.db.read() as conn:
        notice = store.get_notice(conn, site.id, notice_id)
        where = find_where(conn, site, notice, office=office_of(visitor), now=house.db.clock())
        story = stories.get_story_by_id(conn, site.id, notice.story_id)
    theirs = [one for one in where.letters if one.state is LetterState.SENT]
    return reader_page(
        visitor,
        "pages/notice.html",
        headers=PRIVATE,
        notice=notice,
        number=number_of(site, notice),
        where=where,
        story=story,
        letters=theirs,
        said=legal_words,
        author_told=LetterKind.AUTHOR in where.facts.told,
        london=lambda moment: in_london(moment, visitor.language),
    )


def office_of(visitor: Visitor) -> Office:
    """Return what the acts on notices need beside the database."""
    return Office(visitor.house.settings, visitor.house.mail.works)


def _grounds(form: Form) -> Grounds:
    consents = {"yes": True, "no": False}.get(form.text("consents"))
    return Grounds(
        form.text("words"),
        form.text("why"),
        form.text("meaning"),
        form.text("wrong"),
        form.ticked("cannot_sue"),
        consents,
        form.ticked("earlier"),
    )


def _arrival(form: Form) -> datetime | None:
    """Return when a notice that the desk records came in, by London's clocks; None for others."""
    if not form.text("came_in"):
        return None
    try:
        return datetime.fromisoformat(form.text("came_in")).replace(tzinfo=LONDON)
    except ValueError as error:
        raise InvalidInput("This is not a time.", field="came_in", code="bad_time") from error


def _form_page(
    visitor: Visitor,
    story: str,
    comment: int,
    *,
    refused: tuple[Form, BelowlineError] | None = None,
) -> Response[bytes]:
    form, error = refused or (None, None)
    with visitor.house.db.read() as conn:
        place = get_public_place(conn, visitor, story, comment)
    if place.line is None:  # pragma: no cover - a public place has one
        raise NotFound("This comment is no longer there.", code="no_comment")
    lacks: tuple[Lack, ...] = ()
    if form is not None and error is not None and error.code == "incomplete":
        lacks = lacks_of(_grounds(form), name=form.text("name").strip())
    return reader_page(
        visitor,
        "pages/about_me.html",
        http_status=status_of(error) if error else 200,
        place=place,
        on=visitor.at.settings.defamation_s5,
        typed=form.values if form is not None else {},
        error=error,
        lacking={FIELDS[lack] for lack in lacks},
        lacks=[legal_words.LACKS[lack] for lack in lacks],
        longest=LONGEST,
    )
