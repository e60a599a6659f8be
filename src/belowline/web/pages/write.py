"""Writing, editing and taking back a comment, without a script.

A form that is refused comes back with what was typed. A repeat of the same form is the same
comment, because the form carries a key of its own.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from litestar import Response

from belowline.actions.comments import (
    CommentDraft,
    EditDraft,
    edit_comment,
    post_comment,
    withdraw_comment,
)
from belowline.comments import policy
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import (
    BelowlineError,
    InvalidInput,
    NotAllowed,
    NotFound,
    TooMany,
    Unavailable,
)
from belowline.core.terms import CommentId, CommentStatus, Privilege, Refusal
from belowline.readers.standing import holds_first, may
from belowline.rules import store as rules
from belowline.stories.model import Story
from belowline.stories.policy import may_take_comments
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.forms import FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.pages.place import get_open_story, get_own_place, get_public_place
from belowline.web.payloads import Before
from belowline.web.redirects import see_other

SHOWN_AGAIN = (InvalidInput, NotAllowed, NotFound, TooMany, Unavailable)
"""Refusals after which the form is shown again with what was typed."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the reader has typed, and why it was not taken."""

    text: str = ""
    client_key: str = ""
    accepts: bool = False
    error: BelowlineError | None = None


def write_form(visitor: Visitor, story: str, to: Before = None) -> Response[bytes]:
    """Show the form for a comment, or for a reply to the comment ``to``."""
    return _write_page(visitor, story, to, Typed())


def write(visitor: Visitor, story: str, data: FormBody) -> Response[Any]:
    """Post a comment; go on to where it stands, or to what became of it."""
    form = read_form(data, fields=("text", "to", "client_key", "accepts"))
    to = form.number("to")
    typed = Typed(form.text("text"), form.text("client_key"), form.ticked("accepts"))
    draft = CommentDraft(
        visitor.at,
        story,
        typed.text,
        CommentId(to) if to else None,
        typed.client_key or None,
        form.number("accepts"),
    )
    house = visitor.house
    try:
        comment = post_comment(
            house.db, draft, by=visitor.reader_id, classifier=house.classifier, beyond=house.beyond
        )
    except SHOWN_AGAIN as error:
        again = Typed(typed.text, typed.client_key, typed.accepts, error)
        return _write_page(visitor, story, to, again)
    return _go_to(visitor, story, comment)


def _write_page(visitor: Visitor, key: str, to: int | None, typed: Typed) -> Response[bytes]:
    house, error, lost = visitor.house, typed.error, None
    privilege = Privilege.POST if to is None else Privilege.REPLY
    with house.db.read() as conn:
        story = get_open_story(conn, visitor, key)
        place = None
        if to is not None:
            try:
                place = get_public_place(conn, visitor, key, to)
            except NotFound as gone:
                # Without a text at stake this is simply an address that leads nowhere.
                if not typed.text:
                    raise
                lost = gone
        rulebook = rules.get_current_rulebook(conn, visitor.at.id)
        accepted = rules.has_accepted(conn, visitor.reader_id, rulebook.id)
        accepted_before = rules.find_accepted(conn, visitor.at.id, visitor.reader_id)
    now = house.db.clock()
    refusal = may(privilege, visitor.facts, now=now) or may_take_comments(story.mode)
    return reader_page(
        visitor,
        "pages/write.html",
        http_status=status_of(error) if error else 200,
        story=story,
        place=place,
        to=to,
        refusal=refusal,
        rulebook=rulebook,
        accepted=accepted,
        accepted_before=accepted_before,
        text=typed.text,
        accepts=typed.accepts,
        error=error or lost,
        client_key=typed.client_key or secrets.token_urlsafe(12),
        longest=_longest(visitor),
        held_first=holds_first(visitor.facts, now=now),
    )


def edit_form(visitor: Visitor, story: str, comment: int) -> Response[bytes]:
    """Show the form for editing an own comment."""
    return _edit_page(visitor, story, comment, None, None)


def edit(visitor: Visitor, story: str, comment: int, data: FormBody) -> Response[Any]:
    """Give an own comment a new text."""
    house = visitor.house
    text = read_form(data, fields=("text",)).text("text")
    with house.db.read() as conn:
        get_own_place(conn, visitor, story, comment)
    draft = EditDraft(visitor.at, CommentId(comment), text)
    try:
        edited = edit_comment(
            house.db, draft, by=visitor.reader_id, classifier=house.classifier, beyond=house.beyond
        )
    except SHOWN_AGAIN as error:
        return _edit_page(visitor, story, comment, text, error)
    return _go_to(visitor, story, edited)


def _edit_page(
    visitor: Visitor, key: str, comment_id: int, text: str | None, error: BelowlineError | None
) -> Response[bytes]:
    house = visitor.house
    with house.db.read() as conn:
        place = get_own_place(conn, visitor, key, comment_id)
        written = comments.get_revision(conn, place.comment.id, place.comment.revision).text
    until = place.comment.created_at + _edit_for(visitor)
    return reader_page(
        visitor,
        "pages/edit.html",
        http_status=status_of(error) if error else 200,
        place=place,
        refusal=refusal_to_edit(visitor, place.story, place.comment),
        until=until,
        text=written if text is None else text,
        error=error,
        longest=_longest(visitor),
    )


def refusal_to_edit(visitor: Visitor, story: Story, comment: Comment) -> Refusal | None:
    """Say why the visitor may not edit this comment of theirs now, or None if they may."""
    now = visitor.house.db.clock()
    return (
        may(Privilege.EDIT, visitor.facts, now=now)
        or may_take_comments(story.mode)
        or policy.may_edit(comment, by=visitor.reader_id, now=now, edit_for=_edit_for(visitor))
    )


def withdraw_form(visitor: Visitor, story: str, comment: int) -> Response[bytes]:
    """Ask whether an own comment shall be taken back."""
    with visitor.house.db.read() as conn:
        place = get_own_place(conn, visitor, story, comment)
    refusal = policy.may_withdraw(place.comment, by=visitor.reader_id)
    return reader_page(visitor, "pages/withdraw.html", place=place, refusal=refusal)


def withdraw(visitor: Visitor, story: str, comment: int) -> Response[Any]:
    """Take an own comment back."""
    house = visitor.house
    with house.db.read() as conn:
        place = get_own_place(conn, visitor, story, comment)
    withdraw_comment(house.db, place.comment.id, site_id=visitor.at.id, by=visitor.reader_id)
    return see_other(f"/me/{visitor.at.key}/comments/{place.comment.id}")


def _go_to(visitor: Visitor, story: str, comment: Comment) -> Response[Any]:
    site = visitor.at.key
    if comment.status is not CommentStatus.PUBLISHED:
        return see_other(f"/me/{site}/comments/{comment.id}")
    if comment.parent_id is None:
        return see_other(f"/s/{site}/{story}?order=newest#c{comment.id}")
    # A reply may be beyond the replies that the thread shows at first.
    return see_other(f"/s/{site}/{story}/c/{comment.id}#c{comment.id}")


def _edit_for(visitor: Visitor) -> timedelta:
    return timedelta(seconds=visitor.at.settings.edit_seconds)


def _longest(visitor: Visitor) -> int:
    return visitor.at.settings.longest
