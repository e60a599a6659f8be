"""What a reader has been told: notices on a page, marked as read by the reader alone."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.core.terms import Actor, NoticeId
from belowline.notifications import store as notices
from belowline.notifications.facts import read_facts
from belowline.notifications.messages import compose
from belowline.web.auth import Visitor
from belowline.web.forms import FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.payloads import Before
from belowline.web.redirects import see_other


def list_notices(visitor: Visitor, before: Before = None) -> Response[bytes]:
    """Show a page of my notices, newest first. Looking does not mark them as read."""
    with visitor.house.db.read() as conn:
        found = notices.list_for_reader(
            conn,
            visitor.reader_id,
            site_id=visitor.at.id,
            now=visitor.house.db.clock(),
            before=NoticeId(before) if before is not None else None,
        )
        facts = read_facts(conn, found)
    language = visitor.language
    return reader_page(
        visitor,
        "pages/notices.html",
        first_page=before is None,
        notices=[(one, compose(one.kind, facts[one.id]).said_in(language)) for one in found],
        short=_short,
        older=found[-1].id if len(found) == notices.PAGE else None,
    )


def _short(subject: str) -> str:
    """Return a letter's subject without the site's name, which stands at the top of the page."""
    words = subject.partition(": ")[2] or subject
    return words[:1].upper() + words[1:]


def mark_read(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Mark one notice, or all that are there, as read."""
    one = read_form(data, fields=("notice",)).number("notice")
    # The one act on a page that changes nothing in the world, so it needs no event.
    with visitor.house.db.write(Actor(visitor.reader_id)) as tx:
        notices.mark_read(
            tx,
            visitor.reader_id,
            site_id=visitor.at.id,
            only=None if one is None else (NoticeId(one),),
        )
    return see_other(f"/me/{visitor.at.key}/notices")
