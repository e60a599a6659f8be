"""The console's external screen: set up, asked once to see that it answers, dropped."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions import external as actions
from belowline.core.errors import InvalidInput, StaleVersion
from belowline.sites import store as sites
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to
from belowline.web.console.screens import Service, show_page
from belowline.web.fields import whole
from belowline.web.forms import FormBody, read_form


def change(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Set the service up, ask it once, or drop it."""
    form = read_form(data, fields={"name", "url", "deadline_ms", "new_secret", "seen", "do"})
    db, site, by = visitor.house.db, visitor.at, visitor.reader_id
    seen = form.text("seen") or None
    try:
        match form.text("do"):
            case "drop":
                actions.drop_external(db, site.id, by=by, seen=seen)
            case "ask":
                asked = actions.try_external(
                    db, site, by=by, external=visitor.house.beyond.external
                )
                return show_page(visitor, service=Service(tried=asked))
            case _:
                draft = actions.ExternalDraft(
                    form.text("name"), form.text("url"), whole(form, "deadline_ms")
                )
                made = actions.set_external(
                    db,
                    site.id,
                    by=by,
                    draft=draft,
                    new_secret=form.ticked("new_secret"),
                    seen=seen,
                )
                if made.secret is not None:
                    with db.read() as conn:
                        now = sites.get_site_by_id(conn, site.id)
                    return show_page(visitor, service=Service(now=now, secret=made.secret))
    except (InvalidInput, StaleVersion) as error:
        return show_page(visitor, service=Service(typed=form), error=error)
    return back_to(visitor, "/screens", said="screens_changed")
