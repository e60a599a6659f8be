"""The console's legal list: notices of defamation, what is owed by when, and each lawful step."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from litestar import Response

from belowline.actions import defamation as actions
from belowline.actions.legal_facts import OnNotice, Where, find_contact, find_where, number_of
from belowline.actions.legal_letters import read_draft, read_sent, send_letter
from belowline.actions.legal_removal import IN_EFFECT, RULE, remove_under_notice
from belowline.actions.moderation import DecisionDraft
from belowline.comments import store as comments
from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed, StaleVersion, require
from belowline.core.terms import DefamationId, Outcome, Privilege, RuleKey, Source
from belowline.core.text import later
from belowline.legal import store
from belowline.legal.defamation import may_doubt, may_handle, may_send
from belowline.legal.letters import Composed
from belowline.legal.model import Contact, DefamationNotice, Letter, LetterKind, Party
from belowline.readers.search import names_of
from belowline.readers.standing import may
from belowline.rules import store as rules
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.console.timeline import tell_timeline
from belowline.web.fields import Number, choice, required, whole
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.pages import legal_words
from belowline.web.pages.about_me import office_of
from belowline.web.pages.legal_words import in_london

PAGE = 30
MOST_OPEN = 200
REASON = later(
    "We received a legal notice under section 5 of the Defamation Act 2013 about this comment."
)


def legal(visitor: Visitor, before: Number = None, said: str | None = None) -> Response[bytes]:
    """Show the open notices, the nearest deadline first, and those that are closed."""
    house, site = visitor.house, visitor.at
    with house.db.read() as conn:
        found = store.list_open(conn, site.id, limit=MOST_OPEN) if before is None else []
        places = [_where(conn, visitor, one) for one in found]
        closed = store.list_closed(conn, site.id, before=before, limit=PAGE + 1)
        about = {one.story_id for one in (*found, *closed)}
        titles = {each: stories.get_story_by_id(conn, site.id, each).title for each in about}
    return desk_page(
        visitor,
        "legal.html",
        here="legal",
        said=said,
        places=sorted(places, key=_urgency),
        closed=closed[:PAGE],
        older=closed[PAGE - 1].id if len(closed) > PAGE else None,
        titles=titles,
        words=legal_words,
        london=lambda moment: in_london(moment, visitor.language),
    )


def notice(visitor: Visitor, notice: int, said: str | None = None) -> Response[bytes]:
    """Show one notice: what it says, what happened, what is owed now, and the letter for it."""
    return _notice_page(visitor, notice, said=said)


def send(visitor: Visitor, notice: int, data: FormBody) -> Response[Any]:
    """Send the letter that is owed."""
    form = read_form(data, fields={"letter"})
    try:
        kind = choice(form, "letter", LetterKind)
        on = _on(visitor, notice)
        send_letter(visitor.house.db, on, kind=kind, office=office_of(visitor))
    except (InvalidInput, NotAllowed) as error:
        return _notice_page(visitor, notice, refused=(error, None))
    return back_to(visitor, f"/legal/{notice}", said="letter_ordered")


def remove(visitor: Visitor, notice: int, data: FormBody) -> Response[Any]:
    """Remove the comment, whatever step the notice is at; the complainant is told."""
    form = read_form(data, fields={"rule", "reason", "seen_version"})
    try:
        draft = DecisionDraft(
            Outcome.REMOVE,
            RuleKey(required(form, "rule")),
            form.text("reason"),
            whole(form, "seen_version"),
            Source.LEGAL_NOTICE,
        )
        on = _on(visitor, notice)
        made = remove_under_notice(visitor.house.db, on, decision=draft, office=office_of(visitor))
    except (InvalidInput, NotAllowed, StaleVersion) as error:
        return _notice_page(visitor, notice, refused=(error, form))
    # The case has the undo, while it lasts.
    return back_to(visitor, f"/cases/{made.comment_id}", did=made.id)


def doubt(visitor: Visitor, notice: int, data: FormBody) -> Response[Any]:
    """Find the author's name or address obviously false."""
    read_form(data, fields=())
    try:
        on = _on(visitor, notice)
        actions.doubt_answer(visitor.house.db, on, office=office_of(visitor))
    except NotAllowed as error:
        return _notice_page(visitor, notice, refused=(error, None))
    return back_to(visitor, f"/legal/{notice}", said="answer_doubted")


def close(visitor: Visitor, notice: int, data: FormBody) -> Response[Any]:
    """Close a notice that is not pursued."""
    read_form(data, fields=())
    on = _on(visitor, notice)
    actions.drop_notice(visitor.house.db, on, office=office_of(visitor))
    return back_to(visitor, "/legal", said="notice_closed")


def details(visitor: Visitor, notice: int, data: FormBody) -> Response[Any]:
    """Show the author's name and postal address, and note who looked."""
    read_form(data, fields=())
    on = _on(visitor, notice)
    shown = actions.show_details(visitor.house.db, on, office=office_of(visitor))
    return _notice_page(visitor, notice, author=shown)


def _on(visitor: Visitor, notice_id: int) -> OnNotice:
    return OnNotice(visitor.at.id, DefamationId(notice_id), visitor.reader_id)


def _where(conn: sa.Connection, visitor: Visitor, found: DefamationNotice) -> Where:
    now = visitor.house.db.clock()
    return find_where(conn, visitor.at, found, office=office_of(visitor), now=now)


def _urgency(where: Where) -> tuple[bool, object, int]:
    """Put what we owe before what we wait for, and the nearest deadline first."""
    due_at = where.position.due_at
    return (due_at is None, due_at or where.position.answer_by or where.at, where.notice.id)


def _notice_page(
    visitor: Visitor,
    notice_id: int,
    *,
    said: str | None = None,
    refused: tuple[BelowlineError, Form | None] | None = None,
    author: Contact | None = None,
) -> Response[bytes]:
    error, typed = refused or (None, None)
    office = office_of(visitor)
    with visitor.house.db.read() as conn:
        found = store.get_notice(conn, visitor.at.id, DefamationId(notice_id))
        require(may_handle(by=visitor.reader_id, author=found.author_id))
        where = _where(conn, visitor, found)
        values = _matter(conn, visitor, where)
    facts, place, ordered = where.facts, where.position, where.ordered
    return desk_page(
        visitor,
        "notice.html",
        here="legal",
        said=said,
        error=error,
        typed=typed,
        notice=found,
        number=number_of(visitor.at, found),
        where=where,
        author=author,
        may_defect=may_send(LetterKind.DEFECTIVE, place, facts, ordered=ordered) is None,
        may_doubt=may_doubt(place, facts) is None,
        default_rule=RULE,
        default_reason=visitor.language.say(REASON),
        mail_works=office.mail_works,
        words=legal_words,
        london=lambda moment: in_london(moment, visitor.language),
        **values,
    )


def _matter(conn: sa.Connection, visitor: Visitor, where: Where) -> dict[str, Any]:
    """Return what a notice's page shows beside the notice itself."""
    house, site, found = visitor.house, visitor.at, where.notice
    comment = comments.get_comment(conn, site.id, found.comment_id)
    names = names_of(conn, [found.author_id, *(one.made_by for one in where.letters)])
    sees_details = may(Privilege.MANAGE_STORY, visitor.facts, now=house.db.clock()) is None
    return {
        "comment": comment,
        "is_up": comment.status in IN_EFFECT,
        "story": stories.get_story_by_id(conn, site.id, found.story_id),
        "complainant": find_contact(conn, house.settings, found.id, Party.COMPLAINANT),
        "author_name": names.get(found.author_id, ""),
        "timeline": tell_timeline(where, names),
        "evidence": store.list_evidence(conn, found.id),
        "earlier": store.list_earlier(conn, found),
        "rulebook": rules.get_current_rulebook(conn, site.id),
        "drafts": _drafts(conn, visitor, where),
        "sent": _sent(visitor, where, sees_details=sees_details),
    }


def _drafts(conn: sa.Connection, visitor: Visitor, where: Where) -> dict[str, Composed]:
    """Return the letters that can go out now, each as it would read; the author's name hidden."""
    office = office_of(visitor)
    found = {
        kind.value: read_draft(conn, where, kind, office=office)
        for kind in LetterKind
        if may_send(kind, where.position, where.facts, ordered=where.ordered) is None
    }
    answer = where.notice.answer
    if LetterKind.REFUSED in found and answer is not None and answer.consents:
        contact = find_contact(conn, office.settings, where.notice.id, Party.AUTHOR)
        found[LetterKind.REFUSED] = _masked(found[LetterKind.REFUSED], contact)
    return found


def _masked(letter: Composed, author: Contact) -> Composed:
    hidden = letter.text.replace(f"{author.name}\n{author.address}", "[…]")
    return Composed(letter.subject, hidden)


def _sent(
    visitor: Visitor, where: Where, *, sees_details: bool
) -> list[tuple[Letter, Composed | None]]:
    """Return the letters that went out, without the words of one that names the author to some."""
    answer = where.notice.answer
    names_author = answer is not None and answer.consents
    return [
        (
            one,
            None
            if one.kind is LetterKind.REFUSED and names_author and not sees_details
            else read_sent(visitor.house.settings, one),
        )
        for one in where.letters
        if one.sent_at is not None
    ]
