"""The desk over all sites: the sites where the visitor moderates, each asked for by itself.

An address that names no site has no guard that could ask for a role, so it is asked here, for every
site, each time. What somebody may not see at one site is not there.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from litestar import Response

from belowline.actions.facts import standing_of_each
from belowline.core.errors import BelowlineError, NotAllowed
from belowline.core.terms import Privilege, SiteId
from belowline.readers.search import names_of
from belowline.readers.standing import may
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.web.auth import Visitor
from belowline.web.console.desk import SAID, Typed
from belowline.web.errors import status_of
from belowline.web.forms import Form
from belowline.web.templating import page


def moderated_sites(conn: sa.Connection, visitor: Visitor) -> dict[SiteId, Site]:
    """Return the sites where the visitor may moderate now, by name.

    Raises:
        NotSignedIn: nobody is signed in. NotAllowed: there is no such site.
    """
    by, now = visitor.reader_id, visitor.house.db.clock()
    roles = list(sites.roles_of(conn, by))
    standing = standing_of_each(conn, [(site_id, by) for site_id in roles])
    found = [
        sites.get_site_by_id(conn, site_id)
        for site_id, facts in zip(roles, standing, strict=True)
        if may(Privilege.MODERATE, facts, now=now) is None
    ]
    if not found:
        raise NotAllowed("This is for the people who look after a site.", code="no_role")
    return {site.id: site for site in sorted(found, key=lambda one: (one.name, one.id))}


def everywhere_page(
    visitor: Visitor,
    template: str,
    *,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
    **values: Any,  # noqa: ANN401 - template values
) -> Response[bytes]:
    """Render a page of the desk over all sites, as ``desk_page`` does one of a site."""
    with visitor.house.db.read() as conn:
        my_name = names_of(conn, [visitor.reader_id]).get(visitor.reader_id, "")
    return page(
        f"console/{template}",
        language=visitor.language,
        http_status=status_of(error) if error is not None else 200,
        site=None,
        role=None,
        me=visitor.reader_id,
        my_name=my_name,
        can={},
        several=True,
        now=visitor.house.db.clock(),
        said=SAID.get(said or ""),
        error=error,
        error_field=None,
        typed=Typed(typed.values if typed is not None else {}),
        **values,
    )
