"""The console's saved views: what narrows the queue, and keeping that under a name."""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.response import Redirect

from belowline.actions import views as actions
from belowline.core.errors import Conflict, InvalidInput
from belowline.core.terms import ViewId
from belowline.moderation.filters import Filters, Round, read_round
from belowline.moderation.model import QueueView
from belowline.web.auth import Visitor
from belowline.web.console import queue
from belowline.web.console.onward import back_to_queue
from belowline.web.forms import Form, FormBody, read_form


def narrow(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Go to the part of the site's queue that a form asks for, and keep it if it has a name."""
    return _narrow(visitor, data)


def narrow_everywhere(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Do the same over all sites."""
    return _narrow(visitor, data)


def drop(visitor: Visitor, view: int, data: FormBody) -> Response[Any]:
    """Delete a saved view of the site's queue."""
    return _drop(visitor, view, data)


def drop_everywhere(visitor: Visitor, view: int, data: FormBody) -> Response[Any]:
    """Delete a saved view of the queue over all sites."""
    return _drop(visitor, view, data)


def _narrow(visitor: Visitor, data: FormBody) -> Response[Any]:
    form = read_form(
        data,
        fields={"view", "rule", "story", "hours", "text", "name", "shared", "do"},
        many={"sites"},
    )
    site_id = visitor.site.id if visitor.site is not None else None
    chosen = Round(_filters(form, everywhere=site_id is None), everywhere=site_id is None)
    if form.text("do") != "save":
        return back_to_queue(visitor, chosen)
    draft = actions.ViewDraft(form.text("name"), chosen.filters, form.ticked("shared"))
    try:
        actions.save_view(visitor.house.db, draft, site_id=site_id, by=visitor.reader_id)
    except (InvalidInput, Conflict) as error:
        return queue.refused(visitor, chosen, error=error, typed=form)
    return back_to_queue(visitor, chosen, said="view_saved")


def _drop(visitor: Visitor, view: int, data: FormBody) -> Redirect:
    read_form(data, fields=())
    site_id = visitor.site.id if visitor.site is not None else None
    actions.delete_view(visitor.house.db, ViewId(view), site_id=site_id, by=visitor.reader_id)
    return back_to_queue(visitor, Round(everywhere=site_id is None), said="view_deleted")


def _filters(form: Form, *, everywhere: bool) -> Filters:
    view = read_round(form.text("view")).filters.view if form.text("view") else QueueView.ALL
    return Filters(
        view,
        form.many("sites") if everywhere else (),
        form.text("rule").strip(),
        form.text("story").strip(),
        form.number("hours") or 0,
        form.text("text").strip(),
    )
