"""The author's answer to a notice of defamation about a comment of theirs."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions.defamation import answer_notice
from belowline.actions.legal_drafts import LONGEST_ADDRESS, LONGEST_NAME, AnswerDraft
from belowline.actions.legal_facts import OnNotice, find_contact, find_where, number_of
from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed, NotFound
from belowline.core.terms import DefamationId
from belowline.legal import store
from belowline.legal.defamation import may_answer
from belowline.legal.model import AnswerKind, Contact, LetterKind, Party
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.fields import choice
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.pages import legal_words
from belowline.web.pages.about_me import office_of
from belowline.web.pages.frame import reader_page
from belowline.web.pages.legal_words import in_london
from belowline.web.redirects import see_other


def answer_form(visitor: Visitor, notice: int) -> Response[bytes]:
    """Show the notice about my comment, until when to answer, and the form or what I answered."""
    return _answer_page(visitor, notice)


def answer(visitor: Visitor, notice: int, data: FormBody) -> Response[Any]:
    """Answer, once."""
    form = read_form(data, fields=("answer", "name", "address", "consents"))
    try:
        kind = choice(form, "answer", AnswerKind)
        draft = AnswerDraft(
            kind,
            form.text("name"),
            form.text("address"),
            {"yes": True, "no": False}.get(form.text("consents")),
        )
        on = OnNotice(visitor.at.id, DefamationId(notice), visitor.reader_id)
        answer_notice(visitor.house.db, on, answer=draft, office=office_of(visitor))
    except (InvalidInput, NotAllowed) as error:
        return _answer_page(visitor, notice, refused=(form, error))
    return see_other(f"/me/{visitor.at.key}/legal/{notice}")


def _answer_page(
    visitor: Visitor, notice_id: int, *, refused: tuple[Form, BelowlineError] | None = None
) -> Response[bytes]:
    form, error = refused or (None, None)
    house, site, office = visitor.house, visitor.at, office_of(visitor)
    with house.db.read() as conn:
        found = store.get_notice(conn, site.id, DefamationId(notice_id))
        where = find_where(conn, site, found, office=office, now=house.db.clock())
        # Before the author has been written to, there is nothing here for them.
        if found.author_id != visitor.reader_id or LetterKind.AUTHOR not in where.facts.told:
            raise NotFound("There is no such notice.", code="no_notice")
        story = stories.get_story_by_id(conn, site.id, found.story_id)
        them = Contact()
        if found.grounds.consents:
            them = find_contact(conn, house.settings, found.id, Party.COMPLAINANT)
    return reader_page(
        visitor,
        "pages/legal_answer.html",
        http_status=status_of(error) if error else 200,
        notice=found,
        number=number_of(site, found),
        where=where,
        story=story,
        complainant=them,
        refusal=may_answer(where.facts, by_author=True, closed=found.closed_at is not None),
        said=legal_words,
        typed=form.values if form is not None else {},
        error=error,
        longest_name=LONGEST_NAME,
        longest_address=LONGEST_ADDRESS,
        london=lambda moment: in_london(moment, visitor.language),
    )
