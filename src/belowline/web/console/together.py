"""Deciding many cases of the queue together: what would happen, doing it, and taking it back.

The page in between decides nothing. It shows each comment with what would be decided about it and
what would follow for its author, and takes the cases, so that colleagues are not led to them.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from litestar import Response
from litestar.response import Redirect

from belowline.actions import together as actions
from belowline.actions.considering import TogetherDraft, check_together
from belowline.core.errors import InvalidInput
from belowline.core.terms import SiteId
from belowline.moderation.batches import BatchId
from belowline.moderation.filters import Round, read_round
from belowline.moderation.together import MOST
from belowline.sites.model import Site
from belowline.web.auth import Visitor
from belowline.web.console.choosing import (
    FIELDS,
    MANY,
    RuleOffer,
    offer_rules,
    read_choices,
    read_draft,
    write_choice,
)
from belowline.web.console.decided import read_decided
from belowline.web.console.desk import desk_page
from belowline.web.console.everywhere import everywhere_page
from belowline.web.console.onward import back_to_queue, sites_of
from belowline.web.console.previewing import Preview, make_preview
from belowline.web.console.questions import find_rulebook
from belowline.web.fields import required
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.redirects import see_other

LONGEST_KEY = 64
LEAVE = "leave"


def preview(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Show what deciding the chosen cases of a site together would do."""
    return _preview(visitor, read_form(data, fields=FIELDS, many=MANY))


def preview_everywhere(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Show what deciding the chosen cases of several sites together would do."""
    return _preview(visitor, read_form(data, fields=FIELDS, many=MANY))


def decide(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Decide what was shown about the chosen cases of a site, or leave them all."""
    return _decide(visitor, read_form(data, fields=FIELDS, many=MANY))


def decide_everywhere(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Decide what was shown about the chosen cases of several sites, or leave them all."""
    return _decide(visitor, read_form(data, fields=FIELDS, many=MANY))


def done(visitor: Visitor, batch: int, view: str | None = None) -> Response[bytes]:
    """Show what was decided together at a site, and what was left and why."""
    return _done(visitor, batch, view)


def done_everywhere(visitor: Visitor, batch: int, view: str | None = None) -> Response[bytes]:
    """Show what was decided together over several sites."""
    return _done(visitor, batch, view)


def undo(visitor: Visitor, batch: int, data: FormBody) -> Redirect:
    """Take back what was decided together at a site."""
    return _undo(visitor, batch, data)


def undo_everywhere(visitor: Visitor, batch: int, data: FormBody) -> Redirect:
    """Take back what was decided together over several sites."""
    return _undo(visitor, batch, data)


def _preview(visitor: Visitor, form: Form) -> Response[Any]:
    draft = read_draft(form)
    sites, offers = _beside(visitor, form)
    try:
        draft = check_together(replace(draft, books={}))
    except InvalidInput as error:
        return _page(visitor, form, draft, offers, Preview(), error=error)
    return _page(visitor, form, draft, offers, make_preview(visitor, draft, sites))


def _decide(visitor: Visitor, form: Form) -> Response[Any]:
    chosen = _round(visitor, form.text("view"))
    offered = read_choices(form, "offered")
    if form.text("do") == LEAVE:
        _give_back(visitor, form)
        return back_to_queue(visitor, chosen)
    draft = read_draft(form)
    key = required(form, "key")
    if len(key) > LONGEST_KEY:
        raise InvalidInput("This is no key of ours.", field="key", code="bad_field")
    try:
        batch = actions.decide_together(
            visitor.house.db,
            draft,
            site_id=visitor.site.id if visitor.site is not None else None,
            by=visitor.reader_id,
            key=key,
        )
    except InvalidInput as error:
        shown = replace(draft, chosen=draft.chosen or offered)
        return _page(visitor, form, shown, _beside(visitor, form)[1], Preview(), error=error)
    # What was left in the end is for whoever comes to it next.
    _give_back(visitor, form)
    return see_other(f"{_base(visitor)}/together/{batch}?view={chosen}")


def _done(visitor: Visitor, batch: int, view: str | None) -> Response[bytes]:
    chosen = _round(visitor, view or "")
    with visitor.house.db.read() as conn:
        sites = sites_of(conn, visitor, Round(everywhere=chosen.everywhere))
        found = read_decided(conn, visitor, BatchId(batch), sites)
    show = everywhere_page if chosen.everywhere else desk_page
    return show(
        visitor,
        "together_done.html",
        here="queue",
        found=found,
        base=_base(visitor),
        view=chosen.value,
    )


def _undo(visitor: Visitor, batch: int, data: FormBody) -> Redirect:
    form = read_form(data, fields={"view"})
    chosen = _round(visitor, form.text("view"))
    actions.undo_together(
        visitor.house.db,
        BatchId(batch),
        site_id=visitor.site.id if visitor.site is not None else None,
        by=visitor.reader_id,
        undo_for=visitor.house.settings.undo_for,
    )
    return see_other(f"{_base(visitor)}/together/{batch}?view={chosen}")


def _beside(visitor: Visitor, form: Form) -> tuple[dict[SiteId, Site], tuple[RuleOffer, ...]]:
    """Return the sites where the visitor may decide now, and the rules that can be chosen."""
    chosen = _round(visitor, form.text("view"))
    with visitor.house.db.read() as conn:
        sites = sites_of(conn, visitor, Round(everywhere=chosen.everywhere))
        books = {site_id: find_rulebook(conn, site_id) for site_id in sites}
        return sites, offer_rules(conn, books)


def _page(  # noqa: PLR0913 - what one page shows
    visitor: Visitor,
    form: Form,
    draft: TogetherDraft,
    offers: tuple[RuleOffer, ...],
    shown: Preview,
    *,
    error: InvalidInput | None = None,
) -> Response[bytes]:
    chosen = _round(visitor, form.text("view"))
    show = everywhere_page if chosen.everywhere else desk_page
    return show(
        visitor,
        "together.html",
        here="queue",
        error=error,
        typed=form,
        wrong_field=error.field if error is not None else None,
        preview=shown,
        draft=draft,
        choices=[write_choice(one) for one in draft.chosen[:MOST]],
        rule_offers=offers,
        most=MOST,
        key_once=secrets.token_urlsafe(12),
        base=_base(visitor),
        view=chosen.value,
    )


def _give_back(visitor: Visitor, form: Form) -> None:
    offered = [one.comment_id for one in read_choices(form, "offered")[:MOST]]
    actions.give_back_together(visitor.house.db, offered, by=visitor.reader_id)


def _round(visitor: Visitor, view: str) -> Round:
    return Round(read_round(view or None).filters, everywhere=visitor.site is None)


def _base(visitor: Visitor) -> str:
    return f"/console/{visitor.site.key}" if visitor.site is not None else "/desk"
