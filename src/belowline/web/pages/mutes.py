"""Whom a reader has muted, on a page of their own, each with a way to undo it."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions.mutes import undo_mute
from belowline.core.errors import InvalidInput
from belowline.readers.mutes import list_mutes
from belowline.web.auth import Visitor
from belowline.web.forms import FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.redirects import see_other


def muted(visitor: Visitor) -> Response[bytes]:
    """Show whom I have muted at this site."""
    with visitor.house.db.read() as conn:
        found = list_mutes(conn, visitor.at.id, visitor.reader_id)
    return reader_page(visitor, "pages/muted.html", mutes=found)


def undo(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Read somebody's comments again."""
    one = read_form(data, fields=("mute",)).number("mute")
    if one is None:
        raise InvalidInput("Choose whom you want to read again.", field="mute", code="empty")
    undo_mute(visitor.house.db, one, site_id=visitor.at.id, by=visitor.reader_id)
    return see_other(f"/me/{visitor.at.key}/muted")
