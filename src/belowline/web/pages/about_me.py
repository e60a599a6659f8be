"""“This is about me”: a notice of defamation from anybody, and the page on which they follow it.

Neither needs an account or JavaScript. The page's address is the key to it: it is given to whoever
sent the notice, and stands in every letter to them.
"""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions.defamation import receive_notice
from belowline.actions.legal_drafts import (
    FIELDS,
    NoticeDraft,
)
from belowline.actions.legal_facts import (
    Office,
    find_where,
    make_page_token,
    number_of,
    read_page_token,
)
from belowline.core.errors import BelowlineError, InvalidInput, TooMany
from belowline.core.terms import CommentId
from belowline.legal import store
from belowline.legal.defamation import lacks_of
from belowline.legal.model import Contact, Grounds, Lack, LetterKind, LetterState
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.pages import legal_words
from belowline.web.pages.legal_words import in_london
from belowline.web.pages.place import Place, get_public_place
from belowline.web.redirects import see_other
from belowline.web.templating import page

TEXTS = ("name", "email", "words", "why", "meaning", "wrong")
TICKED = ("cannot_sue", "consents", "earlier", "as_it_is")
PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""The address is a secret, so it goes nowhere from there. A page with a form must not have this:
without a referrer, browsers do not say either where the form came from."""


def notice_form(visitor: Visitor, story: str, comment: int) -> Response[bytes]:
    """Show the form, or how to report instead where the site takes no such notices."""
    return _public_form(visitor, story, comment)


def send_notice(visitor: Visitor, story: str, comment: int, data: FormBody) -> Response[Any]:
    """Take a notice and go on to its own page."""
    form = read_form(data, fields=(*TEXTS, *TICKED))
    with visitor.house.db.read() as conn:
        place = get_public_place(conn, visitor, story, comment)
    try:
        draft = draft_of(visitor, form, CommentId(place.comment.id))
        made = receive_notice(visitor.house.db, draft, office=office_of(visitor))
    except (InvalidInput, TooMany) as error:
        return _public_form(visitor, story, comment, refused=(form, error))
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
    return _open_page(
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


def draft_of(visitor: Visitor, form: Form, comment_id: CommentId) -> NoticeDraft:
    """Return the notice that the form holds."""
    return NoticeDraft(
        visitor.at,
        comment_id,
        Contact(form.text("name"), form.text("email")),
        _grounds(form),
        visitor.network,
        as_it_is=form.ticked("as_it_is"),
    )


def form_values(
    visitor: Visitor, place: Place, refused: tuple[Form, BelowlineError] | None
) -> dict[str, Any]:
    """Return what the form shows: what was typed, and what is still lacking."""
    form, error = refused or (None, None)
    lacks: tuple[Lack, ...] = ()
    if form is not None and error is not None and error.code == "incomplete":
        lacks = lacks_of(_grounds(form), name=form.text("name").strip())
    return {
        "http_status": status_of(error) if error else 200,
        "place": place,
        "on": visitor.at.settings.defamation_s5,
        "typed": form.values if form is not None else {},
        "error": error,
        "lacking": {FIELDS[lack] for lack in lacks},
        "lacks": [legal_words.LACKS[lack] for lack in lacks],
    }


def _public_form(
    visitor: Visitor,
    story: str,
    comment: int,
    *,
    refused: tuple[Form, BelowlineError] | None = None,
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        place = get_public_place(conn, visitor, story, comment)
    values = form_values(visitor, place, refused)
    return _open_page(visitor, "pages/about_me.html", for_desk=False, **values)


def _open_page(
    visitor: Visitor,
    template: str,
    **values: Any,  # noqa: ANN401 - template values
) -> Response[bytes]:
    """Render a page that is the same for whoever comes, and that nobody on the way keeps."""
    now = visitor.house.db.clock()
    return page(template, language=visitor.language, site=visitor.at, now=now, **values)
