"""Keeping parts of the queue under a name. No act: nothing of it is in the log."""

from __future__ import annotations

from dataclasses import dataclass

from belowline.actions.facts import ask_standing, standing_of_each
from belowline.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId, ViewId
from belowline.moderation import views
from belowline.moderation.filters import Filters
from belowline.readers.standing import may
from belowline.sites import store as sites
from belowline.storage.database import Database, Tx

LONGEST_NAME = 60
MOST_VIEWS = 30
"""Views that one person has at one desk; beside more of them the queue is not seen any more."""


@dataclass(frozen=True, slots=True)
class ViewDraft:
    """A part of the queue to be kept under a name; shared, the site's whole desk has it."""

    name: str
    filters: Filters
    shared: bool = False


def save_view(db: Database, draft: ViewDraft, *, site_id: SiteId | None, by: ReaderId) -> ViewId:
    """Keep a part of a site's queue, or of the one over all sites where ``site_id`` is None.

    Raises:
        NotSignedIn, NotAllowed: no role. InvalidInput: no name, or it is shared with all sites.
        Conflict: they have one of that name there already, or very many.
    """
    name = clean_text(draft.name, field="name", longest=LONGEST_NAME, lines=False)
    if not name:
        raise InvalidInput("A view needs a name.", field="name", code="empty")
    if draft.shared and site_id is None:
        raise InvalidInput(
            "Only a site's own view can be shared, with that site's desk.",
            field="shared",
            code="not_shared",
        )
    with db.write(Actor(by)) as tx:
        _ask(tx, site_id, by)
        there = views.list_for(tx.conn, by, site_id)
        if any(one.name == name for one in there):
            raise Conflict("There is already a view of this name.", code="view_exists")
        if sum(one.reader_id == by for one in there) >= MOST_VIEWS:
            raise Conflict("These are very many views. Delete one first.", code="many_views")
        return views.add_view(tx, by, site_id=site_id, view=(name, draft.filters, draft.shared))


def delete_view(db: Database, view_id: ViewId, *, site_id: SiteId | None, by: ReaderId) -> None:
    """Let go of a view: one's own, or a shared one, which anybody at that desk may tidy away.

    Raises:
        NotSignedIn, NotAllowed: no role.
        NotFound: no such view, or it is somebody else's own.
    """
    with db.write(Actor(by)) as tx:
        _ask(tx, site_id, by)
        view = views.get_view(tx.conn, site_id, view_id)
        if view.reader_id != by and not view.shared:
            raise NotFound("There is no such view.", code="no_view")
        views.drop_view(tx, view_id)


def _ask(tx: Tx, site_id: SiteId | None, by: ReaderId) -> None:
    if site_id is not None:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        return
    standing = standing_of_each(tx.conn, [(one, by) for one in sites.roles_of(tx.conn, by)])
    if all(may(Privilege.MODERATE, facts, now=tx.now) is not None for facts in standing):
        raise NotAllowed("This is for the people who look after a site.", code="no_role")
